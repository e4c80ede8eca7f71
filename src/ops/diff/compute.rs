//! Computing a diff, unless it is there.

use std::sync::Arc;
use std::time::Duration;

use crate::base::ByteSource;
use crate::nodes::diff::FORMAT;
use crate::ops::at::{At, AtReport, Moment};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::query::diff::{Compared, DiffOptions, DiffSummary, EventFilter, EventLimits, Events, diff};
use crate::store::{DiffEnd, DiffInputs, DiffRecord, Identity, Ref, Store, StoreError, diff_id};

use super::error::DiffError;
use super::report::{Computed, DiffRequest, DiffSeen};
use super::review::review;
use super::show::check;

/// What differs between two moments. Where both were compared before, in the same way, that is the answer.
pub fn compute(context: &Context, request: &DiffRequest) -> Result<Computed, OpsError> {
    if let Some((filter, _)) = &request.show {
        check(filter)?;
    }
    let Ends { before, after, keep_in } = Ends::of(context, request)?;
    let options = DiffOptions {
        repos: sorted(&request.repos),
        modes: request.modes.clone(),
        nodes: sorted(&request.nodes),
        allow_mismatch: request.allow_mismatch,
        files_only: request.files_only,
    };
    let inputs = inputs(context, &before, &after, &options, false);
    let found = keep_in.as_ref().map(|store| Made::found(store, &inputs.id)).transpose()?.flatten();
    let mut not_kept = None;
    let made = if let Some(made) = found {
        // After a build the same question gives files alone.
        refuse_mismatch(&made.summary, &options, request)?;
        made
    } else {
        let compared = diff(&before.pinned, &after.pinned, &options, &context.cancel)?;
        refuse_mismatch(&compared.summary, &options, request)?;
        if let Some(store) = &keep_in {
            not_kept = tried(keep(context, store, &inputs, &compared, request.wait))?;
        }
        Made { reused: false, summary: compared.summary, events: Arc::new(compared.events) }
    };
    let (reused, kept) = (made.reused, keep_in.is_some() && not_kept.is_none());
    let none = DiffSeen::of(inputs.id, before.report, after.report, made.summary);
    Ok(Computed { diff: none.with(&made.events, request.show.as_ref(), request.review)?, reused, kept, not_kept })
}

/// The two moments.
struct Ends {
    before: Moment,
    after: Moment,
    /// None where one is in another store: that may be gone tomorrow, and where it was stays on this machine.
    keep_in: Option<Store>,
}

impl Ends {
    fn of(context: &Context, request: &DiffRequest) -> Result<Self, OpsError> {
        let (from, to) = (&request.from, &request.to);
        let (before, after) = (from.pin_elsewhere(context)?, to.pin_elsewhere(context)?);
        let is_here = before.is_none() && after.is_none();
        match (before, after) {
            // No workspace is needed.
            (Some(before), Some(after)) => Ok(Self { before, after, keep_in: None }),
            (before, after) => {
                let workspace = context.workspace()?;
                let here = |found: Option<Moment>, at: &At| found.map_or_else(|| at.pin(context, &workspace), Ok);
                let (before, after) = (here(before, from)?, here(after, to)?);
                Ok(Self { before, after, keep_in: is_here.then(|| context.store(&workspace)).transpose()? })
            }
        }
    }
}

struct Made {
    reused: bool,
    summary: DiffSummary,
    events: Arc<dyn ByteSource>,
}

