//! Opening what a repository holds, confined to that repository.
//!
//! A hostile tree may hold symbolic links to anywhere, and may swap a directory for a link while it is read.
//! `openat2` lets the kernel refuse every link and every step above the root in one call. Where it is missing
//! (Linux before 5.6, some sandboxes, other systems) each part of the path is opened from its parent's
//! descriptor without following links, which gives the same promise in more calls.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags};
use rustix::io::Errno;

use crate::base::path::RelPath;

/// `NONBLOCK`: opening a pipe without a writer must not wait. It means nothing to a regular file.
const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK);

/// The regular file `path` beneath `root`, and its size.
pub(super) fn open(root: &Path, path: &RelPath) -> io::Result<(OwnedFd, u64)> {
    let root = rustix::fs::open(root, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let file = match open_in_one_call(root.as_fd(), path) {
        Err(Errno::NOSYS | Errno::PERM) => open_by_parts(root.as_fd(), path)?,
        opened => opened?,
    };
    let size = regular_size(file.as_fd())?;
    Ok((file, size))
}

/// A regular file at a path that the caller trusts; only the last part must not be a link.
pub(super) fn open_trusted(path: &Path) -> io::Result<(OwnedFd, u64)> {
    let file = rustix::fs::openat(CWD, path, READ, Mode::empty())?;
    let size = regular_size(file.as_fd())?;
    Ok((file, size))
}

#[cfg(target_os = "linux")]
fn open_in_one_call(root: BorrowedFd<'_>, path: &RelPath) -> Result<OwnedFd, Errno> {
    use rustix::fs::ResolveFlags;
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    // `EAGAIN`: something was renamed during the walk and the kernel could not prove that it stayed beneath.
    for _ in 0..32 {
        match rustix::fs::openat2(root, path.as_bytes(), READ, Mode::empty(), resolve) {
            Err(Errno::AGAIN | Errno::INTR) => {}
            other => return other,
        }
    }
    Err(Errno::AGAIN)
}

#[cfg(not(target_os = "linux"))]
fn open_in_one_call(_root: BorrowedFd<'_>, _path: &RelPath) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

/// The same, one part at a time. A `RelPath` has no `..`, so no step leads upwards.
pub(super) fn open_by_parts(root: BorrowedFd<'_>, path: &RelPath) -> Result<OwnedFd, Errno> {
    let dir = OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::RDONLY;
    let (parents, name) = match path.as_bytes().iter().rposition(|b| *b == b'/') {
        Some(at) => path.as_bytes().split_at(at + 1),
        None => (&b""[..], path.as_bytes()),
    };
    let mut held: Option<OwnedFd> = None;
    for part in parents.split(|b| *b == b'/').filter(|part| !part.is_empty()) {
        let at = held.as_ref().map_or(root, AsFd::as_fd);
        let next = rustix::io::retry_on_intr(|| rustix::fs::openat(at, OsStr::from_bytes(part), dir, Mode::empty()));
        held = Some(next.map_err(|e| if e == Errno::NOTDIR { link_or_file(at, part) } else { e })?);
    }
    let at = held.as_ref().map_or(root, AsFd::as_fd);
    rustix::io::retry_on_intr(|| rustix::fs::openat(at, OsStr::from_bytes(name), READ, Mode::empty()))
}

/// Why `name` is no directory. Systems answer a link there with `ENOTDIR` or `ELOOP`; we always say the latter.
fn link_or_file(at: BorrowedFd<'_>, name: &[u8]) -> Errno {
    match rustix::fs::statat(at, OsStr::from_bytes(name), AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::Symlink => Errno::LOOP,
        Ok(_) => Errno::NOTDIR,
        Err(e) => e,
    }
}

fn regular_size(file: BorrowedFd<'_>) -> io::Result<u64> {
    let stat = rustix::fs::fstat(file)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::RegularFile => Ok(u64::try_from(stat.st_size).unwrap_or(0)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
    }
}
