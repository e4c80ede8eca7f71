//! Freezing: a snapshot becomes a store of its own.
//!
//! 1. The copy is made among the temporaries: records, lists, views, then the objects, by reflink where the file
//!    system can, else byte by byte, else (only where asked for) by hard link.
//! 2. Everything is read back: each object is hashed, and the records are read as a reader will.
//! 3. It is synced, and renamed to `snapshots/<id>/frozen`.
//! 4. `frozen.json` is written. Until then the snapshot is a pointer.
//!
//! What goes wrong before 4 leaves the pointer as it was. What a killed writer leaves among the temporaries is removed
//! by the next one at once, however young it is: it has the lock, so nobody works on it. A directory `frozen` without
//! its record, from a writer that was killed between 3 and 4, means nothing, and is removed by the next freeze.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::PoisonError;

use super::error::SnapshotError;
use super::model::{FreezeMethod, FrozenRecord};
use super::read::Snapshot;
use super::stage::Stage;
use crate::base::cancel::Cancel;
use crate::base::{Digest, Timestamp, parallel};
use crate::store::error::{StoreError, io_at};
use crate::store::layout::{BLOCKS_ABOVE, FORMAT};
use crate::store::lease::Pinned;
use crate::store::object::{ExportError, Transfer};
use crate::store::refs::{Ref, RefError};
use crate::store::writer::Writer;

/// From this many objects on several threads copy.
const MANY: usize = 64;

/// How to freeze.
#[derive(Clone, Debug)]
pub struct Freeze {
    pub now: Timestamp,
    /// Hard links: no room, and no safety from damage to the cache.
    pub link: bool,
    pub cancel: Cancel,
}

impl Writer {
    /// Freezes a snapshot, durably; gives it as it stands then. One that is frozen stays as it is.
    pub fn freeze_snapshot(&self, id: &str, how: &Freeze) -> Result<Snapshot, SnapshotError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        let mut snapshot = self.store().snapshot(id)?;
        if snapshot.frozen.is_some() {
            return Ok(snapshot);
        }
        if let Some(left) = self.move_away(&self.store().layout().frozen(id))? {
            self.store().vfs().remove_dir_all(&left).map_err(io_at("remove", &left))?;
        }
        let pinned = self.store().pin_at(&Ref::Snapshot(id.to_owned()), None).map_err(|e| match e {
            RefError::Store(e) => e,
            // Nobody collects it: this is the writer.
            other => StoreError::refused(other.to_string()),
        })?;
        let stage = Stage::new(self);
        let record = self.fill(&stage, &pinned, how).and_then(|record| {
            stage.read_back()?;
            self.sync_everything(true)?;
            self.place_dir(stage.dir(), &self.store().layout().frozen(id))?;
            Ok(record)
        });
        let record = record.inspect_err(|_| self.discard_dir(stage.dir()))?;
        self.put_frozen_record(id, &record)?;
        self.index_snapshots_or_notice();
        snapshot.frozen = Some(record);
        Ok(snapshot)
    }

    /// Makes the copy, every object of it read back.
    fn fill(&self, stage: &Stage<'_>, pinned: &Pinned, how: &Freeze) -> Result<FrozenRecord, SnapshotError> {
        self.make_dir(stage.dir())?;
        let mut left = stage.put_records(pinned)?;
        let files = left.len() as u64;
        let mut transfer = if how.link { Transfer::Link } else { Transfer::Clone };
        let mut bytes = 0;
        // The first one tells whether the file system can.
        if let Some(first) = left.pop_first() {
            bytes += match self.export(stage, &first, transfer, how) {
                Err(ExportError::CannotBe(_)) if transfer == Transfer::Clone => {
                    transfer = Transfer::Copy;
                    self.export(stage, &first, transfer, how)
                }
                other => other,
            }
            .map_err(|e| told(e, &first))?;
        }
        bytes += self.export_all(stage, &left, transfer, how)?;
        let method = match transfer {
            Transfer::Clone => FreezeMethod::Reflink,
            Transfer::Copy => FreezeMethod::Copy,
            Transfer::Link => FreezeMethod::Link,
        };
        Ok(FrozenRecord { format: FORMAT, frozen_at: how.now, method, files, bytes })
    }

    fn export_all(
        &self,
        stage: &Stage<'_>,
        objects: &BTreeSet<Digest>,
        transfer: Transfer,
        how: &Freeze,
    ) -> Result<u64, SnapshotError> {
        let objects: Vec<Digest> = objects.iter().copied().collect();
        let threads = if objects.len() < MANY { 1 } else { parallel::available() };
        // What one thread meets stops the others at their next object.
        let failed = Cancel::new();
        let brought = parallel::map(threads, &objects, |hash| {
            if failed.is_cancelled() {
                return Ok(0);
            }
            self.export(stage, hash, transfer, how).map_err(|e| told(e, hash)).inspect_err(|_| failed.cancel())
        });
        brought.into_iter().sum()
    }

    fn export(&self, stage: &Stage<'_>, hash: &Digest, transfer: Transfer, how: &Freeze) -> Result<u64, ExportError> {
        if how.cancel.is_cancelled() {
            return Err(ExportError::Cancelled);
        }
        let (object, blocks) = stage.place_of(hash)?;
        let len = self.store().export_object(hash, &object, &blocks, transfer)?;
        stage.wrote(object);
        if len > BLOCKS_ABOVE as u64 {
            stage.wrote(blocks);
        }
        Ok(len)
    }

    /// The last step. If it fails the copy goes again, once it is sure that no record speaks of it.
    fn put_frozen_record(&self, id: &str, record: &FrozenRecord) -> Result<(), SnapshotError> {
        let layout = self.store().layout();
        let (path, dir) = (layout.frozen_record(id), layout.snapshot(id));
        let put = self.replace_record(&path, record).and_then(|()| self.sync_dir(&dir));
        put.inspect_err(|_| drop(self.take_frozen_back(&path, &dir, &layout.frozen(id)))).map_err(Into::into)
    }

    fn take_frozen_back(&self, record: &Path, dir: &Path, frozen: &Path) -> Result<(), StoreError> {
        self.remove_if_there(record)?;
        self.sync_dir(dir)?;
        match self.move_away(frozen)? {
            Some(away) => self.store().vfs().remove_dir_all(&away).map_err(io_at("remove", &away)),
            None => Ok(()),
        }
    }
}

fn told(error: ExportError, object: &Digest) -> SnapshotError {
    match error {
        ExportError::CannotBe(source) => SnapshotError::NoLink(source),
        ExportError::BadCopy => SnapshotError::BadCopy { object: object.short() },
        ExportError::Cancelled => SnapshotError::Cancelled,
        ExportError::Store(error) => error.into(),
    }
}
