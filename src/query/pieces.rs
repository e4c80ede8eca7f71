//! The door to a pinned generation: records and objects, and nothing about where they lie.

use std::sync::Arc;

use super::error::QueryError;
use crate::base::{ByteSource, Digest};
use crate::store::{BuildRoot, SegmentList};

/// A repository of the generation, as far as choosing among repositories needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RepoEntry {
    pub name: String,
    pub build: String,
    pub stale: bool,
    pub enabled: bool,
    pub priority: i64,
    pub tags: Vec<String>,
}

/// One generation, readable.
pub trait Pieces: Sync {
    /// Its repositories, by name.
    fn repos(&self) -> Vec<RepoEntry>;

    /// Repositories of the workspace that have no build here; their entries name none.
    fn unbuilt(&self) -> Vec<RepoEntry> {
        Vec::new()
    }

    /// The first level of a repository's manifest.
    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError>;

    /// One list of the second level.
    fn list(&self, repo: &str, list: &Digest) -> Result<SegmentList, QueryError>;

    /// An artifact's verified bytes.
    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError>;
}
