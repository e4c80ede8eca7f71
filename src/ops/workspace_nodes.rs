//! Nodes of pipelines of workspace scope, as `build`, `build --dry-run` and `status` tell of them.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Timestamp;
use crate::config::Workspace;
use crate::engine::{self, Currency, Outlook, Tally, WorkspaceOutcome};
use crate::store::{Pinned, workspace_name};

use super::build::{FailedRepo, failed_repo};
use super::stale::told;
use super::status::WouldRun;

/// What became of a node of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BuiltNode {
    /// `pipeline/node`.
    pub name: String,
    /// `pipeline@node`: what stands in the place of a repository in tables, views and `failed`.
    pub repo: String,
    /// None where the first one failed.
    pub build: Option<String>,
    /// What stands is what stood before.
    pub current: bool,
    /// It failed; `build` is the one before, and `failed` says why.
    pub stale: bool,
    /// Actions.
    pub ran: u64,
    pub reused: u64,
}

/// What a build would do with a node of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ForeseenNode {
    /// `pipeline/node`.
    pub name: String,
    /// `pipeline@node`: what stands in the place of a repository in `will` and `may`.
    pub repo: String,
    /// Nothing of it would run.
    pub current: bool,
    /// Actions.
    pub will: u64,
    /// Only if what another one makes is not what it was.
    pub may: u64,
}

/// A node of the workspace as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NodeStatus {
    /// `pipeline/node`.
    pub name: String,
    /// `pipeline@node`: what stands in the place of a repository in tables and views.
    pub repo: String,
    pub build: Option<String>,
    pub state: Currency,
    /// What a build would run now; none where nobody looked.
    pub would_run: Option<WouldRun>,
    /// It failed last; `build` is the one before.
    pub stale: bool,
    /// Why, and for a node that was never built, why not.
    pub failure: Option<String>,
    /// When the build was made; times are left out of JSON unless they are asked for.
    #[serde(skip)]
    pub built_at: Option<Timestamp>,
}

/// The nodes of a build that is over, and those that failed.
pub(super) fn built(outcomes: &[WorkspaceOutcome], tally: &Tally) -> (Vec<BuiltNode>, Vec<FailedRepo>) {
    let nodes = outcomes.iter().map(|made| {
        let repo = workspace_name(&made.node);
        let (ran, reused) = tally.by_repo.get(&repo).copied().unwrap_or_default();
        let build = made.build.as_ref().map(|build| build.build.clone());
        let (current, stale) = (made.current, made.failure.is_some());
        BuiltNode { name: made.node.clone(), repo, build, current, stale, ran, reused }
    });
    let failed = outcomes.iter().filter_map(|made| Some((made, made.failure.as_ref()?)));
    let failed = failed.map(|(made, failure)| failed_repo(&workspace_name(&made.node), failure));
    (nodes.collect(), failed.collect())
}

/// What a dry run says of the nodes.
pub(super) fn foreseen(outlook: &Outlook) -> Vec<ForeseenNode> {
    let nodes = outlook.workspace.iter().map(|node| {
        let repo = workspace_name(&node.node);
        let WouldRun { will, may } = WouldRun::of(outlook, &repo);
        ForeseenNode { name: node.node.clone(), repo, current: will + may == 0, will, may }
    });
    nodes.collect()
}

/// How the nodes stand: those of the plan where somebody looked, else those that were built or failed.
pub(super) fn standing(workspace: &Workspace, head: Option<&Pinned>, outlook: Option<&Outlook>) -> Vec<NodeStatus> {
    let names: BTreeSet<&String> = match (outlook, head) {
        (Some(outlook), _) => outlook.workspace.iter().map(|node| &node.node).collect(),
        (None, Some(head)) => head.generation().workspace.keys().chain(head.provenance().nodes.keys()).collect(),
        (None, None) => BTreeSet::new(),
    };
    let currency = outlook.map(|outlook| engine::node_currency(outlook, head)).unwrap_or_default();
    let of = |name: &String| {
        let build = head.and_then(|head| head.generation().workspace.get(name));
        let known = head.and_then(|head| head.provenance().nodes.get(name));
        let unseen = if build.is_some() { Currency::Unknown } else { Currency::NeverBuilt };
        let repo = workspace_name(name);
        NodeStatus {
            name: name.clone(),
            would_run: outlook.map(|outlook| WouldRun::of(outlook, &repo)),
            repo,
            build: build.map(|build| build.build.clone()),
            state: currency.get(name).copied().unwrap_or(unseen),
            stale: build.is_some_and(|build| build.stale),
            failure: known.and_then(|known| known.failure.as_ref()).map(|failure| told(failure, workspace)),
            built_at: known.filter(|_| build.is_some()).map(|known| known.built_at),
        }
    };
    names.into_iter().map(of).collect()
}
