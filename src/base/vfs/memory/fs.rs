//! [`MemoryFs`].

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rustix::io::Errno;

use super::super::{DirEntry, FileKind, LockGuard, LockKind, Stat, Vfs};
use super::crash::Dice;
use super::tree::{Body, Ino, ROOT, Tree};
use crate::base::bytes::ByteSource;
use crate::base::clock::Timestamp;
use crate::base::path::RelPath;

/// A file system in memory. Cloning shares it.
#[derive(Clone, Debug)]
pub struct MemoryFs(Arc<Mutex<Tree>>);

impl Default for MemoryFs {
    fn default() -> Self {
        Self::new()
    }
}

impl MemoryFs {
    /// Empty, with the root directory `/`.
    pub fn new() -> Self {
        Self::of(Tree::new())
    }

    pub(super) fn of(tree: Tree) -> Self {
        Self(Arc::new(Mutex::new(tree)))
    }

    pub(super) fn tree(&self) -> MutexGuard<'_, Tree> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes a file for a test: parents are created, an existing file is replaced.
    pub fn put(&self, path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        let path = path.as_ref();
        self.create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
        match self.remove_file(path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        self.write_new(path, bytes.as_ref(), 0o644)
    }

    /// Reading the file, or listing the directory, fails from now on with `EACCES`.
    pub fn set_unreadable(&self, path: impl AsRef<Path>, unreadable: bool) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(path.as_ref(), false)?.ino;
        tree.node_mut(ino)?.unreadable = unreadable;
        Ok(())
    }

    /// Sets the time of last change of the bytes, as `touch` and archives do. The other time moves to now.
    pub fn set_mtime(&self, path: impl AsRef<Path>, mtime: Timestamp) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(path.as_ref(), false)?.ino;
        let now = tree.tick();
        let node = tree.node_mut(ino)?;
        (node.mtime, node.ctime) = (mtime, now);
        Ok(())
    }

    /// Moves the logical clock on. It also moves by a millisecond with each change.
    pub fn advance(&self, by: Duration) {
        let mut tree = self.tree();
        tree.now = Timestamp(tree.now.0.saturating_add(i64::try_from(by.as_nanos()).unwrap_or(i64::MAX)));
    }

    pub fn now(&self) -> Timestamp {
        self.tree().now
    }

    /// Listings come in an order that the seed decides; sorted by name without one.
    pub fn shuffle_listings(&self, seed: Option<u64>) {
        self.tree().shuffle = seed;
    }

    /// `sync_all` answers `Unsupported`, as on systems that have no `syncfs`.
    pub fn without_sync_all(&self) {
        self.tree().sync_all_missing = true;
    }

    /// Files can be cloned, as on btrfs and XFS; else [`clone_file`](Vfs::clone_file) answers `Unsupported`.
    pub fn with_clones(&self) {
        self.tree().clones = true;
    }

    /// Every sync says success and makes nothing durable: a disk that lies, or a forgotten sync.
    pub fn sync_nothing(&self) {
        self.tree().sync_nothing = true;
    }

    /// Makes the directory and what will be created in it another device: no rename leads in or out.
    pub fn mount(&self, dir: impl AsRef<Path>, dev: u64) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(dir.as_ref(), true)?.ino;
        tree.node_mut(ino)?.dev = dev;
        Ok(())
    }

    fn listing(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        let tree = self.tree();
        let ino = tree.find(dir, true)?.ino;
        if tree.node(ino)?.unreadable {
            return Err(Errno::ACCESS.into());
        }
        let entries = tree.entries(ino)?;
        let mut out =
            entries.iter().map(|(name, ino)| Ok((name.clone(), tree.stat(*ino)?))).collect::<io::Result<Vec<_>>>()?;
        if let Some(seed) = tree.shuffle {
            let mut dice = Dice(seed);
            for at in (1..out.len()).rev() {
                out.swap(at, dice.below(at + 1));
            }
        }
        Ok(out)
    }

    fn move_entry(&self, from: &Path, to: &Path, replace: bool) -> io::Result<()> {
        let mut tree = self.tree();
        let (from_dir, from_name) = tree.find_parent(from)?;
        let (to_dir, to_name) = tree.find_parent(to)?;
        let ino = *tree.entries(from_dir)?.get(&from_name).ok_or_else(|| io::Error::from(Errno::NOENT))?;
        if tree.node(ino)?.dev != tree.node(to_dir)?.dev {
            return Err(Errno::XDEV.into());
        }
        if let Some(there) = tree.entries(to_dir)?.get(&to_name).copied() {
            if !replace {
                return Err(Errno::EXIST.into());
            }
            may_replace(&tree, ino, there)?;
        }
        tree.entries_mut(from_dir)?.remove(&from_name);
        tree.entries_mut(to_dir)?.insert(to_name, ino);
        let now = tree.now;
        tree.node_mut(ino)?.ctime = now;
        Ok(())
    }
}

