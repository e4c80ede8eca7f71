//! `clear`: drops derived data and says what. The next build makes it again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::store::clear::{ClearPlan, Kept};
pub use crate::store::verify::Amount;

use super::context::Context;
use super::error::OpsError;

/// What to drop.
#[derive(Clone, Debug, Default)]
pub struct ClearRequest {
    /// Empty: everything of this workspace.
    pub repos: Vec<String>,
    /// Snapshots too, where everything goes.
    pub snapshots: bool,
    /// Only say what would go.
    pub dry_run: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// What was dropped.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct ClearReport {
    pub ok: bool,
    pub dry_run: bool,
    /// Empty: everything of this workspace.
    pub repos: Vec<String>,
    /// Files and bytes that went, by what they are: `objects`, `builds`, `generations`, `memo`, …
    pub removed: BTreeMap<String, Amount>,
    pub total: Amount,
    /// The generation that HEAD names now, where it had to change.
    pub generation: Option<String>,
    /// Other workspaces that use this cache: objects and memo stay for them.
    pub shared_with: usize,
    /// Snapshots that stay, and keep the builds and objects that they point to.
    pub pointers: usize,
    /// A record could not be read that may refer to the objects, so that they stay.
    pub objects_unknown: bool,
}

pub fn run(context: &Context, request: &ClearRequest) -> Result<ClearReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let wanted: BTreeSet<String> = request.repos.iter().cloned().collect();
    let mut known: BTreeSet<String> = workspace.repos.iter().map(|repo| repo.name.clone()).collect();
    known.extend(workspace.unavailable.iter().map(|lost| lost.name.clone()));
    if !wanted.is_subset(&known) {
        // One that the workspace no longer declares may still stand in the store.
        known.extend(store.pin()?.iter().flat_map(|head| head.generation().repos.keys().cloned()));
    }
    if let Some(name) = wanted.difference(&known).next() {
        return Err(OpsError::unknown_repository(name, known.iter().map(String::as_str)));
    }
    let dirs = store.dirs();
    let there = |dir| context.vfs.exists(dir).unwrap_or(true);
    let plan = if request.dry_run || !(there(&dirs.state) || there(&dirs.cache)) {
        store.clear_plan(&wanted, request.snapshots)?
    } else {
        let writer = store.writer(&*context.clock, request.wait)?;
        let plan = store.clear_plan(&wanted, request.snapshots)?;
        writer.clear(&plan, context.clock.now())?;
        plan
    };
    Ok(report(request, &wanted, &plan))
}

fn report(request: &ClearRequest, wanted: &BTreeSet<String>, plan: &ClearPlan) -> ClearReport {
    let mut total = Amount::default();
    plan.removed().values().for_each(|amount| total.add(*amount));
    ClearReport {
        ok: true,
        dry_run: request.dry_run,
        repos: wanted.iter().cloned().collect(),
        removed: plan.removed().iter().map(|(word, amount)| ((*word).to_owned(), *amount)).collect(),
        total,
        generation: plan.next().map(str::to_owned),
        shared_with: match plan.kept() {
            Some(Kept::Shared(others)) => others,
            _ => 0,
        },
        pointers: plan.pointers(),
        objects_unknown: plan.kept() == Some(Kept::Unknown),
    }
}
