//! Revisions: which commit a person means.

use std::path::Path;

use miette::Diagnostic;

use super::git::GitSaid;
use super::provenance::{enclosing, guarded, open};
use crate::base::Tier;
use crate::base::vfs::Vfs;

/// Why a revision is none.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RevisionError {
    #[error("git does not know this tree, so it has no revision `{rev}`")]
    #[diagnostic(code(sawmill::source::no_git), help("a revision is of a repository whose root is in a git work tree"))]
    NoGit { rev: String },
    #[error("`{rev}` names no commit of the repository `{repo}`")]
    #[diagnostic(
        code(sawmill::source::no_revision),
        help("`git log --oneline` and `git tag` in the repository list what there is; fetch what is missing")
    )]
    Unknown {
        rev: String,
        repo: String,
        #[source]
        why: GitSaid,
    },
    #[error("the git repository of `{repo}` cannot be read")]
    #[diagnostic(code(sawmill::source::git), help("`git fsck` in the repository shows what is wrong"))]
    Unreadable {
        repo: String,
        #[source]
        why: std::io::Error,
    },
}

impl RevisionError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::NoGit { .. } | Self::Unknown { .. } => Tier::User,
            Self::Unreadable { .. } => Tier::Environment,
        }
    }
}

/// The commit, in whole hexadecimal, that `rev` names in the git repository around `root`, which is that of `repo`: a branch, a tag, an id or
/// the beginning of one, or an expression such as `HEAD~3`.
pub fn commit_of(vfs: &dyn Vfs, repo: &str, root: &Path, rev: &str) -> Result<String, RevisionError> {
    let work_tree = enclosing(vfs, root).map_err(|why| unreadable(repo, why))?;
    let Some(work_tree) = work_tree else { return Err(RevisionError::NoGit { rev: rev.to_owned() }) };
    let found = guarded(|| -> Result<String, Box<dyn std::error::Error>> {
        let repository = open(&work_tree)?;
        let object = repository.rev_parse_single(rev)?.object()?;
        Ok(object.peel_to_commit()?.id.to_string())
    });
    found.map_err(|why| {
        // The library's messages show where the tree lies on this machine.
        let why = why.replace(&work_tree.display().to_string(), ".");
        RevisionError::Unknown { rev: rev.to_owned(), repo: repo.to_owned(), why: GitSaid(why) }
    })
}

fn unreadable(repo: &str, why: std::io::Error) -> RevisionError {
    RevisionError::Unreadable { repo: repo.to_owned(), why }
}

/// The short names of the tags, plain and annotated, that lead to `commit` in the git repository around `root`, that of `repo`, sorted.
/// None where git does not know the tree.
pub fn tags_at(vfs: &dyn Vfs, repo: &str, root: &Path, commit: &str) -> Result<Vec<String>, RevisionError> {
    let work_tree = enclosing(vfs, root).map_err(|why| unreadable(repo, why))?;
    let Some(work_tree) = work_tree else { return Ok(Vec::new()) };
    let found = guarded(|| -> Result<Vec<String>, Box<dyn std::error::Error>> {
        let repository = open(&work_tree)?;
        let mut tags = Vec::new();
        for reference in repository.references()?.tags()? {
            let mut reference = reference.map_err(|e| e.to_string())?;
            let name = reference.name().shorten().to_string();
            // A tag may lead to a tree or a blob, or to what was never fetched: then it leads to no commit of ours.
            if reference.peel_to_id().is_ok_and(|id| id.to_hex().to_string().as_str() == commit) {
                tags.push(name);
            }
        }
        tags.sort_unstable();
        Ok(tags)
    });
    found.map_err(|why| {
        let why = why.replace(&work_tree.display().to_string(), ".");
        unreadable(repo, std::io::Error::other(why))
    })
}
