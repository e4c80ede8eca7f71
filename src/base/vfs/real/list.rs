//! Directories. A scan of 100 000 files spends its time here, so a directory is opened once and its entries are
//! looked at from its descriptor: one `getdents64` for many names, one `fstatat` for each, no path put together.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;

use super::super::{DirEntry, FileKind, Stat};
use crate::base::clock::Timestamp;

fn open(dir: &Path) -> Result<Dir, Errno> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Dir::new(rustix::io::retry_on_intr(|| rustix::fs::openat(CWD, dir, flags, Mode::empty()))?)
}

fn is_dots(name: &[u8]) -> bool {
    matches!(name, b"." | b"..")
}

pub(super) fn list(dir: &Path) -> io::Result<Vec<DirEntry>> {
    let mut dir = open(dir)?;
    let mut out = Vec::new();
    while let Some(entry) = dir.read() {
        let entry = entry?;
        let name = entry.file_name();
        if is_dots(name.to_bytes()) {
            continue;
        }
        let kind = match entry.file_type() {
            // Some file systems do not say in the entry.
            FileType::Unknown => match rustix::fs::statat(dir.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) {
                Ok(stat) => kind(FileType::from_raw_mode(stat.st_mode)),
                Err(Errno::NOENT) => continue,
                Err(e) => return Err(e.into()),
            },
            known => kind(known),
        };
        out.push(DirEntry { name: OsString::from_vec(name.to_bytes().to_vec()), kind });
    }
    Ok(out)
}

pub(super) fn list_stat(dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
    let mut dir = open(dir)?;
    let mut out = Vec::new();
    while let Some(entry) = dir.read() {
        let entry = entry?;
        let name = entry.file_name();
        if is_dots(name.to_bytes()) {
            continue;
        }
        match rustix::fs::statat(dir.fd()?, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => out.push((OsString::from_vec(name.to_bytes().to_vec()), convert(&stat))),
            Err(Errno::NOENT) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(out)
}

pub(super) fn stat(path: &Path) -> io::Result<Stat> {
    Ok(convert(&rustix::fs::statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW)?))
}

fn kind(file_type: FileType) -> FileKind {
    match file_type {
        FileType::RegularFile => FileKind::File,
        FileType::Directory => FileKind::Dir,
        FileType::Symlink => FileKind::Symlink,
        _ => FileKind::Other,
    }
}

fn convert(stat: &rustix::fs::Stat) -> Stat {
    Stat {
        kind: kind(FileType::from_raw_mode(stat.st_mode)),
        size: u64::try_from(stat.st_size).unwrap_or(0),
        mode: stat.st_mode & 0o7777,
        mtime: Timestamp::from_seconds(stat.st_mtime, stat.st_mtime_nsec as u32),
        ctime: Timestamp::from_seconds(stat.st_ctime, stat.st_ctime_nsec as u32),
        dev: stat.st_dev,
        ino: stat.st_ino,
    }
}
