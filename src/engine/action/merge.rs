//! A node's merge over a segment.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::Tier;
use crate::nodes::MergeTask;
use crate::store::MemoOutput;
use crate::table::{Batch, validate};

use super::super::db::NodeSpec;
use super::super::event::{ActionDone, Outcome, Unit};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::queries::Made;
use super::super::world::World;
use super::guard::guarded;

/// Believes the memo, or merges.
pub fn run(
    world: &World,
    spec: &NodeSpec,
    segment: &Arc<str>,
    key: &ActionKey,
    shards: &[Vec<MemoOutput>],
    files: usize,
) -> Result<Made, Failure> {
    world.check()?;
    let done = |outcome, outputs: &[MemoOutput]| ActionDone {
        repo: Arc::clone(&spec.repo),
        node: Arc::clone(&spec.name),
        unit: Unit::Segment,
        id: Arc::clone(segment),
        outcome,
        files,
        fresh: 0,
        rows: outputs.iter().map(|o| o.rows).sum(),
        bytes: outputs.iter().map(|o| o.bytes).sum(),
    };
    if let Some(outputs) = world.believed(&key.digest)? {
        world.forget(shards.iter().flatten().map(|o| &o.artifact));
        world.done(done(Outcome::Reused, &outputs));
        return Ok(Made { action: key.digest, outputs });
    }
    let at = format!("{}/{}", spec.repo, spec.name);
    let batches = batches(world, shards)?;
    let task = MergeTask { params: &spec.params, shards: &batches, cancel: &world.cancel };
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
    for output in &outputs {
        validate(&output.batch).map_err(|e| Failure::of(&e, Tier::Bug, &at))?;
    }
    guarded(&at, || spec.kind.check(&BTreeMap::new(), &outputs))?;
    let outputs = world.stage(spec, key, &outputs)?;
    world.done(done(Outcome::Ran, &outputs));
    Ok(Made { action: key.digest, outputs })
}

/// The batches of all shards. Where some are damaged, all the damage is found before it is told.
fn batches(world: &World, shards: &[Vec<MemoOutput>]) -> Result<Vec<Vec<Batch>>, Failure> {
    let mut damage = None;
    let mut batches: Vec<Vec<Batch>> = Vec::with_capacity(shards.len());
    for shard in shards {
        let mut tables = Vec::with_capacity(shard.len());
        for output in shard {
            match world.take_batch(&output.table, &output.artifact) {
                Ok(batch) => tables.push(batch),
                Err(failure) if failure.is_damage() => damage = Some(failure),
                Err(failure) => return Err(failure),
            }
        }
        batches.push(tables);
    }
    damage.map_or(Ok(batches), Err)
}
