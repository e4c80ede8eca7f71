//! The action that stood in a place before: in the unit of the same id, or else in the first that overlaps it.

use std::sync::Arc;

use crate::base::{Digest, Mode};
use crate::store::{MemoEntry, Piece, SegmentList, ShardRecord};

use super::super::key::{ACTION, shard_ingredient};
use super::super::world::{Previous, World};

/// A unit of the previous build.
pub struct OldShard {
    pub list: Arc<SegmentList>,
    /// Index into the list's shards.
    pub at: usize,
}

impl OldShard {
    pub fn record(&self) -> Option<&ShardRecord> {
        self.list.shards.get(self.at)
    }
}

/// The lists of the previous build whose segments overlap the paths from `first` to `last`.
pub fn lists(world: &World, previous: &Previous, mode: Option<Mode>, first: &str, last: &str) -> Vec<Arc<SegmentList>> {
    let near = previous.root.segments.iter().filter(|s| mode.is_none_or(|mode| s.mode == mode));
    let near = near.filter(|s| s.last_path.as_str() >= first && s.first_path.as_str() <= last);
    near.filter_map(|s| world.old_list(previous, &s.list)).collect()
}

/// The shards of the previous build that overlap the paths from `first` to `last`, of one mode or of all.
pub fn shards(world: &World, previous: &Previous, mode: Option<Mode>, first: &str, last: &str) -> Vec<OldShard> {
    let mut found = Vec::new();
    for list in lists(world, previous, mode, first, last) {
        for (at, shard) in list.shards.iter().enumerate() {
            if shard.last_path.as_str() >= first && shard.first_path.as_str() <= last {
                found.push(OldShard { list: Arc::clone(&list), at });
            }
        }
    }
    found
}

/// The action of `node` on a shard whose tables are not kept: the ingredients of its segment's merge tell it.
pub fn partial_action(world: &World, list: &SegmentList, at: usize, node: &str) -> Option<Digest> {
    let (_, merge) = action(world, &list.pieces, node)?;
    merge?.ingredients.get(&shard_ingredient(at, ACTION))?.parse().ok()
}

/// The action of `node` among `pieces`, and what the memo still knows of it.
pub fn action(world: &World, pieces: &[Piece], node: &str) -> Option<(Digest, Option<MemoEntry>)> {
    let action = pieces.iter().find(|p| p.node == node)?.action;
    Some((action, world.given.memo.get(&action)))
}
