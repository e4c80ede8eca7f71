//! The reason of an action.

use std::collections::BTreeMap;

use crate::store::{MemoOutput, NodeRecord, Piece, RepoProvenance, SegmentList};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::key::{ActionKey, shard_ingredient};
use super::super::world::{Previous, World};
use super::model::{Change, LostArtifact, Moved, Reason};
use super::old;
use super::{compare, files};

/// Why the node runs on a shard. `lost` are the artifacts that its memo entry names in vain.
pub fn of_shard(world: &World, spec: &NodeSpec, shard: &ShardSpec, key: &ActionKey, lost: Vec<LostArtifact>) -> Reason {
    if !lost.is_empty() {
        return Reason::Lost { artifacts: lost };
    }
    let (previous, node) = match before(world, spec) {
        Ok(before) => before,
        Err(reason) => return reason,
    };
    let (Some(first), Some(last)) = (shard.files.first(), shard.files.last()) else { return Reason::Absent };
    let mut shards = old::shards(world, previous, Some(shard.mode), first.path.text(), last.path.text());
    let at = shards.iter().position(|old| old.record().is_some_and(|r| *r.id == *shard.id)).unwrap_or(0);
    if shards.is_empty() {
        let added = added(world, previous, shard);
        return limited(added.unwrap_or_else(|| vec![digests(&BTreeMap::new(), key)]));
    }
    let old = shards.swap_remove(at);
    let Some(record) = old.record() else { return Reason::Absent };
    let known = if spec.kind.partial().is_empty() {
        old::action(world, &record.pieces, &spec.name)
    } else {
        old::partial_action(world, &old.list, old.at, &spec.name).map(|action| (action, None))
    };
    if known.as_ref().is_some_and(|(action, _)| *action == key.digest) {
        let lost = lost_merge(world, spec, &old.list);
        return if lost.is_empty() { again(world, spec) } else { Reason::Lost { artifacts: lost } };
    }
    let ingredients = known
        .and_then(|(_, entry)| entry)
        .map_or_else(|| with_inputs(of_record(node), spec, node, &record.pieces), |entry| entry.ingredients);
    let above = |port: &str| spec.above(port);
    let mut moved = compare::ingredients(&known_to(&ingredients, key), &key.ingredients, above);
    if spec.kind.needs_bytes() && ingredients.get("files") != key.ingredients.get("files") {
        match files::moved(world, previous, &old, shard) {
            Some(files) => moved.extend(files),
            None => moved.push(digests(&ingredients, key)),
        }
    }
    if moved.is_empty() { again(world, spec) } else { limited(moved) }
}

/// Why the node merges a segment. `shards` are the ids of its shards, in order.
pub fn of_segment(
    world: &World,
    spec: &NodeSpec,
    segment: &str,
    shards: &[&ShardSpec],
    key: &ActionKey,
    lost: Vec<LostArtifact>,
) -> Reason {
    if !lost.is_empty() {
        return Reason::Lost { artifacts: lost };
    }
    let (previous, node) = match before(world, spec) {
        Ok(before) => before,
        Err(reason) => return reason,
    };
    let first = shards.first().and_then(|s| s.files.first());
    let last = shards.last().and_then(|s| s.files.last());
    let (Some(first), Some(last)) = (first, last) else { return Reason::Absent };
    let mode = shards.first().map(|s| s.mode);
    let mut lists = old::lists(world, previous, mode, first.path.text(), last.path.text());
    let at = lists.iter().position(|list| list.id == segment).unwrap_or(0);
    let old = if lists.is_empty() { None } else { Some(lists.swap_remove(at)) };
    let known = old.as_ref().and_then(|list| old::action(world, &list.pieces, &spec.name));
    if known.as_ref().is_some_and(|(action, _)| *action == key.digest) {
        return again(world, spec);
    }
    let ingredients = known.and_then(|(_, entry)| entry).map_or_else(|| of_record(node), |entry| entry.ingredients);
    let without_inputs = |all: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        all.iter().filter(|(name, _)| !name.starts_with("input.")).map(|(k, v)| (k.clone(), v.clone())).collect()
    };
    let mut moved =
        compare::ingredients(&without_inputs(&known_to(&ingredients, key)), &without_inputs(&key.ingredients), |_| {
            String::new()
        });
    let names = |ids: Vec<&str>, of: &BTreeMap<String, String>| -> BTreeMap<String, String> {
        let value = |at: usize| {
            let inputs =
                of.range(shard_ingredient(at, "")..).take_while(|(k, _)| k.starts_with(&shard_ingredient(at, "")));
            inputs.map(|(_, v)| v.chars().take(12).collect::<String>()).collect::<Vec<_>>().join(" ")
        };
        ids.into_iter().enumerate().map(|(at, id)| (id.to_owned(), value(at))).collect()
    };
    let old_shards = old.as_ref().map_or_else(Vec::new, |list| list.shards.iter().map(|s| s.id.as_str()).collect());
    let mut before = names(old_shards, &ingredients);
    let now = names(shards.iter().map(|s| &*s.id).collect(), &key.ingredients);
    if !ingredients.contains_key("limits") {
        // The memo has forgotten what the shards gave: which ones there were is all that is known.
        before.retain(|id, _| !now.contains_key(id));
    }
    moved.extend(shard_changes(world, previous, spec, &before, &now));
    if moved.is_empty() { again(world, spec) } else { limited(moved) }
}

