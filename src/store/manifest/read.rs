//! Reading manifests.

use std::path::PathBuf;

use super::super::envelope;
use super::super::error::StoreError;
use super::super::layout::{is_id, is_part};
use super::super::model::{BuildRoot, SegmentList};
use super::super::open::{Store, unbelieved};
use super::build_id;
use crate::base::Digest;

impl Store {
    pub(in super::super) fn build_root(&self, repo: &str, id: &str) -> Result<BuildRoot, StoreError> {
        if !is_part(repo) || !is_id("b-", id) {
            return Err(StoreError::refused(format!("`{repo}` and `{id}` name no build")));
        }
        let path = self.layout().build_root(repo, id);
        let Some(root) = self.record::<BuildRoot>(&path)? else { return Err(StoreError::Missing { path }) };
        if root.repo != repo || root.id != id || build_id(&root) != id {
            return Err(StoreError::Damaged { path, what: "it describes another build" });
        }
        Ok(root)
    }

    /// The root of the build `id` of a repository, whatever generation names it.
    pub fn build_of(&self, repo: &str, id: &str) -> Result<BuildRoot, StoreError> {
        self.build_root(repo, id)
    }

    /// The bytes of a list, which hash to its name, and where they stand.
    pub(in super::super) fn list_bytes(&self, repo: &str, hash: &Digest) -> Result<(Vec<u8>, PathBuf), StoreError> {
        if !is_part(repo) {
            return Err(StoreError::refused(format!("`{repo}` names no repository")));
        }
        let path = self.layout().list(repo, hash);
        let Some(bytes) = self.read_if_there(&path)? else { return Err(StoreError::Missing { path }) };
        if Digest::of(&bytes) != *hash {
            return Err(StoreError::Damaged { path, what: "its bytes do not hash to its name" });
        }
        Ok((bytes, path))
    }

    /// The list `hash` of a repository, whatever generation names it.
    pub fn list_of(&self, repo: &str, hash: &Digest) -> Result<SegmentList, StoreError> {
        self.segment_list(repo, hash)
    }

    pub(in super::super) fn segment_list(&self, repo: &str, hash: &Digest) -> Result<SegmentList, StoreError> {
        let (bytes, path) = self.list_bytes(repo, hash)?;
        envelope::parse(&bytes).map_err(|e| unbelieved(&path, e))
    }
}
