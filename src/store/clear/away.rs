//! Moving away and removing, and the leases of what goes.

use std::io;
use std::path::{Path, PathBuf};

use super::super::error::{StoreError, io_at};
use super::super::gc::Item;
use super::super::writer::Writer;
use crate::base::Digest;
use crate::base::vfs::{FileKind, LockGuard, LockKind};

impl Writer {
    /// Locks the leases of generations and commits' builds that go: nobody reads them, and nobody begins to while these are held.
    pub(super) fn lock_leases<'l>(
        &self,
        leases: impl Iterator<Item = &'l String>,
    ) -> Result<Vec<Box<dyn LockGuard>>, StoreError> {
        let mut held = Vec::new();
        for generation in leases {
            let path = self.store().layout().lease(generation);
            let lock = self.store().vfs().try_lock(&path, LockKind::Exclusive).map_err(io_at("lock", &path))?;
            held.push(lock.ok_or_else(|| StoreError::InUse { generation: generation.clone() })?);
        }
        Ok(held)
    }

    /// Renames whatever stands at `path` into `tmp`, from where it is removed later; by the next writer, if not by
    /// this one. A link is moved, not what it leads to. Gives where it is then; `None` where nothing stood.
    pub(in super::super) fn move_away(&self, path: &Path) -> Result<Option<PathBuf>, StoreError> {
        let away = self.temporary_path(&self.store().layout().tmp_beside(path));
        match self.store().vfs().rename(path, &away) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io_at("move away", path)(e)),
            Ok(()) => {}
        }
        let mut unsynced = self.unsynced();
        unsynced.files.retain(|file| !file.starts_with(path));
        unsynced.dirs.retain(|dir| !dir.starts_with(path));
        drop(unsynced);
        self.forget_dirs(path);
        if let Some(parent) = path.parent() {
            self.sync_dir(parent)?;
        }
        Ok(Some(away))
    }

    /// Removes what was moved away.
    pub(in super::super) fn empty_tmp(&self) -> Result<(), StoreError> {
        let layout = self.store().layout();
        for tmp in [layout.cache_tmp(), layout.state_tmp()] {
            self.remove_orphans(&tmp)?;
        }
        Ok(())
    }

    /// Removes a file or link; fine when it is gone. Anything else that stands there is none of ours.
    pub(super) fn remove_file_of_ours(&self, path: &Path) -> Result<(), StoreError> {
        match self.store().vfs().stat(path) {
            Ok(stat) if stat.kind == FileKind::Dir => Ok(()),
            _ => self.remove_if_there(path),
        }
    }

    /// Locks the leases of every frozen copy.
    pub(super) fn lock_copies(&self) -> Result<Vec<Box<dyn LockGuard>>, StoreError> {
        let mut held = Vec::new();
        for id in self.store().snapshot_ids()? {
            for path in self.store().files_in(&self.store().layout().frozen(&id).join("leases"))? {
                let lock = self.store().vfs().try_lock(&path, LockKind::Exclusive).map_err(io_at("lock", &path))?;
                held.push(lock.ok_or_else(|| StoreError::InUse { generation: id.clone() })?);
            }
        }
        Ok(held)
    }

    /// Removes builds and lists one by one; lists after the builds that name them.
    pub(super) fn remove_manifests(&self, items: &[Item]) -> Result<(), StoreError> {
        let layout = self.store().layout();
        for item in items {
            match item {
                Item::Build(repo, id) => drop(self.move_away(&layout.build(repo, id))?),
                Item::List(repo, hash) => self.remove_file_of_ours(&layout.list(repo, hash))?,
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn remove_objects(&self, objects: &[Digest]) -> Result<(), StoreError> {
        let layout = self.store().layout();
        for hash in objects {
            self.present().remove(hash);
            self.remove_file_of_ours(&layout.object(hash))?;
            self.remove_file_of_ours(&layout.blocks(hash))?;
        }
        Ok(())
    }
}
