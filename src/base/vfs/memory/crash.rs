//! The power cut: what the next start finds.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::sync::Arc;

use super::fs::MemoryFs;
use super::tree::{Body, Ino, Node, ROOT, Tree};

/// What becomes of something that no sync had made durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// It is gone: a new file is empty, a new name missing, a removed or replaced name back.
    Lost,
    /// It is there, by luck.
    Kept,
    /// A file keeps part of its new bytes, cut anywhere. A name is lost or kept.
    Torn,
    /// A file has its new length, and zeros where its new bytes should be. A name is lost or kept.
    Zeroed,
    /// One of the others for each file and name.
    Mixed,
}

/// A power cut. Equal cuts of equal trees leave equal trees.
#[derive(Clone, Copy, Debug)]
pub struct PowerCut {
    /// Bytes of files.
    pub data: Unsynced,
    /// Names in directories.
    pub names: Unsynced,
    pub seed: u64,
}

impl PowerCut {
    /// Every pair of fates, with `seed`.
    pub fn all(seed: u64) -> impl Iterator<Item = Self> {
        const NAMES: [Unsynced; 3] = [Unsynced::Lost, Unsynced::Kept, Unsynced::Mixed];
        const DATA: [Unsynced; 5] = [Unsynced::Lost, Unsynced::Kept, Unsynced::Torn, Unsynced::Zeroed, Unsynced::Mixed];
        NAMES.into_iter().flat_map(move |names| DATA.into_iter().map(move |data| Self { data, names, seed }))
    }
}

/// SplitMix64. Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dice(pub u64);

impl Dice {
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % (n.max(1) as u64)) as usize
    }
}

impl MemoryFs {
    /// A copy that goes its own way, everything in it durable. No lock is held there.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.crash(PowerCut { data: Unsynced::Kept, names: Unsynced::Kept, seed: 0 })
    }

    /// The file system after a power cut at this moment. This one is left as it is. No lock survives.
    #[must_use]
    pub fn crash(&self, cut: PowerCut) -> Self {
        let before = self.tree();
        let mut dice = Dice(cut.seed);
        let mut after = Tree::new();
        (after.next, after.now, after.sync_all_missing) = (before.next, before.now, before.sync_all_missing);
        after.clones = before.clones;
        let mut todo = vec![ROOT];
        while let Some(ino) = todo.pop() {
            let Some(node) = before.nodes.get(&ino) else { continue };
            let body = match &node.body {
                Body::File { bytes, synced } => {
                    let bytes = match bytes.as_slice().len() {
                        len if len == *synced => bytes.clone(),
                        _ => Arc::new(data_after(bytes, *synced, cut.data, &mut dice)),
                    };
                    Body::File { synced: bytes.as_slice().len(), bytes }
                }
                Body::Dir { entries, synced } => {
                    let entries = names_after(entries, synced, cut.names, &mut dice);
                    todo.extend(entries.values());
                    Body::Dir { synced: entries.clone(), entries }
                }
                Body::Link(target) => Body::Link(target.clone()),
            };
            after.nodes.insert(ino, Node { body, ..node.clone() });
        }
        drop(before);
        Self::of(after)
    }
}

fn data_after(bytes: &[u8], synced: usize, fate: Unsynced, dice: &mut Dice) -> Vec<u8> {
    let fate = match fate {
        Unsynced::Mixed => {
            [Unsynced::Lost, Unsynced::Kept, Unsynced::Torn, Unsynced::Zeroed].get(dice.below(4)).copied()
        }
        fate => Some(fate),
    };
    let mut bytes = bytes.to_vec();
    match fate {
        Some(Unsynced::Lost) => bytes.truncate(synced),
        Some(Unsynced::Torn) => bytes.truncate(synced + dice.below(bytes.len().saturating_sub(synced))),
        Some(Unsynced::Zeroed) => bytes.iter_mut().skip(synced).for_each(|b| *b = 0),
        _ => {}
    }
    bytes
}

fn names_after(
    entries: &BTreeMap<OsString, Ino>,
    synced: &BTreeMap<OsString, Ino>,
    fate: Unsynced,
    dice: &mut Dice,
) -> BTreeMap<OsString, Ino> {
    let names: BTreeSet<&OsString> = entries.keys().chain(synced.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (synced.get(name), entries.get(name));
            let kept = match fate {
                Unsynced::Lost => false,
                Unsynced::Kept => true,
                _ => old == new || dice.below(2) == 1,
            };
            let ino = if kept { new } else { old };
            ino.map(|ino| (name.clone(), *ino))
        })
        .collect()
}
