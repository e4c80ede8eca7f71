//! The question and its answer.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Timestamp;
use crate::engine::{FailedRun, Recorded, RunRecord, Unit};
use crate::plan::{Plan, Selection};
use crate::store::{Pinned, Store, workspace_name};

use super::super::build::BuildRequest;
use super::super::context::Context;
use super::super::dry_run;
use super::super::error::OpsError;
use super::super::explain::{self, PathReport};
use super::roots::{Causes, Root};

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct WhyRequest {
    /// What is meant, as [`select`](crate::plan::select) reads it. Empty: everything.
    pub selectors: Vec<String>,
    /// A file, in a repository.
    pub path: Option<AskedPath>,
    /// Ask what a build would do now; otherwise, what the last one did that ran anything of it.
    pub next: bool,
}

/// A file of a repository, as someone who stands in the directory `from` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPath {
    pub repo: String,
    pub path: PathBuf,
    pub from: PathBuf,
}

/// The answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyReport {
    /// The generation that stands; none before the first build.
    pub generation: Option<String>,
    /// The run that is told of; none where no run is kept that ran anything of what was asked, or where the next
    /// one is told of.
    pub run: Option<RunSeen>,
    /// By which rules the file is read or left out, where one was asked about.
    pub file: Option<PathReport>,
    /// The actions, by place. An action that may run has no reason of its own yet.
    pub actions: Vec<WhyAction>,
    /// Repositories that failed in that run, or would fail now.
    pub failed: Vec<FailedRun>,
    /// Runs that were looked through.
    pub runs: u64,
}

/// A run that is over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunSeen {
    /// Its number among the runs of this workspace.
    pub number: u64,
    /// The generation that stood when it began.
    pub before: Option<String>,
    /// The generation that stood when it ended.
    pub after: Option<String>,
    #[serde(skip)]
    pub started_at: Option<Timestamp>,
}

/// An action, why it ran, and what moved first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct WhyAction {
    #[serde(flatten)]
    pub action: Recorded,
    pub roots: Vec<Root>,
}

/// Answers from the records of past runs, or from a dry run. Scans no tree unless the next build is asked about.
pub fn run(context: &Context, request: &WhyRequest) -> Result<WhyReport, OpsError> {
    let workspace = context.workspace()?;
    let plan = context.plan(&workspace)?;
    let selection = context.selection(&workspace, &plan, &request.selectors)?;
    let store = context.store(&workspace)?;
    let head = store.pin()?;
    let asked_path = request.path.as_ref();
    let file = asked_path.map(|asked| explain::of(context, &asked.repo, &asked.path, &asked.from)).transpose()?;
    let asked = Asked { plan: &plan, selection: &selection, file: file.as_ref(), head: head.as_ref() };
    let generation = head.as_ref().map(|h| h.generation().id.clone());
    if request.next {
        let build =
            BuildRequest { selectors: dry_run::telling(&selection, &request.selectors), ..BuildRequest::default() };
        let report = dry_run::run(context, &build)?;
        let all: Vec<Recorded> = report.will.into_iter().chain(report.may).collect();
        let failed = report.failed.into_iter();
        let failed = failed.map(|f| FailedRun { repo: f.repo, code: f.code, message: f.message }).collect();
        let actions = asked.answer(&all, &report.taken)?;
        return Ok(WhyReport { generation, run: None, file, actions, failed, runs: 0 });
    }
    let mut runs = 0;
    for number in store.runs()?.into_iter().rev() {
        let Some(record) = whole(&store, number)? else { continue };
        runs += 1;
        let actions = asked.answer(&record.ran, &record.taken)?;
        let failed: Vec<FailedRun> = record.failed.iter().filter(|f| asked.is_about(&f.repo)).cloned().collect();
        if actions.is_empty() && failed.is_empty() {
            continue;
        }
        let RunRecord { before, after, started_at, .. } = record;
        let run = Some(RunSeen { number, before, after, started_at: Some(started_at) });
        return Ok(WhyReport { generation, run, file, actions, failed, runs });
    }
    Ok(WhyReport { generation, run: None, file, actions: Vec::new(), failed: Vec::new(), runs })
}

