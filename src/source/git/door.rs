//! The tree as a [`Vfs`]: everything that reads, nothing that writes.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use gix::objs::tree::EntryKind;
use rustix::io::Errno;

use crate::base::vfs::{DirEntry, LockGuard, LockKind, Stat, Vfs};
use crate::base::{ByteSource, RelPath};

use super::tree::{CommittedTree, name_of};

fn read_only<T>() -> io::Result<T> {
    Err(io::ErrorKind::ReadOnlyFilesystem.into())
}

impl CommittedTree {
    fn file(&self, path: &[u8], limit: u64) -> io::Result<Vec<u8>> {
        let node = self.node(path)?;
        match node.kind {
            EntryKind::Blob | EntryKind::BlobExecutable => self.blob(path, node, limit),
            EntryKind::Link => Err(Errno::LOOP.into()),
            EntryKind::Tree | EntryKind::Commit => Err(io::ErrorKind::IsADirectory.into()),
        }
    }
}

impl Vfs for CommittedTree {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.file(&self.inside(path)?, u64::MAX)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ByteSource>> {
        Ok(Box::new(self.read(path)?))
    }

    fn read_beneath(&self, root: &Path, path: &RelPath, limit: u64) -> io::Result<Vec<u8>> {
        match self.file(&self.inside(&path.under(root))?, limit) {
            Err(e) if e.kind() == io::ErrorKind::IsADirectory => Err(io::ErrorKind::InvalidInput.into()),
            other => other,
        }
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let path = self.inside(path)?;
        self.stat_of(&path, self.node(&path)?)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<DirEntry>> {
        let entries = self.list_stat(dir)?;
        Ok(entries.into_iter().map(|(name, stat)| DirEntry { name, kind: stat.kind }).collect())
    }

    fn list_stat(&self, dir: &Path) -> io::Result<Vec<(OsString, Stat)>> {
        let dir = self.inside(dir)?;
        let mut path = dir.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        let base = path.len();
        let entries = self.listing(&dir)?;
        let stat = |(name, node): (&Vec<u8>, &_)| {
            path.truncate(base);
            path.extend_from_slice(name);
            Ok((name_of(name).to_owned(), self.stat_of(&path, *node)?))
        };
        entries.iter().map(stat).collect()
    }

    fn read_link(&self, link: &Path) -> io::Result<PathBuf> {
        let path = self.inside(link)?;
        let node = self.node(&path)?;
        if node.kind != EntryKind::Link {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(OsString::from_vec(self.blob(&path, node, 1 << 20)?).into())
    }

    /// Links are not followed here either: a path that has one is an error.
    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let path = self.inside(path)?;
        if self.node(&path)?.kind == EntryKind::Link {
            return Err(Errno::LOOP.into());
        }
        Ok(if path.is_empty() { self.real_root().to_owned() } else { self.real_root().join(name_of(&path)) })
    }

    fn free_space(&self, _: &Path) -> io::Result<Option<u64>> {
        Ok(None)
    }

    fn create_dir_all(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn write_new(&self, _: &Path, _: &[u8], _: u32) -> io::Result<()> {
        read_only()
    }

    fn append(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        read_only()
    }

    fn sync_file(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn sync_all(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn rename_noreplace(&self, _: &Path, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn remove_file(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn remove_dir_all(&self, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn copy_file(&self, _: &Path, _: &Path, _: u32) -> io::Result<()> {
        read_only()
    }

    fn clone_file(&self, _: &Path, _: &Path, _: u32) -> io::Result<()> {
        read_only()
    }

    fn hard_link(&self, _: &Path, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn symlink(&self, _: &Path, _: &Path) -> io::Result<()> {
        read_only()
    }

    fn try_lock(&self, _: &Path, _: LockKind) -> io::Result<Option<Box<dyn LockGuard>>> {
        read_only()
    }
}
