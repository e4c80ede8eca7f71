//! From a root to the files that are not ignored.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Arc;

use crate::base::vfs::{FileKind, Stat, Vfs};
use crate::base::{Cancel, RelPath, parallel};
use crate::source::failure::{is_exhausted, is_gone};
use crate::source::model::Notice;
use crate::source::path_text::text_of;
use crate::source::rules::{Rules, Verdict};

use super::error::SourceError;
use super::notices;

/// In the order of their say.
const IGNORE_FILES: [&[u8]; 2] = [b".gitignore", b".sawmillignore"];
/// A larger ignore file is refused: every rule is asked about every path.
const IGNORE_FILE_BYTES: u64 = 256 << 10;

/// Everything a walk is told.
pub(super) struct Walk<'a> {
    pub vfs: &'a dyn Vfs,
    pub root: &'a Path,
    pub never: BTreeSet<Vec<u8>>,
    /// `None`: everything.
    pub include: Option<Rules>,
    pub exclude: Rules,
    pub threads: usize,
    pub cancel: &'a Cancel,
}

/// A directory to list.
struct Dir {
    /// Relative to the root, without a final slash; empty for the root.
    path: Vec<u8>,
    rules: Option<Arc<Rules>>,
    /// `include` matched this directory or one above it.
    included: bool,
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
pub(super) struct Found<'a> {
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
        let mut level = vec![Dir { path: Vec::new(), rules: None, included: self.include.is_none() }];
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

    fn list(&self, dir: &Dir) -> Result<Listed, SourceError> {
        self.cancel.check()?;
        let mut listed = Listed::default();
        let entries = if dir.path.is_empty() {
            self.vfs.list_stat(self.root)
        } else {
            self.vfs.list_stat(&self.root.join(OsStr::from_bytes(&dir.path)))
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(e) => return self.unlisted(dir, e),
        };
        if !dir.path.is_empty() && is_repository(&entries) {
            listed.notices.push(notices::nested_repository(&dir.path));
            return Ok(listed);
        }
        let rules = self.rules_of(dir, &entries, &mut listed.notices)?;
        let mut path = dir.path.clone();
        if !path.is_empty() {
            path.push(b'/');
        }
        let base = path.len();
        for (name, stat) in entries {
            path.truncate(base);
            path.extend_from_slice(name.as_bytes());
            self.take(&path, &stat, dir, rules.as_ref(), &mut listed);
        }
        Ok(listed)
    }

    /// Puts one entry where it belongs, or leaves it out.
    fn take(&self, path: &[u8], stat: &Stat, dir: &Dir, rules: Option<&Arc<Rules>>, listed: &mut Listed) {
        let name = path.get(dir.path.len()..).unwrap_or_default();
        let name = name.strip_prefix(b"/").unwrap_or(name);
        let is_dir = match stat.kind {
            FileKind::File => false,
            FileKind::Dir => true,
            FileKind::Symlink | FileKind::Other => return,
        };
        if name == b".git" || is_dir && (name == b".sawmill" || self.never.contains(path)) {
            return;
        }
        if rules.is_some_and(|rules| rules.verdict(path, is_dir) == Some(Verdict::Matched))
            || self.exclude.verdict(path, is_dir) == Some(Verdict::Matched)
        {
            return;
        }
        let included = match self.include.as_ref().and_then(|include| include.verdict(path, is_dir)) {
            Some(verdict) => verdict == Verdict::Matched,
            None => dir.included,
        };
        if is_dir {
            listed.dirs.push(Dir { path: path.to_vec(), rules: rules.cloned(), included });
        } else if included {
            listed.files.paths.extend_from_slice(path);
            listed.files.files.push((listed.files.paths.len(), *stat));
        }
    }

    fn unlisted(&self, dir: &Dir, error: io::Error) -> Result<Listed, SourceError> {
        let mut listed = Listed::default();
        if is_exhausted(&error) {
            return Err(SourceError::Exhausted { path: text_of(&dir.path), source: error });
        }
        if dir.path.is_empty() {
            return Err(SourceError::RootUnreadable { root: self.root.display().to_string(), source: error });
        }
        // Gone, or no directory any more: as if it had not been listed.
        if !is_gone(&error) {
            listed.notices.push(notices::unreadable_directory(&dir.path, &error));
        }
        Ok(listed)
    }

    /// The rules that hold within `dir`: those from above, and its own ignore files'.
    fn rules_of(
        &self,
        dir: &Dir,
        entries: &[(OsString, Stat)],
        told: &mut Vec<Notice>,
    ) -> Result<Option<Arc<Rules>>, SourceError> {
        let mut files = Vec::new();
        for name in IGNORE_FILES {
            // Git does not follow a link there either.
            if !entries.iter().any(|(entry, stat)| entry.as_bytes() == name && stat.kind == FileKind::File) {
                continue;
            }
            let mut path = dir.path.clone();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(name);
            match self.read_ignore_file(&path) {
                Ok(bytes) => files.push(bytes),
                Err(e) if is_gone(&e) => {}
                Err(e) if is_exhausted(&e) => {
                    return Err(SourceError::Exhausted { path: text_of(&path), source: e });
                }
                Err(e) => told.push(notices::unreadable_ignore_file(&path, &e)),
            }
        }
        if files.is_empty() {
            return Ok(dir.rules.clone());
        }
        let base = if dir.path.is_empty() { 0 } else { dir.path.len() + 1 };
        let rules = Rules::of_files(files.iter().map(Vec::as_slice), base, dir.rules.clone());
        Ok(Some(Arc::new(rules)))
    }

    fn read_ignore_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let path = RelPath::from_bytes(path).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
        self.vfs.read_beneath(self.root, &path, IGNORE_FILE_BYTES)
    }
}

/// A directory that git would take for a repository of its own: it has a `.git`, as a directory or as the file
/// that a submodule or a linked work tree has.
fn is_repository(entries: &[(OsString, Stat)]) -> bool {
    let is_git = |kind| matches!(kind, FileKind::Dir | FileKind::File);
    entries.iter().any(|(name, stat)| name.as_bytes() == b".git" && is_git(stat.kind))
}
