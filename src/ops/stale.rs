//! Stale repositories: those whose last build failed or whose root is gone. Their old build answers, and the answer
//! says so.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{ByteSource, Digest, Tier, Timestamp};
use crate::config::Workspace;
use crate::engine::Failure;
use crate::query::{Pieces, QueryError, RepoEntry};
use crate::store::{BuildRoot, Pinned, SegmentList, Store, workspace_name};

use super::at::AtReport;
use super::context::Context;
use super::error::OpsError;

/// A repository that answers from an old build, because a newer one could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StaleRepo {
    pub repo: String,
    /// The build that answers.
    pub build: String,
    /// Why there is no newer one, where that is known.
    pub failure: Option<String>,
    /// When the build that answers was made; times are left out of JSON unless they are asked for.
    #[serde(skip)]
    pub built_at: Option<Timestamp>,
    /// The first build that failed since.
    #[serde(skip)]
    pub since: Option<Timestamp>,
}

/// The generation that a command reads, and what of the workspace tells which of its repositories are stale.
pub(super) struct Standing {
    pub pinned: Pinned,
    /// Where a moment was asked for. What is lost today says nothing of it.
    pub at: Option<AtReport>,
    /// None where another store is read.
    workspace: Option<Workspace>,
}

impl Standing {
    pub fn of(context: &Context) -> Result<Self, OpsError> {
        if let Some(moment) = context.at.as_ref().map(|at| at.pin_elsewhere(context)).transpose()?.flatten() {
            return Ok(Self { pinned: moment.pinned, at: Some(moment.report), workspace: None });
        }
        let workspace = context.workspace()?;
        let (pinned, at) = match &context.at {
            Some(at) => {
                let moment = at.pin(context, &workspace)?;
                (moment.pinned, Some(moment.report))
            }
            None => (context.store(&workspace)?.pin()?.ok_or(OpsError::NotBuilt)?, None),
        };
        Ok(Self { pinned, at, workspace: Some(workspace) })
    }

    /// The workspace's own store, whatever store the moment is in; none where another workspace is read.
    pub fn own_store(&self, context: &Context) -> Result<Option<Store>, OpsError> {
        match &self.workspace {
            Some(_) if self.at.is_none() => Ok(Some(self.pinned.store().clone())),
            Some(workspace) => context.store(workspace).map(Some),
            None => Ok(None),
        }
    }

    /// The stale repositories among those that `wanted` lets through, by name.
    pub fn stale(&self, wanted: impl Fn(&str) -> bool) -> Vec<StaleRepo> {
        let builds = &self.pinned.generation().repos;
        let names = builds.keys().filter(|name| wanted(name));
        names.filter_map(|name| self.stale_one(name)).collect()
    }

    /// `name`, if it has a build and that is stale.
    fn stale_one(&self, name: &str) -> Option<StaleRepo> {
        let build = self.pinned.generation().repos.get(name)?;
        let known = self.pinned.provenance().repos.get(name);
        let lost = self.workspace.as_ref().filter(|_| self.at.is_none()).and_then(|workspace| lost(workspace, name));
        let is_stale = build.stale || lost.is_some();
        let failure = lost.or_else(|| known.and_then(|k| k.failure.clone()));
        is_stale.then(|| StaleRepo {
            repo: name.to_owned(),
            build: build.build.clone(),
            // What failed in another workspace may tell where that is.
            failure: failure.and_then(|text| Some(told(&text, self.workspace.as_ref()?))),
            built_at: known.map(|k| k.built_at),
            since: known.and_then(|k| k.stale_since),
        })
    }

    /// As [`stale_among`](Self::stale_among), with the nodes of the workspace, as `pipeline@node`.
    pub fn stale_of_all(&self, repos: &[String]) -> Vec<StaleRepo> {
        let nodes = self.pinned.generation().workspace.iter().filter(|(_, build)| build.stale);
        let nodes = nodes.filter(|(node, _)| repos.is_empty() || repos.contains(&workspace_name(node)));
        let nodes = nodes.map(|(node, build)| {
            let known = self.pinned.provenance().nodes.get(node);
            let failure = known.and_then(|known| known.failure.clone());
            StaleRepo {
                repo: workspace_name(node),
                build: build.build.clone(),
                failure: failure.and_then(|text| Some(told(&text, self.workspace.as_ref()?))),
                built_at: known.map(|known| known.built_at),
                since: None,
            }
        });
        self.stale_among(repos).into_iter().chain(nodes).collect()
    }

    /// The stale ones of `repos`; of all where it is empty.
    pub fn stale_among(&self, repos: &[String]) -> Vec<StaleRepo> {
        self.stale(|name| repos.is_empty() || repos.iter().any(|repo| repo == name))
    }
}

/// As the store's own, but what a lost record does not tell of a repository is taken from the workspace: whether it is
/// enabled, above all.
impl Pieces for Standing {
    fn repos(&self) -> Vec<RepoEntry> {
        let known = &self.pinned.provenance().repos;
        let mut entries = Pieces::repos(&self.pinned);
        for entry in entries.iter_mut().filter(|entry| !known.contains_key(&entry.name)) {
            let repos = self.workspace.iter().flat_map(|workspace| &workspace.repos);
            if let Some(repo) = repos.into_iter().find(|repo| repo.name == entry.name) {
                entry.enabled = repo.enabled;
                entry.priority = i64::from(repo.priority);
                entry.tags.clone_from(&repo.tags);
            }
        }
        entries
    }

    /// Those that the workspace has and the generation has not. Of a moment of the past nobody knows which there were.
    fn unbuilt(&self) -> Vec<RepoEntry> {
        let Some(workspace) = self.workspace.as_ref().filter(|_| self.at.is_none()) else { return Vec::new() };
        let built = &self.pinned.generation().repos;
        let declared = workspace.repos.iter().map(|repo| RepoEntry {
            name: repo.name.clone(),
            build: String::new(),
            stale: false,
            enabled: repo.enabled,
            priority: i64::from(repo.priority),
            tags: repo.tags.clone(),
        });
        let lost = workspace.unavailable.iter().map(|lost| RepoEntry {
            name: lost.name.clone(),
            enabled: true,
            ..RepoEntry::default()
        });
        declared.chain(lost).filter(|entry| !built.contains_key(&entry.name)).collect()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        Pieces::build(&self.pinned, repo)
    }

    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        Pieces::list(&self.pinned, repo, list)
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        Pieces::object(&self.pinned, artifact)
    }
}

/// Why the root of `name` is not there, where it is not.
pub(super) fn lost(workspace: &Workspace, name: &str) -> Option<String> {
    let lost = workspace.unavailable.iter().find(|lost| lost.name == name)?;
    Some(Failure::of(&lost.mistake, Tier::User, &lost.mistake.place()).to_string())
}

/// `text` with the places of this machine as seen from the workspace's directory: a report may be read elsewhere.
pub(super) fn told(text: &str, workspace: &Workspace) -> String {
    super::relative_to(text, &workspace.dir)
}
