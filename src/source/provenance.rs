//! Where a tree comes from: branch, commit, and whether files differ from it.
//!
//! Git is asked in process (gix); no program is started. The repository may be hostile, so it is opened as one of
//! reduced trust: no configuration of the user, the system or the environment is read, and no section of the
//! repository's own configuration may name a program. Hooks, `core.fsmonitor`, external diffs and filter drivers
//! are thereby dead letters (tests set them and look for their traces).
//!
//! Provenance is told beside a generation and enters no key and no artifact, so nothing in here can fail a build:
//! what cannot be told is absent, with a [`Notice`] that says why. gix reads the machine's files itself, not
//! through `base::vfs`.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::base::vfs::{FileKind, Vfs};

use super::failure::is_gone;
use super::model::Notice;

/// A tree's place in git's history.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Provenance {
    /// Short name of the branch; `None` when none is checked out.
    pub branch: Option<String>,
    /// Hexadecimal id; `None` before the first commit.
    pub commit: Option<String>,
    /// Do tracked files differ from the commit? Of the whole git repository, even where the tree is a part of it;
    /// files that git does not track do not count. `None`: not asked, or not known.
    pub dirty: Option<bool>,
}

/// What git says of the directory `root`, or of the git repository around it. `None` where there is none.
///
/// Finding out `dirty` costs a stat of every tracked file, so it is done only `with_dirty`.
pub fn provenance(vfs: &dyn Vfs, root: &Path, with_dirty: bool) -> (Option<Provenance>, Vec<Notice>) {
    let mut notices = Vec::new();
    let work_tree = match enclosing(vfs, root) {
        Ok(Some(work_tree)) => work_tree,
        Ok(None) => return (None, notices),
        Err(why) => {
            notices.push(unknown("it cannot be told whether git knows this tree", &why.to_string(), root));
            return (None, notices);
        }
    };
    let told = guarded(|| tell(&work_tree));
    let (repository, mut told) = match told {
        Ok(told) => told,
        Err(why) => {
            notices.push(unknown("git does not tell where this tree comes from", &why, &work_tree));
            return (None, notices);
        }
    };
    if with_dirty {
        match guarded(|| is_dirty(&repository, &work_tree)) {
            Ok(dirty) => told.dirty = Some(dirty),
            Err(why) => {
                notices.push(unknown("git does not tell whether files differ from the commit", &why, &work_tree));
            }
        }
    }
    (Some(told), notices)
}

fn unknown(what: &str, why: &str, work_tree: &Path) -> Notice {
    // The library's messages show where the tree lies on this machine; a notice travels further.
    let why = why.replace(&work_tree.display().to_string(), ".");
    Notice {
        code: "sawmill::source::provenance",
        path: String::new(),
        message: format!("{what}: {why}"),
        help: "the build does not need it; `git status` in the directory shows what is wrong",
    }
}

/// The nearest directory, from `root` upwards, that has a `.git`.
pub(super) fn enclosing(vfs: &dyn Vfs, root: &Path) -> io::Result<Option<PathBuf>> {
    let root = vfs.canonicalize(root)?;
    for dir in root.ancestors() {
        match vfs.stat(&dir.join(".git")) {
            Ok(stat) if matches!(stat.kind, FileKind::Dir | FileKind::File) => return Ok(Some(dir.to_path_buf())),
            Ok(_) => {}
            Err(e) if is_gone(&e) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(None)
}

/// A damaged or crafted repository must not bring the build down, whatever it does to the library.
pub(super) fn guarded<T, E: std::fmt::Display>(ask: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => answer.map_err(|e| e.to_string()),
        Err(_) => Err("reading the repository failed inside the git library".to_owned()),
    }
}

fn tell(work_tree: &Path) -> Result<(gix::Repository, Provenance), gix::Error> {
    let repository = open(work_tree)?;
    let branch = repository.head_name()?.map(|name| name.shorten().to_string());
    let commit = repository.head()?.id().map(|id| id.to_string());
    Ok((repository, Provenance { branch, commit, dirty: None }))
}

/// Opens the git repository of a work tree, or a bare one, as the module says.
pub(super) fn open(work_tree: &Path) -> Result<gix::Repository, gix::Error> {
    gix::open_opts(work_tree, isolated())
}

/// Nothing but the repository speaks, and it names no program.
pub(super) fn isolated() -> gix::open::Options {
    gix::open::Options::isolated()
        .with(gix::sec::Trust::Reduced)
        .filter_config_section(|section| section.source.kind() != gix::config::source::Kind::Repository)
}

fn is_dirty(repository: &gix::Repository, work_tree: &Path) -> Result<bool, gix::Error> {
    // Bare, or pointed at somebody else's files.
    let there = repository.workdir().and_then(|dir| gix::path::realpath(dir).ok());
    if there.as_deref() != Some(work_tree) {
        return Err(gix::Error::from_error(Elsewhere));
    }
    let ignore = gix::submodule::config::Ignore::All;
    let mut changes = repository
        .status(gix::progress::Discard)?
        .index_worktree_rewrites(None)
        .tree_index_track_renames(gix::status::tree_index::TrackRenames::Disabled)
        .index_worktree_submodules(gix::status::Submodule::Given { ignore, check_dirty: false })
        .index_worktree_options_mut(|options| {
            options.dirwalk_options = None;
            options.thread_limit = Some(2);
        })
        .into_iter(None)?;
    // The first change is enough.
    changes.next().transpose().map(|first| first.is_some())
}

#[derive(Debug, thiserror::Error)]
#[error("the repository has no work tree here")]
struct Elsewhere;

#[cfg(test)]
#[path = "provenance_tests.rs"]
mod tests;
