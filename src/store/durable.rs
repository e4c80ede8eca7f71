//! Syncing: what makes bytes and names survive a power cut, and what happens when that fails.
//!
//! One `syncfs` makes everything written so far durable. Where it is missing, each file and directory that this
//! writer touched is synced, and all object directories besides: a writer that was killed may have left names there
//! that were never synced and that we now refer to.
//!
//! A failed sync ends the writer. The kernel reports a write error once and may drop the pages, so that a second
//! sync would say success over lost bytes.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use super::error::{StoreError, io_at};
use super::writer::Writer;

/// What was written since the last sync.
#[derive(Debug, Default)]
pub(super) struct Unsynced {
    pub files: BTreeSet<PathBuf>,
    pub dirs: BTreeSet<PathBuf>,
}

impl Writer {
    pub(super) fn check_healthy(&self) -> Result<(), StoreError> {
        match self.poisoned().get() {
            Some(path) => Err(StoreError::Poisoned { path: path.clone() }),
            None => Ok(()),
        }
    }

    fn sync(&self, path: &Path, sync: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), StoreError> {
        self.check_healthy()?;
        sync(path).map_err(|e| {
            // The first one is told: what failed after it may only follow from it.
            self.poisoned().get_or_init(|| path.to_owned());
            io_at("sync", path)(e)
        })
    }

    pub(super) fn sync_file(&self, path: &Path) -> Result<(), StoreError> {
        self.sync(path, |path| self.store().vfs().sync_file(path))?;
        self.unsynced().files.remove(path);
        Ok(())
    }

    pub(super) fn sync_dir(&self, dir: &Path) -> Result<(), StoreError> {
        self.sync(dir, |dir| self.store().vfs().sync_dir(dir))?;
        self.unsynced().dirs.remove(dir);
        Ok(())
    }

    /// Makes everything that was written to the cache durable, and to the state if it is asked for.
    pub(super) fn sync_everything(&self, state_too: bool) -> Result<(), StoreError> {
        let layout = self.store().layout();
        let mut areas = vec![&layout.cache];
        if state_too && self.state_is_another_device() {
            areas.push(&layout.state);
        }
        for area in areas {
            self.check_healthy()?;
            match self.store().vfs().sync_all(area) {
                Err(e) if e.kind() == io::ErrorKind::Unsupported => return self.sync_each(),
                done => self.sync(area, |_| done)?,
            }
        }
        *self.unsynced() = Unsynced::default();
        Ok(())
    }

    fn sync_each(&self) -> Result<(), StoreError> {
        let Unsynced { files, mut dirs } = std::mem::take(&mut *self.unsynced());
        let layout = self.store().layout();
        let objects = layout.objects();
        for entry in self.store().vfs().list(&objects).map_err(io_at("list", &objects))? {
            dirs.insert(objects.join(entry.name));
        }
        dirs.extend([layout.cache.clone(), layout.state.clone(), objects]);
        dirs.extend(layout.directories());
        for file in files {
            self.sync(&file, |file| self.store().vfs().sync_file(file))?;
        }
        for dir in dirs {
            self.sync(&dir, |dir| self.store().vfs().sync_dir(dir))?;
        }
        Ok(())
    }
}
