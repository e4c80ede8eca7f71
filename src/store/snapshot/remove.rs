//! Removing snapshots. The directory is renamed away before anything in it goes, so that no reader sees half of one; a
//! writer that is killed in between leaves it to the next one.

use std::sync::PoisonError;

use super::error::SnapshotError;
use super::retention::{PrunePlan, Retention};
use crate::base::vfs::{FileKind, LockGuard, LockKind};
use crate::store::error::{StoreError, io_at};
use crate::store::layout::is_snapshot_id;
use crate::store::writer::Writer;

/// What a prune came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Ids, in the order in which they went.
    pub removed: Vec<String>,
    /// Ids of those that stay because their frozen copy is being read.
    pub in_use: Vec<String>,
}

impl Writer {
    /// Removes a snapshot, and its frozen copy with it. One that `retention` protects is refused; without it, it goes,
    /// even where its record is damaged.
    pub fn remove_snapshot(&self, id: &str, retention: Option<&Retention>) -> Result<(), SnapshotError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        if let Some(retention) = retention {
            let snapshot = self.store().snapshot(id)?;
            if retention.protects(&snapshot.tags) {
                return Err(SnapshotError::Protected { id: id.to_owned(), tags: snapshot.tags });
            }
        }
        self.remove_held(id)?;
        self.index_snapshots_or_notice();
        Ok(())
    }

    /// Does what the plan says, and passes over what is being read.
    pub fn prune_snapshots(&self, plan: &PrunePlan) -> Result<Pruned, SnapshotError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        let mut pruned = Pruned::default();
        for (snapshot, _) in &plan.remove {
            let id = &snapshot.record.id;
            match self.remove_held(id) {
                Ok(()) => pruned.removed.push(id.clone()),
                Err(SnapshotError::InUse { .. }) => pruned.in_use.push(id.clone()),
                Err(error) => {
                    self.index_snapshots_or_notice();
                    return Err(error);
                }
            }
        }
        self.index_snapshots_or_notice();
        Ok(pruned)
    }

    /// By a caller that holds `publishing`.
    fn remove_held(&self, id: &str) -> Result<(), SnapshotError> {
        if !is_snapshot_id(id) {
            return Err(StoreError::refused(format!("`{id}` names no snapshot")).into());
        }
        let path = self.store().layout().snapshot(id);
        // Held until the copy is gone.
        let _unread = self.lock_frozen(id)?;
        match self.move_away(&path)? {
            Some(away) => Ok(self.store().vfs().remove_dir_all(&away).map_err(io_at("remove", &away))?),
            None => Err(StoreError::Missing { path }.into()),
        }
    }

    /// Locks the leases of the frozen copy, where there is one: nobody reads it. Taken from the directory, so that a
    /// damaged record is no hindrance.
    fn lock_frozen(&self, id: &str) -> Result<Vec<Box<dyn LockGuard>>, SnapshotError> {
        let leases = self.store().layout().frozen(id).join("leases");
        let entries = match self.store().vfs().list(&leases) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(io_at("list", &leases)(e).into()),
        };
        let mut held = Vec::new();
        for entry in entries.into_iter().filter(|entry| entry.kind == FileKind::File) {
            let path = leases.join(entry.name);
            let lock = self.store().vfs().try_lock(&path, LockKind::Exclusive).map_err(io_at("lock", &path))?;
            held.push(lock.ok_or_else(|| SnapshotError::InUse { id: id.to_owned() })?);
        }
        Ok(held)
    }
}
