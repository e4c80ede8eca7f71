//! Driving the queries: every shard and segment of a repository on the threads of one pool.
//!
//! Parallelism stands outside salsa: each task has its own handle on the database and asks for keys that no
//! other task asks for first, so that no thread parks on another's query. A segment's shards run before its
//! merge, so that the batches between them are few.

use std::sync::Arc;

use rayon::prelude::*;

use crate::base::Mode;
use crate::nodes::{Kind, Resolution};
use crate::plan::{PlannedNode, RepoPlan};
use crate::source::{FileContent, Segment, SourceFile};

use super::db::{Db, EngineDb, NodeInput, NodeSpec, RepoInput, SegmentInput, ShardInput, ShardSpec};
use super::desk;
use super::failure::Failure;
use super::queries::{self, SegmentMade};

/// Puts a repository's nodes, segments and shards into the database.
pub fn inputs(db: &EngineDb, plan: &RepoPlan, segments: &[Segment]) -> RepoInput {
    let repo: Arc<str> = plan.name.as_str().into();
    let mut nodes: Vec<NodeInput> = Vec::with_capacity(plan.nodes.len());
    for node in &plan.nodes {
        let spec = NodeSpec {
            resolution: resolution(node),
            repo: Arc::clone(&repo),
            name: node.name.as_str().into(),
            kind: node.kind,
            params: node.params.clone(),
            chain: node.chain,
            above: node
                .inputs
                .iter()
                .filter_map(|i| plan.nodes.get(i.node).map(|n| (i.port, n.name.as_str().into())))
                .collect(),
        };
        let above = node.inputs.iter().filter_map(|i| nodes.get(i.node).map(|n| (i.port, *n))).collect();
        nodes.push(NodeInput::new(db, Arc::new(spec), above));
    }
    let segments = segments
        .iter()
        .map(|segment| {
            let shards = segment
                .shards
                .iter()
                .map(|shard| {
                    let spec = ShardSpec {
                        repo: Arc::clone(&repo),
                        id: shard.id.as_str().into(),
                        mode: shard.mode,
                        files: shard.files.clone(),
                    };
                    ShardInput::new(db, Arc::new(spec), 0)
                })
                .collect();
            SegmentInput::new(db, segment.id.as_str().into(), segment.mode, shards)
        })
        .collect();
    RepoInput::new(db, repo, nodes, segments)
}

/// How many actions a repository has.
pub fn actions(plan: &RepoPlan, segments: &[Segment]) -> usize {
    let merges = plan.nodes.iter().filter(|n| !Kind::merged(n.kind).is_empty()).count();
    let resolutions = |mode: Mode| plan.nodes.iter().filter_map(resolution).filter(|r| r.applies(mode)).count();
    segments.iter().map(|s| s.shards.len() * (plan.nodes.len() + resolutions(s.mode)) + merges).sum()
}

/// The part of a node's kind that looks across shards, if the node has it.
pub fn resolution(node: &PlannedNode) -> Option<&'static dyn Resolution> {
    let ports: Vec<&str> = node.inputs.iter().map(|input| input.port).collect();
    node.kind.resolution(&node.params, &ports)
}

/// Runs whatever a repository needs, and gives what stands for each of its segments, in order.
pub fn repository(db: &EngineDb, repo: RepoInput) -> Result<Vec<SegmentMade>, Failure> {
    let segments = repo.segments(db).clone();
    let made = segments.into_par_iter().map_with(db.clone(), |db, segment| go_on(one_segment(db, repo, segment)));
    let made = made.collect::<Result<Vec<_>, Failure>>()?.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let resolving: Vec<NodeInput> =
        repo.nodes(db).iter().filter(|n| n.spec(db).resolution.is_some()).copied().collect();
    for node in &resolving {
        // Asked for once before all threads ask for it.
        queries::exports(db, repo, *node)?;
    }
    let segments = repo.segments(db).clone().into_par_iter().zip(made);
    let resolved = segments.map_with(db.clone(), |db, (segment, made)| {
        go_on(resolve(db, repo, &resolving, segment, SegmentMade::clone(&made)))
    });
    resolved.collect::<Result<Vec<_>, Failure>>()?.into_iter().collect()
}

