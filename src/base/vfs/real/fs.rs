//! [`RealFs`].

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;
use rustix::fs::{CWD, Mode, OFlags, RenameFlags};
use rustix::io::Errno;

use super::super::{DirEntry, LockGuard, LockKind, Stat, Vfs};
use super::{beneath, list};
use crate::base::bytes::ByteSource;
use crate::base::path::RelPath;

/// The machine's file system.
#[derive(Clone, Copy, Debug, Default)]
pub struct RealFs;

/// A regular file, read by position.
#[derive(Debug)]
struct OpenFile {
    file: File,
    len: u64,
}

impl ByteSource for OpenFile {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        // Checked first: a length from a damaged file must not decide how much memory is asked for.
        if offset.checked_add(len as u64).is_none_or(|end| end > self.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let mut bytes = vec![0; len];
        self.file.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }
}

/// The lock lives as long as the descriptor.
#[derive(Debug)]
struct HeldLock(#[expect(dead_code, reason = "held for its drop")] File);

impl LockGuard for HeldLock {}

/// All bytes of an open file of about `size` bytes, at most `limit`.
fn read_all(file: &OwnedFd, size: u64, limit: u64) -> io::Result<Vec<u8>> {
    if size > limit {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    // One byte more than expected: the read that meets the end of the file then needs no growth.
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0).saturating_add(1));
    loop {
        if bytes.len() == bytes.capacity() {
            bytes.reserve(64 << 10);
        }
        match rustix::io::read(file, spare_capacity(&mut bytes)) {
            Ok(0) => return Ok(bytes),
            Ok(_) if bytes.len() as u64 > limit => return Err(io::ErrorKind::FileTooLarge.into()),
            Ok(_) | Err(Errno::INTR) => {}
            Err(e) => return Err(e.into()),
        }
    }
}

fn open_dir(dir: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::openat(CWD, dir, flags, Mode::empty())?)
}

/// The lock file opened, created if missing. Opening for reading comes first, so that a reader of a store that
/// it may not write still gets its lock.
fn open_lock_file(path: &Path) -> io::Result<File> {
    match OpenOptions::new().read(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
        }
        opened => opened,
    }
}

/// Shares the blocks of `from` with `new`.
#[cfg(all(target_os = "linux", not(any(target_arch = "sparc", target_arch = "sparc64"))))]
fn clone_into(new: &File, from: &OwnedFd) -> io::Result<()> {
    match rustix::fs::ioctl_ficlone(new, from) {
        // `NOTTY` and `INVAL`: the file system has no such request, or not for these two files.
        Err(Errno::OPNOTSUPP | Errno::NOTTY | Errno::INVAL | Errno::XDEV | Errno::NOSYS | Errno::PERM) => {
            Err(io::ErrorKind::Unsupported.into())
        }
        other => Ok(other?),
    }
}

#[cfg(not(all(target_os = "linux", not(any(target_arch = "sparc", target_arch = "sparc64")))))]
fn clone_into(_new: &File, _from: &OwnedFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the file system")]
impl Vfs for RealFs {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let (file, size) = beneath::open_trusted(path)?;
        read_all(&file, size, u64::MAX)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>> {
        let (file, len) = beneath::open_trusted(path)?;
        Ok(Box::new(OpenFile { file: file.into(), len }))
    }

    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>> {
        let (file, size) = beneath::open(root, path)?;
        read_all(&file, size, limit)
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        list::stat(path)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        list::list(dir)
    }

    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        list::list_stat(dir)
    }

    fn create_dir_all(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)
    }

    fn write_new(&self, path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?.write_all(bytes)
    }

    fn append(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        OpenOptions::new().append(true).create(true).open(path)?.write_all(bytes)
    }

    fn copy_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        let (file, _) = beneath::open_trusted(from)?;
        let mut new = OpenOptions::new().write(true).create_new(true).mode(mode).open(to)?;
        io::copy(&mut File::from(file), &mut new)?;
        Ok(())
    }

    fn clone_file(&self, from: &Path, to: &Path, mode: u32) -> io::Result<()> {
        let (file, _) = beneath::open_trusted(from)?;
        let new = OpenOptions::new().write(true).create_new(true).mode(mode).open(to)?;
        clone_into(&new, &file).inspect_err(|_| {
            // An empty file of ours. Where it stays, the next one that wants the name is told.
            drop(std::fs::remove_file(to));
        })
    }

    fn hard_link(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::hard_link(from, to)
    }

    fn sync_file(&self, path: &Path) -> io::Result<()> {
        let (file, _) = beneath::open_trusted(path)?;
        File::from(file).sync_all()
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        File::from(open_dir(dir)?).sync_all()
    }

    #[cfg(target_os = "linux")]
    fn sync_all(&self, dir: &Path) -> io::Result<()> {
        match rustix::fs::syncfs(open_dir(dir)?.as_fd()) {
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => Err(io::ErrorKind::Unsupported.into()),
            other => Ok(other?),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_all(&self, _dir: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)
    }

    fn rename_noreplace(&self, from: &Path, to: &Path) -> io::Result<()> {
        match rustix::fs::renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
            // The file system does not know the flag: a hard link refuses to replace as well.
            Err(Errno::NOSYS | Errno::INVAL | Errno::OPNOTSUPP) => {
                std::fs::hard_link(from, to)?;
                std::fs::remove_file(from)
            }
            other => Ok(other?),
        }
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    fn remove_dir_all(&self, dir: &Path) -> io::Result<()> {
        std::fs::remove_dir_all(dir)
    }

    fn symlink(&self, target: &Path, link: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(target, link)
    }

    fn read_link(&self, link: &Path) -> io::Result<PathBuf> {
        std::fs::read_link(link)
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        std::fs::canonicalize(path)
    }

    fn try_lock(&self, path: &Path, kind: LockKind) -> io::Result<Option<Box<dyn LockGuard>>> {
        let file = open_lock_file(path)?;
        let locked = match kind {
            LockKind::Shared => file.try_lock_shared(),
            LockKind::Exclusive => file.try_lock(),
        };
        match locked {
            Ok(()) => Ok(Some(Box::new(HeldLock(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e),
        }
    }

    fn free_space(&self, dir: &Path) -> io::Result<Option<u64>> {
        let stat = rustix::fs::statvfs(dir)?;
        Ok(Some(stat.f_bavail.saturating_mul(stat.f_frsize)))
    }
}
