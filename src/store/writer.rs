//! [`Writer`]: the one writer of a store.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::durable::Unsynced;
use super::envelope;
use super::error::{StoreError, StoreNotice, io_at};
use super::layout::{FORMAT, FORMAT_FILE, MODE_FILE};
use super::lock::Holder;
use super::object::Staged;
use super::open::{FormatRecord, Store};
use crate::base::Clock;
use crate::base::hash::{Digest, KeyHasher};
use crate::base::vfs::{FileKind, LockGuard};

/// Holds the locks of cache and state. Threads may share it.
#[derive(Debug)]
pub struct Writer {
    store: Store,
    /// Canonical, for links that lead from one to the other.
    real_cache: PathBuf,
    real_state: PathBuf,
    another_device: bool,
    staged: Mutex<BTreeMap<Digest, Staged>>,
    /// Objects that this writer saw standing.
    present: Mutex<BTreeSet<Digest>>,
    unsynced: Mutex<Unsynced>,
    made_dirs: Mutex<BTreeSet<PathBuf>>,
    memo_sequence: Mutex<Option<u64>>,
    pub(super) publishing: Mutex<()>,
    /// What could not be synced.
    poisoned: OnceLock<PathBuf>,
    next_temporary: AtomicU64,
    notices: Mutex<Vec<StoreNotice>>,
    /// Last: released after everything else.
    _locks: [Box<dyn LockGuard>; 2],
}

/// `roots/<workspace>.json`: what garbage collection must respect. Of this machine, like the cache that it is in.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct WorkspaceRecord {
    format: u32,
    /// As text, for people.
    pub state: String,
    /// The path's bytes, where the text cannot hold them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_bytes: Option<Vec<u8>>,
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store {
    /// Becomes the one writer: waits up to `wait` for the locks, makes directories, removes what a killed writer
    /// left half-written, and repairs `latest`.
    pub fn writer(&self, clock: &dyn Clock, wait: Duration) -> Result<Writer, StoreError> {
        let layout = self.layout();
        for dir in [&layout.cache, &layout.state] {
            self.vfs().create_dir_all(dir).map_err(io_at("create", dir))?;
        }
        let real = |dir: &Path| self.vfs().canonicalize(dir).map_err(io_at("resolve", dir));
        let (real_cache, real_state) = (real(&layout.cache)?, real(&layout.state)?);
        if real_cache == real_state {
            return Err(StoreError::SameDirectory { state: real_state });
        }
        let locks = [self.lock(&layout.cache, wait)?, self.lock(&layout.state, wait)?];
        let device = |dir: &Path| self.vfs().stat(dir).map(|stat| stat.dev).map_err(io_at("look at", dir));
        let writer = Writer {
            store: self.clone(),
            another_device: device(&real_cache)? != device(&real_state)?,
            real_cache,
            real_state,
            staged: Mutex::default(),
            present: Mutex::default(),
            unsynced: Mutex::default(),
            made_dirs: Mutex::default(),
            memo_sequence: Mutex::default(),
            publishing: Mutex::default(),
            poisoned: OnceLock::new(),
            next_temporary: AtomicU64::new(0),
            notices: Mutex::default(),
            _locks: locks,
        };
        writer.prepare(clock)?;
        Ok(writer)
    }
}

