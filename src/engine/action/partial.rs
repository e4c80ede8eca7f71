//! Shards whose tables are not kept: they are a step on the way to a merge, and can be taken out of what it made.
//!
//! A merge asks for the tables of each shard, and takes the first of these that there is: what this run made while
//! it had the shard in hand; what the previous build's segment holds of it, told by the action keys among that
//! merge's ingredients; what the node makes of the shard's inputs, read again. All three are the same rows: a
//! merge can be undone without a loss ([`Kind::split`](crate::nodes::Kind::split)).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::SourceFile;
use crate::store::{MemoOutput, Piece, SegmentList};
use crate::table::Batch;

use super::super::db::{NodeSpec, ShardSpec};
use super::super::decisions::Ruling;
use super::super::desk;
use super::super::event::{ActionDone, Outcome};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::reason::old;
use super::super::world::World;
use super::guard::guarded;
use super::merge::ShardPart;
use super::shard;

pub use super::super::key::ACTION;

/// A shard whose tables a merge needs.
pub struct Partial {
    pub shard: Arc<ShardSpec>,
    pub key: Arc<ActionKey>,
    /// What comes in through the node's ports.
    pub inputs: Vec<(&'static str, String, MemoOutput)>,
}

/// Makes the tables of a shard now, where its inputs were made on this thread a moment ago and the previous build
/// does not have them.
pub fn early(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<(), Failure> {
    let in_hand = !inputs.is_empty() && inputs.iter().all(|(_, _, output)| desk::batch(&output.artifact).is_some());
    if !in_hand || world.is_dry() {
        return Ok(());
    }
    let known = old_segments(world, spec, &[shard]).iter().any(|old| old.actions.contains(&key.digest.hex()));
    if known {
        return Ok(());
    }
    let made = make(world, spec, shard, key, inputs)?;
    world.keep_partial(key.digest, made);
    Ok(())
}

/// The merge is taken from the memo and needs nothing of this shard.
pub fn forget(world: &World, spec: &NodeSpec, part: &Partial) {
    if world.take_partial(&part.key.digest).is_none() {
        world.done(shard::done(spec, &part.shard, part.key.digest, Outcome::Reused));
    }
}

/// What a merge would do about its shards. It runs, or it may run if what `waits` makes is not what it was.
pub fn forecast(world: &World, spec: &NodeSpec, parts: &[ShardPart], waits: Option<&Arc<str>>) {
    let partials =
        || parts.iter().filter_map(|part| if let ShardPart::Partial(part) = part { Some(part) } else { None });
    let shards: Vec<&ShardSpec> = partials().map(|part| &*part.shard).collect();
    let known: BTreeSet<String> = old_segments(world, spec, &shards).into_iter().flat_map(|old| old.actions).collect();
    for part in partials() {
        let key = part.key.digest;
        if known.contains(&key.hex()) {
            world.done(shard::done(spec, &part.shard, key, Outcome::Reused));
            continue;
        }
        let ran = ran(world, spec, part);
        match waits {
            Some(node) => world.may(&ran, node),
            None => world.done(ran),
        }
    }
}

fn ran(world: &World, spec: &NodeSpec, part: &Partial) -> ActionDone {
    let reason = Some(shard::why(world, spec, &part.shard, &part.key, Vec::new()));
    let fresh = part.shard.files.len();
    ActionDone { reason, fresh, ..shard::done(spec, &part.shard, part.key.digest, Outcome::Ran) }
}

fn make(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    inputs: &[(&'static str, String, MemoOutput)],
) -> Result<Vec<Batch>, Failure> {
    // A kind whose tables are not kept reads no bytes, so nothing is decided of its files.
    let outputs = shard::make(world, spec, shard, key, &Ruling::default(), inputs)?.outputs;
    let reason = Some(shard::why(world, spec, shard, key, Vec::new()));
    let fresh = shard.files.len();
    // It leaves no artifact.
    world.done(ActionDone { reason, fresh, bytes: 0, ..shard::done(spec, shard, key.digest, Outcome::Ran) });
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
            if slot.is_some() {
                world.done(shard::done(spec, &part.shard, part.key.digest, Outcome::Reused));
            }
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

/// A segment of the previous build that overlaps, whose merged tables stand.
struct OldSegment {
    list: Arc<SegmentList>,
    /// The action of each of its shards.
    actions: Vec<String>,
}

/// Action → tables, for those of `wanted` that the previous build has. Whatever cannot be read is told and not reused.
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
            let tables = world.shortcut(&spec.repo, split(world, spec, &old)).unwrap_or_default();
            let known = old.actions.into_iter().zip(tables);
            found.extend(known.filter(|(action, _)| wanted.contains(action)));
        }
    }
    found
}

fn split(world: &World, spec: &NodeSpec, old: &OldSegment) -> Result<Vec<Vec<Batch>>, Failure> {
    let mut pieces = Vec::new();
    for table in spec.kind.merged() {
        // The node may have had other tables then.
        let piece = old.list.pieces.iter().find(|p| *p.node == *spec.name && p.table == table.name);
        let Some(piece) = piece else { return Ok(Vec::new()) };
        pieces.push((table.name, piece.artifact));
    }
    let merged = world.crew.share(&pieces, |(table, artifact)| world.take_batch(table, artifact))?;
    guarded(&format!("{}/{}", spec.repo, spec.name), || spec.kind.split(&merged, old.actions.len()))
}

fn old_segments(world: &World, spec: &NodeSpec, shards: &[&ShardSpec]) -> Vec<OldSegment> {
    let files = || shards.iter().flat_map(|s| &s.files).map(|file: &SourceFile| file.path.text());
    let (Some(first), Some(last), Some(shard)) = (files().min(), files().max(), shards.first()) else {
        return Vec::new();
    };
    let Some(previous) = world.previous(&spec.repo) else { return Vec::new() };
    let lists = old::lists(world, previous, Some(shard.mode), first, last);
    lists.into_iter().filter_map(|list| old_segment(world, spec, list)).collect()
}

fn old_segment(world: &World, spec: &NodeSpec, list: Arc<SegmentList>) -> Option<OldSegment> {
    let mut pieces = list.pieces.iter().filter(|p| *p.node == *spec.name);
    let stands =
        |piece: &Piece| world.shortcut(&spec.repo, world.stands(&piece.artifact, piece.bytes)).unwrap_or(false);
    if !pieces.all(stands) {
        return None;
    }
    let actions: Option<Vec<String>> = (0..list.shards.len())
        .map(|at| old::partial_action(world, &list, at, &spec.name).map(|action| action.hex()))
        .collect();
    Some(OldSegment { actions: actions?, list })
}
