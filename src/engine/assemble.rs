//! From what the queries gave to a build manifest: one list a segment, one root.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Digest, Mode};
use crate::plan::{PlannedNode, RepoPlan};
use crate::source::{Segment, Shard};
use crate::store::{BuildRoot, NodeRecord, Piece, SegmentList, SegmentRef, ShardRecord, Writer, build_id};

use super::drive::resolution;
use super::failure::Failure;
use super::queries::{Made, SegmentMade};
use super::world::store_failure;

/// Format of manifests and lists.
pub(super) const FORMAT: u32 = 1;

/// Writes the lists and the root of a repository's build, and gives the root.
pub fn build(
    writer: &Writer,
    plan: &RepoPlan,
    segments: &[Segment],
    made: &[SegmentMade],
) -> Result<BuildRoot, Failure> {
    let mut refs = Vec::with_capacity(segments.len());
    for (segment, made) in segments.iter().zip(made) {
        let list = list(segment, made);
        let hash = writer.put_list(&plan.name, &list).map_err(|e| store_failure(&e))?;
        refs.push(reference(&list, hash));
    }
    let mut root = BuildRoot { segments: refs, ..outline(plan) };
    root.id = build_id(&root);
    writer.put_build(&root).map_err(|e| store_failure(&e))?;
    Ok(root)
}

/// The build that `plan` would make, before anything is made: its nodes, and no segment.
pub fn outline(plan: &RepoPlan) -> BuildRoot {
    let mut root = BuildRoot {
        format: FORMAT,
        id: String::new(),
        repo: plan.name.clone(),
        pipeline: plan.pipeline.clone(),
        config_digest: plan.config_digest,
        nodes: plan.nodes.iter().map(|node| record(plan, node)).collect(),
        serve: plan.serve.and_then(|at| plan.nodes.get(at)).map(|n| n.name.clone()),
        segments: Vec::new(),
        workspace_manifest: None,
    };
    root.id = build_id(&root);
    root
}

fn record(plan: &RepoPlan, node: &PlannedNode) -> NodeRecord {
    let resolved = if resolution(node).is_some() { node.kind.resolved() } else { &[] };
    let formats = |tables: &[&'static crate::table::TableSchema]| {
        tables.iter().map(|t| (t.name.to_owned(), t.format)).collect::<BTreeMap<_, _>>()
    };
    NodeRecord {
        name: node.name.clone(),
        kind: node.kind.name().to_owned(),
        format: node.kind.format(),
        params: node.params.canonical().clone(),
        chain: node.chain,
        inputs: node
            .inputs
            .iter()
            .filter_map(|i| plan.nodes.get(i.node).map(|n| (i.port.to_owned(), n.name.clone())))
            .collect(),
        tables: formats(&[node.kind.outputs(), resolved].concat()),
        merged: formats(node.kind.merged()),
        cohort: cohort(node),
    }
}

/// What the node's kind says of each mode, for readers that put repositories side by side.
pub(super) fn cohort(node: &PlannedNode) -> BTreeMap<Mode, BTreeMap<String, String>> {
    let of = |mode| node.kind.cohort(&node.params, mode).into_iter().map(|(name, value)| (name.to_owned(), value));
    Mode::ALL.into_iter().map(|mode| (mode, of(mode).collect())).collect()
}

fn list(segment: &Segment, made: &SegmentMade) -> SegmentList {
    SegmentList {
        format: FORMAT,
        id: segment.id.clone(),
        mode: segment.mode,
        shards: segment.shards.iter().zip(&made.shards).map(|(shard, made)| shard_record(shard, made)).collect(),
        pieces: pieces(&made.merged),
    }
}

fn shard_record(shard: &Shard, made: &[(Arc<str>, Made)]) -> ShardRecord {
    let path = |file: Option<&crate::source::SourceFile>| file.map(|f| f.path.text().to_owned()).unwrap_or_default();
    ShardRecord {
        id: shard.id.clone(),
        first_path: path(shard.files.first()),
        last_path: path(shard.files.last()),
        files: shard.files.len() as u64,
        bytes: shard.files.iter().map(|f| f.size).sum(),
        pieces: pieces(made),
    }
}

pub(super) fn pieces(made: &[(Arc<str>, Made)]) -> Vec<Piece> {
    made.iter()
        .flat_map(|(node, made)| {
            made.outputs.iter().map(|output| Piece {
                node: node.to_string(),
                table: output.table.clone(),
                artifact: output.artifact,
                rows: output.rows,
                bytes: output.bytes,
                action: made.action,
                stats: output.stats.clone(),
            })
        })
        .collect()
}

/// What the root says of a list. Where a node merges a table, its merged pieces are the ones counted.
pub(super) fn reference(list: &SegmentList, hash: Digest) -> SegmentRef {
    let mut tables: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let mut stats: BTreeMap<String, u64> = BTreeMap::new();
    let merged = |piece: &Piece| list.pieces.iter().any(|p| p.node == piece.node && p.table == piece.table);
    let of_shards = list.shards.iter().flat_map(|s| &s.pieces).filter(|p| !merged(p));
    for piece in of_shards.chain(&list.pieces) {
        let name = format!("{}/{}", piece.node, piece.table);
        let sums = tables.entry(name.clone()).or_default();
        sums[0] += piece.rows;
        sums[1] += piece.bytes;
        sums[2] += 1;
        for (stat, value) in &piece.stats {
            *stats.entry(format!("{name}/{stat}")).or_default() += value;
        }
    }
    SegmentRef {
        id: list.id.clone(),
        mode: list.mode,
        list: hash,
        first_path: list.shards.first().map(|s| s.first_path.clone()).unwrap_or_default(),
        last_path: list.shards.last().map(|s| s.last_path.clone()).unwrap_or_default(),
        shards: list.shards.len() as u64,
        files: list.shards.iter().map(|s| s.files).sum(),
        bytes: list.shards.iter().map(|s| s.bytes).sum(),
        tables,
        stats,
    }
}
