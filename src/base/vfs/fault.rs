//! A file system that fails on demand, and counts what it is asked.
//!
//! Every operation has a number, from zero, among all operations and, if it changes something, among those that
//! do. A test runs a scenario once to learn how many there are and then once for each number, failing that
//! operation alone or all from it on. The latter, followed by a power cut of the memory file system underneath, is
//! a machine that dies at that moment.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::io::Errno;

use super::{DirEntry, LockGuard, LockKind, Stat, Vfs};
use crate::base::bytes::ByteSource;
use crate::base::path::RelPath;

/// How an operation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `NOSPC`, `IO`, `ACCESS`, `MFILE` …; the operation does nothing.
    Errno(Errno),
    /// The operation does nothing.
    Kind(io::ErrorKind),
    /// A write leaves the first half of its bytes, then the disk is full. Other operations: as `Errno(NOSPC)`.
    ShortWrite,
}

impl Failure {
    fn error(self) -> io::Error {
        match self {
            Self::Errno(errno) => errno.into(),
            Self::Kind(kind) => kind.into(),
            Self::ShortWrite => Errno::NOSPC.into(),
        }
    }
}

/// Which operations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the first one that does.
    pub at: usize,
    /// Count only operations that change something.
    pub mutating: bool,
    /// All of them from there on, not that one alone.
    pub lasting: bool,
    pub failure: Failure,
}

/// One operation as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The method of [`Vfs`]; `read_at` for a read of an open file.
    pub name: &'static str,
    pub path: PathBuf,
    pub mutating: bool,
    pub failed: bool,
}

#[derive(Debug, Default)]
struct State {
    fault: Option<Fault>,
    log: Vec<Operation>,
    mutating: usize,
}

/// Wraps a file system. Cloning shares counters and fault.
#[derive(Clone, Debug)]
pub struct FaultFs {
    inner: Arc<dyn Vfs>,
    state: Arc<Mutex<State>>,
}

impl FaultFs {
    /// Fails nothing until told to.
    pub fn new(inner: Arc<dyn Vfs>) -> Self {
        Self { inner, state: Arc::default() }
    }

    /// Forgets what was counted and fails by `fault` from now on.
    pub fn arm(&self, fault: Option<Fault>) {
        *self.state() = State { fault, ..State::default() };
    }

    /// What was asked since the last [`arm`](Self::arm), in order.
    pub fn operations(&self) -> Vec<Operation> {
        self.state().log.clone()
    }

    /// (all, those that change something)
    pub fn counts(&self) -> (usize, usize) {
        let state = self.state();
        (state.log.len(), state.mutating)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts an operation; the failure that it meets, if any.
    fn meet(&self, name: &'static str, path: &Path, mutating: bool) -> Option<Failure> {
        let mut state = self.state();
        let failure = state.fault.and_then(|fault| {
            let number = match (fault.mutating, mutating) {
                (true, true) => state.mutating,
                (true, false) => return None,
                (false, _) => state.log.len(),
            };
            let hit = if fault.lasting { number >= fault.at } else { number == fault.at };
            hit.then_some(fault.failure)
        });
        state.mutating += usize::from(mutating);
        state.log.push(Operation { name, path: path.to_owned(), mutating, failed: failure.is_some() });
        failure
    }

    fn reading(&self, name: &'static str, path: &Path) -> io::Result<()> {
        self.meet(name, path, false).map_or(Ok(()), |failure| Err(failure.error()))
    }

    fn changing(&self, name: &'static str, path: &Path) -> io::Result<()> {
        self.meet(name, path, true).map_or(Ok(()), |failure| Err(failure.error()))
    }

    fn writing(
        &self,
        name: &'static str,
        path: &Path,
        bytes: &[u8],
        write: impl Fn(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        match self.meet(name, path, true) {
            None => write(bytes),
            Some(Failure::ShortWrite) => {
                write(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
                Err(Failure::ShortWrite.error())
            }
            Some(failure) => Err(failure.error()),
        }
    }
}

/// An open file whose reads are counted too.
struct FaultSource {
    inner: Box<dyn ByteSource>,
    fs: FaultFs,
    path: PathBuf,
}

impl ByteSource for FaultSource {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        self.fs.reading("read_at", &self.path)?;
        self.inner.read_at(offset, len)
    }
}

impl Vfs for FaultFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.reading("read", path)?;
        self.inner.read(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>> {
        self.reading("open", path)?;
        let inner = self.inner.open(path)?;
        Ok(Box::new(FaultSource { inner, fs: self.clone(), path: path.to_owned() }))
    }

    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>> {
        self.reading("read_beneath", &path.under(root))?;
        self.inner.read_beneath(root, path, limit)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        self.reading("stat", path)?;
        self.inner.stat(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        self.reading("list", dir)?;
        self.inner.list(dir)
    }

    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        self.reading("list_stat", dir)?;
        self.inner.list_stat(dir)
    }

    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.changing("create_dir_all", dir)?;
        self.inner.create_dir_all(dir)
    }

    fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        self.writing("write_new", path, bytes, |bytes| self.inner.write_new(path, bytes, mode))
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.writing("append", path, bytes, |bytes| self.inner.append(path, bytes))
    }