/// `rename(2)`: a directory replaces an empty directory, anything else replaces anything else.
fn may_replace(tree: &Tree, what: Ino, there: Ino) -> io::Result<()> {
    let is_dir = |ino| Ok::<_, io::Error>(matches!(tree.node(ino)?.body, Body::Dir { .. }));
    match (is_dir(what)?, is_dir(there)?) {
        (true, true) if !tree.entries(there)?.is_empty() => Err(Errno::NOTEMPTY.into()),
        (true, false) => Err(Errno::NOTDIR.into()),
        (false, true) => Err(Errno::ISDIR.into()),
        _ => Ok(()),
    }
}

#[derive(Debug)]
struct HeldLock {
    fs: MemoryFs,
    ino: Ino,
    kind: LockKind,
}

impl LockGuard for HeldLock {}

impl Drop for HeldLock {
    fn drop(&mut self) {
        self.fs.tree().unlock(self.ino, self.kind);
    }
}

impl Vfs for MemoryFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let tree = self.tree();
        Ok(tree.bytes(tree.find(path, false)?.ino)?.to_vec())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>> {
        let tree = self.tree();
        Ok(Box::new(tree.bytes(tree.find(path, false)?.ino)?))
    }

    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>> {
        let tree = self.tree();
        let root = tree.find(root, true)?.path();
        let found = path.under(&root);
        // Where a link was followed, the walk ends somewhere else than at the path itself.
        let at = tree.find(&found, false)?;
        let ino = at.ino;
        if at.path() != found {
            return Err(Errno::LOOP.into());
        }
        let bytes = tree.bytes(ino)?;
        if bytes.len() > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes.to_vec())
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let tree = self.tree();
        tree.stat(tree.find(path, false)?.ino)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        Ok(self.listing(dir)?.into_iter().map(|(name, stat)| DirEntry { name, kind: stat.kind }).collect())
    }

    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        self.listing(dir)
    }

    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let mut path = PathBuf::from("/");
        for part in dir.components().skip_while(|part| matches!(part, std::path::Component::RootDir)) {
            path.push(part);
            match tree.find(&path, true) {
                Ok(found) => {
                    tree.entries(found.ino)?;
                }
                Err(e) if e.kind() == io::ErrorKind::NotFound => {
                    let (parent, name) = tree.find_parent(&path)?;
                    let body = Body::Dir { entries: BTreeMap::new(), synced: BTreeMap::new() };
                    tree.create(parent, &name, body, 0o755)?;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        let mut tree = self.tree();
        let (parent, name) = tree.find_parent(path)?;
        tree.create(parent, &name, Body::File { bytes: Arc::new(bytes.to_vec()), synced: 0 }, mode)?;
        Ok(())
    }

    fn append(&self, path: &Path, more: &[u8]) -> io::Result<()> {
        let found = self.tree().find(path, true);
        let ino = match found {
            Ok(found) => found.ino,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return self.write_new(path, more, 0o644),
            Err(e) => return Err(e),
        };
        let mut tree = self.tree();
        let now = tree.tick();
        let node = tree.node_mut(ino)?;
        match &mut node.body {
            Body::File { bytes, .. } => Arc::make_mut(bytes).extend_from_slice(more),
            _ => return Err(Errno::ISDIR.into()),
        }
        (node.mtime, node.ctime) = (now, now);
        Ok(())
    }

    fn copy_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        let bytes = self.read(from)?;
        self.write_new(to, &bytes, mode)
    }

    fn clone_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        let clones = self.tree().clones;
        if clones { self.copy_file(from, to, mode) } else { Err(io::ErrorKind::Unsupported.into()) }
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(from, false)?.ino;
        let (parent, name) = tree.find_parent(to)?;
        if matches!(tree.node(ino)?.body, Body::Dir { .. }) {
            return Err(Errno::PERM.into());
        }
        if tree.entries(parent)?.contains_key(&name) {
            return Err(Errno::EXIST.into());
        }
        if tree.node(ino)?.dev != tree.node(parent)?.dev {
            return Err(Errno::XDEV.into());
        }
        tree.entries_mut(parent)?.insert(name, ino);
        Ok(())
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(path, false)?.ino;
        let nothing = tree.sync_nothing;
        match &mut tree.node_mut(ino)?.body {
            Body::File { .. } if nothing => {}
            Body::File { bytes, synced } => *synced = bytes.as_slice().len(),
            _ => return Err(Errno::INVAL.into()),
        }
        Ok(())
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(dir, true)?.ino;
        let nothing = tree.sync_nothing;
        match &mut tree.node_mut(ino)?.body {
            Body::Dir { .. } if nothing => {}
            Body::Dir { entries, synced } => synced.clone_from(entries),
            _ => return Err(Errno::NOTDIR.into()),
        }
        Ok(())
    }

    fn sync_all(&self, dir: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        if tree.sync_all_missing {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let ino = tree.find(dir, true)?.ino;
        if tree.sync_nothing {
            return Ok(());
        }
        let dev = tree.node(ino)?.dev;
        for node in tree.nodes.values_mut().filter(|node| node.dev == dev) {
            match &mut node.body {
                Body::File { bytes, synced } => *synced = bytes.as_slice().len(),
                Body::Dir { entries, synced } => synced.clone_from(entries),
                Body::Link(_) => {}
            }
        }
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.move_entry(from, to, true)
    }

    fn rename_noreplace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.move_entry(from, to, false)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(path, false)?.ino;
        if matches!(tree.node(ino)?.body, Body::Dir { .. }) {
            return Err(Errno::ISDIR.into());
        }
        let (parent, name) = tree.find_parent(path)?;
        tree.entries_mut(parent)?.remove(&name);
        Ok(())
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let ino = tree.find(dir, false)?.ino;
        if ino == ROOT {
            return Err(Errno::BUSY.into());
        }
        tree.entries(ino)?;
        let (parent, name) = tree.find_parent(dir)?;
        tree.entries_mut(parent)?.remove(&name);
        Ok(())
    }

    fn symlink(&self, target: &Path, link: &Path) -> io::Result<()> {
        let mut tree = self.tree();
        let (parent, name) = tree.find_parent(link)?;
        tree.create(parent, &name, Body::Link(target.to_owned()), 0o777)?;
        Ok(())
    }

    fn read_link(&self, link: &Path) -> io::Result<PathBuf> {
        let tree = self.tree();
        match &tree.node(tree.find(link, false)?.ino)?.body {
            Body::Link(target) => Ok(target.clone()),
            _ => Err(Errno::INVAL.into()),
        }
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(self.tree().find(path, true)?.path())
    }

    fn try_lock(&self, path: &Path, kind: LockKind) -> io::Result<Option<Box<dyn LockGuard>>> {
        let mut tree = self.tree();
        let ino = match tree.find(path, true) {
            Ok(found) => found.ino,
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let (parent, name) = tree.find_parent(path)?;
                tree.create(parent, &name, Body::File { bytes: Arc::default(), synced: 0 }, 0o644)?
            }
            Err(e) => return Err(e),
        };
        if matches!(tree.node(ino)?.body, Body::Dir { .. } | Body::Link(_)) {
            return Err(Errno::ISDIR.into());
        }
        let locked = tree.lock(ino, kind);
        Ok(locked.then(|| Box::new(HeldLock { fs: self.clone(), ino, kind }) as Box<dyn LockGuard>))
    }

    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>> {
        match self.stat(dir)?.kind {
            FileKind::Dir => Ok(None),
            _ => Err(Errno::NOTDIR.into()),
        }
    }
}
