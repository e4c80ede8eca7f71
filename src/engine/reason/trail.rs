//! Why what was taken from the memo is not what it was. An action that runs for such an output names it as its input;
//! what moved first stands one action further up, which did not run. It is asked only where something runs for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::super::db::{NodeSpec, ShardSpec};
use super::super::event::ActionDone;
use super::super::key::ActionKey;
use super::super::world::{World, held};
use super::find;
use super::model::{Forecast, Moved, Reason, Recorded};

/// Repository, node, shard.
type Place = (String, String, String);

/// The actions on shards that were taken from the memo, and the reasons that were asked of them.
#[derive(Default)]
pub struct Trail {
    taken: Mutex<BTreeMap<Place, Taken>>,
    found: Mutex<BTreeMap<Place, Recorded>>,
}

struct Taken {
    spec: Arc<NodeSpec>,
    shard: Arc<ShardSpec>,
    key: Arc<ActionKey>,
    done: ActionDone,
}

impl Trail {
    /// The memo had the action.
    pub fn note(&self, spec: &Arc<NodeSpec>, shard: &Arc<ShardSpec>, key: &Arc<ActionKey>, done: &ActionDone) {
        let place = (spec.repo.to_string(), spec.name.to_string(), shard.id.to_string());
        let (spec, shard, key) = (Arc::clone(spec), Arc::clone(shard), Arc::clone(key));
        held(&self.taken).insert(place, Taken { spec, shard, key, done: done.clone() });
    }

    /// The reasons that were asked, in the order of their places.
    pub fn found(&self) -> Vec<Recorded> {
        std::mem::take(&mut *held(&self.found)).into_values().collect()
    }
}

/// Asks what is behind `reason`, for which an action of `spec` runs on the unit `id`.
pub fn follow(world: &World, spec: &NodeSpec, id: &str, reason: &Reason) {
    let mut ask = behind(spec, id, reason);
    while let Some(place) = ask.pop() {
        // Once is enough, whoever asks.
        let Some(taken) = held(&world.trail.taken).remove(&place) else { continue };
        let reason = find::of_shard(world, &taken.spec, &taken.shard, &taken.key, Vec::new());
        if !matches!(reason, Reason::Moved { .. }) {
            continue;
        }
        ask.extend(behind(&taken.spec, &taken.shard.id, &reason));
        let done = ActionDone { reason: Some(Arc::new(reason)), ..taken.done };
        held(&world.trail.found).insert(place, Recorded::of(&done, Forecast::Hit));
    }
}

/// The actions whose outputs `reason` names.
fn behind(spec: &NodeSpec, id: &str, reason: &Reason) -> Vec<Place> {
    let Reason::Moved { moved, .. } = reason else { return Vec::new() };
    let place = |node: &str, id: &str| (spec.repo.to_string(), node.to_owned(), id.to_owned());
    let places = moved.iter().filter_map(|moved| match moved {
        Moved::Input { node, .. } => Some(place(node, id)),
        Moved::Shard { shard, .. } => Some(place(&spec.name, shard)),
        _ => None,
    });
    places.collect()
}
