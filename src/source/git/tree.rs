//! The tree of a commit, and what stands at a path of it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use gix::ObjectId;
use gix::objs::Kind;
use gix::objs::tree::EntryKind;
use rustix::io::Errno;

use crate::base::Timestamp;
use crate::base::vfs::{FileKind, Stat, Vfs};
use crate::source::path_text::text_of;
use crate::source::provenance::enclosing;

use super::error::{CommitError, GitSaid};
use super::objects::{Objects, damaged, id_of};

/// Entries of all trees that are looked at. Trees that name each other make any number of paths of a few bytes.
const ENTRIES: usize = 16 << 20;

/// The committed tree of one repository, standing where the repository's root is.
pub struct CommittedTree {
    commit: String,
    /// As the repository is declared, and resolved.
    roots: [PathBuf; 2],
    objects: Objects,
    top: Node,
    /// The directories that were asked for, by their path inside the root.
    dirs: Mutex<BTreeMap<Vec<u8>, Arc<Listing>>>,
    seen: AtomicUsize,
    fault: OnceLock<CommitError>,
}

/// An entry of a tree, without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub kind: EntryKind,
    pub id: ObjectId,
}

/// The entries of a directory.
pub(super) type Listing = BTreeMap<Vec<u8>, Node>;

impl fmt::Debug for CommittedTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommittedTree").field("commit", &self.commit).finish_non_exhaustive()
    }
}

impl CommittedTree {
    /// The tree of a commit of the git repository around `root`: what `root` held then. `commit` in whole hexadecimal.
    pub fn open(vfs: &dyn Vfs, root: &Path, commit: &str) -> Result<Self, CommitError> {
        let unreadable = |e: io::Error| CommitError::Unreadable(GitSaid(e.to_string()));
        let real = vfs.canonicalize(root).map_err(unreadable)?;
        let Some(work_tree) = enclosing(vfs, &real).map_err(unreadable)? else {
            return Err(CommitError::NoGit { commit: commit.to_owned() });
        };
        let objects = Objects::open(&work_tree)?;
        let id = objects.tree_of(commit)?;
        let mut tree = Self {
            commit: commit.to_owned(),
            roots: [root.to_owned(), real.clone()],
            objects,
            top: Node { kind: EntryKind::Tree, id },
            dirs: Mutex::default(),
            seen: AtomicUsize::new(0),
            fault: OnceLock::new(),
        };
        let inside = real.strip_prefix(&work_tree).unwrap_or(Path::new(""));
        for part in inside.components() {
            let listing = tree.read_tree(tree.top, "")?;
            tree.top = match listing.get(part.as_os_str().as_bytes()) {
                Some(node) if node.kind == EntryKind::Tree => *node,
                _ => {
                    let path = text_of(inside.as_os_str().as_bytes());
                    return Err(CommitError::NoDirectory { commit: short(commit).to_owned(), path });
                }
            };
        }
        Ok(tree)
    }

    /// In whole hexadecimal.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// How far another commit is: 0 for this one, a parent or a child, and else one more than the seconds between the
    /// two by their committers' clocks. `None` where the other cannot be read.
    pub fn distance(&self, other: &str) -> Option<u64> {
        let (own, other) = (id_of(&self.commit).ok()?, id_of(other).ok()?);
        let (time, parents) = self.objects.origin_of(own).ok()?;
        let (other_time, other_parents) = self.objects.origin_of(other).ok()?;
        let is_near = own == other || parents.contains(&other) || other_parents.contains(&own);
        Some(if is_near { 0 } else { time.abs_diff(other_time).saturating_add(1) })
    }

    /// The first object that could not be read, since the tree was opened.
    pub fn fault(&self) -> Option<&CommitError> {
        self.fault.get()
    }

    pub(super) fn real_root(&self) -> &Path {
        let [_, real] = &self.roots;
        real
    }

