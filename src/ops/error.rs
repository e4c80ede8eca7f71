//! What can go wrong in an operation, and whose problem it is.

use miette::Diagnostic;

use crate::base::Tier;
use crate::config::{CacheTrouble, ConfigErrors};
use crate::engine::Failure;
use crate::plan::{PlanErrors, SelectError};
use crate::query::QueryError;
use crate::source::RevisionError;
use crate::store::{RefError, SnapshotError, StoreError};

use super::backfill::BackfillError;
use super::diff::DiffError;
use super::export::ExportError;
use super::failures::CaseError;
use super::gc::GcError;
use super::ground::FileError;
use super::history::HistoryError;
use super::preview::PreviewError;
use super::retry::RetryError;
use super::schema::SchemaError;

/// An operation's error.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum OpsError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] ConfigErrors),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanErrors),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Select(#[from] SelectError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Engine(#[from] Failure),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Schema(#[from] SchemaError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Preview(#[from] PreviewError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Case(#[from] CaseError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Backfill(#[from] BackfillError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Diff(#[from] DiffError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gc(#[from] GcError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Ref(#[from] RefError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Snapshot(#[from] SnapshotError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Revision(#[from] RevisionError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Retry(#[from] RetryError),
    /// A command that reads came before the first build.
    #[error("this workspace was never built")]
    #[diagnostic(code(sawmill::ops::not_built), help("run `sawmill build`"))]
    NotBuilt,
    /// Nodes of the workspace were selected for a build, and nothing of the repositories that they take.
    #[error("`{node}` is a node of the workspace, and nothing of a repository is selected")]
    #[diagnostic(
        code(sawmill::ops::without_repositories),
        help(
            "it is built with the repositories: `sawmill build`, or `sawmill build +{node}` for it and what it needs"
        )
    )]
    WithoutRepositories { node: String },
    /// A repository was named that the workspace does not have.
    #[error("no repository is called `{name}`")]
    #[diagnostic(code(sawmill::ops::unknown_repository), help("{help}"))]
    UnknownRepository { name: String, help: String },
    /// `SAWMILL_CACHE` names what cannot be a cache.
    #[error("the directory of `SAWMILL_CACHE` {trouble}")]
    #[diagnostic(code(sawmill::ops::bad_cache), help("give the cache a directory of its own, written in full"))]
    BadCache { trouble: CacheTrouble },
    /// A path was given that names no file of the repository.
    #[error("`{path}` is no path of the repository: {why}")]
    #[diagnostic(
        code(sawmill::ops::no_path_of_repository),
        help("give a path relative to the repository's root, or to where you stand inside it")
    )]
    NoPathOfRepository { path: String, why: &'static str },
}

impl OpsError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Config(errors) => errors.tier(),
            Self::Plan(_)
            | Self::NotBuilt
            | Self::WithoutRepositories { .. }
            | Self::UnknownRepository { .. }
            | Self::BadCache { .. }
            | Self::NoPathOfRepository { .. } => Tier::User,
            Self::Schema(_) => Tier::Environment,
            Self::Select(error) => error.tier(),
            Self::Preview(error) => error.tier(),
            Self::File(error) => error.tier(),
            Self::History(error) => error.tier(),
            Self::Case(error) => error.tier(),
            Self::Retry(error) => error.tier(),
            Self::Diff(error) => error.tier(),
            Self::Export(error) => error.tier(),
            Self::Gc(error) => error.tier(),
            Self::Ref(error) => error.tier(),
            Self::Snapshot(error) => error.tier(),
            Self::Revision(error) => error.tier(),
            Self::Backfill(error) => error.tier(),
            Self::Store(error) => error.tier(),
            Self::Query(error) => error.tier(),
            Self::Engine(failure) => failure.tier(),
        }
    }

    /// The error with what lies behind it, for a report of something that stopped nothing.
    pub(super) fn in_one_line(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }

    /// `name` is none of `known`.
    pub fn unknown_repository<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Self {
        let help = match crate::base::suggest::nearest(name, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the workspace has: {}", known.collect::<Vec<_>>().join(", ")),
        };
        Self::UnknownRepository { name: name.into(), help }
    }
}
