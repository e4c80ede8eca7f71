//! The build of a node of the workspace: one list a repository, one of the whole, and the manifest of the workspace.
//!
//! Lists have a mode, and what repositories are to each other has none: `records` stands there.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Mode, json};
use crate::nodes::Output;
use crate::plan::WorkspaceNode;
use crate::store::federation::{Availability, Manifest};
use crate::store::{BuildRoot, NodeRecord, Piece, SegmentList, SegmentRef, ShardRecord, build_id, workspace_name};
use crate::table::schema::{MEMBERS, MemberRow};
use crate::table::{Batch, TableSchema};

use super::super::assemble::{FORMAT, reference};
use super::super::event::Unit;
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::queries::Made;
use super::super::world::{World, store_failure};
use super::action::{At, SHOWN, Spec, WHOLE, part_id};
use super::drive::Federated;
use super::members::Member;
use crate::base::{Digest, KeyHasher, Tier};

/// The manifest of the members.
pub fn manifest(members: &[Member], tables: &[&'static TableSchema]) -> Manifest {
    Manifest::of(&members.iter().map(|member| (member.name.to_string(), member.found(tables))).collect())
}

/// The manifest as it stands on disk.
pub fn bytes_of(manifest: &Manifest, at: &str) -> Result<Vec<u8>, Failure> {
    json::canonical(manifest).map_err(|e| Failure::bug(&format!("the manifest has no form in JSON: {e}"), at))
}

/// The table `members`.
pub fn members(
    world: &World,
    spec: &Spec,
    members: &[Member],
    manifest: &Manifest,
    bytes: &[u8],
) -> Result<Made, Failure> {
    let stale: Vec<&str> = members.iter().filter(|member| member.stale).map(|member| &*member.name).collect();
    let mut hasher = KeyHasher::new("sawmill.federation-members.v1");
    hasher.add(spec.kind.name()).add(&spec.kind.format()).digest(&Digest::of(bytes)).add(&stale);
    let ingredients = BTreeMap::from([
        ("input.manifest".to_owned(), manifest.manifest_hash.clone()),
        ("input.stale".to_owned(), stale.join(" ")),
    ]);
    let key = ActionKey { digest: hasher.finish(), ingredients };
    let at = At { spec, unit: Unit::Segment, id: SHOWN.to_owned(), key, bytes: bytes.len() as u64, files: 0 };
    at.run(world, &[&MEMBERS], || {
        let rows = rows(manifest, &stale);
        Ok(vec![Output::new(Batch::of(&rows).map_err(|e| Failure::of(&e, Tier::Bug, &spec.store_name))?)])
    })
}

fn rows(manifest: &Manifest, stale: &[&str]) -> Vec<MemberRow> {
    let mut rows = Vec::new();
    for member in &manifest.repos {
        let bare = MemberRow {
            repository: member.name.clone(),
            availability: member.availability.name().to_owned(),
            build: member.build.clone(),
            stale: stale.contains(&member.name.as_str()),
            ..MemberRow::default()
        };
        if member.modes.is_empty() || member.availability != Availability::Present {
            rows.push(bare.clone());
            continue;
        }
        let mut modes: Vec<MemberRow> = Vec::new();
        for (mode, of) in &member.modes {
            modes.push(MemberRow {
                mode: Some(mode.name().to_owned()),
                cohort: Some(of.cohort.clone()),
                files: of.files,
                chunks: of.chunks,
                fields: of.lengths.keys().cloned().collect(),
                terms: of.lengths.values().copied().collect(),
                ..bare.clone()
            });
        }
        modes.sort_by(|a, b| a.mode.cmp(&b.mode));
        rows.extend(modes);
    }
    rows
}

/// Writes manifest, lists and root, and gives the build's id.
pub fn build(
    world: &World,
    node: &WorkspaceNode,
    spec: &Spec,
    members: &[Member],
    made: &Federated,
    shown: &Made,
    manifest: &[u8],
) -> Result<String, Failure> {
    let writer = world.writer()?;
    let name = workspace_name(&node.id());
    let manifest = writer.put_workspace_manifest(&name, manifest).map_err(|e| store_failure(&e))?;
    let mut lists = vec![list(WHOLE, Vec::new(), [pieces(spec, shown), pieces(spec, &made.whole)].concat())];
    for (member, of) in members.iter().zip(&made.members) {
        let segments = member.segments(&spec.ports).iter().zip(&of.parts);
        let shards = segments.map(|(segment, part)| shard(spec, member, segment, part)).collect();
        lists.push(list(&member.name, shards, pieces(spec, &of.link)));
    }
    let mut segments = Vec::with_capacity(lists.len());
    for list in &lists {
        let hash = writer.put_list(&name, list).map_err(|e| store_failure(&e))?;
        segments.push(reference(list, hash));
    }
    let mut root = BuildRoot {
        format: FORMAT,
        id: String::new(),
        repo: name,
        pipeline: node.pipeline.clone(),
        config_digest: node.chain,
        nodes: vec![record(node)],
        serve: None,
        segments,
        workspace_manifest: Some(manifest),
    };
    root.id = build_id(&root);
    writer.put_build(&root).map_err(|e| store_failure(&e))?;
    Ok(root.id)
}

fn list(id: &str, shards: Vec<ShardRecord>, pieces: Vec<Piece>) -> SegmentList {
    SegmentList { format: FORMAT, id: id.to_owned(), mode: Mode::Records, shards, pieces }
}

fn shard(spec: &Spec, member: &Member, segment: &SegmentRef, part: &Made) -> ShardRecord {
    ShardRecord {
        id: part_id(&member.name, segment.mode, &segment.id),
        first_path: segment.first_path.clone(),
        last_path: segment.last_path.clone(),
        files: segment.files,
        bytes: segment.bytes,
        pieces: pieces(spec, part),
    }
}

fn pieces(spec: &Spec, made: &Made) -> Vec<Piece> {
    super::super::assemble::pieces(&[(Arc::clone(&spec.name), made.clone())])
}

fn record(node: &WorkspaceNode) -> NodeRecord {
    let formats = |tables: &[&'static TableSchema]| {
        tables.iter().map(|table| (table.name.to_owned(), table.format)).collect::<BTreeMap<_, _>>()
    };
    let feeds: Vec<String> = node.feeds.iter().map(|(pipeline, node)| format!("{pipeline}/{node}")).collect();
    NodeRecord {
        name: node.name.clone(),
        kind: node.kind.name().to_owned(),
        format: node.kind.format(),
        params: node.params.canonical().clone(),
        chain: node.chain,
        inputs: BTreeMap::from([(node.kind.port().name.to_owned(), feeds.join(" "))]),
        tables: formats(&node.kind.part_tables()),
        merged: formats(&[&MEMBERS, node.kind.whole_table(), node.kind.link_table()]),
        cohort: BTreeMap::new(),
    }
}
