//! What a repository's shards may refer to, as one node's segments tell it, and what of it is news since the
//! previous build.
//!
//! The value that salsa compares is the list of artifacts: an edit that defines nothing new leaves it as it was. What
//! is read of them is read when it is asked for, once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::base::{Digest, Mode};
use crate::nodes::Names;
use crate::store::MemoOutput;
use crate::table::schema::{DEFINITIONS, MENTIONS, MentionRow};

use super::db::NodeSpec;
use super::failure::Failure;
use super::reason::Change;
use super::world::{World, held};

/// One segment's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub id: Arc<str>,
    pub mode: Mode,
    /// Ids of its shards.
    pub shards: Vec<Arc<str>>,
    pub definitions: MemoOutput,
    pub mentions: MemoOutput,
}

/// See the module.
#[derive(Default)]
pub struct Exports {
    pub segments: Vec<Exported>,
    names: Loaded<Names>,
    news: Loaded<Option<News>>,
}

impl PartialEq for Exports {
    fn eq(&self, other: &Self) -> bool {
        self.segments == other.segments
    }
}

impl Eq for Exports {}

/// A value that is made when it is first asked for. What failed is tried again.
struct Loaded<T>(Mutex<Option<Arc<T>>>);

impl<T> Default for Loaded<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Loaded<T> {
    fn get(&self, make: impl FnOnce() -> Result<T, Failure>) -> Result<Arc<T>, Failure> {
        // Held while it is made: the others wait for it, as they would for each other.
        let mut slot = held(&self.0);
        if let Some(made) = &*slot {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(make()?);
        *slot = Some(Arc::clone(&made));
        Ok(made)
    }
}

/// What names do not stand for what they stood for in the previous build.
#[derive(Debug, Default)]
pub struct News {
    /// By mode and id, the shards that refer to such a name, and to which.
    mentioned: BTreeMap<(Mode, Arc<str>), Vec<NewName>>,
}

/// A name whose definitions are not what they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewName {
    pub name: Arc<str>,
    pub change: Change,
    /// Id of a segment of which the definitions came or went.
    pub segment: Arc<str>,
}

