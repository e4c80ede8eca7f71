//! Have the trees moved on since they were built? The scan and the null check of a run, without the run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::Plan;
use crate::store::{Pinned, Store, StoreError};

use super::failure::Failure;
use super::scan;
use super::services::Services;
use super::world::store_failure;

/// A repository's build beside its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Currency {
    /// A build would find nothing to do.
    Current,
    /// Files, parameters or definitions have moved: a build would run something.
    Changed,
    /// A record or an object of the build is missing, or has another size: a build would make it again.
    Damaged,
    /// There is no build.
    NeverBuilt,
    /// The tree cannot be scanned.
    Unreadable,
    /// Nobody looked.
    Unknown,
}

/// Scans every repository of the plan and compares it with HEAD, and looks whether what HEAD names is there. No
/// object's bytes are read for it: `verify` does that.
pub fn currency(
    services: &Services,
    plan: &Plan,
    head: Option<&Pinned>,
) -> Result<BTreeMap<String, Currency>, Failure> {
    let mut states = BTreeMap::new();
    let untouched = match head {
        Some(head) => services.store.stamp_holds(&head.generation().id).map_err(|e| store_failure(&e))?,
        None => false,
    };
    for repo in &plan.repos {
        let state = match scan::scan(services, None, repo, crate::base::parallel::available()) {
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(_) => Currency::Unreadable,
            Ok(scanned) => match head.and_then(|h| Some((h, h.generation().repos.get(&repo.name)?))) {
                None => Currency::NeverBuilt,
                Some((head, build)) => {
                    let known = head.provenance().repos.get(&repo.name).and_then(|p| p.root_key);
                    if !stands(&services.store, head, &repo.name, untouched)? {
                        Currency::Damaged
                    } else if !build.stale && known == Some(scanned.root_key) {
                        Currency::Current
                    } else {
                        Currency::Changed
                    }
                }
            },
        };
        states.insert(repo.name.clone(), state);
    }
    Ok(states)
}

/// Are the manifest's records whole, and its objects there with their sizes? Where no object came or went since the
/// build, lists need not be decoded to ask for each.
fn stands(store: &Store, head: &Pinned, repo: &str, untouched: bool) -> Result<bool, Failure> {
    let is_whole = |done: Result<bool, StoreError>| match done {
        Ok(whole) => Ok(whole),
        Err(error) if error.is_damage() => Ok(false),
        Err(error) => Err(store_failure(&error)),
    };
    if untouched {
        return is_whole(head.verify_manifest(repo).map(|()| true));
    }
    let objects_stand = || -> Result<bool, StoreError> {
        for segment in &head.build(repo)?.segments {
            let list = head.list(repo, &segment.list)?;
            for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                if store.object_size(&piece.artifact)? != Some(piece.bytes) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    };
    is_whole(objects_stand())
}
