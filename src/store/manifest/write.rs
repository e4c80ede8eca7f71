//! Putting manifests. Nothing refers to them until a generation is promoted, so nothing is synced here: the one
//! sync before HEAD covers them.

use super::super::envelope;
use super::super::error::StoreError;
use super::super::layout::is_part;
use super::super::model::{BuildRoot, SegmentList};
use super::super::writer::Writer;
use super::build_id;
use crate::base::Digest;

impl Writer {
    /// Writes a list, unless an equal one stands already.
    pub fn put_list(&self, repo: &str, list: &SegmentList) -> Result<Digest, StoreError> {
        self.check_healthy()?;
        if !is_part(repo) {
            return Err(StoreError::refused(format!("`{repo}` names no repository")));
        }
        let bytes = envelope::canonical(list)?;
        let hash = Digest::of(&bytes);
        self.make_dir(&self.store().layout().lists(repo))?;
        self.put_immutable(&self.store().layout().list(repo, &hash), &bytes)?;
        Ok(hash)
    }

    /// Writes the manifest of a workspace, canonical JSON, among the lists of the node that made it.
    pub fn put_workspace_manifest(&self, name: &str, bytes: &[u8]) -> Result<Digest, StoreError> {
        self.check_healthy()?;
        if !is_part(name) {
            return Err(StoreError::refused(format!("`{name}` names no node of the workspace")));
        }
        let hash = Digest::of(bytes);
        self.make_dir(&self.store().layout().lists(name))?;
        self.put_immutable(&self.store().layout().list(name, &hash), bytes)?;
        Ok(hash)
    }

    /// Writes a build's root. Its lists must stand. Of two roots with one id (they differ in display fields only)
    /// the later stays.
    pub fn put_build(&self, root: &BuildRoot) -> Result<(), StoreError> {
        self.check_healthy()?;
        if !is_part(&root.repo) || root.id != build_id(root) {
            return Err(StoreError::refused(format!("the build `{}` of `{}` has another id", root.id, root.repo)));
        }
        let path = self.store().layout().build_root(&root.repo, &root.id);
        let bytes = envelope::seal(&self.store().layout().name_of(&path), root)?;
        self.make_dir(&self.store().layout().build(&root.repo, &root.id))?;
        self.put_immutable(&path, &bytes)
    }
}
