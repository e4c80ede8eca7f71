//! A pinned generation of the store, as scans and searches see it.

use std::sync::Arc;

use super::error::QueryError;
use super::pieces::{Pieces, RepoEntry};
use crate::base::{ByteSource, Digest};
use crate::store::{BuildRoot, Pinned, SegmentList, workspace_name};

/// The nodes of the workspace of a pinned generation in place of its repositories, each under the name by which the
/// store has it.
#[derive(Clone, Debug)]
pub struct OfWorkspace(pub Pinned);

impl Pieces for OfWorkspace {
    fn repos(&self) -> Vec<RepoEntry> {
        let nodes = self.0.generation().workspace.iter();
        nodes
            .map(|(node, build)| RepoEntry {
                name: workspace_name(node),
                build: build.build.clone(),
                stale: build.stale,
                enabled: true,
                ..RepoEntry::default()
            })
            .collect()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        Pieces::build(&self.0, repo)
    }

    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        Pieces::list(&self.0, repo, list)
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        Pieces::object(&self.0, artifact)
    }
}

/// The repositories of a pinned generation, and the nodes of the workspace among them.
#[derive(Clone, Debug)]
pub struct WithWorkspace(pub Pinned);

impl Pieces for WithWorkspace {
    fn repos(&self) -> Vec<RepoEntry> {
        Pieces::repos(&self.0).into_iter().chain(OfWorkspace(self.0.clone()).repos()).collect()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        Pieces::build(&self.0, repo)
    }

    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        Pieces::list(&self.0, repo, list)
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        Pieces::object(&self.0, artifact)
    }
}

impl Pieces for Pinned {
    /// A repository whose provenance is lost counts as enabled, without tags: display data must keep nobody from
    /// searching. Whoever has the workspace at hand knows better; the store's notice tells of the loss.
    fn repos(&self) -> Vec<RepoEntry> {
        let known = &self.provenance().repos;
        let entries = self.generation().repos.iter().map(|(name, build)| {
            let provenance = known.get(name);
            RepoEntry {
                name: name.clone(),
                build: build.build.clone(),
                stale: build.stale,
                enabled: provenance.is_none_or(|p| p.enabled),
                priority: provenance.map_or(0, |p| p.priority),
                tags: provenance.map(|p| p.tags.clone()).unwrap_or_default(),
            }
        });
        entries.collect()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        Ok(Self::build(self, repo)?)
    }

    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        Ok(Self::list(self, repo, list)?)
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        Ok(self.store().object(artifact)?)
    }
}
