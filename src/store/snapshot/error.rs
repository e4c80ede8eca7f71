//! Why a snapshot is not made, changed or removed.

use miette::Diagnostic;

use crate::base::Tier;
use crate::store::error::StoreError;

/// An error of an operation on snapshots.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum SnapshotError {
    #[error("no snapshot is made while a repository is stale: {}", .repos.join(", "))]
    #[diagnostic(
        code(sawmill::snapshot::stale),
        help("`sawmill status` tells why; run `sawmill build` once that is mended")
    )]
    Stale {
        /// Sorted.
        repos: Vec<String>,
    },
    #[error("`{tag}` is no tag of a snapshot")]
    #[diagnostic(
        code(sawmill::snapshot::bad_tag),
        help("a tag is 1 to 64 of a-z, A-Z, 0-9, `.`, `_`, `/` and `-`, the first one a letter or a digit")
    )]
    BadTag {
        /// Shortened where it is long.
        tag: String,
    },
    #[error("the {what} is too long: {len} bytes")]
    #[diagnostic(code(sawmill::snapshot::too_long), help("at most {most} bytes are kept"))]
    TooLong { what: &'static str, len: usize, most: usize },
    #[error("the moment is of another store, and a snapshot is made of what stands in this one")]
    #[diagnostic(
        code(sawmill::snapshot::foreign),
        help("name a moment of this workspace: a frozen copy is complete in itself and can be copied as a directory")
    )]
    Foreign,
    /// The moment is read from the copy: nothing here keeps its builds.
    #[error("`{asked}` is kept as a frozen copy, and a second snapshot is not made of one")]
    #[diagnostic(
        code(sawmill::snapshot::frozen_already),
        help("give that one more tags with `sawmill tag {asked} TAG`; its directory `frozen` can be copied as it is")
    )]
    FrozenAlready { asked: String },
    #[error("snapshot {id} is protected by its tags: {}", .tags.join(", "))]
    #[diagnostic(
        code(sawmill::snapshot::protected),
        help("remove it with `--force`, or take the tags away: `sawmill tag {id} {} --remove`", .tags.join(" "))
    )]
    Protected { id: String, tags: Vec<String> },
    /// A reader holds the frozen copy.
    #[error("the frozen copy of snapshot {id} is being read")]
    #[diagnostic(code(sawmill::snapshot::in_use), help("wait until the reader is done, then run the command again"))]
    InUse { id: String },
    #[error("objects cannot be hard-linked into the frozen copy: the cache is on another file system")]
    #[diagnostic(code(sawmill::snapshot::no_link), help("freeze without `--link`: the objects are copied then"))]
    NoLink(#[source] std::io::Error),
    /// What was copied reads back as something else, while the original is whole.
    #[error("a copy of object {object} does not read back as it was written")]
    #[diagnostic(code(sawmill::snapshot::bad_copy), help("check the disk; the snapshot stays as it was"))]
    BadCopy { object: String },
    #[error("too many snapshots were made of one generation in one second")]
    #[diagnostic(code(sawmill::snapshot::too_many), help("wait a second, then run the command again"))]
    TooMany,
    #[error("cancelled")]
    #[diagnostic(code(sawmill::snapshot::cancelled), help("the snapshot stays as it was; run the command again"))]
    Cancelled,
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
}

impl SnapshotError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::Store(error) => error.tier(),
            Self::Cancelled => Tier::Cancelled,
            Self::InUse { .. } | Self::NoLink(_) | Self::BadCopy { .. } | Self::TooMany => Tier::Environment,
            _ => Tier::User,
        }
    }
}