impl News {
    /// The names that concern a shard.
    pub fn of(&self, mode: Mode, shard: &Arc<str>) -> &[NewName] {
        self.mentioned.get(&(mode, Arc::clone(shard))).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Exports {
    pub fn new(segments: Vec<Exported>) -> Self {
        Self { segments, ..Self::default() }
    }

    /// All definitions of the repository.
    pub fn names(&self, world: &World) -> Result<Arc<Names>, Failure> {
        self.names.get(|| {
            let artifacts: Vec<Digest> = self.segments.iter().map(|s| s.definitions.artifact).collect();
            names(world, &artifacts)
        })
    }

    /// What is news since the previous build; `None` where there is none to compare with, or it cannot be read.
    pub fn news(&self, world: &World, spec: &NodeSpec) -> Result<Arc<Option<News>>, Failure> {
        self.news.get(|| {
            let Some(old) = previous(world, spec) else { return Ok(None) };
            // Without what was there nothing can be said; the long way is gone.
            let Some(changed) = world.shortcut(&spec.repo, self.changes(world, &old)) else { return Ok(None) };
            // What this build has itself is no shortcut: where it is damaged, it is made again.
            let mut mentioned = BTreeMap::new();
            for segment in self.segments.iter().filter(|_| !changed.is_empty()) {
                self::mentioned(world, segment, &changed, &mut mentioned)?;
            }
            Ok(Some(News { mentioned }))
        })
    }

    /// The names that stand for something else than in the previous build.
    fn changes(&self, world: &World, old: &[(Arc<str>, Digest)]) -> Result<BTreeMap<Arc<str>, NewName>, Failure> {
        let new: Vec<(Arc<str>, Digest)> =
            self.segments.iter().map(|s| (Arc::clone(&s.id), s.definitions.artifact)).collect();
        let (gone, come) = (without(old, &new), without(&new, old));
        if gone.is_empty() && come.is_empty() {
            return Ok(BTreeMap::new());
        }
        let read = |side: &[(Arc<str>, Digest)]| -> Result<Vec<(Arc<str>, Names)>, Failure> {
            side.iter().map(|(id, artifact)| Ok((Arc::clone(id), names(world, &[*artifact])?))).collect()
        };
        let (gone, come) = (read(&gone)?, read(&come)?);
        Ok(changed(&gone, &come))
    }
}

/// What of `all` is not in `others`.
fn without(all: &[(Arc<str>, Digest)], others: &[(Arc<str>, Digest)]) -> Vec<(Arc<str>, Digest)> {
    let others: BTreeSet<&Digest> = others.iter().map(|(_, artifact)| artifact).collect();
    all.iter().filter(|(_, artifact)| !others.contains(artifact)).cloned().collect()
}

/// The names that differ between what went and what came.
fn changed(gone: &[(Arc<str>, Names)], come: &[(Arc<str>, Names)]) -> BTreeMap<Arc<str>, NewName> {
    let all = |side: &[(Arc<str>, Names)]| -> BTreeSet<String> {
        side.iter().flat_map(|(_, names)| names.all().map(str::to_owned)).collect()
    };
    let find = |side: &'_ [(Arc<str>, Names)], name: &str| -> Vec<String> {
        let mut found: Vec<String> =
            side.iter().flat_map(|(_, names)| names.find(name)).map(|d| format!("{d:?}")).collect();
        found.sort_unstable();
        found.dedup();
        found
    };
    let mut changed = BTreeMap::new();
    for name in all(gone).union(&all(come)) {
        let (before, now) = (find(gone, name), find(come, name));
        if before == now {
            continue;
        }
        let change = match (before.is_empty(), now.is_empty()) {
            (true, _) => Change::Added,
            (_, true) => Change::Removed,
            _ => Change::Changed,
        };
        let has = |(_, names): &&(Arc<str>, Names)| !names.find(name).is_empty();
        let segment = come.iter().find(has).or_else(|| gone.iter().find(has)).map(|(id, _)| Arc::clone(id));
        let name: Arc<str> = name.as_str().into();
        changed.insert(Arc::clone(&name), NewName { name, change, segment: segment.unwrap_or_else(|| Arc::from("")) });
    }
    changed
}

/// The `definitions` of the previous build's segments; `None` where one of them cannot be told.
fn previous(world: &World, spec: &NodeSpec) -> Option<Vec<(Arc<str>, Digest)>> {
    let previous = world.previous(&spec.repo)?;
    let mut found = Vec::new();
    for segment in &previous.root.segments {
        let list = world.old_list(previous, &segment.list)?;
        let piece = list.pieces.iter().find(|p| *p.node == *spec.name && p.table == DEFINITIONS.name)?;
        found.push((list.id.as_str().into(), piece.artifact));
    }
    Some(found)
}

fn names(world: &World, artifacts: &[Digest]) -> Result<Names, Failure> {
    // All the damage is found before it is told.
    let (mut batches, mut damage) = (Vec::with_capacity(artifacts.len()), None);
    for artifact in artifacts {
        match world.read(DEFINITIONS.name, artifact) {
            Ok(batch) => batches.push(batch),
            Err(failure) if failure.is_damage() => damage = Some(failure),
            Err(failure) => return Err(failure),
        }
    }
    match damage {
        Some(damage) => Err(damage),
        None => Names::new(&batches).map_err(|e| Failure::of_node(&e, DEFINITIONS.name)),
    }
}

/// Adds the shards of a segment that refer to a name of `changed`.
fn mentioned(
    world: &World,
    segment: &Exported,
    changed: &BTreeMap<Arc<str>, NewName>,
    found: &mut BTreeMap<(Mode, Arc<str>), Vec<NewName>>,
) -> Result<(), Failure> {
    let names: Vec<&str> = changed.keys().map(|name| &**name).collect();
    let rows = world.find_rows(MENTIONS.name, &segment.mentions.artifact, "name", &names)?;
    for MentionRow { name, shards } in world.rows::<MentionRow>(&rows)? {
        let Some(new) = changed.get(name.as_str()) else { continue };
        for shard in shards {
            if let Some(id) = segment.shards.get(shard as usize) {
                found.entry((segment.mode, Arc::clone(id))).or_default().push(new.clone());
            }
        }
    }
    Ok(())
}
