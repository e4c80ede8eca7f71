//! From a request to a report.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::base::Timestamp;
use crate::config::Workspace;
use crate::store::gc::{self, CommitKey, Expired, GcDone, GcLimits, GcPlan, GcStop, KeepBuilds, Kept, Sort};
use crate::store::{GitBuild, GitRetention, StoreNotice};

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::ground::told;
use super::report::{Amount, GcKept, GcReport, GcRequest, GcStopped, GcUnknown};

/// How long what is condemned stands, unless it is asked for otherwise: longer than a query on `latest/`, which has no
/// lease, is likely to run.
pub const GRACE: Duration = Duration::from_hours(1);

/// Collects, or says what a collection would do.
pub fn run(context: &Context, request: &GcRequest) -> Result<GcReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let expired = |records: &[GitBuild]| expired(&workspace, records, context.clock.now());
    let asked = asked(context, &workspace, request.grace, &expired);
    let dirs = store.dirs();
    let there = |dir| context.vfs.exists(dir).unwrap_or(true);
    let (plan, done) = if request.dry_run || !(there(&dirs.state) || there(&dirs.cache)) {
        let plan = store.gc_plan(&asked)?;
        let done = GcDone { removed: plan.due(), ..GcDone::default() };
        (plan, done)
    } else {
        let writer = store.writer(&*context.clock, request.wait)?;
        let limits = GcLimits { max_objects: request.max_objects, cancel: context.cancel.clone() };
        writer.gc(&asked, &limits)?
    };
    Ok(report(request, &plan, &done))
}

/// What the workspace retains.
pub(super) fn asked<'a>(
    context: &Context,
    workspace: &Workspace,
    grace: Duration,
    expired: &'a Expired<'a>,
) -> gc::GcRequest<'a> {
    let builds = KeepBuilds { keep: workspace.builds.keep, max_age_days: workspace.builds.max_age_days };
    gc::GcRequest { now: context.clock.now(), builds, expired, grace }
}

/// The builds of commits that the workspace does not retain.
pub(super) fn expired(workspace: &Workspace, records: &[GitBuild], now: Timestamp) -> Vec<CommitKey> {
    let max_age = Duration::from_secs(u64::from(workspace.git.max_age_days) * 86_400);
    let retention = GitRetention { keep: workspace.git.keep as usize, max_age };
    let expired = retention.expired(records, now).into_iter();
    expired.map(|record| (record.repo.clone(), record.commit.clone())).collect()
}

fn report(request: &GcRequest, plan: &GcPlan, done: &GcDone) -> GcReport {
    let waiting = plan.waiting();
    GcReport {
        ok: true,
        dry_run: request.dry_run,
        grace: request.grace.as_secs(),
        total: total(&done.removed),
        removed: by_name(&done.removed),
        total_waiting: total(&waiting),
        waiting: by_name(&waiting),
        waits_until: plan.waits_until().map(|until| until.to_string()),
        kept: plan.kept().iter().map(|kept| GcKept { by: word(kept.by).to_owned(), objects: kept.amount }).collect(),
        read: plan.read().iter().cloned().collect(),
        shared_with: plan.others(),
        dropped: done.dropped,
        objects_unknown: !plan.unknown().is_empty(),
        unknown: unknown(plan.unknown()),
        stopped: done.stopped.map(|stop| match stop {
            GcStop::Cancelled => GcStopped::Cancelled,
            GcStop::Full => GcStopped::Full,
        }),
        notices: plan.notices().iter().chain(&done.notices).map(told).collect(),
    }
}

pub(super) fn unknown(notices: &[StoreNotice]) -> Vec<GcUnknown> {
    let name = |notice: &StoreNotice| notice.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    notices.iter().map(|notice| GcUnknown { name: name(notice), message: notice.what.clone() }).collect()
}

fn word(by: Kept) -> &'static str {
    match by {
        Kept::Latest => "latest",
        Kept::Generations => "generations",
        Kept::Snapshots => "snapshots",
        Kept::Commits => "commits",
        Kept::OtherWorkspaces => "other-workspaces",
    }
}

fn by_name(sums: &BTreeMap<Sort, Amount>) -> BTreeMap<String, Amount> {
    sums.iter().map(|(sort, amount)| (sort.name().to_owned(), *amount)).collect()
}

fn total(sums: &BTreeMap<Sort, Amount>) -> Amount {
    let mut total = Amount::default();
    sums.iter().filter(|(sort, _)| **sort != Sort::Memo).for_each(|(_, amount)| total.add(*amount));
    total
}
