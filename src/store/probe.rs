//! Questions about the machine under a store: who holds the locks, and does the file system keep its promises?

use std::io;
use std::path::{Path, PathBuf};

use super::error::StoreError;
use super::layout::{LOCK_FILE, MODE_FILE};
use super::lock::Holder;
use super::open::Store;
use crate::base::Timestamp;
use crate::base::vfs::LockKind;

/// Who holds the lock of the one writer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LockState {
    /// Nothing was built yet.
    NoFile,
    Free,
    /// Process and since when, as it wrote itself down.
    Held(Option<(u32, Timestamp)>),
}

/// What a file system was seen to do. `Err`: what it said instead.
#[derive(Debug)]
pub struct Promises {
    /// A second lock is refused while the first is held, and given after.
    pub locks: io::Result<bool>,
    /// A rename refuses to replace.
    pub refuses: io::Result<bool>,
    /// One sync for the whole file system; without it each file is synced.
    pub syncs_all: io::Result<bool>,
    /// `a` and `A` are two files.
    pub case_sensitive: io::Result<bool>,
}

/// What became of the attempt to find out.
#[derive(Debug)]
pub enum Tried {
    Seen(Promises),
    /// There is no directory to try it in: nothing was built yet.
    NotBuilt,
    /// Nothing may be written there.
    ReadOnly(io::Error),
}

impl Store {
    /// Looks at the locks of cache and state without waiting. Takes a free one shared, for a moment.
    pub fn lock_state(&self) -> Result<LockState, StoreError> {
        let mut state = LockState::NoFile;
        for dir in [&self.layout().cache, &self.layout().state] {
            let path = dir.join(LOCK_FILE);
            let fail = |source| StoreError::Io { doing: "lock", path: path.clone(), source };
            if !self.vfs().exists(&path).map_err(fail)? {
                continue;
            }
            if self.vfs().try_lock(&path, LockKind::Shared).map_err(fail)?.is_none() {
                // A damaged note of the holder says as little as none.
                let holder = self.record::<Holder>(&self.layout().holder()).ok().flatten();
                return Ok(LockState::Held(holder.map(|holder| (holder.pid, holder.since))));
            }
            state = LockState::Free;
        }
        Ok(state)
    }

    /// Tries what the store relies on, in a directory of its own in `tmp` of the cache and of the state, and removes
    /// that.
    pub fn try_promises(&self) -> [(&'static str, Tried); 2] {
        let layout = self.layout();
        [("cache", self.try_in(&layout.cache_tmp())), ("state", self.try_in(&layout.state_tmp()))]
    }

    fn try_in(&self, tmp: &Path) -> Tried {
        if !self.vfs().exists(tmp).unwrap_or(false) {
            return Tried::NotBuilt;
        }
        let dir = tmp.join(format!("doctor-{}", std::process::id()));
        if let Err(e) = self.vfs().create_dir_all(&dir) {
            return Tried::ReadOnly(e);
        }
        let seen = Promises {
            locks: self.try_locks(&dir.join("lock")),
            refuses: self.try_refusal(&dir),
            syncs_all: match self.vfs().sync_all(&dir) {
                Ok(()) => Ok(true),
                Err(e) if e.kind() == io::ErrorKind::Unsupported => Ok(false),
                Err(e) => Err(e),
            },
            case_sensitive: self.try_case(&dir),
        };
        match self.vfs().remove_dir_all(&dir) {
            // A build that began meanwhile emptied `tmp`.
            Err(e) if e.kind() != io::ErrorKind::NotFound => Tried::ReadOnly(e),
            _ => Tried::Seen(seen),
        }
    }

    fn try_locks(&self, path: &Path) -> io::Result<bool> {
        let first = self.vfs().try_lock(path, LockKind::Exclusive)?;
        let second = self.vfs().try_lock(path, LockKind::Exclusive)?;
        let refused = first.is_some() && second.is_none();
        drop((first, second));
        Ok(refused && self.vfs().try_lock(path, LockKind::Exclusive)?.is_some())
    }

    fn try_refusal(&self, dir: &Path) -> io::Result<bool> {
        let (from, to) = (dir.join("from"), dir.join("to"));
        self.vfs().write_new(&from, b"", MODE_FILE)?;
        self.vfs().write_new(&to, b"", MODE_FILE)?;
        match self.vfs().rename_noreplace(&from, &to) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
            Ok(()) => return Ok(false),
        }
        self.vfs().remove_file(&to)?;
        self.vfs().rename_noreplace(&from, &to).map(|()| true)
    }

    fn try_case(&self, dir: &Path) -> io::Result<bool> {
        self.vfs().write_new(&dir.join("case"), b"", MODE_FILE)?;
        self.vfs().exists(&dir.join("CASE")).map(|folded| !folded)
    }

    /// Bytes free where cache and state are, or will be: (word, free).
    pub fn free_space(&self) -> [(&'static str, io::Result<Option<u64>>); 2] {
        let layout = self.layout();
        [("cache", self.free_at(&layout.cache)), ("state", self.free_at(&layout.state))]
    }

    fn free_at(&self, dir: &Path) -> io::Result<Option<u64>> {
        let there = dir.ancestors().find(|dir| self.vfs().exists(dir).unwrap_or(false)).map(PathBuf::from);
        there.map_or(Ok(None), |dir| self.vfs().free_space(&dir))
    }
}