/// Adds what the resolutions make of each shard of a segment.
fn resolve(
    db: &EngineDb,
    repo: RepoInput,
    nodes: &[NodeInput],
    segment: SegmentInput,
    mut made: SegmentMade,
) -> Result<SegmentMade, Failure> {
    if nodes.is_empty() {
        return Ok(made);
    }
    let shards = segment.shards(db).clone().into_par_iter();
    let resolved = shards.map_with(db.clone(), |db, shard| {
        let _desk = desk::Cleared;
        let of = |node: &NodeInput| {
            let made = queries::resolution(db, repo, *node, shard)?;
            Ok(made.map(|made| (Arc::clone(&node.spec(db).name), made)))
        };
        go_on(nodes.iter().map(of).collect::<Result<Vec<_>, Failure>>())
    });
    let resolved = resolved.collect::<Result<Vec<_>, Failure>>()?;
    for (shard, more) in made.shards.iter_mut().zip(resolved) {
        shard.extend(more?.into_iter().flatten());
    }
    Ok(made)
}

/// Damage ends nobody else's work: one pass finds and sets aside as much of it as it can. Any other failure does.
fn go_on<T>(made: Result<T, Failure>) -> Result<Result<T, Failure>, Failure> {
    match made {
        Err(failure) if !failure.is_damage() => Err(failure),
        other => Ok(other),
    }
}

/// What would run, without running it: every action is asked for, and what depends on one that would run is noted
/// as such.
pub fn forecast(db: &EngineDb, repo: RepoInput) -> Result<(), Failure> {
    let segments = repo.segments(db).clone();
    let asked = segments.into_par_iter().map_with(db.clone(), |db, segment| {
        for shard in segment.shards(db) {
            for node in repo.nodes(db) {
                known(queries::shard_output(db, *node, *shard))?;
            }
        }
        for node in repo.nodes(db).iter().filter(|n| !n.spec(db).kind.merged().is_empty()) {
            known(queries::segment_output(db, *node, segment))?;
        }
        Ok(())
    });
    asked.collect::<Result<(), Failure>>()?;
    let segments = repo.segments(db).clone();
    let asked = segments.into_par_iter().map_with(db.clone(), |db, segment| {
        for shard in segment.shards(db) {
            for node in repo.nodes(db).iter().filter(|n| n.spec(db).resolution.is_some()) {
                known(queries::resolution(db, repo, *node, *shard))?;
            }
        }
        Ok(())
    });
    asked.collect()
}

/// That something is not known yet is no failure of a dry run.
fn known<T>(made: Result<T, Failure>) -> Result<(), Failure> {
    match made {
        Err(failure) if failure.waits_for().is_none() => Err(failure),
        _ => Ok(()),
    }
}

fn one_segment(db: &EngineDb, repo: RepoInput, segment: SegmentInput) -> Result<Arc<SegmentMade>, Failure> {
    let shards = segment.shards(db).clone();
    let done = shards.into_par_iter().map_with(db.clone(), |db, shard| {
        let _place = db.world().room.enter(size(db, shard));
        let _desk = desk::Cleared;
        go_on(queries::shard_all(db, repo, shard).map(|_| ()))
    });
    done.collect::<Result<Vec<_>, Failure>>()?.into_iter().collect::<Result<(), Failure>>()?;
    let largest = segment.shards(db).iter().map(|shard| size(db, *shard)).max();
    let _place = db.world().room.enter(largest.unwrap_or_default());
    let _desk = desk::Cleared;
    queries::segment(db, repo, segment)
}

/// Bytes of a shard's files that are read.
fn size(db: &EngineDb, shard: ShardInput) -> u64 {
    let is_read = |file: &&SourceFile| matches!(file.content, FileContent::Hash(_));
    shard.shard(db).files.iter().filter(is_read).map(|file| file.size).sum()
}
