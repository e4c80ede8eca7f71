//! `status`: what stands, how old it is, and whether the trees have moved on.

mod manifest;

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Timestamp;
pub use crate::engine::Currency;
use crate::engine::{self, Forecast, Outlook};
use crate::store::{Pinned, StoreNotice};

use crate::ops::build::{BuildRequest, asked};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::workspace_nodes;

pub use crate::ops::workspace_nodes::NodeStatus;
pub use crate::store::federation::{Availability, MemberMode};
pub use manifest::{ManifestHealth, ManifestMode, ManifestRepo, ManifestReport, run as manifest};

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct StatusRequest {
    /// Do not look at the trees: only at what was built.
    pub no_scan: bool,
}

/// The workspace as it stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatusReport {
    pub workspace: String,
    /// None before the first build.
    pub generation: Option<String>,
    pub repos: Vec<RepoStatus>,
    /// Nodes of pipelines of workspace scope; left out where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub workspace_nodes: Vec<NodeStatus>,
    /// What is damaged beside the generation, and what is therefore not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// The last build that found this generation current.
    #[serde(skip)]
    pub checked_at: Option<Timestamp>,
}

/// One repository.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RepoStatus {
    pub name: String,
    pub pipeline: String,
    pub enabled: bool,
    pub tags: Vec<String>,
    pub priority: i64,
    pub build: Option<String>,
    pub state: Currency,
    /// What a build would run now; none where nobody looked.
    pub would_run: Option<WouldRun>,
    /// Its last build failed or its root is gone; `build` is the one before.
    pub stale: bool,
    /// Why, and for a repository that was never built, why not.
    pub failure: Option<String>,
    pub branch: Option<String>,
    pub commit: Option<String>,
    pub files: u64,
    pub bytes: u64,
    /// When the build was made; times are left out of JSON unless they are asked for.
    #[serde(skip)]
    pub built_at: Option<Timestamp>,
    /// The first build that failed since, where it is stale.
    #[serde(skip)]
    pub stale_since: Option<Timestamp>,
}

/// Actions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WouldRun {
    pub will: u64,
    /// Only if what another one makes is not what it was.
    pub may: u64,
}

impl WouldRun {
    /// What a dry run foresees for a repository, or for a node of the workspace as `pipeline@node`.
    pub(in crate::ops) fn of(outlook: &Outlook, repo: &str) -> Self {
        let mut counts = Self::default();
        for action in outlook.actions.iter().filter(|action| action.repo == repo) {
            match action.forecast {
                Forecast::Will => counts.will += 1,
                Forecast::May { .. } => counts.may += 1,
                Forecast::Hit | Forecast::Ran => {}
            }
        }
        counts
    }
}

pub fn run(context: &Context, request: &StatusRequest) -> Result<StatusReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let head = store.pin()?;
    let services = context.services(store, Arc::new(|_| {}));
    let outlook = if request.no_scan {
        None
    } else {
        let asked = asked(context, &services, &workspace, &BuildRequest::default())?;
        Some(engine::dry_run(&services, &asked.plan, &asked.options)?)
    };
    let currency = outlook.as_ref().map(|outlook| engine::currency(outlook, head.as_ref()));
    let standing = |name: &str| standing(head.as_ref(), name);
    let declared = workspace.repos.iter().map(|repo| {
        let there = standing(&repo.name);
        RepoStatus {
            pipeline: repo.pipeline.clone(),
            enabled: repo.enabled,
            tags: repo.tags.clone(),
            priority: i64::from(repo.priority),
            would_run: outlook.as_ref().and_then(|outlook| would_run(outlook, &repo.name)),
            state: currency.as_ref().and_then(|c| c.get(&repo.name)).copied().unwrap_or(there.state),
            ..there
        }
    });
    let lost = workspace.unavailable.iter().map(|lost| {
        let there = standing(&lost.name);
        let (stale, failure) = (there.build.is_some(), crate::ops::stale::lost(&workspace, &lost.name));
        RepoStatus { state: Currency::Unreadable, stale, failure, ..there }
    });
    let mut repos: Vec<RepoStatus> = declared.chain(lost).collect();
    for repo in &mut repos {
        repo.failure = repo.failure.as_deref().map(|failure| crate::ops::stale::told(failure, &workspace));
    }
    repos.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(StatusReport {
        workspace: workspace.name.clone(),
        generation: head.as_ref().map(|h| h.generation().id.clone()),
        repos,
        workspace_nodes: workspace_nodes::standing(&workspace, head.as_ref(), outlook.as_ref()),
        notices: head.iter().flat_map(Pinned::notices).map(told).collect(),
        checked_at: head.as_ref().filter(|h| h.notices().is_empty()).map(|h| h.provenance().checked_at),
    })
}

/// How many actions of a repository a build would run, and how many more it might; none where the tree cannot be read.
fn would_run(outlook: &Outlook, name: &str) -> Option<WouldRun> {
    let repo = outlook.repos.iter().find(|repo| repo.name == name && repo.failure.is_none())?;
    Some(WouldRun::of(outlook, &repo.name))
}

/// A record of the store by its name, and what is wrong with it.
fn told(notice: &StoreNotice) -> String {
    let name = notice.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("`{name}` {}", notice.what)
}

/// What the generation knows of a repository.
fn standing(head: Option<&Pinned>, name: &str) -> RepoStatus {
    let build = head.and_then(|h| h.generation().repos.get(name));
    let known = head.and_then(|h| h.provenance().repos.get(name));
    RepoStatus {
        name: name.to_owned(),
        pipeline: String::new(),
        enabled: true,
        tags: known.map_or_else(Vec::new, |k| k.tags.clone()),
        priority: known.map_or(0, |k| k.priority),
        build: build.map(|b| b.build.clone()),
        would_run: None,
        state: if build.is_some() { Currency::Unknown } else { Currency::NeverBuilt },
        stale: build.is_some_and(|b| b.stale),
        failure: known.and_then(|k| k.failure.clone()),
        branch: known.and_then(|k| k.branch.clone()),
        commit: known.and_then(|k| k.commit.clone()),
        files: known.map_or(0, |k| k.files),
        bytes: known.map_or(0, |k| k.bytes),
        built_at: known.filter(|_| build.is_some()).map(|k| k.built_at),
        stale_since: known.filter(|_| build.is_some_and(|b| b.stale)).and_then(|k| k.stale_since),
    }
}
