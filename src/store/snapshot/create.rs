//! Making a snapshot, and changing its tags.
//!
//! A snapshot's directory comes into its place whole, by one rename of what is durable already: a snapshot that is
//! listed can be read.

use std::path::Path;
use std::sync::PoisonError;

use super::error::SnapshotError;
use super::model::{Origin, SnapshotRecord, SnapshotTags};
use super::read::Snapshot;
use super::tag::checked;
use crate::base::{Mode, Timestamp};
use crate::store::envelope;
use crate::store::error::{StoreError, io_at};
use crate::store::layout::{FORMAT, MODE_FILE, is_snapshot_id};
use crate::store::lease::Pinned;
use crate::store::model::{BuildRoot, RepoProvenance};
use crate::store::writer::Writer;

/// Bytes of a label at most.
const LABEL: usize = 200;
/// Bytes of the notes at most.
const NOTES: usize = 64 << 10;
/// Of one generation in one second.
const MOST: u32 = 9999;

/// What a person, or a step, says of a new snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSnapshot {
    pub created_at: Timestamp,
    pub origin: Origin,
    pub label: Option<String>,
    pub notes: Option<String>,
    pub tags: Vec<String>,
}

impl Writer {
    /// Makes a pointer to a pinned moment of this store, durably. The builds' roots are read again; their pieces were
    /// validated before they were promoted.
    pub fn create_snapshot(&self, pinned: &Pinned, new: &NewSnapshot) -> Result<Snapshot, SnapshotError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        let tags = checked(&new.tags)?;
        for (what, text, most) in [("label", &new.label, LABEL), ("notes", &new.notes, NOTES)] {
            if let Some(len) = text.as_ref().map(String::len).filter(|len| *len > most) {
                return Err(SnapshotError::TooLong { what, len, most });
            }
        }
        let record = self.record_of(pinned, new, tags)?;
        let layout = self.store().layout();
        if !self.store().vfs().exists(&layout.snapshots()).map_err(io_at("look at", &layout.snapshots()))? {
            self.make_dir(&layout.snapshots())?;
            self.sync_dir(&layout.state)?;
        }
        self.make_lease(&layout.lease(&record.generation))?;
        let dir = self.temporary_path(&layout.state_tmp());
        let put = self.stage_record(&dir, &record);
        if let Err(error) = put.and_then(|()| self.place_dir(&dir, &layout.snapshot(&record.id))) {
            self.discard_dir(&dir);
            return Err(error.into());
        }
        let tags = record.tags.clone();
        self.index_snapshots_or_notice();
        Ok(Snapshot { record, tags, frozen: None })
    }

    /// A directory with the record in it, durable. Two syncs of its own: a whole file system may have much to write.
    fn stage_record(&self, dir: &Path, record: &SnapshotRecord) -> Result<(), StoreError> {
        let path = self.store().layout().snapshot_record(&record.id);
        let bytes = envelope::seal(&self.store().layout().name_of(&path), record)?;
        let staged = dir.join(path.file_name().unwrap_or_default());
        self.make_dir(dir)?;
        self.store().vfs().write_new(&staged, &bytes, MODE_FILE).map_err(io_at("write", &staged))?;
        self.sync_file(&staged)?;
        self.sync_dir(dir)
    }

    fn record_of(
        &self,
        pinned: &Pinned,
        new: &NewSnapshot,
        tags: Vec<String>,
    ) -> Result<SnapshotRecord, SnapshotError> {
        if pinned.store().dirs() != self.store().dirs() {
            return Err(SnapshotError::Foreign);
        }
        let generation = pinned.generation();
        let stale: Vec<String> = generation.builds().filter(|(_, b)| b.stale).map(|(repo, _)| repo).collect();
        if !stale.is_empty() {
            return Err(SnapshotError::Stale { repos: stale });
        }
        let repos = generation.repos.keys();
        let roots = repos.map(|repo| pinned.build(repo)).collect::<Result<Vec<BuildRoot>, StoreError>>()?;
        let mut modes: Vec<Mode> = roots.iter().flat_map(|root| root.segments.iter().map(|s| s.mode)).collect();
        modes.sort_unstable();
        modes.dedup();
        let provenance = pinned.provenance().repos.iter();
        let provenance = provenance.filter(|(repo, _)| generation.repos.contains_key(*repo));
        Ok(SnapshotRecord {
            format: FORMAT,
            id: self.free_id(new.created_at, &generation.id)?,
            created_at: new.created_at,
            origin: new.origin,
            label: new.label.clone(),
            notes: new.notes.clone(),
            tags,
            modes,
            generation: generation.id.clone(),
            repos: generation.repos.clone(),
            workspace: generation.workspace.clone(),
            provenance: provenance.map(|(repo, of)| (repo.clone(), without_failure(of))).collect(),
        })
    }

    /// `snap-YYYYMMDD-HHMMSS-<6 hex of the generation>`, in UTC, and a counter if that is taken.
    fn free_id(&self, at: Timestamp, generation: &str) -> Result<String, SnapshotError> {
        let (year, month, day, hour, minute, second) = at.civil();
        let hex = generation.strip_prefix("g-").and_then(|hex| hex.get(..6)).unwrap_or_default();
        let first = format!("snap-{year:04}{month:02}{day:02}-{hour:02}{minute:02}{second:02}-{hex}");
        if !is_snapshot_id(&first) {
            return Err(StoreError::refused(format!("`{first}` names no snapshot")).into());
        }
        let ids = std::iter::once(first.clone()).chain((2..=MOST).map(|n| format!("{first}-{n}")));
        for id in ids {
            let path = self.store().layout().snapshot(&id);
            if !self.store().vfs().exists(&path).map_err(io_at("look at", &path))? {
                return Ok(id);
            }
        }
        Err(SnapshotError::TooMany)
    }

    /// Puts a directory of temporaries that is durable into its place, which is free.
    pub(super) fn place_dir(&self, staged: &Path, to: &Path) -> Result<(), StoreError> {
        self.forget_dirs(staged);
        self.rename(staged, to)?;
        match to.parent() {
            Some(parent) => self.sync_dir(parent),
            None => Ok(()),
        }
    }

    /// Removes a directory of temporaries whose making failed: that is told. If this fails too, the next writer does it.
    pub(super) fn discard_dir(&self, dir: &Path) {
        let mut unsynced = self.unsynced();
        unsynced.files.retain(|file| !file.starts_with(dir));
        unsynced.dirs.retain(|made| !made.starts_with(dir));
        drop(unsynced);
        self.forget_dirs(dir);
        drop(self.store().vfs().remove_dir_all(dir));
    }

    /// Sets the tags of a snapshot, durably; gives it as it stands then.
    pub fn set_snapshot_tags(&self, id: &str, tags: &[String]) -> Result<Snapshot, SnapshotError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        let tags = checked(tags)?;
        let mut snapshot = self.store().snapshot(id)?;
        if snapshot.tags == tags {
            return Ok(snapshot);
        }
        let path = self.store().layout().snapshot_tags(id);
        self.replace_record(&path, &SnapshotTags { format: FORMAT, tags: tags.clone() })?;
        self.sync_dir(&self.store().layout().snapshot(id))?;
        self.index_snapshots_or_notice();
        snapshot.tags = tags;
        Ok(snapshot)
    }
}

/// A failure of an earlier build tells of this machine, and the moment is whole.
fn without_failure(of: &RepoProvenance) -> RepoProvenance {
    RepoProvenance { failure: None, stale_since: None, ..of.clone() }
}
