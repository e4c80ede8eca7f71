//! What can go wrong in the store.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::base::Tier;

/// An error of the store. It names the path; it is shown to people only.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum StoreError {
    #[error("cannot {doing} `{}`", path.display())]
    #[diagnostic(
        code(sawmill::store::io),
        help("check the disk's space and the permissions there, then run the command again: nothing was lost")
    )]
    Io {
        /// A verb: `read`, `write`, `sync`, …
        doing: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is damaged: {what}", path.display())]
    #[diagnostic(code(sawmill::store::damaged), help("run `sawmill build`: what is damaged is set aside and rebuilt"))]
    Damaged { path: PathBuf, what: &'static str },
    #[error("`{}` is missing", path.display())]
    #[diagnostic(code(sawmill::store::missing), help("run `sawmill build`: what is missing is rebuilt"))]
    Missing { path: PathBuf },
    #[error("`{}` has format {found}, and this version of Sawmill knows formats up to {known}", path.display())]
    #[diagnostic(
        code(sawmill::store::newer),
        help("update Sawmill, or use another directory with `cache:` in workspace.yaml; nothing was changed")
    )]
    Newer { path: PathBuf, found: u64, known: u32 },
    #[error("another build is running ({holder})")]
    #[diagnostic(
        code(sawmill::store::locked),
        help("wait until it is done (`--wait SECONDS`), or stop that process; the lock goes with it")
    )]
    Locked {
        /// The lock's file.
        path: PathBuf,
        /// As the holder described itself.
        holder: String,
    },
    /// A reader holds the lease of a generation that is to go.
    #[error("generation {generation} is being read")]
    #[diagnostic(code(sawmill::store::in_use), help("wait until the reader is done, then run the command again"))]
    InUse { generation: String },
    #[error("`{}` and the cache are the same directory", state.display())]
    #[diagnostic(code(sawmill::store::same_directory), help("give `cache:` in workspace.yaml a directory of its own"))]
    SameDirectory { state: PathBuf },
    /// Readers gave up: HEAD moved each time between two looks at it.
    #[error("`{}` kept changing while it was read", path.display())]
    #[diagnostic(code(sawmill::store::moving), help("run the command again"))]
    Moving { path: PathBuf },
    /// A failed sync is never repeated: the kernel may have dropped what it could not write, and would say success.
    #[error("a sync of `{}` failed earlier in this run, so nothing more is published", path.display())]
    #[diagnostic(code(sawmill::store::poisoned), help("check the disk, then run `sawmill build` again"))]
    Poisoned { path: PathBuf },
    #[error("generation {generation} is published, but its view under `latest` could not be made")]
    #[diagnostic(code(sawmill::store::view), help("searching works; the next `sawmill build` repairs the view"))]
    View {
        generation: String,
        #[source]
        source: Box<StoreError>,
    },
    /// A bug of the caller.
    #[error("the store refused a record: {what}")]
    #[diagnostic(code(sawmill::store::refused), help("this is a bug in Sawmill; please report it"))]
    Refused { what: String },
}

impl StoreError {
    /// Does a rebuild heal it? Then a build goes on as if the thing had never been there, and says so.
    /// What is wrong, for a text that names the file already.
    pub(in crate::store) fn in_words(&self) -> String {
        match self {
            Self::Missing { .. } => "it is not there".to_owned(),
            Self::Damaged { what, .. } => (*what).to_owned(),
            Self::Newer { found, known, .. } => {
                format!("its format is {found}, and this version knows formats up to {known}")
            }
            Self::Io { source, .. } => source.to_string(),
            other => other.to_string(),
        }
    }

    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Missing { .. })
    }

    pub fn tier(&self) -> Tier {
        match self {
            Self::Refused { .. } => Tier::Bug,
            Self::SameDirectory { .. } | Self::Newer { .. } => Tier::User,
            _ => Tier::Environment,
        }
    }

    pub(super) fn refused(what: impl Into<String>) -> Self {
        Self::Refused { what: what.into() }
    }
}

/// Names what was being done to which path.
pub(super) fn io_at<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> StoreError + use<'a> {
    move |source| StoreError::Io { doing, path: path.to_owned(), source }
}

/// Something worth telling that stopped nothing: a damaged piece that counts as a miss, a view that was not repaired.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StoreNotice {
    pub path: PathBuf,
    pub what: String,
}