impl Writer {
    fn prepare(&self, clock: &dyn Clock) -> Result<(), StoreError> {
        // Again, now that nobody else writes.
        self.store.check_formats()?;
        let layout = self.store.layout();
        for dir in layout.directories() {
            self.make_dir(&dir)?;
        }
        for dir in [layout.cache_tmp(), layout.state_tmp()] {
            self.remove_orphans(&dir)?;
        }
        for dir in [&layout.cache, &layout.state] {
            let path = dir.join(FORMAT_FILE);
            match self.store.format_record(dir) {
                Ok(Some(_)) => continue,
                Ok(None) if *dir == layout.cache && self.was_built() => {
                    self.notice(dir, "empty or removed: what this workspace had in it is made again");
                }
                Ok(None) => {}
                Err(e) if e.is_damage() => self.notice(&path, "damaged: written again"),
                Err(e) => return Err(e),
            }
            self.replace_record(&path, &FormatRecord { format: FORMAT })?;
        }
        if self.store.read_if_there(&layout.gitignore())?.is_none() {
            self.replace(&layout.gitignore(), b"*\n", MODE_FILE)?;
        }
        let holder = layout.holder();
        let bytes = envelope::seal(&layout.name_of(&holder), &Holder::this_process(clock.now()))?;
        let temporary = self.write_temporary(&layout.cache_tmp(), &bytes, MODE_FILE)?;
        self.rename(&temporary, &holder)?;
        self.register_workspace()?;
        self.look_at_suspects()?;
        self.look_at_ledger();
        self.repair_latest();
        self.index_snapshots_or_notice();
        Ok(())
    }

    /// Is there a HEAD, in whatever condition?
    fn was_built(&self) -> bool {
        !matches!(self.store.head(), Ok(None))
    }

    /// All temporaries are of dead writers: the lock is ours.
    pub(super) fn remove_orphans(&self, tmp: &Path) -> Result<(), StoreError> {
        let vfs = self.store.vfs();
        for entry in vfs.list(tmp).map_err(io_at("list", tmp))? {
            let path = tmp.join(entry.name);
            let removed = match entry.kind {
                FileKind::Dir => vfs.remove_dir_all(&path),
                _ => vfs.remove_file(&path),
            };
            removed.map_err(io_at("remove", &path))?;
        }
        Ok(())
    }

    /// Where this workspace is registered.
    pub(super) fn registration(&self) -> PathBuf {
        let bytes = self.real_state.as_os_str().as_encoded_bytes();
        self.store.layout().root_of_workspace(&KeyHasher::new("sawmill.workspace.v1").bytes(bytes).finish())
    }

    fn register_workspace(&self) -> Result<(), StoreError> {
        let path = self.registration();
        let bytes = self.real_state.as_os_str().as_encoded_bytes();
        let record = WorkspaceRecord {
            format: FORMAT,
            state: self.real_state.to_string_lossy().into_owned(),
            state_bytes: self.real_state.to_str().is_none().then(|| bytes.to_vec()),
        };
        match self.store.record::<WorkspaceRecord>(&path) {
            Ok(Some(there)) if there == record => Ok(()),
            Ok(_) | Err(StoreError::Damaged { .. }) => self.replace_record(&path, &record),
            Err(e) => Err(e),
        }
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What this writer set aside or could not repair.
    pub fn notices(&self) -> Vec<StoreNotice> {
        guard(&self.notices).clone()
    }

    pub(super) fn notice(&self, path: &Path, what: impl Into<String>) {
        guard(&self.notices).push(StoreNotice { path: path.to_owned(), what: what.into() });
    }

    pub(super) fn real_dirs(&self) -> (&Path, &Path) {
        (&self.real_cache, &self.real_state)
    }

    pub(super) fn state_is_another_device(&self) -> bool {
        self.another_device
    }

    pub(super) fn staged(&self) -> MutexGuard<'_, BTreeMap<Digest, Staged>> {
        guard(&self.staged)
    }

