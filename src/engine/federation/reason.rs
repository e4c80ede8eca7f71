//! Why an action of a node of the workspace runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::Piece;

use super::super::reason::{LostArtifact, Moved, Reason};
use super::super::world::World;
use super::action::{At, WHOLE};

/// What moved since the build that HEAD has. `lost` are the artifacts that its memo entry names in vain.
pub fn of(world: &World, at: &At<'_>, lost: Vec<LostArtifact>) -> Reason {
    if !lost.is_empty() {
        return Reason::Lost { artifacts: lost };
    }
    let Some(previous) = world.standing(&at.spec.store_name) else { return Reason::NeverBuilt };
    let repo = at.id.split('/').next().unwrap_or_default();
    let segment = if at.id.starts_with('@') { WHOLE } else { repo };
    let list = previous.root.segments.iter().find(|found| found.id == segment);
    let Some(list) = list.and_then(|found| world.old_list(previous, &found.list)) else { return Reason::Absent };
    let shard = list.shards.iter().find(|shard| shard.id == at.id);
    let pieces: &[Piece] = shard.map_or(list.pieces.as_slice(), |shard| shard.pieces.as_slice());
    let entries = pieces.iter().filter_map(|piece| world.given.memo.get(&piece.action));
    let is_alike = |entry: &crate::store::MemoEntry| {
        entry.ingredients.keys().any(|name| at.key.ingredients.contains_key(name) && name != "kind" && name != "format")
    };
    let Some(before) = entries.into_iter().find(is_alike) else { return Reason::Absent };
    let moved = moved(&before.ingredients, &at.key.ingredients);
    if moved.is_empty() { Reason::Absent } else { Reason::Moved { moved, more: 0 } }
}

fn moved(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Moved> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let short = |value: Option<&String>| value.map(|value| value.chars().take(12).collect::<String>());
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| match (name.as_str(), old.get(name), new.get(name)) {
            ("format", Some(old), Some(new)) => Moved::Format { old: old.clone(), new: new.clone() },
            (_, old, new) => Moved::Input {
                node: name.strip_prefix("input.").unwrap_or(name).to_owned(),
                port: "indexes".to_owned(),
                table: String::new(),
                old: short(old),
                new: short(new),
            },
        })
        .collect()
}
