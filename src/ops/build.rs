//! `build`: the main job.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Digest, Tier};
use crate::config::Workspace;
use crate::engine::{self, BuildOptions, Decisions, Display, Failure, RepoOutcome, Services, Tally};
pub use crate::engine::{ActionDone, Event, Listener, Outcome};
use crate::plan::Plan;
use crate::source::Notice;

use super::backfill::{self, Backfill};
use super::committed::BuiltCommit;
use super::context::Context;
use super::diff::{self, AutomaticDiffs};
use super::error::OpsError;
use super::snapshot::{self, AutomaticSnapshots};
use super::workspace_nodes;
pub use super::workspace_nodes::BuiltNode;

/// What to build.
#[derive(Clone, Debug)]
pub struct BuildRequest {
    /// Threads; the machine's where not given.
    pub jobs: Option<usize>,
    /// What to build, as [`select`](crate::plan::select) reads it. Empty: everything.
    pub selectors: Vec<String>,
    /// Only repositories in which outputs of this older version stand.
    pub backfill: Option<Backfill>,
    /// End with the first failure, and promote nothing then.
    pub fail_fast: bool,
    /// Reuse rows of unchanged files in a changed shard.
    pub reuse: bool,
    /// Stop at once where nothing changed.
    pub null_check: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

impl Default for BuildRequest {
    fn default() -> Self {
        Self {
            jobs: None,
            selectors: Vec::new(),
            backfill: None,
            fail_fast: false,
            reuse: true,
            null_check: true,
            wait: Duration::ZERO,
        }
    }
}

/// Counts what the engine does.
#[derive(Clone, Default)]
pub(super) struct Counted(Arc<Mutex<Tally>>);

impl Counted {
    /// A listener that counts each event and hands it on.
    pub fn beside(&self, listen: Listener) -> Listener {
        let counted = self.clone();
        Arc::new(move |event: Event| {
            counted.0.lock().unwrap_or_else(PoisonError::into_inner).see(&event);
            listen(event);
        })
    }

    pub fn tally(&self) -> Tally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// What a build did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct BuildReport {
    /// No repository failed, and no node of the workspace.
    pub ok: bool,
    /// The generation that stands now; none before the first one.
    pub generation: Option<String>,
    pub nothing_to_do: bool,
    /// Node → actions.
    pub ran: BTreeMap<String, u64>,
    pub reused: BTreeMap<String, u64>,
    /// Node → files whose rows were made anew.
    pub fresh_files: BTreeMap<String, u64>,
    /// Bytes of artifacts that were made.
    pub bytes_written: u64,
    /// Artifacts that were missing and were made again.
    pub healed: usize,
    pub failed: Vec<FailedRepo>,
    pub repos: Vec<BuiltRepo>,
    /// Nodes of pipelines of workspace scope; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspace_nodes: Vec<BuiltNode>,
    /// What the steps of kind `diff` made; left out where no pipeline has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diffs: Option<AutomaticDiffs>,
    /// What the steps of kind `snapshot` made; left out where no pipeline has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshots: Option<AutomaticSnapshots>,
    /// With `--at`: the commits, and their builds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<BuiltCommit>,
    /// How long it took, where that was asked for with `--timings`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// A repository or a node of the workspace that kept its old build, or has none.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FailedRepo {
    /// Of a node of the workspace `pipeline@node`.
    pub repo: String,
    pub code: String,
    pub message: String,
    pub help: Option<String>,
}

/// One repository's part.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BuiltRepo {
    pub name: String,
    pub build: Option<String>,
    /// Its inputs were those of the build that stands.
    pub current: bool,
    /// Nodes were selected that do not make up the pipeline: what they made is remembered, and the build stays.
    pub partial: bool,
    pub stale: bool,
    pub files: u64,
    pub bytes: u64,
    pub notices: Vec<Notice>,
}

/// Builds what changed. `listen` hears every event of the engine.
pub fn run(context: &Context, request: &BuildRequest, listen: Listener) -> Result<BuildReport, OpsError> {
    revoking(context, request, &BTreeSet::new(), listen).map(|(report, _)| report)
}

/// As [`run`]; what was decided about files with one of `contents` is revoked before. Gives what is decided then, too.
pub(super) fn revoking(
    context: &Context,
    request: &BuildRequest,
    contents: &BTreeSet<Digest>,
    listen: Listener,
) -> Result<(BuildReport, Arc<Decisions>), OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let counted = Counted::default();
    let services = context.services(store, counted.beside(listen));
    let mut asked = asked(context, &services, &workspace, request)?;
    asked.options.revoke.clone_from(contents);
    if asked.nothing {
        let generation = services.store.head()?;
        return Ok((
            BuildReport { ok: true, nothing_to_do: true, generation, ..BuildReport::default() },
            services.decisions,
        ));
    }
    // Only editors read the schemas: nothing that is built depends on them.
    if let Err(error) = super::schema::refresh(&*context.vfs, &workspace.dir, &context.kinds) {
        services.notice(&error, None);
    }
    let options = &asked.options;
    // Damage to HEAD is the build's to tell and to mend.
    let before = services.store.head().ok().flatten();
    let outcome = engine::build(&services, &asked.plan, &display(&workspace), options)?;
    let tally = counted.tally();
    let lost = options
        .unavailable
        .iter()
        .filter(|(name, _)| options.wants(name))
        .map(|(name, failure)| failed_repo(name, failure));
    let (workspace_nodes, fell) = workspace_nodes::built(&outcome.workspace, &tally);
    let mut failed: Vec<FailedRepo> = outcome.repos.iter().filter_map(failed).chain(lost).chain(fell).collect();
    for failed in &mut failed {
        failed.message = super::stale::told(&failed.message, &workspace);
    }
    let report = BuildReport {
        ok: failed.is_empty(),
        generation: outcome.generation,
        nothing_to_do: outcome.nothing_to_do,
        ran: tally.ran,
        reused: tally.reused,
        fresh_files: tally.fresh_files,
        bytes_written: tally.bytes_written,
        healed: outcome.healed,
        failed,
        repos: outcome.repos.into_iter().map(built).collect(),
        workspace_nodes,
        diffs: None,
        snapshots: None,
        at: Vec::new(),
        seconds: None,
    };
    let report = after(context, &workspace, &asked, before.as_deref(), report, request.wait);
    Ok((report, Arc::clone(&services.decisions)))
}

