//! Shards whose tables are not kept: they are a step on the way to a merge, and can be taken out of what it made.
//!
//! A merge asks for the tables of each shard, and takes the first of these that there is: what this run made while
//! it had the shard in hand; what the previous build's segment holds of it, told by the action keys among that
//! merge's ingredients; what the node makes of the shard's inputs, read again. All three are the same rows: a
//! merge can be undone without a loss ([`Kind::split`](crate::nodes::Kind::split)).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::Digest;
use crate::source::SourceFile;
use crate::store::{Piece, SegmentList};
use crate::table::Batch;

use super::super::db::{NodeSpec, ShardSpec};
use super::super::desk;
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::world::{Previous, World};
use super::guard::guarded;
use super::shard;
use crate::store::MemoOutput;

/// Stands in a merge's key where the name of a table would.
pub const ACTION: &str = "action";

/// A shard whose tables a merge needs.
pub struct Partial {
    pub shard: Arc<ShardSpec>,
    pub key: Arc<ActionKey>,
    /// What comes in through the node's ports.
    pub inputs: Vec<(&'static str, String, MemoOutput)>,
}

/// Makes the tables of a shard now, where its inputs were made on this thread a moment ago and the previous build
/// does not have them. Says whether it did.
pub fn early(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<bool, Failure> {
    let in_hand = !inputs.is_empty() && inputs.iter().all(|(_, _, output)| desk::batch(&output.artifact).is_some());
    if !in_hand {
        return Ok(false);
    }
    let known = old_segments(world, spec, &[shard]).iter().any(|old| old.actions.contains(&key.digest.hex()));
    if known {
        return Ok(false);
    }
    let made = make(world, spec, shard, key, inputs)?;
    world.keep_partial(key.digest, made);
    Ok(true)
}

fn make(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<Vec<Batch>, Failure> {
    let (outputs, _) = shard::make(world, spec, shard, key, inputs)?;
    Ok(outputs.into_iter().map(|output| output.batch).collect())
}

/// The tables of each of `parts`, in order.
pub fn gather(world: &World, spec: &NodeSpec, parts: &[Partial]) -> Result<Vec<Vec<Batch>>, Failure> {
    let mut found: Vec<Option<Vec<Batch>>> = parts.iter().map(|part| world.take_partial(&part.key.digest)).collect();
    let missing: BTreeSet<String> =
        parts.iter().zip(&found).filter(|(_, found)| found.is_none()).map(|(part, _)| part.key.digest.hex()).collect();
    let mut old = if missing.is_empty() { BTreeMap::new() } else { from_previous(world, spec, parts, &missing) };
    for (slot, part) in found.iter_mut().zip(parts) {
        if slot.is_none() {
            *slot = old.remove(&part.key.digest.hex());
        }
    }
    let mut batches = Vec::with_capacity(parts.len());
    for (slot, part) in found.into_iter().zip(parts) {
        let tables = if let Some(tables) = slot {
            tables
        } else {
            let _cleared = desk::Cleared;
            make(world, spec, &part.shard, &part.key, &part.inputs)?
        };
        batches.push(tables);
    }
    Ok(batches)
}

/// A segment of the previous build that overlaps.
struct OldSegment {
    list: SegmentList,
    /// The action of each of its shards.
    actions: Vec<String>,
}

/// Action → tables, for those of `wanted` that the previous build has. Whatever cannot be read is not reused.
fn from_previous(
    world: &World,
    spec: &NodeSpec,
    parts: &[Partial],
    wanted: &BTreeSet<String>,
) -> BTreeMap<String, Vec<Batch>> {
    let shards: Vec<&ShardSpec> = parts.iter().map(|part| &*part.shard).collect();
    let mut found = BTreeMap::new();
    for old in old_segments(world, spec, &shards) {
        if old.actions.iter().any(|action| wanted.contains(action)) {
            let tables = split(world, spec, &old).unwrap_or_default();
            let known = old.actions.into_iter().zip(tables);
            found.extend(known.filter(|(action, _)| wanted.contains(action)));
        }
    }
    found
}

fn split(world: &World, spec: &NodeSpec, old: &OldSegment) -> Option<Vec<Vec<Batch>>> {
    let mut merged = Vec::new();
    for table in spec.kind.merged() {
        let piece = old.list.pieces.iter().find(|p| *p.node == *spec.name && p.table == table.name)?;
        merged.push(world.take_batch(table.name, &piece.artifact).ok()?);
    }
    guarded(&format!("{}/{}", spec.repo, spec.name), || spec.kind.split(&merged, old.actions.len())).ok()
}

fn old_segments(world: &World, spec: &NodeSpec, shards: &[&ShardSpec]) -> Vec<OldSegment> {
    let files = || shards.iter().flat_map(|s| &s.files).map(|file: &SourceFile| file.path.text());
    let (Some(first), Some(last), Some(shard)) = (files().min(), files().max(), shards.first()) else {
        return Vec::new();
    };
    let Some(previous) = world.previous(&spec.repo) else { return Vec::new() };
    let near = previous
        .root
        .segments
        .iter()
        .filter(|old| old.mode == shard.mode && old.last_path.as_str() >= first && old.first_path.as_str() <= last);
    near.filter_map(|old| old_segment(world, spec, previous, &old.list)).collect()
}

fn old_segment(world: &World, spec: &NodeSpec, previous: &Previous, list: &Digest) -> Option<OldSegment> {
    let list =
        previous.pinned.list(&previous.root.repo, list).map_err(|e| world.notice_error(&e, Some(&spec.repo))).ok()?;
    let piece: &Piece = list.pieces.iter().find(|p| *p.node == *spec.name)?;
    let merge = world.memo.get(&piece.action)?;
    let action = |at: usize| merge.ingredients.get(&super::super::key::shard_ingredient(at, ACTION)).cloned();
    let actions: Option<Vec<String>> = (0..list.shards.len()).map(action).collect();
    Some(OldSegment { actions: actions?, list })
}
