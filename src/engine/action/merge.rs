//! A node's merge over a segment.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Digest, Tier};
use crate::nodes::MergeTask;
use crate::store::MemoOutput;
use crate::table::{Batch, validate};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::event::{ActionDone, Outcome, Unit};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::queries::Made;
use super::super::reason;
use super::super::world::{Belief, World};
use super::guard::guarded;
use super::partial::{self, Partial};

/// What a merge takes from one shard.
pub enum ShardPart {
    /// Artifacts.
    Kept(Vec<MemoOutput>),
    /// What the shard's action would make.
    Partial(Partial),
}

impl ShardPart {
    /// What stands for the shard in the merge's key.
    pub fn names(&self) -> Vec<(String, Digest)> {
        match self {
            Self::Kept(outputs) => outputs.iter().map(|o| (o.table.clone(), o.artifact)).collect(),
            Self::Partial(part) => vec![(partial::ACTION.to_owned(), part.key.digest)],
        }
    }
}

/// The shards' batches, in order. Where some are damaged, all the damage is found before it is told.
fn gather(world: &World, spec: &NodeSpec, shards: Vec<ShardPart>) -> Result<Vec<Vec<Batch>>, Failure> {
    let mut damage = None;
    let mut batches: Vec<Vec<Batch>> = Vec::with_capacity(shards.len());
    let mut parts = Vec::new();
    for shard in shards {
        match shard {
            ShardPart::Partial(part) => parts.push(part),
            ShardPart::Kept(outputs) => {
                let mut tables = Vec::with_capacity(outputs.len());
                for output in &outputs {
                    match world.take_batch(&output.table, &output.artifact) {
                        Ok(batch) => tables.push(batch),
                        Err(failure) if failure.is_damage() => damage = Some(failure),
                        Err(failure) => return Err(failure),
                    }
                }
                batches.push(tables);
            }
        }
    }
    if let Some(damage) = damage {
        return Err(damage);
    }
    if !parts.is_empty() {
        batches.extend(partial::gather(world, spec, &parts)?);
    }
    Ok(batches)
}

/// A segment and its shards.
pub struct Whole<'a> {
    pub id: &'a Arc<str>,
    pub shards: Vec<&'a ShardSpec>,
}

impl Whole<'_> {
    fn done(&self, spec: &NodeSpec, action: Digest, outcome: Outcome) -> ActionDone {
        ActionDone {
            repo: Arc::clone(&spec.repo),
            node: Arc::clone(&spec.name),
            unit: Unit::Segment,
            id: Arc::clone(self.id),
            outcome,
            action,
            reason: None,
            files: self.shards.iter().map(|s| s.files.len()).sum(),
            fresh: 0,
            rows: 0,
            bytes: self.shards.iter().flat_map(|s| &s.files).map(|f| f.size).sum(),
        }
    }
}

/// No merge will take what this run holds of these shards.
fn forget(world: &World, spec: &NodeSpec, parts: &[ShardPart]) {
    for part in parts {
        match part {
            ShardPart::Kept(outputs) => world.forget(outputs.iter().map(|o| &o.artifact)),
            ShardPart::Partial(part) => partial::forget(world, spec, part),
        }
    }
}

/// Believes the memo, or merges.
pub fn run(
    world: &World,
    spec: &NodeSpec,
    whole: &Whole<'_>,
    key: &ActionKey,
    parts: Vec<ShardPart>,
) -> Result<Made, Failure> {
    world.check()?;
    let _working = world.crew.work();
    let lost = match world.believed(&key.digest)? {
        Belief::Stands(outputs) => {
            forget(world, spec, &parts);
            world.done(whole.done(spec, key.digest, Outcome::Reused).with(&outputs));
            return Ok(Made { action: key.digest, outputs });
        }
        Belief::Lost(lost) => lost,
        Belief::Absent => Vec::new(),
    };
    let reason = reason::of_segment(world, spec, whole.id, &whole.shards, key, lost);
    reason::follow(world, spec, whole.id, &reason);
    let ran = ActionDone { reason: Some(Arc::new(reason)), ..whole.done(spec, key.digest, Outcome::Ran) };
    if world.is_dry() {
        partial::forecast(world, spec, &parts, None);
        world.done(ran);
        return Err(Failure::later(&spec.name));
    }
    let at = format!("{}/{}", spec.repo, spec.name);
    let batches = gather(world, spec, parts)?;
    let task = MergeTask { params: &spec.params, shards: &batches, cancel: &world.given.cancel };
    let outputs = guarded(&at, || spec.kind.merge(&task))?;
    drop(batches);
    let promised: Vec<&str> = spec.kind.merged().iter().map(|t| t.name).collect();
    let given: Vec<&str> = outputs.iter().map(|o| o.batch.schema().name).collect();
    if promised != given {
        return Err(Failure::bug(
            &format!("the merge of `{}` gave tables {given:?}, not {promised:?}", spec.kind.name()),
            &at,
        ));
    }
    world.crew.share(&outputs, |output| validate(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, &at)))?;
    guarded(&at, || spec.kind.check(&BTreeMap::new(), &outputs))?;
    let outputs = world.stage(spec, key, &outputs)?;
    world.done(ran.with(&outputs));
    Ok(Made { action: key.digest, outputs })
}

/// The merge's key is not known: it waits for a shard. `parts` are those that are known.
pub fn not_now(world: &World, spec: &NodeSpec, whole: &Whole<'_>, parts: &[ShardPart], failure: Failure) -> Failure {
    let Some(node) = failure.waits_for() else { return failure };
    partial::forecast(world, spec, parts, Some(node));
    world.may(&whole.done(spec, Digest([0; 32]), Outcome::Ran), node);
    Failure::later(&spec.name)
}