    pub(super) fn present(&self) -> MutexGuard<'_, BTreeSet<Digest>> {
        guard(&self.present)
    }

    pub(super) fn unsynced(&self) -> MutexGuard<'_, Unsynced> {
        guard(&self.unsynced)
    }

    pub(super) fn memo_sequence(&self) -> MutexGuard<'_, Option<u64>> {
        guard(&self.memo_sequence)
    }

    pub(super) fn poisoned(&self) -> &OnceLock<PathBuf> {
        &self.poisoned
    }

    /// Staged by this writer, or seen standing.
    pub(super) fn is_known(&self, hash: &Digest) -> bool {
        self.present().contains(hash) || self.staged().contains_key(hash)
    }

    /// Creates a directory and its parents inside the store.
    pub(super) fn make_dir(&self, dir: &Path) -> Result<(), StoreError> {
        if guard(&self.made_dirs).contains(dir) {
            return Ok(());
        }
        self.store.vfs().create_dir_all(dir).map_err(io_at("create", dir))?;
        let layout = self.store.layout();
        let inside = |dir: &Path| dir.starts_with(&layout.cache) || dir.starts_with(&layout.state);
        self.unsynced().dirs.extend(dir.ancestors().take_while(|dir| inside(dir)).map(Path::to_owned));
        guard(&self.made_dirs).insert(dir.to_owned());
        Ok(())
    }

    /// `dir` and what is in it are gone and will have to be made again.
    pub(super) fn forget_dirs(&self, dir: &Path) {
        guard(&self.made_dirs).retain(|made| !made.starts_with(dir));
    }

    /// A name in `tmp` that nothing has: the directory was emptied under the lock.
    pub(super) fn temporary_path(&self, tmp: &Path) -> PathBuf {
        tmp.join(self.next_temporary.fetch_add(1, Ordering::Relaxed).to_string())
    }

    pub(super) fn write_temporary(&self, tmp: &Path, bytes: &[u8], mode: u32) -> Result<PathBuf, StoreError> {
        let path = self.temporary_path(tmp);
        self.store.vfs().write_new(&path, bytes, mode).map_err(io_at("write", &path))?;
        self.unsynced().files.insert(path.clone());
        Ok(path)
    }

    /// Renames a temporary into its place, replacing what is there.
    pub(super) fn rename(&self, temporary: &Path, to: &Path) -> Result<(), StoreError> {
        self.store.vfs().rename(temporary, to).map_err(io_at("write", to))?;
        let mut unsynced = self.unsynced();
        if unsynced.files.remove(temporary) {
            unsynced.files.insert(to.to_owned());
        }
        unsynced.dirs.extend(to.parent().map(Path::to_owned));
        Ok(())
    }

    /// Replaces a file so that a power cut leaves the old one or the new one, whole.
    pub(super) fn replace(&self, path: &Path, bytes: &[u8], mode: u32) -> Result<(), StoreError> {
        let temporary = self.write_temporary(&self.store.layout().tmp_beside(path), bytes, mode)?;
        self.sync_file(&temporary)?;
        self.rename(&temporary, path)
    }

    pub(super) fn replace_record<T: Serialize>(&self, path: &Path, record: &T) -> Result<(), StoreError> {
        let bytes = envelope::seal(&self.store.layout().name_of(path), record)?;
        self.replace(path, &bytes, MODE_FILE)
    }

    /// Writes a file of the state whose name decides its content. One that stands is compared, never trusted: a
    /// power cut may have left it torn. A new one is not synced.
    pub(super) fn put_immutable(&self, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
        match self.store.read_if_there(path)? {
            Some(there) if there == bytes => {
                // Whoever wrote it may have been killed before it synced.
                let mut unsynced = self.unsynced();
                unsynced.files.insert(path.to_owned());
                unsynced.dirs.extend(path.parent().map(Path::to_owned));
                Ok(())
            }
            Some(_) => self.replace(path, bytes, MODE_FILE),
            None => {
                let temporary = self.write_temporary(&self.store.layout().state_tmp(), bytes, MODE_FILE)?;
                self.rename(&temporary, path)
            }
        }
    }

    pub(super) fn remove_if_there(&self, path: &Path) -> Result<(), StoreError> {
        self.unsynced().files.remove(path);
        match self.store.vfs().remove_file(path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_at("remove", path)(e)),
            _ => Ok(()),
        }
    }
}

/// What was staged and never committed is removed. If that fails the next writer does it.
impl Drop for Writer {
    fn drop(&mut self) {
        let staged = std::mem::take(&mut *self.staged());
        for staged in staged.into_values() {
            drop(self.discard(staged));
        }
    }
}
