//! A file system in which one file has other bytes than it has.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use sawmill::base::vfs::{DirEntry, LockGuard, LockKind, Stat, Vfs};
use sawmill::base::{ByteSource, RelPath};

/// What the lens shows.
#[derive(Debug, Default)]
struct Shown {
    path: PathBuf,
    bytes: Arc<Vec<u8>>,
    /// How often those bytes were asked for.
    looks: usize,
}

/// Shows everything of the file system behind it as it is, but for one file. Cloning shares it.
#[derive(Clone, Debug)]
pub struct Lens {
    inner: Arc<dyn Vfs>,
    shown: Arc<Mutex<Shown>>,
}

impl Lens {
    pub fn new(inner: Arc<dyn Vfs>) -> Self {
        Self { inner, shown: Arc::default() }
    }

    /// From now on `path` holds `bytes`, and every other file its own.
    pub fn show(&self, path: &Path, bytes: Vec<u8>) {
        *self.shown.lock().unwrap() = Shown { path: path.to_owned(), bytes: Arc::new(bytes), looks: 0 };
    }

    /// How often the file's bytes were read since.
    pub fn looks(&self) -> usize {
        self.shown.lock().unwrap().looks
    }

    fn bytes(&self, path: &Path) -> Option<Arc<Vec<u8>>> {
        let mut shown = self.shown.lock().unwrap();
        (shown.path == path).then(|| {
            shown.looks += 1;
            Arc::clone(&shown.bytes)
        })
    }
}

impl Vfs for Lens {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.bytes(path).map_or_else(|| self.inner.read(path), |bytes| Ok(bytes.to_vec()))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>> {
        match self.bytes(path) {
            Some(bytes) => Ok(Box::new(bytes)),
            None => self.inner.open(path),
        }
    }

    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>> {
        self.inner.read_beneath(root, path, limit)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let stat = self.inner.stat(path)?;
        let shown = self.shown.lock().unwrap();
        Ok(if shown.path == path { Stat { size: shown.bytes.len(), ..stat } } else { stat })
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        self.inner.list(dir)
    }

    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        self.inner.list_stat(dir)
    }

    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.inner.create_dir_all(dir)
    }

    fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        self.inner.write_new(path, bytes, mode)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.inner.append(path, bytes)
    }

    fn copy_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        match self.bytes(from) {
            Some(bytes) => self.inner.write_new(to, &bytes, mode),
            None => self.inner.copy_file(from, to, mode),
        }
    }

    fn clone_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        match self.bytes(from) {
            Some(_) => Err(io::ErrorKind::Unsupported.into()),
            None => self.inner.clone_file(from, to, mode),
        }
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.hard_link(from, to)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.inner.sync_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.inner.sync_dir(dir)
    }

    fn sync_all(&self, dir: &Path) -> io::Result<()> {
        self.inner.sync_all(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename(from, to)
    }

    fn rename_noreplace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.inner.rename_noreplace(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.inner.remove_file(path)
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.inner.remove_dir_all(dir)
    }

    fn symlink(&self, target: &Path, link: &Path) -> io::Result<()> {
        self.inner.symlink(target, link)
    }

    fn read_link(&self, link: &Path) -> io::Result<PathBuf> {
        self.inner.read_link(link)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.inner.canonicalize(path)
    }

    fn try_lock(&self, path: &Path, kind: LockKind) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.inner.try_lock(path, kind)
    }

    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>> {
        self.inner.free_space(dir)
    }
}
