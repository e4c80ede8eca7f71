//! The tree behind [`super::MemoryFs`]: numbered nodes, names in directories, and path resolution as a kernel does it.

use std::collections::{BTreeMap, VecDeque};
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rustix::io::Errno;

use super::super::{FileKind, LockKind, Stat};
use crate::base::clock::Timestamp;

pub(super) type Ino = u64;

pub(super) const ROOT: Ino = 1;

/// Links followed before a path is called a loop; Linux has the same number.
const MAX_LINKS: usize = 40;

#[derive(Clone, Debug)]
pub(super) enum Body {
    /// `synced` is a prefix of `bytes`: files are only created and appended to.
    File {
        bytes: Arc<Vec<u8>>,
        synced: usize,
    },
    Dir {
        entries: BTreeMap<OsString, Ino>,
        synced: BTreeMap<OsString, Ino>,
    },
    Link(PathBuf),
}

#[derive(Clone, Debug)]
pub(super) struct Node {
    pub body: Body,
    pub mode: u32,
    pub mtime: Timestamp,
    pub ctime: Timestamp,
    pub dev: u64,
    pub unreadable: bool,
}

/// Who holds a lock on a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Holders {
    shared: usize,
    exclusive: bool,
}

#[derive(Debug)]
pub(super) struct Tree {
    pub nodes: BTreeMap<Ino, Node>,
    pub next: Ino,
    pub now: Timestamp,
    pub shuffle: Option<u64>,
    pub sync_all_missing: bool,
    pub sync_nothing: bool,
    pub clones: bool,
    locks: BTreeMap<Ino, Holders>,
}

/// What a path led to.
pub(super) struct Found {
    pub ino: Ino,
    stack: Vec<(OsString, Ino)>,
}

impl Found {
    /// The path without links.
    pub(super) fn path(self) -> PathBuf {
        self.stack.into_iter().fold(PathBuf::from("/"), |path, (name, _)| path.join(name))
    }
}

impl Tree {
    pub(super) fn new() -> Self {
        let now = Timestamp::from_seconds(1_000_000_000, 0);
        let root = Node {
            body: Body::Dir { entries: BTreeMap::new(), synced: BTreeMap::new() },
            mode: 0o755,
            mtime: now,
            ctime: now,
            dev: 1,
            unreadable: false,
        };
        Self {
            nodes: BTreeMap::from([(ROOT, root)]),
            next: ROOT + 1,
            now,
            shuffle: None,
            sync_all_missing: false,
            sync_nothing: false,
            clones: false,
            locks: BTreeMap::new(),
        }
    }

    /// The logical clock: a millisecond for each change.
    pub(super) fn tick(&mut self) -> Timestamp {
        self.now = Timestamp(self.now.0.saturating_add(1_000_000));
        self.now
    }

    pub(super) fn node(&self, ino: Ino) -> io::Result<&Node> {
        self.nodes.get(&ino).ok_or_else(|| Errno::NOENT.into())
    }

    pub(super) fn node_mut(&mut self, ino: Ino) -> io::Result<&mut Node> {
        self.nodes.get_mut(&ino).ok_or_else(|| Errno::NOENT.into())
    }

    pub(super) fn entries(&self, ino: Ino) -> io::Result<&BTreeMap<OsString, Ino>> {
        match &self.node(ino)?.body {
            Body::Dir { entries, .. } => Ok(entries),
            _ => Err(Errno::NOTDIR.into()),
        }
    }

    /// The entries for a change, which moves the directory's times.
    pub(super) fn entries_mut(&mut self, ino: Ino) -> io::Result<&mut BTreeMap<OsString, Ino>> {
        let now = self.tick();
        let node = self.node_mut(ino)?;
        match &mut node.body {
            Body::Dir { entries, .. } => {
                (node.mtime, node.ctime) = (now, now);
                Ok(entries)
            }
            _ => Err(Errno::NOTDIR.into()),
        }
    }

