//! The tracked queries. Each is small: it gathers its inputs through salsa, so that salsa knows them, and hands
//! the work to `action/`. Equal values stop the wave.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::Digest;
use crate::store::MemoOutput;

use super::action;
use super::action::merge::{ShardPart, Whole};
use super::action::partial::Partial;
use super::db::{Db, NodeInput, RepoInput, SegmentInput, ShardInput};
use super::failure::Failure;
use super::key::{self, ActionKey};

/// What an action gave: its key and one output a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub action: Digest,
    pub outputs: Arc<[MemoOutput]>,
}

impl Made {
    pub fn output(&self, table: &str) -> Option<&MemoOutput> {
        self.outputs.iter().find(|o| o.table == table)
    }
}

/// The action key of a node on a shard.
#[salsa::tracked(returns(clone))]
pub fn shard_key(db: &dyn Db, node: NodeInput, shard: ShardInput) -> Result<Arc<ActionKey>, Failure> {
    let spec = node.spec(db);
    let mut artifacts = Vec::new();
    let upstream = upstream_outputs(db, node, shard)?;
    for (port, table, output) in &upstream {
        artifacts.push((*port, table.as_str(), output.artifact));
    }
    let files = &shard.shard(db).files;
    let languages: BTreeSet<Option<&str>> = files.iter().map(|f| f.language.as_deref()).collect();
    let (mut own, mut all) = (BTreeMap::new(), BTreeMap::new());
    for language in languages {
        let name = language.unwrap_or("").to_owned();
        own.insert(name.clone(), spec.kind.definition_digest(language));
        all.insert(name, definition(db, node, language));
    }
    Ok(Arc::new(key::of_shard(spec, &db.world().given.limits, files, &artifacts, &own, &all)))
}

/// The outputs that come in through the ports of `node`: (port, table, output), in order.
pub fn upstream_outputs(
    db: &dyn Db,
    node: NodeInput,
    shard: ShardInput,
) -> Result<Vec<(&'static str, String, MemoOutput)>, Failure> {
    let spec = node.spec(db);
    let mut outputs = Vec::new();
    for port in spec.kind.ports() {
        for (_, above) in node.inputs(db).iter().filter(|(name, _)| *name == port.name) {
            let made = shard_output(db, *above, shard)?;
            for table in port.tables {
                let output = made
                    .output(table)
                    .ok_or_else(|| Failure::bug(&format!("no table `{table}` for port `{}`", port.name), &spec.name))?;
                outputs.push((port.name, (*table).to_owned(), output.clone()));
            }
        }
    }
    Ok(outputs)
}

/// The definition digests of a node and of all nodes above it, for one language.
fn definition(db: &dyn Db, node: NodeInput, language: Option<&str>) -> Digest {
    let above = node.inputs(db).iter().map(|(port, above)| (*port, definition(db, *above, language)));
    key::definition(&node.spec(db).kind.definition_digest(language), above)
}

/// What a node makes of a shard.
#[salsa::tracked(returns(clone))]
pub fn shard_output(db: &dyn Db, node: NodeInput, shard: ShardInput) -> Result<Made, Failure> {
    let _ = shard.heal_epoch(db);
    let spec = node.spec(db);
    let key = match shard_key(db, node, shard) {
        Ok(key) => key,
        Err(failure) => return Err(action::shard::not_now(db.world(), spec, shard.shard(db), failure)),
    };
    let inputs = upstream_outputs(db, node, shard)?;
    action::shard::run(db.world(), spec, shard.shard(db), &key, &inputs)
}

/// What a node's merge makes of a segment.
#[salsa::tracked(returns(clone))]
pub fn segment_output(db: &dyn Db, node: NodeInput, segment: SegmentInput) -> Result<Made, Failure> {
    let spec = node.spec(db);
    let whole = Whole { id: segment.id(db), shards: segment.shards(db).iter().map(|s| &**s.shard(db)).collect() };
    let mut parts = Vec::new();
    let mut later = None;
    for shard in segment.shards(db) {
        match part(db, node, *shard) {
            Ok(part) => parts.push(part),
            Err(failure) if failure.waits_for().is_some() => later = later.or(Some(failure)),
            Err(failure) => return Err(failure),
        }
    }
    if let Some(failure) = later {
        return Err(action::merge::not_now(db.world(), spec, &whole, &parts, failure));
    }
    let names: Vec<Vec<(String, Digest)>> = parts.iter().map(ShardPart::names).collect();
    let key = key::of_segment(spec, &db.world().given.limits, &names);
    action::merge::run(db.world(), spec, &whole, &key, parts)
}

/// What a shard gives to the merge of its segment.
fn part(db: &dyn Db, node: NodeInput, shard: ShardInput) -> Result<ShardPart, Failure> {
    let spec = node.spec(db);
    let made = shard_output(db, node, shard)?;
    if !spec.kind.partial().is_empty() {
        return Ok(ShardPart::Partial(Partial {
            shard: Arc::clone(shard.shard(db)),
            key: shard_key(db, node, shard)?,
            inputs: upstream_outputs(db, node, shard)?,
        }));
    }
    let merged = spec.kind.merged();
    let outputs: Vec<MemoOutput> = merged.iter().filter_map(|t| made.output(t.name).cloned()).collect();
    if outputs.len() != merged.len() {
        return Err(Failure::bug("a shard lacks a table that the merge takes", &spec.name));
    }
    Ok(ShardPart::Kept(outputs))
}

/// A segment as the manifest keeps it: per shard its outputs by node, and the merged ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentMade {
    pub shards: Vec<Vec<(Arc<str>, Made)>>,
    pub merged: Vec<(Arc<str>, Made)>,
}

/// Everything that a repository's nodes make of a segment.
#[salsa::tracked(returns(clone))]
pub fn segment(db: &dyn Db, repo: RepoInput, segment: SegmentInput) -> Result<Arc<SegmentMade>, Failure> {
    let mut shards = Vec::new();
    for shard in segment.shards(db) {
        shards.push(shard_all(db, repo, *shard)?);
    }
    let mut merged = Vec::new();
    for node in repo.nodes(db).iter().filter(|n| !n.spec(db).kind.merged().is_empty()) {
        merged.push((Arc::clone(&node.spec(db).name), segment_output(db, *node, segment)?));
    }
    Ok(Arc::new(SegmentMade { shards, merged }))
}

/// Every node of a repository on one shard, in topological order.
pub fn shard_all(db: &dyn Db, repo: RepoInput, shard: ShardInput) -> Result<Vec<(Arc<str>, Made)>, Failure> {
    let mut made = Vec::new();
    for node in repo.nodes(db) {
        made.push((Arc::clone(&node.spec(db).name), shard_output(db, *node, shard)?));
    }
    Ok(made)
}
