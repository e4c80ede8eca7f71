//! Publishing. The order is the promise:
//!
//! 1. objects and the memo piece are written to temporaries, without names;
//! 2. one sync makes their bytes durable;
//! 3. objects get their names, and the directories are synced;
//! 4. the memo piece gets its name: it never refers to an object that is not durable;
//! 5. lists, roots, views of new builds, the generation, its provenance, its lease and HEAD's temporary are written;
//! 6. one sync makes all of it durable;
//! 7. HEAD is renamed into place and the state directory is synced: the generation is published;
//! 8. the generation's view and `latest` follow.
//!
//! A power cut before 7 leaves the old generation, after 7 the new one, whole either way.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use super::envelope;
use super::error::{StoreError, io_at};
use super::generation::{Head, generation_id};
use super::layout::{FORMAT, MODE_FILE};
use super::model::{Generation, MemoEntry, Provenance, RepoBuild};
use super::writer::Writer;
use crate::base::Digest;

impl Writer {
    /// Puts everything that was staged into place, durably, then remembers `entries`. Their objects must be staged
    /// or stand already. May be called several times in a run: what was committed survives a killed build.
    pub fn commit(&self, entries: Vec<MemoEntry>) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        self.set_damaged_pieces_aside()?;
        let staged = std::mem::take(&mut *self.staged());
        for output in entries.iter().flat_map(|entry| &entry.outputs) {
            let hash = &output.artifact;
            if !staged.contains_key(hash) && !self.present().contains(hash) && !self.store().has_object(hash)? {
                return Err(StoreError::refused(format!("a memo entry names object {hash}, which is not there")));
            }
        }
        let memo = self.write_memo(&entries)?;
        if !staged.is_empty() {
            let mut dirs: BTreeSet<PathBuf> = BTreeSet::new();
            for hash in staged.keys() {
                dirs.insert(self.make_object_dir(hash)?);
            }
            self.sync_everything(false)?;
            for (hash, staged) in &staged {
                self.place(hash, staged)?;
            }
            for dir in &dirs {
                self.sync_dir(dir)?;
            }
        }
        memo.map_or(Ok(()), |memo| self.publish_memo(&memo))
    }

    fn set_damaged_pieces_aside(&self) -> Result<(), StoreError> {
        for path in self.store().take_damaged() {
            // An equal piece, whole, may have taken its place meanwhile.
            if !self.piece_is_whole(&path)? {
                self.set_aside(&path)?;
                self.notice(&path, "damaged: set aside");
            }
        }
        Ok(())
    }

    /// Publishes a generation whose builds were put, and makes its view. Readers see it once HEAD is swapped; a
    /// failure before that leaves the old one, a failure after it is [`StoreError::View`].
    pub fn promote(&self, generation: &Generation, provenance: &Provenance) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.promote_held(generation, provenance)
    }

    /// [`promote`](Self::promote), by a caller that holds `publishing`.
    pub(super) fn promote_held(&self, generation: &Generation, provenance: &Provenance) -> Result<(), StoreError> {
        self.set_damaged_pieces_aside()?;
        self.check_generation(generation)?;
        self.make_build_views(generation)?;
        self.swap_head(generation, provenance)?;
        self.make_generation_view(generation)
            .map_err(|e| StoreError::View { generation: generation.id.clone(), source: Box::new(e) })
    }

    /// [`promote`](Self::promote) without the views, for a watch that makes them when it is idle
    /// ([`refresh_views`](Self::refresh_views)).
    pub fn promote_without_views(&self, generation: &Generation, provenance: &Provenance) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_generation(generation)?;
        self.swap_head(generation, provenance)
    }

    /// Makes the views of a published generation, and points `latest` there.
    pub fn refresh_views(&self, generation: &Generation) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        let made = self.make_build_views(generation).and_then(|()| self.sync_everything(true));
        made.and_then(|()| self.make_generation_view(generation))
            .map_err(|e| StoreError::View { generation: generation.id.clone(), source: Box::new(e) })
    }

    /// The id must be right and every build that the published generation does not have must be readable.
    fn check_generation(&self, generation: &Generation) -> Result<(), StoreError> {
        self.check_healthy()?;
        if generation.id != generation_id(&generation.repos, &generation.workspace) || generation.format != FORMAT {
            return Err(StoreError::refused(format!("the generation `{}` has another id or format", generation.id)));
        }
        let published = match self.store().head() {
            Ok(Some(head)) => self.store().generation(&head),
            Ok(None) => return self.check_builds(generation, None),
            Err(e) => Err(e),
        };
        match published {
            Ok(published) => self.check_builds(generation, Some(&published)),
            // What is damaged is about to be replaced.
            Err(e) if e.is_damage() => self.check_builds(generation, None),
            Err(e) => Err(e),
        }
    }

    fn check_builds(&self, generation: &Generation, published: Option<&Generation>) -> Result<(), StoreError> {
        let before: BTreeMap<String, &RepoBuild> = published.iter().flat_map(|published| published.builds()).collect();
        for (name, build) in generation.builds() {
            if before.get(&name).is_none_or(|before| before.build != build.build) {
                self.store().build_root(&name, &build.build)?;
            }
        }
        Ok(())
    }

    fn swap_head(&self, generation: &Generation, provenance: &Provenance) -> Result<(), StoreError> {
        let layout = self.store().layout();
        let path = layout.generation(&generation.id);
        self.put_immutable(&path, &envelope::seal(&layout.name_of(&path), generation)?)?;
        self.replace_record(&layout.provenance(&generation.id), provenance)?;
        self.make_lease(&layout.lease(&generation.id))?;
        let path = layout.head();
        let head = Head { format: FORMAT, generation: generation.id.clone() };
        let bytes = envelope::seal(&layout.name_of(&path), &head)?;
        let temporary = self.write_temporary(&layout.state_tmp(), &bytes, MODE_FILE)?;
        self.sync_everything(true)?;
        self.rename(&temporary, &path)?;
        self.sync_dir(&layout.state)
    }

    pub(super) fn make_lease(&self, path: &Path) -> Result<(), StoreError> {
        match self.store().vfs().write_new(path, b"", MODE_FILE) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(io_at("write", path)(e)),
            _ => Ok(()),
        }
    }

    /// Replaces what is known about a generation beside its content, as a build does that found nothing to do.
    pub fn refresh_provenance(&self, generation: &str, provenance: &Provenance) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        if !super::layout::is_id("g-", generation) {
            return Err(StoreError::refused(format!("`{generation}` names no generation")));
        }
        self.replace_record(&self.store().layout().provenance(generation), provenance)
    }

    /// Does this writer know the object to stand, or to be staged?
    pub fn has_object(&self, hash: &Digest) -> Result<bool, StoreError> {
        Ok(self.is_known(hash) || self.store().has_object(hash)?)
    }
}
