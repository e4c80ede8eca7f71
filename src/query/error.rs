//! What can go wrong when reading.

use miette::Diagnostic;

use super::deps::DepsError;
use super::parse::ParseError;
use crate::base::Tier;
use crate::base::cancel::Cancelled;
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
            Self::Unreadable { source, .. } => source.tier(),
            Self::Table(_) | Self::Manifest { .. } => Tier::Environment,
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
