//! The reason of a resolution.

use crate::store::{MemoEntry, ShardRecord};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::exports::NewName;
use super::super::key::ActionKey;
use super::super::world::{Previous, World};
use super::find::{again, before, known_to, limited, of_record, with_inputs};
use super::model::{LostArtifact, Moved, Reason};
use super::{compare, old};

/// Why a shard is resolved. `news` are the names that it refers to and that do not stand for what they stood for;
/// `lost` are the artifacts that its memo entry names in vain.
pub fn of_resolution(
    world: &World,
    spec: &NodeSpec,
    shard: &ShardSpec,
    key: &ActionKey,
    news: &[NewName],
    lost: Vec<LostArtifact>,
) -> Reason {
    if !lost.is_empty() {
        return Reason::Lost { artifacts: lost };
    }
    let (previous, node) = match before(world, spec) {
        Ok(before) => before,
        Err(reason) => return reason,
    };
    if spec.kind.resolved().iter().any(|table| !node.tables.contains_key(table.name)) {
        // The node did not resolve anything then.
        return Reason::NewNode;
    }
    let Some(old) = stood(world, previous, shard) else {
        return super::find::of_shard(world, spec, shard, key, Vec::new());
    };
    let known = old::action(world, &old.pieces, &spec.name);
    if known.as_ref().is_some_and(|(action, _)| *action == key.digest) {
        return again(world, spec);
    }
    let entry: Option<MemoEntry> = known.and_then(|(_, entry)| entry);
    let ingredients =
        entry.map_or_else(|| with_inputs(of_record(node), spec, node, &old.pieces), |entry| entry.ingredients);
    let mut moved = compare::ingredients(&known_to(&ingredients, key), &key.ingredients, |port| spec.above(port));
    moved.extend(news.iter().map(|new| Moved::Name {
        name: new.name.to_string(),
        change: new.change,
        segment: new.segment.to_string(),
    }));
    if moved.is_empty() { again(world, spec) } else { limited(moved) }
}

/// The shard of the same id in the previous build.
fn stood(world: &World, previous: &Previous, shard: &ShardSpec) -> Option<ShardRecord> {
    let (first, last) = (shard.files.first()?, shard.files.last()?);
    let shards = old::shards(world, previous, Some(shard.mode), first.path.text(), last.path.text());
    shards.iter().filter_map(|old| old.record()).find(|record| *record.id == *shard.id).cloned()
}
