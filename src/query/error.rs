//! What can go wrong when reading.

use miette::Diagnostic;

use super::deps::DepsError;
use super::parse::ParseError;
use crate::base::cancel::Cancelled;
use crate::base::{Mode, Tier};
use crate::store::StoreError;
use crate::table::TableError;

/// Why a search or scan gave no answer.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum QueryError {
    #[error(transparent)]
    #[diagnostic(transparent)]
    Parse(#[from] ParseError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Deps(#[from] DepsError),
    #[error("cancelled")]
    #[diagnostic(code(sawmill::query::cancelled), help("run the command again"))]
    Cancelled(#[from] Cancelled),
    /// A manifest names pieces that do not fit together.
    #[error("{what}")]
    #[diagnostic(code(sawmill::query::manifest), help("run `sawmill build`"))]
    Manifest { what: String },
    #[error("no repository is called `{name}`")]
    #[diagnostic(code(sawmill::query::unknown_repository))]
    UnknownRepository {
        name: String,
        #[help]
        help: String,
    },
    #[error("no repository is left to search")]
    #[diagnostic(code(sawmill::query::empty_selection))]
    EmptySelection {
        #[help]
        help: String,
    },
    #[error("`{glob}` is no glob over names of repositories")]
    #[diagnostic(code(sawmill::query::repo_filter), help("write it as `api-*` or `{{api,web}}`"))]
    RepoFilter {
        glob: String,
        #[source]
        source: globset::Error,
    },
    #[error("`{repo}` has no build")]
    #[diagnostic(
        code(sawmill::query::missing_build),
        help("run `sawmill build`; `sawmill status` says why it failed, if it did")
    )]
    MissingBuild { repo: String },
    #[error("the build of `{repo}` is in a format that this program does not read")]
    #[diagnostic(
        code(sawmill::query::incompatible),
        help("`sawmill build` makes it again in the format of this program; a newer program may have made it")
    )]
    Incompatible { repo: String },
    /// Without `--strict` one cohort would be searched, with a warning.
    #[error("not every repository can be searched with the others in {mode}: {what}")]
    #[diagnostic(
        code(sawmill::query::multi_cohort),
        help(
            "`sawmill build` brings builds of an older Sawmill up; `--cohort KEY` chooses; `--merge rrf` joins by rank alone"
        )
    )]
    MultiCohort { mode: Mode, what: String },
    #[error("cohort not found: `{asked}`")]
    #[diagnostic(code(sawmill::query::cohort_not_found))]
    CohortNotFound {
        asked: String,
        #[help]
        help: String,
    },
    /// Without `--strict` the answer would be that of the others, with a status.
    #[error("not every repository can be searched: {what}")]
    #[diagnostic(
        code(sawmill::query::strict),
        help("run `sawmill build`, or search without `--strict`: the answer is that of the others then")
    )]
    Strict {
        what: String,
        #[source]
        source: Option<Box<QueryError>>,
    },
    /// A part of an answer is an answer, with a status; nothing at all is none.
    #[error("nothing could be searched: {repos} cannot be read")]
    #[diagnostic(
        code(sawmill::query::unreadable),
        help("`sawmill build` makes again what the present files give; `sawmill verify --all` tells what is lost")
    )]
    Unreadable {
        repos: String,
        #[source]
        source: Box<QueryError>,
    },
    #[error("words alone have no lines to count")]
    #[diagnostic(
        code(sawmill::query::nothing_to_count),
        help(
            "quote the text, `\"like this\"`, or write an expression, `/like this/`: their lines are counted; -l lists files"
        )
    )]
    NothingToCount,
    #[error("no node is called `{name}`")]
    #[diagnostic(code(sawmill::query::unknown_node))]
    UnknownNode {
        name: String,
        #[help]
        help: String,
    },
    #[error("no table is called `{name}`")]
    #[diagnostic(code(sawmill::query::unknown_table))]
    UnknownTable {
        name: String,
        #[help]
        help: String,
    },
    #[error("table `{table}` has no column `{column}`")]
    #[diagnostic(code(sawmill::query::unknown_column))]
    UnknownColumn {
        table: String,
        column: String,
        #[help]
        help: String,
    },
}

impl QueryError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Store(error) => error.tier(),
            Self::Unreadable { source, .. } | Self::Strict { source: Some(source), .. } => source.tier(),
            Self::Table(_) | Self::Manifest { .. } | Self::Incompatible { .. } => Tier::Environment,
            Self::Cancelled(_) => Tier::Cancelled,
            _ => Tier::User,
        }
    }
}

/// "Did you mean …?", or else the names that there are.
pub(super) fn did_you_mean(given: &str, known: &[&str]) -> String {
    match crate::base::suggest::nearest(given, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    }
}
