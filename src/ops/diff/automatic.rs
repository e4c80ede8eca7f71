//! What the steps of kind `diff` make after a build, and what retention then takes.
//!
//! The build stands already: what goes wrong here is told and fails nothing.

use std::str::FromStr;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Workspace;
use crate::nodes::diff::DiffParams;
use crate::ops::at::{At, Moment};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::step::SkippedStep;
use crate::plan::{Plan, WantedStep};
use crate::query::diff::DiffOptions;
use crate::store::{Ref, Store};

use super::compute::{automatic, sorted};
use super::kept;
use super::report::PruneRequest;

/// A writer that came in between is waited for this long at least.
const WAIT: Duration = Duration::from_secs(10);

/// What the steps came to.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct AutomaticDiffs {
    pub made: Vec<AutomaticDiff>,
    /// Steps that were due and made none.
    pub skipped: Vec<SkippedStep>,
    /// Ids of what retention took.
    pub pruned: Vec<String>,
}

/// One that was made, or found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AutomaticDiff {
    /// The step's name.
    pub step: String,
    pub id: String,
    /// What the build was compared with.
    pub from: String,
    pub events: u64,
    /// If not, only files were compared.
    pub comparable: bool,
}

/// Runs the steps after a build that began with the generation `before` and ended with `after`. `None` where no pipeline
/// has such a step.
pub(in crate::ops) fn after_build(
    context: &Context,
    workspace: &Workspace,
    plan: &Plan,
    before: Option<&str>,
    after: Option<&str>,
    wait: Duration,
) -> Option<AutomaticDiffs> {
    let steps = plan.steps().into_iter();
    let steps: Vec<(WantedStep<'_>, DiffParams)> = steps
        .filter_map(|wanted| Some((wanted.step.params.get::<DiffParams>()?.clone(), wanted)))
        .map(|(p, w)| (w, p))
        .collect();
    if steps.is_empty() {
        return None;
    }
    let mut report = AutomaticDiffs::default();
    let Some(after) = after.filter(|after| before != Some(after)) else { return Some(report) };
    for (wanted, params) in steps {
        let step = wanted.step.name.clone();
        match one(context, workspace, &wanted, &params, before, after, wait.max(WAIT)) {
            Ok(Some(made)) => report.made.push(made),
            // There is nothing before the first build.
            Ok(None) => {}
            Err(error) => report.skipped.push(SkippedStep { step, why: error.in_one_line() }),
        }
    }
    if !report.made.is_empty() {
        match kept::prune(context, &PruneRequest { dry_run: false, wait: wait.max(WAIT) }) {
            Ok(pruned) => report.pruned = pruned.removed,
            Err(error) => report.skipped.push(SkippedStep { step: "prune".to_owned(), why: error.in_one_line() }),
        }
    }
    Some(report)
}

fn one(
    context: &Context,
    workspace: &Workspace,
    wanted: &WantedStep<'_>,
    params: &DiffParams,
    before: Option<&str>,
    after: &str,
    wait: Duration,
) -> Result<Option<AutomaticDiff>, OpsError> {
    let from = match (Ref::from_str(&params.from)?, before) {
        (Ref::Previous, None) => return Ok(None),
        (Ref::Previous, Some(before)) => Ref::Generation(before.to_owned()),
        (other, _) => other,
    };
    let store: Store = context.store(workspace)?;
    let pin = |moment: Ref| -> Result<Moment, OpsError> {
        At { moment, repo: None, from: workspace.dir.clone() }.pin(context, workspace)
    };
    let mut older = pin(from)?;
    older.report.asked.clone_from(&params.from);
    let newer = pin(Ref::Generation(after.to_owned()))?;
    // Of a pipeline of one repository each, what it makes of those that have it.
    let both = [&older, &newer];
    let known = |name: &str| both.iter().any(|moment| moment.pinned.generation().repos.contains_key(name));
    let mut repos: Vec<String> =
        wanted.repos.iter().map(|name| (*name).to_owned()).filter(|name| known(name)).collect();
    let all = newer.pinned.generation().repos.keys().chain(older.pinned.generation().repos.keys());
    let is_whole = all.clone().all(|name| repos.contains(name));
    if is_whole || wanted.repos.is_empty() {
        repos.clear();
    }
    let options = DiffOptions { repos: sorted(&repos), nodes: sorted(&params.nodes), ..DiffOptions::default() };
    let made = automatic(context, &store, &older, &newer, &options, wait)?;
    Ok(Some(AutomaticDiff {
        step: wanted.step.name.clone(),
        id: made.diff.id,
        from: older.report.resolved,
        events: made.diff.summary.events,
        comparable: made.diff.summary.compat.comparable,
    }))
}
