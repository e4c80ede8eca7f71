//! Have the trees moved on since they were built? The scan and the null check of a run, without the run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::plan::Plan;
use crate::store::Pinned;

use super::failure::Failure;
use super::scan;
use super::services::Services;

/// A repository's build beside its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Currency {
    /// A build would find nothing to do.
    Current,
    /// Files, parameters or definitions have moved: a build would run something.
    Changed,
    /// There is no build.
    NeverBuilt,
    /// The tree cannot be scanned.
    Unreadable,
    /// Nobody looked.
    Unknown,
}

/// Scans every repository of the plan and compares it with HEAD.
pub fn currency(
    services: &Services,
    plan: &Plan,
    head: Option<&Pinned>,
) -> Result<BTreeMap<String, Currency>, Failure> {
    let mut states = BTreeMap::new();
    for repo in &plan.repos {
        let state = match scan::scan(services, None, repo, crate::base::parallel::available()) {
            Err(failure) if failure.is_cancelled() => return Err(failure),
            Err(_) => Currency::Unreadable,
            Ok(scanned) => match head.and_then(|h| Some((h, h.generation().repos.get(&repo.name)?))) {
                None => Currency::NeverBuilt,
                Some((head, build)) => {
                    let known = head.provenance().repos.get(&repo.name).and_then(|p| p.root_key);
                    if !build.stale && known == Some(scanned.root_key) { Currency::Current } else { Currency::Changed }
                }
            },
        };
        states.insert(repo.name.clone(), state);
    }
    Ok(states)
}
