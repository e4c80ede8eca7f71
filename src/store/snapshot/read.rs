//! Listing and reading snapshots.

use std::path::PathBuf;
use std::sync::Arc;

use super::model::{FrozenRecord, SnapshotRecord, SnapshotTags};
use crate::store::error::{StoreError, StoreNotice, io_at};
use crate::store::layout::is_snapshot_id;
use crate::store::open::{Store, StoreDirs};

/// A snapshot as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    pub record: SnapshotRecord,
    /// Sorted.
    pub tags: Vec<String>,
    /// None while it is a pointer.
    pub frozen: Option<FrozenRecord>,
}

/// What stands of the copy that a frozen snapshot is, as far as its records tell.
#[derive(Debug)]
pub enum FrozenState {
    Whole,
    /// Its directory is gone.
    Missing,
    Damaged(StoreError),
}

impl Store {
    /// The snapshots that have a record, by id, which is by age, whether the record is whole or not.
    pub fn snapshot_ids(&self) -> Result<Vec<String>, StoreError> {
        self.names_under(&self.layout().snapshots(), |name| is_snapshot_id(name).then(|| name.to_owned()))
    }

    /// The snapshots whose records are whole, by id, and a notice of each that is damaged.
    pub fn snapshots(&self) -> Result<(Vec<Snapshot>, Vec<StoreNotice>), StoreError> {
        let (mut found, mut notices) = (Vec::new(), Vec::new());
        for id in self.snapshot_ids()? {
            match self.snapshot(&id) {
                Ok(snapshot) => found.push(snapshot),
                Err(StoreError::Damaged { path, what }) => notices.push(StoreNotice { path, what: what.into() }),
                Err(StoreError::Missing { path }) => notices.push(StoreNotice { path, what: "missing".into() }),
                Err(e) => return Err(e),
            }
        }
        Ok((found, notices))
    }

    /// The snapshot `id`; `Missing` where there is none.
    pub fn snapshot(&self, id: &str) -> Result<Snapshot, StoreError> {
        if !is_snapshot_id(id) {
            return Err(StoreError::refused(format!("`{id}` names no snapshot")));
        }
        let path = self.layout().snapshot_record(id);
        let Some(record) = self.record::<SnapshotRecord>(&path)? else { return Err(StoreError::Missing { path }) };
        if record.id != id {
            return Err(StoreError::Damaged { path, what: "it describes another snapshot" });
        }
        let tags = self.record::<SnapshotTags>(&self.layout().snapshot_tags(id))?;
        let mut tags = tags.map_or_else(|| record.tags.clone(), |set| set.tags);
        tags.sort_unstable();
        tags.dedup();
        let frozen = self.record::<FrozenRecord>(&self.layout().frozen_record(id))?;
        Ok(Snapshot { record, tags, frozen })
    }

    /// Where a frozen snapshot's copy is on this machine.
    pub fn frozen_dir(&self, id: &str) -> PathBuf {
        self.layout().frozen(id)
    }

    /// Does the copy of a frozen snapshot stand: its HEAD, its generation, the roots of its builds? No list and no object
    /// is read.
    pub fn frozen_state(&self, record: &SnapshotRecord) -> Result<FrozenState, StoreError> {
        let dir = self.layout().frozen(&record.id);
        if !self.vfs().exists(&dir).map_err(io_at("look at", &dir))? {
            return Ok(FrozenState::Missing);
        }
        match self.frozen_store(&record.id).and_then(|copy| copy.is_copy_of(record)) {
            Ok(()) => Ok(FrozenState::Whole),
            Err(e) if e.is_damage() => Ok(FrozenState::Damaged(e)),
            Err(e) => Err(e),
        }
    }

    /// This store is to be the copy of a snapshot.
    fn is_copy_of(&self, record: &SnapshotRecord) -> Result<(), StoreError> {
        let path = self.layout().head();
        match self.head()? {
            Some(head) if head == record.generation => {}
            Some(_) => return Err(StoreError::Damaged { path, what: "it names another generation than the snapshot" }),
            None => return Err(StoreError::Missing { path }),
        }
        self.generation(&record.generation)?;
        record.generation().builds().try_for_each(|(repo, build)| self.build_root(&repo, &build.build).map(drop))
    }

    /// The store that a frozen snapshot is.
    pub fn frozen_store(&self, id: &str) -> Result<Self, StoreError> {
        let state = self.layout().frozen(id);
        Self::open(Arc::clone(self.vfs_shared()), StoreDirs { cache: state.join("cache"), state })
    }
}
