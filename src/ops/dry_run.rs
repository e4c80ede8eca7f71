//! `build --dry-run`: what a build would do, and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::{self, Failure, RepoOutlook};
pub use crate::engine::{Change, Forecast, LostArtifact, Moved, Reason, Recorded, Unit};
use crate::plan::Selection;

use super::build::{BuildRequest, FailedRepo, asked, failed_repo};
use super::context::Context;
use super::error::OpsError;
use super::workspace_nodes;
pub use super::workspace_nodes::ForeseenNode;

/// What a build would do.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct DryRunReport {
    /// Every repository could be built.
    pub ok: bool,
    /// The generation that stands; none before the first build.
    pub generation: Option<String>,
    /// Nothing would run.
    pub nothing_to_do: bool,
    /// Node → what becomes of its actions.
    pub nodes: BTreeMap<String, NodeForecast>,
    /// The actions that will run, by place.
    pub will: Vec<Recorded>,
    /// The actions that run if another one makes something new, by place.
    pub may: Vec<Recorded>,
    /// Hits for whose outputs others run, and why these are not what they were, by place.
    #[serde(skip)]
    pub taken: Vec<Recorded>,
    /// Repositories that would keep their old build, or have none.
    pub failed: Vec<FailedRepo>,
    pub repos: Vec<RepoForecast>,
    /// Nodes of pipelines of workspace scope; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspace_nodes: Vec<ForeseenNode>,
}

/// One node over all repositories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeForecast {
    pub will: u64,
    pub may: u64,
    pub hit: u64,
    /// Bytes of the files behind the actions that will or may run.
    pub bytes_to_read: u64,
    /// Bytes of the artifacts that are taken as they are.
    pub bytes_reused: u64,
}

/// One repository.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RepoForecast {
    pub name: String,
    /// Nothing of it would run.
    pub current: bool,
    pub files: u64,
    pub bytes: u64,
    /// Actions that its nodes have.
    pub actions: u64,
}

/// Finds what a build with the same request would do. Takes no lock and writes nothing.
pub fn run(context: &Context, request: &BuildRequest) -> Result<DryRunReport, OpsError> {
    let workspace = context.workspace()?;
    let services = context.services(context.store(&workspace)?, Arc::new(|_| {}));
    let asked = asked(context, &services, &workspace, request)?;
    if asked.nothing {
        let generation = services.store.head()?;
        return Ok(DryRunReport { ok: true, nothing_to_do: true, generation, ..DryRunReport::default() });
    }
    let outlook = engine::dry_run(&services, &asked.plan, &asked.options)?;
    let scan = outlook.repos.iter().filter_map(|repo| repo.failure.as_ref().map(|f| (repo.name.as_str(), f)));
    let wanted = |(name, _): &(&str, &Failure)| asked.options.wants(name);
    let gone = asked.options.unavailable.iter().map(|(name, f)| (name.as_str(), f)).filter(wanted);
    let mut failed: Vec<FailedRepo> = scan.chain(gone).map(|(name, failure)| failed_repo(name, failure)).collect();
    for failed in &mut failed {
        failed.message = super::stale::told(&failed.message, &workspace);
    }
    let workspace_nodes = workspace_nodes::foreseen(&outlook);
    let nodes = nodes(&outlook.actions);
    let (mut will, mut may) = (Vec::new(), Vec::new());
    for action in outlook.actions {
        match action.forecast {
            Forecast::Will => will.push(action),
            Forecast::May { .. } => may.push(action),
            Forecast::Hit | Forecast::Ran => {}
        }
    }
    Ok(DryRunReport {
        ok: failed.is_empty(),
        generation: outlook.generation,
        nothing_to_do: will.is_empty() && may.is_empty(),
        nodes,
        will,
        may,
        taken: outlook.taken,
        failed,
        repos: outlook.repos.into_iter().map(forecast).collect(),
        workspace_nodes,
    })
}

/// The selectors of a dry run that is to tell of `selection`, which `selectors` made: nodes of the workspace alone are
/// foreseen with all repositories, without which they are not built.
pub(super) fn telling(selection: &Selection, selectors: &[String]) -> Vec<String> {
    if selection.is_of_workspace_alone() { Vec::new() } else { selectors.to_vec() }
}

fn nodes(actions: &[Recorded]) -> BTreeMap<String, NodeForecast> {
    let mut nodes: BTreeMap<String, NodeForecast> = BTreeMap::new();
    for action in actions {
        let node = nodes.entry(action.node.clone()).or_default();
        match action.forecast {
            Forecast::Will | Forecast::Ran => node.will += 1,
            Forecast::May { .. } => node.may += 1,
            Forecast::Hit => node.hit += 1,
        }
        match action.forecast {
            Forecast::Hit => node.bytes_reused += if action.rows > 0 { action.bytes } else { 0 },
            _ if action.unit == Unit::Shard => node.bytes_to_read += action.bytes,
            _ => {}
        }
    }
    nodes
}

fn forecast(repo: RepoOutlook) -> RepoForecast {
    let RepoOutlook { name, current, files, bytes, actions, root_key: _, failure: _ } = repo;
    RepoForecast { name, current, files, bytes, actions }
}