impl Made {
    /// What was kept; `None` where nothing is, or what is cannot be believed: then it is computed anew, in its place.
    fn found(store: &Store, id: &str) -> Result<Option<Self>, OpsError> {
        let read = || {
            let Some(record) = store.diff(id)? else { return Ok(None) };
            Ok(Some((store.diff_events(&record)?, record)))
        };
        match read() {
            Ok(Some((events, record))) => Ok(Some(Self { reused: true, summary: summary(&record)?, events })),
            Ok(None) => Ok(None),
            Err(error) if StoreError::is_damage(&error) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

/// Why a diff was not kept: who asks gets the answer, where the store is another's or somebody writes it.
fn tried(kept: Result<(), OpsError>) -> Result<Option<String>, OpsError> {
    match kept {
        Ok(()) => Ok(None),
        Err(error @ OpsError::Store(StoreError::Io { .. } | StoreError::Locked { .. })) => {
            Ok(Some(error.in_one_line()))
        }
        Err(error) => Err(error),
    }
}

/// The summary of a kept diff.
pub(super) fn summary(record: &DiffRecord) -> Result<DiffSummary, OpsError> {
    serde_json::from_value(record.result.summary.clone()).map_err(|error| {
        let what = format!("the summary of {} cannot be read: {error}", record.inputs.id);
        crate::query::QueryError::Manifest { what }.into()
    })
}

impl DiffSeen {
    pub(super) fn of(id: String, from: AtReport, to: AtReport, summary: DiffSummary) -> Self {
        Self { id, from, to, summary, events: None, truncated: None, review: None }
    }

    /// The same with what was asked for of its events.
    pub(super) fn with(
        mut self,
        events: &Arc<dyn ByteSource>,
        show: Option<&(EventFilter, EventLimits)>,
        wants_review: bool,
    ) -> Result<Self, OpsError> {
        let open = || Events::open(Arc::clone(events));
        if let Some((filter, limits)) = show {
            let shown = open()?.shown(filter, *limits)?;
            (self.events, self.truncated) = (Some(shown.events), shown.truncated);
        }
        if wants_review {
            self.review = Some(review(open()?)?);
        }
        Ok(self)
    }
}

pub(super) fn sorted(names: &[String]) -> Vec<String> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names.dedup();
    names
}

fn refuse_mismatch(summary: &DiffSummary, options: &DiffOptions, request: &DiffRequest) -> Result<(), DiffError> {
    if summary.compat.comparable || options.allow_mismatch || options.files_only {
        return Ok(());
    }
    let reasons = summary.compat.reasons.iter().map(|(repo, why)| format!("`{repo}`: {why}"));
    Err(DiffError::Mismatch { reasons: reasons.collect::<Vec<_>>().join("; "), help: alike(summary, request) })
}

/// How moments that were not made alike come to compare. A commit is built again with the present configuration; no
/// generation is.
fn alike(summary: &DiffSummary, request: &DiffRequest) -> String {
    let commits = [&request.from, &request.to].into_iter().filter_map(|at| match &at.moment {
        Ref::Git(rev) => Some((rev, at.repo.as_ref().or_else(|| summary.compat.reasons.keys().next())?)),
        _ => None,
    });
    let builds: Vec<String> = commits.map(|(rev, repo)| format!("`sawmill build --at {rev} --repo {repo}`")).collect();
    let again = match builds.as_slice() {
        [] => String::new(),
        builds => format!("; with the present configuration a commit is built by {}", builds.join(" and ")),
    };
    format!("`--files-only` compares their files alone, `--allow-mismatch` whatever is there{again}")
}

fn inputs(context: &Context, before: &Moment, after: &Moment, options: &DiffOptions, automatic: bool) -> DiffInputs {
    let end = |moment: &Moment| DiffEnd {
        asked: moment.report.asked.clone(),
        resolved: moment.report.resolved.clone(),
        identity: of_repos(&moment.identity, &options.repos),
    };
    let mut modes: Vec<String> = options.modes.iter().map(|mode| mode.name().to_owned()).collect();
    modes.sort_unstable();
    modes.dedup();
    let mut inputs = DiffInputs {
        format: 1,
        id: String::new(),
        from: end(before),
        to: end(after),
        repos: options.repos.clone(),
        modes,
        nodes: options.nodes.clone(),
        allow_mismatch: options.allow_mismatch,
        files_only: options.files_only,
        diff_format: FORMAT,
        created_at: context.clock.now(),
        automatic,
    };
    inputs.id = diff_id(&inputs);
    inputs
}

/// What other repositories hold changes nothing.
fn of_repos(identity: &Identity, repos: &[String]) -> Identity {
    let mut identity = identity.clone();
    identity.repos.retain(|name, _| repos.is_empty() || repos.contains(name));
    identity
}

fn keep(
    context: &Context,
    store: &Store,
    inputs: &DiffInputs,
    compared: &Compared,
    wait: Duration,
) -> Result<(), OpsError> {
    let summary = serde_json::to_value(&compared.summary).unwrap_or_default();
    store.writer(&*context.clock, wait)?.put_diff(inputs, &compared.events, summary)?;
    Ok(())
}

/// The diff that a step `after` a build asks for. Where the two moments were not made alike, of files alone.
pub(super) fn automatic(
    context: &Context,
    store: &Store,
    before: &Moment,
    after: &Moment,
    options: &DiffOptions,
    wait: Duration,
) -> Result<Computed, OpsError> {
    let inputs = inputs(context, before, after, options, true);
    let (reused, summary) = if let Some(made) = Made::found(store, &inputs.id)? {
        (true, made.summary)
    } else {
        let compared = diff(&before.pinned, &after.pinned, options, &context.cancel)?;
        keep(context, store, &inputs, &compared, wait)?;
        (false, compared.summary)
    };
    let diff = DiffSeen::of(inputs.id, before.report.clone(), after.report.clone(), summary);
    Ok(Computed { diff, reused, kept: true, not_kept: None })
}