/// The steps `after` the build, in the order in which later ones may need earlier ones: diffs, then snapshots. The generation was
/// `before` when the build began. What goes wrong in a step is in its part of the report: the build stands.
fn after(
    context: &Context,
    workspace: &Workspace,
    asked: &Asked,
    before: Option<&str>,
    report: BuildReport,
    wait: Duration,
) -> BuildReport {
    let now = report.generation.clone();
    let snapshots = snapshot::after_build(context, workspace, &asked.plan, before, now.as_deref(), wait);
    let diffs = diff::after_build(context, workspace, &asked.plan, before, now.as_deref(), wait);
    BuildReport { diffs, snapshots, ..report }
}

/// What a request comes to.
pub(super) struct Asked {
    pub plan: Plan,
    pub options: BuildOptions,
    /// No repository is meant.
    pub nothing: bool,
}

/// The plan and the options of a request, for a run and for a dry run alike.
pub(super) fn asked(
    context: &Context,
    services: &Services,
    workspace: &Workspace,
    request: &BuildRequest,
) -> Result<Asked, OpsError> {
    let mut plan = context.plan(workspace)?;
    let there = |name: &str, root: &Path| {
        let enabled = workspace.repos.iter().any(|r| r.name == name && r.enabled);
        enabled || context.vfs.exists(root).unwrap_or(false)
    };
    // A repository that was switched off because its tree is gone fails nothing.
    plan.repos.retain(|repo| there(&repo.name, &repo.root));
    let selection = context.selection(workspace, &plan, &request.selectors)?;
    if let Some(node) = selection.of_workspace.first().and_then(|at| plan.workspace_nodes.get(*at))
        && selection.is_of_workspace_alone()
        && !request.selectors.is_empty()
    {
        return Err(OpsError::WithoutRepositories { node: node.id() });
    }
    let names = selection.repos.keys().filter(|name| !selection.is_whole(&plan, name));
    let parts: BTreeMap<String, BTreeSet<usize>> =
        names.map(|name| (name.clone(), selection.needed(&plan, name))).collect();
    for repo in &mut plan.repos {
        if let Some(needed) = parts.get(&repo.name) {
            *repo = repo.keep(needed);
        }
    }
    let only = if request.selectors.is_empty() {
        BTreeSet::new()
    } else {
        selection.repos.keys().cloned().chain(selection.unavailable).collect()
    };
    let mut options = BuildOptions {
        jobs: request.jobs.unwrap_or_else(crate::base::parallel::available),
        only,
        partial: parts.into_keys().collect(),
        fail_fast: request.fail_fast,
        reuse: request.reuse,
        null_check: request.null_check,
        wait: request.wait,
        unavailable: unavailable(workspace),
        revoke: BTreeSet::new(),
    };
    let mut nothing = false;
    if let Some(older) = &request.backfill {
        options.only = backfill::repositories(context, services, &plan, &options, older)?;
        // No name would mean every repository.
        nothing = options.only.is_empty();
    }
    Ok(Asked { plan, options, nothing })
}

/// Tags, priority and the like, by repository.
pub(super) fn display(workspace: &Workspace) -> BTreeMap<String, Display> {
    workspace
        .repos
        .iter()
        .map(|r| {
            (r.name.clone(), Display { tags: r.tags.clone(), priority: i64::from(r.priority), enabled: r.enabled })
        })
        .collect()
}

fn failed(repo: &RepoOutcome) -> Option<FailedRepo> {
    repo.failure.as_ref().map(|failure| failed_repo(&repo.name, failure))
}

pub(super) fn failed_repo(name: &str, failure: &Failure) -> FailedRepo {
    FailedRepo {
        repo: name.to_owned(),
        code: failure.code_name().to_owned(),
        message: failure.to_string(),
        help: failure.advice().map(str::to_owned),
    }
}

/// The declared repositories whose roots are not there.
fn unavailable(workspace: &Workspace) -> BTreeMap<String, Failure> {
    workspace
        .unavailable
        .iter()
        .map(|u| (u.name.clone(), Failure::of(&u.mistake, Tier::User, &u.mistake.place())))
        .collect()
}

fn built(repo: RepoOutcome) -> BuiltRepo {
    BuiltRepo {
        stale: repo.failure.is_some(),
        name: repo.name,
        build: repo.build,
        current: repo.current,
        partial: repo.partial,
        files: repo.files,
        bytes: repo.bytes,
        notices: repo.notices,
    }
}