fn shard_changes(
    world: &World,
    previous: &Previous,
    spec: &NodeSpec,
    before: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Vec<Moved> {
    let scanned = world.scanned(&spec.repo);
    let stands = |id: &str| scanned.iter().flat_map(|s| s.iter()).flat_map(|s| &s.shards).any(|s| s.id == id);
    let stood = |id: &str| {
        let lists = previous.root.segments.iter().filter_map(|s| world.old_list(previous, &s.list));
        lists.into_iter().any(|list| list.shards.iter().any(|s| s.id == id))
    };
    let mut moved = Vec::new();
    for (id, old) in before {
        match now.get(id) {
            Some(new) if new == old => {}
            Some(new) => moved.push(shard(id, Change::Changed, Some(old), Some(new))),
            None => {
                let change = if stands(id) { Change::Left } else { Change::Removed };
                moved.push(shard(id, change, Some(old), None));
            }
        }
    }
    for (id, new) in now.iter().filter(|(id, _)| !before.contains_key(*id)) {
        moved.push(shard(id, if stood(id) { Change::Joined } else { Change::Added }, None, Some(new)));
    }
    moved
}

fn shard(id: &str, change: Change, old: Option<&String>, new: Option<&String>) -> Moved {
    Moved::Shard { shard: id.to_owned(), change, old: old.cloned(), new: new.cloned() }
}

/// The previous build and the node in it, or the reason that stands where there is none.
fn before<'a>(world: &'a World, spec: &NodeSpec) -> Result<(&'a Previous, &'a NodeRecord), Reason> {
    let Some(previous) = world.standing(&spec.repo) else {
        return Err(failure(world, spec).unwrap_or(Reason::NeverBuilt));
    };
    let node = previous.root.nodes.iter().find(|n| *n.name == *spec.name);
    node.map(|node| (previous, node)).ok_or(Reason::NewNode)
}

/// Nothing moved since the build before.
fn again(world: &World, spec: &NodeSpec) -> Reason {
    failure(world, spec).unwrap_or(Reason::Absent)
}

fn failure(world: &World, spec: &NodeSpec) -> Option<Reason> {
    let known: &RepoProvenance = world.given.head.as_ref()?.provenance().repos.get(&*spec.repo)?;
    known.failure.clone().map(|message| Reason::Failed { message })
}

/// All files of a shard, where no shard of its mode stood: they are new, or of another mode than before.
fn added(world: &World, previous: &Previous, shard: &ShardSpec) -> Option<Vec<Moved>> {
    files::arrived(world, previous, &shard.files.iter().map(|f| (f.path.text(), f)).collect())
}

/// What the manifest says of a node, where the memo has forgotten its action.
fn of_record(node: &NodeRecord) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("kind".to_owned(), node.kind.clone()),
        ("format".to_owned(), node.format.to_string()),
        ("params".to_owned(), node.params.to_string()),
    ])
}

/// The artifacts that came in through the ports of a node on a shard, told by the manifest.
fn with_inputs(
    mut ingredients: BTreeMap<String, String>,
    spec: &NodeSpec,
    node: &NodeRecord,
    pieces: &[Piece],
) -> BTreeMap<String, String> {
    for port in spec.kind.ports() {
        let Some(above) = node.inputs.get(port.name) else { continue };
        for table in port.tables {
            if let Some(piece) = pieces.iter().find(|p| p.node == *above && p.table == *table) {
                ingredients.insert(format!("input.{}.{table}", port.name), piece.artifact.hex());
            }
        }
    }
    ingredients
}

/// The merged tables of a segment that are not whole any more: the tables of its shards went with them.
fn lost_merge(world: &World, spec: &NodeSpec, list: &SegmentList) -> Vec<LostArtifact> {
    let merged = list.pieces.iter().filter(|p| *p.node == *spec.name);
    let outputs: Vec<MemoOutput> = merged
        .map(|p| MemoOutput {
            table: p.table.clone(),
            artifact: p.artifact,
            rows: p.rows,
            bytes: p.bytes,
            stats: BTreeMap::new(),
        })
        .collect();
    world.lost.of(&outputs)
}

/// `ingredients`, and for what they do not tell the value of `key`: nothing is known to have moved there.
fn known_to(ingredients: &BTreeMap<String, String>, key: &ActionKey) -> BTreeMap<String, String> {
    let mut known = ingredients.clone();
    if !ingredients.contains_key("limits") {
        let unknown = key.ingredients.iter().filter(|(name, _)| !ingredients.contains_key(*name));
        known.extend(unknown.map(|(name, value)| (name.clone(), value.clone())));
    }
    known
}

fn digests(old: &BTreeMap<String, String>, key: &ActionKey) -> Moved {
    let short = |of: &BTreeMap<String, String>| of.get("files").map(|v| v.chars().take(12).collect());
    Moved::Files { old: short(old), new: short(&key.ingredients) }
}

fn limited(mut moved: Vec<Moved>) -> Reason {
    let is_listed = |moved: &Moved| matches!(moved, Moved::File { .. } | Moved::Shard { .. });
    let (mut listed, mut more) = (0, 0);
    moved.retain(|moved| {
        let keep = !is_listed(moved) || listed < files::MOST;
        listed += usize::from(is_listed(moved));
        more += u64::from(!keep);
        keep
    });
    Reason::Moved { moved, more }
}