    /// `path` inside the root, as bytes; empty for the root.
    pub(super) fn inside(&self, path: &Path) -> io::Result<Vec<u8>> {
        let inside = self.roots.iter().find_map(|root| path.strip_prefix(root).ok());
        let inside = inside.ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = Vec::new();
        for part in inside.components() {
            let Component::Normal(part) = part else { return Err(io::ErrorKind::NotFound.into()) };
            if !bytes.is_empty() {
                bytes.push(b'/');
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        Ok(bytes)
    }

    /// What stands at a path inside the root. No link is followed on the way.
    pub(super) fn node(&self, path: &[u8]) -> io::Result<Node> {
        if path.is_empty() {
            return Ok(self.top);
        }
        let (dir, name) = match path.iter().rposition(|byte| *byte == b'/') {
            Some(at) => (path.get(..at).unwrap_or_default(), path.get(at + 1..).unwrap_or_default()),
            None => (&path[..0], path),
        };
        self.listing(dir)?.get(name).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The entries of the directory at a path inside the root.
    pub(super) fn listing(&self, path: &[u8]) -> io::Result<Arc<Listing>> {
        let known = || self.dirs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = known().get(path) {
            return Ok(Arc::clone(listing));
        }
        let (mut above, mut node) = (Vec::with_capacity(path.len()), self.top);
        for name in path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
            node = *self.directory(&above, node)?.get(name).ok_or(io::ErrorKind::NotFound)?;
            if !above.is_empty() {
                above.push(b'/');
            }
            above.extend_from_slice(name);
        }
        self.directory(path, node)
    }

    /// The directory `node` at `path`.
    fn directory(&self, path: &[u8], node: Node) -> io::Result<Arc<Listing>> {
        let known = || self.dirs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = known().get(path) {
            return Ok(Arc::clone(listing));
        }
        let listing = match node.kind {
            EntryKind::Tree => self.read_tree(node, &text_of(path)).map_err(|e| self.note(e))?,
            EntryKind::Commit => Listing::new(),
            EntryKind::Link => return Err(Errno::LOOP.into()),
            EntryKind::Blob | EntryKind::BlobExecutable => return Err(io::ErrorKind::NotADirectory.into()),
        };
        let listing = Arc::new(listing);
        known().insert(path.to_owned(), Arc::clone(&listing));
        Ok(listing)
    }

    fn read_tree(&self, node: Node, at: &str) -> Result<Listing, CommitError> {
        let bytes = self.objects.read(node.id, Kind::Tree, at)?;
        let wrong = |why: &str| damaged(Kind::Tree, &node.id, at, why.to_owned());
        let mut listing = Listing::new();
        for entry in gix::objs::TreeRefIter::from_bytes(&bytes, node.id.kind()) {
            let entry = entry.map_err(|e| wrong(&e.to_string()))?;
            let name: &[u8] = entry.filename;
            if matches!(name, b"" | b"." | b"..") || name.contains(&b'/') {
                return Err(wrong("an entry has a name that no file can have"));
            }
            let node = Node { kind: entry.mode.kind(), id: entry.oid.to_owned() };
            if listing.insert(name.to_vec(), node).is_some() {
                return Err(wrong("two entries have one name"));
            }
        }
        if self.seen.fetch_add(listing.len(), Ordering::Relaxed) + listing.len() > ENTRIES {
            return Err(CommitError::TooLarge { most: ENTRIES });
        }
        Ok(listing)
    }

    /// See the module's essay.
    pub(super) fn stat_of(&self, path: &[u8], node: Node) -> io::Result<Stat> {
        let (kind, mode) = match node.kind {
            EntryKind::Tree | EntryKind::Commit => (FileKind::Dir, 0o755),
            EntryKind::Link => (FileKind::Symlink, 0o777),
            EntryKind::Blob => (FileKind::File, 0o644),
            EntryKind::BlobExecutable => (FileKind::File, 0o755),
        };
        let size = match kind {
            FileKind::Dir | FileKind::Other => 0,
            FileKind::File | FileKind::Symlink => {
                self.objects.size(node.id, &text_of(path)).map_err(|e| self.note(e))?
            }
        };
        let id = node.id.as_bytes();
        let number = |from: usize, len: usize| {
            id.iter().skip(from).take(len).fold(0_u64, |number, byte| number << 8 | u64::from(*byte))
        };
        // Six bytes of nanoseconds are less than four days.
        let time = |from| Timestamp(i64::try_from(number(from, 6)).unwrap_or_default());
        Ok(Stat { kind, size, mode, mtime: time(8), ctime: time(14), dev: 0, ino: number(0, 8) })
    }

    /// The bytes of a blob that is a file or a link; one that is longer than `limit` is not read.
    pub(super) fn blob(&self, path: &[u8], node: Node, limit: u64) -> io::Result<Vec<u8>> {
        let at = text_of(path);
        if self.objects.size(node.id, &at).map_err(|e| self.note(e))? > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let bytes = self.objects.read(node.id, Kind::Blob, &at).map_err(|e| self.note(e))?;
        if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
    }

    /// Keeps the first error for [`fault`](Self::fault).
    fn note(&self, error: CommitError) -> io::Error {
        self.fault.get_or_init(|| error.clone());
        io::Error::other(error)
    }
}

/// A commit as people are told of it.
fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}

/// A name of a directory entry.
pub(super) fn name_of(name: &[u8]) -> &OsStr {
    OsStr::from_bytes(name)
}