    /// Walks `path` as a kernel does: links in the middle are followed, the last one when `follow` says so.
    pub(super) fn find(&self, path: &Path, follow: bool) -> io::Result<Found> {
        let mut todo: VecDeque<OsString> = parts(path);
        let mut stack: Vec<(OsString, Ino)> = Vec::new();
        let mut links = 0;
        while let Some(part) = todo.pop_front() {
            if part == ".." {
                stack.pop();
                continue;
            }
            let here = stack.last().map_or(ROOT, |(_, ino)| *ino);
            let ino = *self.entries(here)?.get(&part).ok_or_else(|| io::Error::from(Errno::NOENT))?;
            match &self.node(ino)?.body {
                Body::Link(target) if follow || !todo.is_empty() => {
                    links += 1;
                    if links > MAX_LINKS {
                        return Err(Errno::LOOP.into());
                    }
                    if target.is_absolute() {
                        stack.clear();
                    }
                    for part in parts(target).into_iter().rev() {
                        todo.push_front(part);
                    }
                }
                _ => stack.push((part, ino)),
            }
        }
        let ino = stack.last().map_or(ROOT, |(_, ino)| *ino);
        Ok(Found { ino, stack })
    }

    /// The directory that holds the last part of `path`, and that part.
    pub(super) fn find_parent(&self, path: &Path) -> io::Result<(Ino, OsString)> {
        let name = path.file_name().ok_or_else(|| io::Error::from(Errno::INVAL))?;
        let parent = self.find(path.parent().unwrap_or(Path::new("/")), true)?.ino;
        self.entries(parent)?;
        Ok((parent, name.to_owned()))
    }

    /// A new node under a name that must be free.
    pub(super) fn create(&mut self, parent: Ino, name: &OsStr, body: Body, mode: u32) -> io::Result<Ino> {
        if self.entries(parent)?.contains_key(name) {
            return Err(Errno::EXIST.into());
        }
        let dev = self.node(parent)?.dev;
        let ino = self.next;
        self.next += 1;
        self.entries_mut(parent)?.insert(name.to_owned(), ino);
        let now = self.now;
        self.nodes.insert(ino, Node { body, mode, mtime: now, ctime: now, dev, unreadable: false });
        Ok(ino)
    }

    /// The bytes of a regular file that may be read.
    pub(super) fn bytes(&self, ino: Ino) -> io::Result<Arc<Vec<u8>>> {
        let node = self.node(ino)?;
        if node.unreadable {
            return Err(Errno::ACCESS.into());
        }
        match &node.body {
            Body::File { bytes, .. } => Ok(bytes.clone()),
            Body::Link(_) => Err(Errno::LOOP.into()),
            Body::Dir { .. } => Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file")),
        }
    }

    pub(super) fn stat(&self, ino: Ino) -> io::Result<Stat> {
        let node = self.node(ino)?;
        let (kind, size) = match &node.body {
            Body::File { bytes, .. } => (FileKind::File, bytes.len()),
            Body::Dir { entries, .. } => (FileKind::Dir, entries.len()),
            Body::Link(target) => (FileKind::Symlink, target.as_os_str().len()),
        };
        let Node { mode, mtime, ctime, dev, .. } = *node;
        Ok(Stat { kind, size: size as u64, mode, mtime, ctime, dev, ino })
    }

    pub(super) fn lock(&mut self, ino: Ino, kind: LockKind) -> bool {
        let holders = self.locks.entry(ino).or_default();
        match kind {
            LockKind::Shared if !holders.exclusive => holders.shared += 1,
            LockKind::Exclusive if !holders.exclusive && holders.shared == 0 => holders.exclusive = true,
            _ => return false,
        }
        true
    }

    pub(super) fn unlock(&mut self, ino: Ino, kind: LockKind) {
        let holders = self.locks.entry(ino).or_default();
        match kind {
            LockKind::Shared => holders.shared = holders.shared.saturating_sub(1),
            LockKind::Exclusive => holders.exclusive = false,
        }
    }
}

/// The parts of a path: names and `..`.
fn parts(path: &Path) -> VecDeque<OsString> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
        })
        .collect()
}
