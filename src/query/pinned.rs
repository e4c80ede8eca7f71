//! A pinned generation of the store, as scans and searches see it.

use std::sync::Arc;

use super::error::QueryError;
use super::pieces::{Pieces, RepoEntry};
use crate::base::{ByteSource, Digest};
use crate::store::{BuildRoot, Pinned, SegmentList};

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
