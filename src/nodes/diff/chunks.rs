//! Which chunk is which.
//!
//! Within a file, or a file and what it was renamed to:
//!
//! 1. equal rows (id and content) are the same chunk;
//! 2. equal content that is once on each side;
//! 3. equal ids that no ordinal made: kind, name and signature are once on each side;
//! 4. kind, name and signature that are once among what is left on each side;
//! 5. the same without the signature, which is then what changed; of what has no name, one stretch of a kind.
//!
//! What is left over of all files is matched by content that is once on each side ([`moved`]): a chunk that went to
//! another file. What stays ambiguous came or went.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::model::{Change, ChunkState, Parts};

/// What became of the chunks of one file.
#[derive(Debug, Default)]
pub struct Matched {
    /// Same content, or the same definition with other content.
    pub pairs: Vec<(ChunkState, ChunkState)>,
    pub gone: Vec<ChunkState>,
    pub come: Vec<ChunkState>,
}

impl Matched {
    pub fn add(&mut self, other: Self) {
        self.pairs.extend(other.pairs);
        self.gone.extend(other.gone);
        self.come.extend(other.come);
    }
}

/// Matches the chunks of a file with those of the same file later. Equal rows are left out: nothing became of them.
pub fn within(before: Vec<ChunkState>, after: Vec<ChunkState>) -> Matched {
    let identities = |side: &[ChunkState]| counted(side.iter().map(identity_of));
    let (old_identities, new_identities) = (identities(&before), identities(&after));
    let mut sides = Sides::of(before, after);
    sides.drop_equal();
    sides.pair(|chunk| Some(chunk.hash.clone()), |_| true);
    let is_alone = |key: &Identity| old_identities.get(key) == Some(&1) && new_identities.get(key) == Some(&1);
    sides.pair(|chunk| is_named(chunk).then(|| chunk.id.clone()), |chunk| is_alone(&identity_of(chunk)));
    sides.pair(|chunk| says_what(chunk).then(|| identity_of(chunk)), |_| true);
    let of_kind = |chunk: &ChunkState| (chunk.region, chunk.kind.clone(), chunk.name.clone());
    sides.pair(|chunk| (&*chunk.kind != "rest").then(|| of_kind(chunk)), |_| true);
    sides.done()
}

type Identity = (u32, Box<str>, Box<str>, Box<str>);

fn identity_of(chunk: &ChunkState) -> Identity {
    (chunk.region, Box::from(&*chunk.kind), chunk.name.clone(), chunk.signature.clone())
}

/// A group of small definitions has no name, but says what is in it.
fn says_what(chunk: &ChunkState) -> bool {
    !chunk.name.is_empty() || !chunk.signature.is_empty()
}

/// The id of a chunk without a name is made of its text.
fn is_named(chunk: &ChunkState) -> bool {
    !chunk.name.is_empty()
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// What is not matched yet, in the order of the file.
struct Sides {
    before: Vec<Option<ChunkState>>,
    after: Vec<Option<ChunkState>>,
    pairs: Vec<(ChunkState, ChunkState)>,
}

impl Sides {
    fn of(before: Vec<ChunkState>, after: Vec<ChunkState>) -> Self {
        let slots = |side: Vec<ChunkState>| side.into_iter().map(Some).collect();
        Self { before: slots(before), after: slots(after), pairs: Vec::new() }
    }

    /// Rows with one id and one content, as often as both sides have them.
    fn drop_equal(&mut self) {
        let mut places: BTreeMap<(Box<str>, Box<str>), Vec<usize>> = BTreeMap::new();
        for (at, chunk) in self.after.iter().enumerate().rev() {
            if let Some(chunk) = chunk {
                places.entry((chunk.id.clone(), chunk.hash.clone())).or_default().push(at);
            }
        }
        for slot in &mut self.before {
            let Some(chunk) = slot else { continue };
            let same = places.get_mut(&(chunk.id.clone(), chunk.hash.clone())).and_then(Vec::pop);
            if let Some(same) = same.and_then(|at| self.after.get_mut(at)) {
                *same = None;
                *slot = None;
            }
        }
    }

    /// Pairs chunks whose `key` one chunk has on each side. `may` is asked of the first of them.
    fn pair<K: Ord>(&mut self, key: impl Fn(&ChunkState) -> Option<K>, may: impl Fn(&ChunkState) -> bool) {
        let (old, new) = (alone(&self.before, &key), alone(&self.after, &key));
        for (key, before) in old {
            let (Some(before), Some(Some(after))) = (before, new.get(&key)) else { continue };
            let (Some(one), Some(other)) = (self.before.get_mut(before), self.after.get_mut(*after)) else { continue };
            if one.as_ref().is_some_and(&may)
                && let (Some(one), Some(other)) = (one.take(), other.take())
            {
                self.pairs.push((one, other));
            }
        }
    }

    fn done(self) -> Matched {
        let left = |side: Vec<Option<ChunkState>>| side.into_iter().flatten().collect();
        Matched { pairs: self.pairs, gone: left(self.before), come: left(self.after) }
    }
}

/// Key → place; none where several chunks have the key.
fn alone<K: Ord>(side: &[Option<ChunkState>], key: impl Fn(&ChunkState) -> Option<K>) -> BTreeMap<K, Option<usize>> {
    let mut found = BTreeMap::new();
    for (at, chunk) in side.iter().enumerate() {
        let Some(key) = chunk.as_ref().and_then(&key) else { continue };
        match found.entry(key) {
            Entry::Vacant(slot) => {
                slot.insert(Some(at));
            }
            Entry::Occupied(mut slot) => {
                slot.insert(None);
            }
        }
    }
    found
}

/// Matches what went with what came, over all files of a repository: content that is once on each side. Blank lines go
/// nowhere.
pub fn moved(gone: Vec<ChunkState>, come: Vec<ChunkState>) -> Matched {
    let mut sides = Sides::of(gone, come);
    sides.pair(|chunk| (&*chunk.kind != "rest").then(|| chunk.hash.clone()), |_| true);
    sides.done()
}

/// What a pair came to, but for `body` where other parts differ as well: then the texts decide, which `body` is asked for.
/// None where nothing differs that a table tells.
pub fn change<E>(
    before: ChunkState,
    after: ChunkState,
    body: impl FnOnce(&ChunkState, &ChunkState) -> Result<bool, E>,
) -> Result<Option<Change>, E> {
    let same_content = before.hash == after.hash;
    let mut parts = Parts {
        name: before.name != after.name || before.kind != after.kind,
        signature: before.signature != after.signature,
        doc: before.doc != after.doc,
        body: false,
        place: before.path != after.path,
        id: false,
    };
    if same_content {
        // What is around it moved, or its equals did: the text is the same.
        parts.signature = false;
        parts.doc = false;
        parts.id = before.id != after.id && !parts.name && !parts.place;
        if before.id == after.id {
            return Ok(None);
        }
        let pair = Box::new((before, after));
        return Ok(Some(if parts.place {
            Change::ChunkMoved(pair, parts)
        } else {
            Change::ChunkModified(pair, parts)
        }));
    }
    parts.body = if parts.signature || parts.doc || parts.name { body(&before, &after)? } else { true };
    Ok(Some(Change::ChunkModified(Box::new((before, after)), parts)))
}
