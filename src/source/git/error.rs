//! Why a committed tree cannot be read.

use miette::Diagnostic;

use crate::base::Tier;

/// What the git library says of a failure, in its own words; never where the tree lies on this machine.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct GitSaid(pub String);

/// An object that a commit needs, or the way to it.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
pub enum CommitError {
    #[error("git does not know this tree, so it has no commit {commit}")]
    #[diagnostic(code(sawmill::source::no_git), help("a revision is of a repository whose root is in a git work tree"))]
    NoGit { commit: String },
    #[error("the git repository of this tree cannot be read")]
    #[diagnostic(code(sawmill::source::git), help("`git fsck` in the repository shows what is wrong"))]
    Unreadable(#[source] GitSaid),
    #[error("commit {commit} has no directory `{path}`")]
    #[diagnostic(
        code(sawmill::source::not_in_commit),
        help("the repository's root is a part of a git repository, and was not there yet; build a later commit")
    )]
    NoDirectory { commit: String, path: String },
    #[error("git has no {kind} {id}{at}")]
    #[diagnostic(
        code(sawmill::source::missing_object),
        help(
            "this clone is not complete (`git clone --filter` or `--depth`): `git fetch --refetch` or `git fetch --unshallow` gets the rest"
        )
    )]
    Missing { kind: &'static str, id: String, at: String },
    #[error("git's {kind} {id}{at} cannot be read")]
    #[diagnostic(
        code(sawmill::source::damaged_object),
        help("`git fsck` in the repository shows what is wrong; clone it anew where it is damaged")
    )]
    Damaged {
        kind: &'static str,
        id: String,
        at: String,
        #[source]
        why: GitSaid,
    },
    #[error("the commit's tree has more than {most} entries")]
    #[diagnostic(
        code(sawmill::source::commit_too_large),
        help("its trees may name each other again and again: build a smaller part of it")
    )]
    TooLarge { most: usize },
}

impl CommitError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::NoGit { .. } | Self::NoDirectory { .. } | Self::TooLarge { .. } => Tier::User,
            Self::Unreadable(_) | Self::Missing { .. } | Self::Damaged { .. } => Tier::Environment,
        }
    }
}
