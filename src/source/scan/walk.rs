//! From a root to the files that are not ignored.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::vfs::{FileKind, Stat, Vfs};
use crate::base::{Cancel, RelPath, parallel};
use crate::source::failure::{is_exhausted, is_gone};
use crate::source::model::Notice;
use crate::source::path_text::text_of;
use crate::source::rules::Rules;

use super::error::SourceError;
use super::gate::{Admission, Gate};
use super::notices;

/// In the order of their say.
pub const IGNORE_FILES: [&str; 2] = [".gitignore", ".sawmillignore"];
/// A larger ignore file is refused: every rule is asked about every path.
const IGNORE_FILE_BYTES: u64 = 256 << 10;

/// Everything a walk is told.
pub struct Walk<'a> {
    pub vfs: &'a dyn Vfs,
    /// Resolved.
    pub root: PathBuf,
    pub gate: Gate,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

/// A directory to list.
pub struct Dir {
    /// Relative to the root, without a final slash; empty for the root.
    pub path: Vec<u8>,
    /// Of the ignore files above it.
    rules: Option<Arc<Rules>>,
    /// `include` matched this directory or one above it, or everything is included.
    pub included: bool,
}

impl Dir {
    /// The path of an entry.
    pub fn entry(&self, name: &[u8]) -> Vec<u8> {
        let mut path = self.path.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        path
    }
}

/// A directory as it was found.
pub enum Opened {
    /// Its entries, and the rules that hold for them.
    Entries(Vec<(OsString, Stat)>, Option<Arc<Rules>>),
    /// A repository of its own; not entered.
    Repository,
    /// Gone, or no directory any more: as if it had not been listed.
    Gone,
    Unreadable,
}

/// Files of one directory. Their paths stand one after another in one buffer.
#[derive(Default)]
pub(super) struct Listing {
    paths: Vec<u8>,
    /// The end of each path, and the file's stat.
    files: Vec<(usize, Stat)>,
}

/// One file of a walk.
#[derive(Clone, Copy)]
pub struct Found<'a> {
    pub path: &'a [u8],
    pub stat: &'a Stat,
}

impl Listing {
    pub(super) fn files(&self) -> impl Iterator<Item = Found<'_>> {
        let mut start = 0;
        self.files.iter().map(move |(end, stat)| {
            let path = self.paths.get(start..*end).unwrap_or_default();
            start = *end;
            Found { path, stat }
        })
    }
}

#[derive(Default)]
struct Listed {
    files: Listing,
    dirs: Vec<Dir>,
    notices: Vec<Notice>,
}

impl Walk<'_> {
    /// All directories, level by level.
    pub(super) fn run(&self, told: &mut Vec<Notice>) -> Result<Vec<Listing>, SourceError> {
        let mut level = vec![self.top()];
        let mut listings = Vec::new();
        while !level.is_empty() {
            let listed = parallel::map(self.threads, &level, |dir| self.list(dir));
            level.clear();
            for directory in listed {
                let directory = directory?;
                listings.push(directory.files);
                level.extend(directory.dirs);
                told.extend(directory.notices);
            }
        }
        Ok(listings)
    }

    /// The root.
    pub fn top(&self) -> Dir {
        Dir { path: Vec::new(), rules: None, included: self.gate.includes_all() }
    }

    fn list(&self, dir: &Dir) -> Result<Listed, SourceError> {
        self.cancel.check()?;
        let mut listed = Listed::default();
        let Opened::Entries(entries, rules) = self.open(dir, &mut listed.notices)? else { return Ok(listed) };
        let mut path = dir.entry(b"");
        let base = path.len();
        for (name, stat) in entries {
            path.truncate(base);
            path.extend_from_slice(name.as_bytes());
            let Ok(admission) = self.gate.admit(&path, stat.kind, dir.included, rules.as_deref()) else { continue };
            if admission.is_dir {
                listed.dirs.push(Self::within(&path, rules.as_ref(), &admission));
            } else if admission.included {
                listed.files.paths.extend_from_slice(&path);
                listed.files.files.push((listed.files.paths.len(), stat));
            }
        }
        Ok(listed)
    }

    /// The admitted directory at `path`, in one whose entries have `rules`.
    pub fn within(path: &[u8], rules: Option<&Arc<Rules>>, admission: &Admission<'_>) -> Dir {
        Dir { path: path.to_vec(), rules: rules.cloned(), included: admission.included }
    }

    /// Lists `dir` and reads its ignore files.
    pub fn open(&self, dir: &Dir, told: &mut Vec<Notice>) -> Result<Opened, SourceError> {
        let is_root = dir.path.is_empty();
        let entries = if is_root {
            self.vfs.list_stat(&self.root)
        } else {
            self.vfs.list_stat(&self.root.join(OsStr::from_bytes(&dir.path)))
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(e) if is_exhausted(&e) => {
                return Err(SourceError::Exhausted { path: text_of(&dir.path), source: e });
            }
            Err(source) if is_root => {
                return Err(SourceError::RootUnreadable { root: self.root.display().to_string(), source });
            }
            Err(e) if is_gone(&e) => return Ok(Opened::Gone),
            Err(e) => {
                told.push(notices::unreadable_directory(&dir.path, &e));
                return Ok(Opened::Unreadable);
            }
        };
        if !is_root && is_repository(&entries) {
            told.push(notices::nested_repository(&dir.path));
            return Ok(Opened::Repository);
        }
        let rules = self.rules_of(dir, &entries, told)?;
        Ok(Opened::Entries(entries, rules))
    }

    /// The rules that hold within `dir`: those from above, and its own ignore files'.
    fn rules_of(
        &self,
        dir: &Dir,
        entries: &[(OsString, Stat)],
        told: &mut Vec<Notice>,
    ) -> Result<Option<Arc<Rules>>, SourceError> {
        let mut files = [const { Vec::new() }; IGNORE_FILES.len()];
        for (file, name) in files.iter_mut().zip(IGNORE_FILES) {
            // Git does not follow a link there either.
            if !entries.iter().any(|(entry, stat)| entry == name && stat.kind == FileKind::File) {
                continue;
            }
            let path = dir.entry(name.as_bytes());
            match self.read_ignore_file(&path) {
                Ok(bytes) => *file = bytes,
                Err(e) if is_gone(&e) => {}
                Err(e) if is_exhausted(&e) => {
                    return Err(SourceError::Exhausted { path: text_of(&path), source: e });
                }
                Err(e) => told.push(notices::unreadable_ignore_file(&path, &e)),
            }
        }
        if files.iter().all(Vec::is_empty) {
            return Ok(dir.rules.clone());
        }
        let base = if dir.path.is_empty() { 0 } else { dir.path.len() + 1 };
        let rules = Rules::of_files(files.iter().map(Vec::as_slice), base, dir.rules.clone());
        Ok(Some(Arc::new(rules)))
    }

    fn read_ignore_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let path = RelPath::from_bytes(path).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
        self.vfs.read_beneath(&self.root, &path, IGNORE_FILE_BYTES)
    }
}

/// A directory that git would take for a repository of its own: it has a `.git`, as a directory or as the file
/// that a submodule or a linked work tree has.
fn is_repository(entries: &[(OsString, Stat)]) -> bool {
    let is_git = |kind| matches!(kind, FileKind::Dir | FileKind::File);
    entries.iter().any(|(name, stat)| name.as_bytes() == b".git" && is_git(stat.kind))
}
