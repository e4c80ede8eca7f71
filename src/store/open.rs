//! [`Store`]: the two directories, opened for reading.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::envelope::{self, Unbelieved};
use super::error::{StoreError, io_at};
use super::layout::{FORMAT, FORMAT_FILE, Layout};
use crate::base::Digest;
use crate::base::vfs::{FileKind, Vfs};

/// Where a store is, on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreDirs {
    pub cache: PathBuf,
    pub state: PathBuf,
}

/// A store. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    vfs: Arc<dyn Vfs>,
    dirs: StoreDirs,
    layout: Layout,
    /// Damaged pieces that readers of this store met; the writer sets them aside.
    damaged: Mutex<Vec<PathBuf>>,
}

/// `format.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FormatRecord {
    pub format: u32,
}

impl Store {
    /// Opens for reading and creates nothing. Directories that are not there yet are a store in which nothing was
    /// built. One of a newer format is refused.
    pub fn open(vfs: Arc<dyn Vfs>, dirs: StoreDirs) -> Result<Self, StoreError> {
        let layout = Layout { cache: dirs.cache.clone(), state: dirs.state.clone() };
        let store = Self { shared: Arc::new(Shared { vfs, dirs, layout, damaged: Mutex::default() }) };
        store.check_formats()?;
        Ok(store)
    }

    pub fn dirs(&self) -> &StoreDirs {
        &self.shared.dirs
    }

    pub(super) fn vfs(&self) -> &dyn Vfs {
        self.shared.vfs.as_ref()
    }

    pub(super) fn vfs_shared(&self) -> &Arc<dyn Vfs> {
        &self.shared.vfs
    }

    pub(super) fn layout(&self) -> &Layout {
        &self.shared.layout
    }

    /// Refuses a newer format. A damaged `format.json` says nothing: every record carries its own format too, and
    /// the next writer writes the file again.
    pub(super) fn check_formats(&self) -> Result<(), StoreError> {
        for dir in [&self.layout().cache, &self.layout().state] {
            match self.format_record(dir) {
                Err(e) if !e.is_damage() => return Err(e),
                _ => {}
            }
        }
        Ok(())
    }

    pub(super) fn format_record(&self, dir: &Path) -> Result<Option<FormatRecord>, StoreError> {
        let path = dir.join(FORMAT_FILE);
        let Some(bytes) = self.read_if_there(&path)? else { return Ok(None) };
        match envelope::foreign_format(&bytes) {
            Some(found) if found > u64::from(FORMAT) => Err(StoreError::Newer { path, found, known: FORMAT }),
            _ => self.unseal(&path, &bytes).map(Some),
        }
    }

    /// The file's bytes; `None` when it is not there.
    pub(super) fn read_if_there(&self, path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
        match self.vfs().read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io_at("read", path)(e)),
        }
    }

    /// What `of` makes of the names in a directory, sorted; nothing where it is not there.
    pub(super) fn names_under(
        &self,
        dir: &Path,
        of: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<String>, StoreError> {
        let entries = match self.vfs().list(dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(io_at("list", dir)(e)),
        };
        let mut names: Vec<String> = entries.iter().filter_map(|entry| of(entry.name.to_str()?)).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// A checksummed record; `None` when it is not there.
    pub(super) fn record<T: DeserializeOwned>(&self, path: &Path) -> Result<Option<T>, StoreError> {
        self.read_if_there(path)?.map(|bytes| self.unseal(path, &bytes)).transpose()
    }

    pub(super) fn unseal<T: DeserializeOwned>(&self, path: &Path, bytes: &[u8]) -> Result<T, StoreError> {
        envelope::unseal(&self.layout().name_of(path), bytes).map_err(|e| unbelieved(path, e))
    }

    /// Is the object there? Its bytes are not looked at.
    pub fn has_object(&self, hash: &Digest) -> Result<bool, StoreError> {
        Ok(self.object_size(hash)?.is_some())
    }

    /// Bytes of the object, if it is there. They are not looked at.
    pub fn object_size(&self, hash: &Digest) -> Result<Option<u64>, StoreError> {
        let path = self.object_path(hash);
        match self.vfs().stat(&path) {
            Ok(stat) => Ok((stat.kind == FileKind::File).then_some(stat.size)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(io_at("look at", &path)(e)),
        }
    }

    pub fn object_path(&self, hash: &Digest) -> PathBuf {
        self.layout().object(hash)
    }

    pub(super) fn remember_damaged(&self, paths: impl IntoIterator<Item = PathBuf>) {
        let mut damaged = self.shared.damaged.lock().unwrap_or_else(PoisonError::into_inner);
        for path in paths {
            if !damaged.contains(&path) {
                damaged.push(path);
            }
        }
    }

    pub(super) fn take_damaged(&self) -> Vec<PathBuf> {
        std::mem::take(&mut *self.shared.damaged.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(super) fn unbelieved(path: &Path, why: Unbelieved) -> StoreError {
    let path = path.to_owned();
    match why {
        Unbelieved::Damaged(what) => StoreError::Damaged { path, what },
        Unbelieved::Newer(found) => StoreError::Newer { path, found, known: FORMAT },
    }
}
