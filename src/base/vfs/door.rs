//! The trait, and what its operations speak of.

use std::ffi::OsString;
use std::fmt::Debug;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::bytes::ByteSource;
use crate::base::clock::Timestamp;
use crate::base::path::RelPath;

/// What stands at a path. Symbolic links are never followed to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Dir,
    Symlink,
    /// A pipe, socket or device.
    Other,
}

/// `lstat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    pub kind: FileKind,
    /// Bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
    pub mtime: Timestamp,
    pub ctime: Timestamp,
    pub dev: u64,
    pub ino: u64,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    pub name: OsString,
    pub kind: FileKind,
}

/// Shared or exclusive, as `flock`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockKind {
    Shared,
    Exclusive,
}

/// A held lock; dropping it releases it. The kernel releases it too when the process dies.
pub trait LockGuard: Send + Sync + Debug {}

/// The file system. Paths are of this machine; directories are never created implicitly.
pub trait Vfs: Send + Sync + Debug {
    /// The whole file. Follows no symbolic link at the last part.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Positioned reads of a regular file.
    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>>;

    /// At most `limit` bytes of the regular file `path` beneath `root`, no symbolic link followed anywhere
    /// below `root`. A file longer than `limit` is an error of kind `FileTooLarge`; anything but a regular
    /// file is an error of kind `InvalidInput`. Never blocks on a pipe or device.
    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>>;

    fn stat(&self, path: &Path) -> io::Result<Stat>;

    /// Entries of a directory, in no particular order.
    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>>;

    /// Entries with their `lstat`, in no particular order: `list` and `stat` with one open directory.
    /// An entry that vanished in between is left out.
    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>>;

    /// Creates `dir` and its missing parents; fine when it is there.
    fn create_dir_all(&self, dir: &Path) -> io::Result<()>;

    /// Creates a new file (an existing one is `AlreadyExists`) with `bytes` and permission bits `mode`.
    /// Not synced.
    fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()>;

    /// Appends to a file, creating it if missing. Not synced.
    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Copies a regular file to a new one (an existing one is `AlreadyExists`) with permission bits `mode`, a piece at
    /// a time. Not synced.
    fn copy_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()>;

    /// [`copy_file`](Self::copy_file) that shares the blocks until one side is written (`FICLONE`). `Unsupported`, and
    /// nothing left at `to`, where the file systems cannot.
    fn clone_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()>;

    /// Gives a file a second name. `CrossesDevices` where the two are not on one file system.
    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes a file's bytes durable.
    fn sync_file(&self, path: &Path) -> io::Result<()>;

    /// Makes a directory's entries durable.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;

    /// Makes everything written so far on the file system that holds `dir` durable (`syncfs`). `Unsupported`
    /// where that is missing: the caller syncs each file.
    fn sync_all(&self, dir: &Path) -> io::Result<()>;

    /// Renames, replacing what is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Renames; `AlreadyExists` when something is there.
    fn rename_noreplace(&self, from: &Path, to: &Path) -> io::Result<()>;

    fn remove_file(&self, path: &Path) -> io::Result<()>;

    /// Removes a directory and everything beneath it; follows no symbolic link.
    fn remove_dir_all(&self, dir: &Path) -> io::Result<()>;

    /// Creates the symbolic link `link` → `target` (kept as written).
    fn symlink(&self, target: &Path, link: &Path) -> io::Result<()>;

    fn read_link(&self, link: &Path) -> io::Result<PathBuf>;

    /// The path with every symbolic link resolved.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf>;

    /// Locks the file (created empty if missing); `None` when another holder is in the way.
    fn try_lock(&self, path: &Path, kind: LockKind) -> io::Result<Option<Box<dyn LockGuard>>>;

    /// Bytes free for this user on the file system of `dir`, where it is known.
    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>>;

    /// Is it there, as anything?
    fn exists(&self, path: &Path) -> io::Result<bool> {
        match self.stat(path) {
            Ok(_) => Ok(true),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(e) => Err(e),
        }
    }
}
