//! `build --at`: builds of commits.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Workspace;
use crate::engine::{self, BuildOptions, CommitOutcome, Listener};
use crate::source;
use crate::store::Ref;

use super::at::repository;
use super::build::{BuildReport, BuildRequest, BuiltRepo, Counted, FailedRepo, display, failed_repo};
use super::context::Context;
use super::error::OpsError;

/// Which commits to build.
#[derive(Clone, Debug)]
pub struct CommittedRequest {
    /// A branch, a tag, an id or an expression, in each of the repositories.
    pub rev: String,
    /// None: the only one that the workspace has.
    pub repos: Vec<String>,
    /// How to build. What to build is said here: its selectors and the like stay unset.
    pub build: BuildRequest,
}

/// A commit, and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BuiltCommit {
    pub repo: String,
    /// As it was asked for.
    pub rev: String,
    /// Whole.
    pub commit: String,
    /// None where it failed.
    pub build: Option<String>,
    /// It was built before, with this configuration, and stands.
    pub current: bool,
}

/// Builds the trees of commits. HEAD and everything that it names stay as they are: the report's `generation` is the
/// one that stood before. `listen` hears every event of the engine.
pub fn run(context: &Context, request: &CommittedRequest, listen: Listener) -> Result<BuildReport, OpsError> {
    let workspace = context.workspace()?;
    let commits = commits(context, &workspace, request)?;
    let store = context.store(&workspace)?;
    let counted = Counted::default();
    let services = context.services(store, counted.beside(listen));
    let plan = context.plan(&workspace)?;
    let options = BuildOptions {
        jobs: request.build.jobs.unwrap_or_else(crate::base::parallel::available),
        reuse: request.build.reuse,
        null_check: request.build.null_check,
        wait: request.build.wait,
        ..BuildOptions::default()
    };
    let outcomes = engine::build_committed(&services, &plan, &display(&workspace), &commits, &options)?;
    let tally = counted.tally();
    let mut failed: Vec<FailedRepo> = outcomes.iter().filter_map(failure).collect();
    for failed in &mut failed {
        failed.message = super::stale::told(&failed.message, &workspace);
    }
    Ok(BuildReport {
        ok: failed.is_empty(),
        // What is wrong with HEAD is no matter of this command.
        generation: services.store.head().unwrap_or_default(),
        nothing_to_do: outcomes.iter().all(|outcome| outcome.current),
        ran: tally.ran,
        reused: tally.reused,
        fresh_files: tally.fresh_files,
        bytes_written: tally.bytes_written,
        healed: outcomes.iter().map(|outcome| outcome.healed).sum(),
        failed,
        at: outcomes.iter().map(|outcome| built(outcome, &request.rev)).collect(),
        repos: outcomes.into_iter().map(built_repo).collect(),
        ..BuildReport::default()
    })
}

/// The commit of each repository that is meant.
fn commits(
    context: &Context,
    workspace: &Workspace,
    request: &CommittedRequest,
) -> Result<BTreeMap<String, String>, OpsError> {
    let moment = Ref::Git(request.rev.clone());
    let asked: BTreeSet<Option<&str>> = match request.repos.as_slice() {
        [] => BTreeSet::from([None]),
        some => some.iter().map(|name| Some(name.as_str())).collect(),
    };
    let commit = |repo| {
        let (name, root) = repository(workspace, repo, &moment)?;
        Ok((name.to_owned(), source::commit_of(&*context.vfs, name, root, &request.rev)?))
    };
    asked.into_iter().map(commit).collect()
}

fn failure(outcome: &CommitOutcome) -> Option<FailedRepo> {
    outcome.failure.as_ref().map(|failure| failed_repo(&outcome.repo, failure))
}

fn built(outcome: &CommitOutcome, rev: &str) -> BuiltCommit {
    BuiltCommit {
        repo: outcome.repo.clone(),
        rev: rev.to_owned(),
        commit: outcome.commit.clone(),
        build: outcome.build.clone(),
        current: outcome.current,
    }
}

fn built_repo(outcome: CommitOutcome) -> BuiltRepo {
    BuiltRepo {
        name: outcome.repo,
        build: outcome.build,
        current: outcome.current,
        partial: false,
        // Nothing old answers for a commit.
        stale: false,
        files: outcome.files,
        bytes: outcome.bytes,
        notices: outcome.notices,
    }
}