/// Each action of a run or a dry run with what moved first, be it behind something that was `taken` from the memo.
pub fn with_roots(actions: &[Recorded], taken: &[Recorded]) -> Vec<WhyAction> {
    let causes = Causes::new(actions, taken);
    actions.iter().map(|action| WhyAction { action: action.clone(), roots: causes.roots(action) }).collect()
}

/// A record is disposable: a damaged one is as good as forgotten.
fn whole(store: &Store, number: u64) -> Result<Option<RunRecord>, OpsError> {
    match store.run::<RunRecord>(number) {
        Err(error) if error.is_damage() => Ok(None),
        other => Ok(other?),
    }
}

struct Asked<'a> {
    plan: &'a Plan,
    selection: &'a Selection,
    file: Option<&'a PathReport>,
    head: Option<&'a Pinned>,
}

impl Asked<'_> {
    fn is_about(&self, repo: &str) -> bool {
        let selected = self.selection.repos.contains_key(repo)
            || self.selection.unavailable.contains(repo)
            || self.is_node_of_workspace(repo);
        selected && self.file.is_none_or(|file| file.repo == repo)
    }

    /// Is `name` (`pipeline@node`) a selected node of the workspace?
    fn is_node_of_workspace(&self, name: &str) -> bool {
        let nodes = self.selection.of_workspace.iter().filter_map(|at| self.plan.workspace_nodes.get(*at));
        nodes.into_iter().any(|node| workspace_name(&node.id()) == name)
    }

    /// Those of `actions` that are asked about, each with its root causes among all of them.
    fn answer(&self, actions: &[Recorded], taken: &[Recorded]) -> Result<Vec<WhyAction>, OpsError> {
        let causes = Causes::new(actions, taken);
        let units = self.units()?;
        let wanted = actions.iter().filter(|action| {
            let repo = self.plan.repos.iter().find(|repo| repo.name == action.repo);
            let node = repo.and_then(|repo| repo.nodes.iter().position(|node| node.name == action.node));
            self.is_about(&action.repo)
                && (node.is_some_and(|node| self.selection.contains(&action.repo, node))
                    || self.is_node_of_workspace(&action.repo))
                && units.as_ref().is_none_or(|units| units.contains(&(action.unit, action.id.clone())))
        });
        Ok(wanted.map(|action| WhyAction { action: action.clone(), roots: causes.roots(action) }).collect())
    }

    /// The shards and segments that the asked path stands in, by the manifest of the generation that stands; `None`
    /// where no path is asked about.
    fn units(&self) -> Result<Option<Vec<(Unit, String)>>, OpsError> {
        let Some(asked) = self.file else { return Ok(None) };
        let (path, mode) = (asked.verdict.path.as_str(), asked.verdict.mode.as_ref().map(|mode| mode.mode.as_str()));
        let mut units = Vec::new();
        let head = self.head.filter(|head| head.generation().repos.contains_key(&asked.repo));
        let Some(head) = head else { return Ok(Some(units)) };
        let spans = |first: &str, last: &str| first <= path && path <= last;
        for segment in head.build(&asked.repo)?.segments {
            // A file that is gone has no mode any more: then every mode may have had it.
            if mode.is_some_and(|mode| mode != segment.mode.name()) || !spans(&segment.first_path, &segment.last_path) {
                continue;
            }
            for shard in head.list(&asked.repo, &segment.list)?.shards {
                if spans(&shard.first_path, &shard.last_path) {
                    units.push((Unit::Shard, shard.id.clone()));
                    units.push((Unit::Resolution, shard.id));
                    units.push((Unit::Segment, segment.id.clone()));
                }
            }
        }
        Ok(Some(units))
    }
}