    fn copy_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        match self.meet("copy_file", to, true) {
            None => self.inner.copy_file(from, to, mode),
            Some(Failure::ShortWrite) => {
                let bytes = self.inner.read(from)?;
                self.inner.write_new(to, bytes.get(..bytes.len() / 2).unwrap_or_default(), mode)?;
                Err(Failure::ShortWrite.error())
            }
            Some(failure) => Err(failure.error()),
        }
    }

    fn clone_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        self.changing("clone_file", to)?;
        self.inner.clone_file(from, to, mode)
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changing("hard_link", to)?;
        self.inner.hard_link(from, to)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        self.changing("sync_file", path)?;
        self.inner.sync_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.changing("sync_dir", dir)?;
        self.inner.sync_dir(dir)
    }

    fn sync_all(&self, dir: &Path) -> io::Result<()> {
        self.changing("sync_all", dir)?;
        self.inner.sync_all(dir)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changing("rename", to)?;
        self.inner.rename(from, to)
    }

    fn rename_noreplace(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.changing("rename_noreplace", to)?;
        self.inner.rename_noreplace(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.changing("remove_file", path)?;
        self.inner.remove_file(path)
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        self.changing("remove_dir_all", dir)?;
        self.inner.remove_dir_all(dir)
    }

    fn symlink(&self, target: &Path, link: &Path) -> io::Result<()> {
        self.changing("symlink", link)?;
        self.inner.symlink(target, link)
    }

    fn read_link(&self, link: &Path) -> io::Result<PathBuf> {
        self.reading("read_link", link)?;
        self.inner.read_link(link)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        self.reading("canonicalize", path)?;
        self.inner.canonicalize(path)
    }

    /// Counts as a change: it may create the file.
    fn try_lock(&self, path: &Path, kind: LockKind) -> io::Result<Option<Box<dyn LockGuard>>> {
        self.changing("try_lock", path)?;
        self.inner.try_lock(path, kind)
    }

    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>> {
        self.reading("free_space", dir)?;
        self.inner.free_space(dir)
    }
}

#[cfg(test)]
mod tests {
    use super::super::memory::MemoryFs;
    use super::*;

    fn armed(fault: Fault) -> (FaultFs, MemoryFs) {
        let memory = MemoryFs::new();
        memory.put("/f", "x").unwrap();
        let fs = FaultFs::new(Arc::new(memory.clone()));
        fs.arm(Some(fault));
        (fs, memory)
    }

    #[test]
    fn one_operation_fails_and_the_next_does_not() {
        let (fs, _) = armed(Fault { at: 1, mutating: false, lasting: false, failure: Failure::Errno(Errno::IO) });
        let path = Path::new("/f");
        assert!(fs.read(path).is_ok());
        assert_eq!(fs.read(path).unwrap_err().raw_os_error(), Some(Errno::IO.raw_os_error()));
        assert!(fs.read(path).is_ok());
        assert_eq!(fs.counts(), (3, 0));
        assert_eq!(fs.operations().iter().map(|o| o.failed).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn changes_are_counted_apart_and_all_from_one_on_can_fail() {
        let (fs, memory) =
            armed(Fault { at: 1, mutating: true, lasting: true, failure: Failure::Kind(io::ErrorKind::Other) });
        assert!(fs.write_new(Path::new("/a"), b"a", 0o644).is_ok());
        assert!(fs.write_new(Path::new("/b"), b"b", 0o644).is_err());
        assert!(fs.read(Path::new("/a")).is_ok(), "reading changes nothing");
        assert!(fs.remove_file(Path::new("/a")).is_err());
        assert!(memory.exists(Path::new("/a")).unwrap() && !memory.exists(Path::new("/b")).unwrap());
        assert_eq!(fs.counts(), (4, 3));
    }

    #[test]
    fn a_short_write_leaves_half_and_says_so() {
        let (fs, memory) = armed(Fault { at: 0, mutating: true, lasting: false, failure: Failure::ShortWrite });
        let error = fs.write_new(Path::new("/half"), b"abcd", 0o644).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert_eq!(memory.read(Path::new("/half")).unwrap(), b"ab");
    }

    #[test]
    fn reads_of_an_open_file_are_operations_too() {
        let (fs, _) = armed(Fault { at: 1, mutating: false, lasting: false, failure: Failure::Errno(Errno::IO) });
        let file = fs.open(Path::new("/f")).unwrap();
        assert!(file.read_at(0, 1).is_err());
        assert_eq!(file.read_at(0, 1).unwrap(), b"x");
    }
}
