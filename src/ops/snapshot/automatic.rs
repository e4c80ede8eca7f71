//! What the steps of kind `snapshot` make after a build, and what retention then takes.
//!
//! A snapshot is of the workspace, so a build makes one at most, whoever asked for it. The build stands already: what
//! goes wrong here is told and fails nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Workspace;
use crate::nodes::snapshot::{On, SnapshotParams};
use crate::plan::{Plan, WantedStep};
use crate::source;
use crate::store::{NewSnapshot, Origin, Pinned, Ref, Store, is_tag};

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::step::SkippedStep;
use super::named::retention;
use super::remove;
use super::report::{RemovedSnapshot, SnapshotSeen};

/// A writer that came in between is waited for this long at least.
const WAIT: Duration = Duration::from_secs(10);

/// What the steps came to.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct AutomaticSnapshots {
    /// The snapshot that was made, if one was.
    pub made: Option<SnapshotSeen>,
    /// Steps that were due and made none.
    pub skipped: Vec<SkippedStep>,
    /// What retention took.
    pub pruned: Vec<RemovedSnapshot>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// What is to be made.
struct Due {
    steps: Vec<String>,
    origin: Origin,
    tags: BTreeSet<String>,
}

/// Runs the steps after a build that began with the generation `before` and ended with `after`. `None` where no pipeline
/// has such a step.
pub(in super::super) fn after_build(
    context: &Context,
    workspace: &Workspace,
    plan: &Plan,
    before: Option<&str>,
    after: Option<&str>,
    wait: Duration,
) -> Option<AutomaticSnapshots> {
    let steps: Vec<(WantedStep<'_>, On)> = plan
        .steps()
        .into_iter()
        .filter_map(|wanted| Some((wanted.step.params.get::<SnapshotParams>()?.on, wanted)))
        .map(|(on, wanted)| (wanted, on))
        .collect();
    let mut report = AutomaticSnapshots::default();
    if steps.is_empty() {
        return None;
    }
    let Some(after) = after else { return Some(report) };
    let made = context.store(workspace).and_then(|store| {
        let pinned = store.pin_at(&Ref::Generation(after.to_owned()), None)?;
        let due = due(context, plan, &steps, &store, &pinned, before != Some(after), &mut report)?;
        due.map_or(Ok(()), |due| make(context, workspace, &store, &pinned, due, wait, &mut report))
    });
    if let Err(error) = made {
        let names = steps.iter().filter(|(_, on)| *on != On::Manual).map(|(wanted, _)| wanted.step.name.clone());
        report.skipped.extend(names.map(|step| SkippedStep { step, why: error.in_one_line() }));
    }
    Some(report)
}

/// Which snapshot the steps want, if any.
fn due(
    context: &Context,
    plan: &Plan,
    steps: &[(WantedStep<'_>, On)],
    store: &Store,
    pinned: &Pinned,
    advanced: bool,
    report: &mut AutomaticSnapshots,
) -> Result<Option<Due>, OpsError> {
    let stale: Vec<&str> =
        pinned.generation().repos.iter().filter(|(_, build)| build.stale).map(|(name, _)| name.as_str()).collect();
    let mut due = Due { steps: Vec::new(), origin: Origin::Always, tags: BTreeSet::new() };
    for (wanted, on) in steps {
        let mut tags = BTreeSet::new();
        if *on == On::Tag {
            let (found, refused) = new_tags(context, plan, wanted, store, pinned)?;
            tags = found;
            // Said once, by the build that came to the commit.
            let refused = refused.into_iter().filter(|_| advanced);
            report.skipped.extend(refused.map(|why| SkippedStep { step: wanted.step.name.clone(), why }));
        }
        let is_due = match on {
            On::Always => advanced,
            On::Tag => !tags.is_empty(),
            On::Manual => false,
        };
        let step = wanted.step.name.clone();
        if is_due && !stale.is_empty() {
            let why = format!("stale: {}; a snapshot is made of whole moments", stale.join(", "));
            report.skipped.push(SkippedStep { step, why });
        } else if is_due {
            due.steps.push(step);
            due.tags.extend(tags);
        }
    }
    if !due.tags.is_empty() {
        due.origin = Origin::Tag;
    }
    Ok((!due.steps.is_empty()).then_some(due))
}

/// The git tags at the commits of the step's repositories that no snapshot of this generation bears; and why others
/// are not taken.
fn new_tags(
    context: &Context,
    plan: &Plan,
    wanted: &WantedStep<'_>,
    store: &Store,
    pinned: &Pinned,
) -> Result<(BTreeSet<String>, Vec<String>), OpsError> {
    let (mut tags, mut refused) = (BTreeSet::new(), Vec::new());
    for repo in plan.repos.iter().filter(|repo| wanted.repos.contains(repo.name.as_str())) {
        let Some(known) = pinned.provenance().repos.get(&repo.name) else { continue };
        let Some(commit) = &known.commit else { continue };
        for tag in source::tags_at(&*context.vfs, &repo.name, &repo.root, commit)? {
            if known.dirty == Some(true) {
                refused.push(format!("`{}` differs from the commit that the git tag `{tag}` names", repo.name));
            } else if is_tag(&tag) {
                tags.insert(tag);
            } else {
                refused.push(format!("the git tag `{tag}` of `{}` cannot be the tag of a snapshot", repo.name));
            }
        }
    }
    if !tags.is_empty() {
        let (snapshots, _) = store.snapshots()?;
        let of_this = snapshots.iter().filter(|snapshot| snapshot.record.generation == pinned.generation().id);
        // Also those that someone took away again: they were made once.
        for tag in of_this.flat_map(|snapshot| snapshot.tags.iter().chain(&snapshot.record.tags)) {
            tags.remove(tag);
        }
    }
    Ok((tags, refused))
}

fn make(
    context: &Context,
    workspace: &Workspace,
    store: &Store,
    pinned: &Pinned,
    due: Due,
    wait: Duration,
    report: &mut AutomaticSnapshots,
) -> Result<(), OpsError> {
    let retention = retention(workspace);
    let writer = store.writer(&*context.clock, wait.max(WAIT))?;
    let new = NewSnapshot {
        created_at: context.clock.now(),
        origin: due.origin,
        label: Some(format!("after the build: {}", due.steps.join(", "))),
        notes: None,
        tags: due.tags.into_iter().collect(),
    };
    let snapshot = writer.create_snapshot(pinned, &new)?;
    report.made = Some(SnapshotSeen::of(store, &retention, snapshot));
    let (snapshots, mut notices) = store.snapshots()?;
    let plan = retention.plan(snapshots, context.clock.now());
    let pruned = writer.prune_snapshots(&plan)?;
    notices.extend(writer.notices());
    let removed = remove::report(store, false, &plan, &pruned.in_use, &notices);
    (report.pruned, report.notices) = (removed.removed, removed.notices);
    Ok(())
}
