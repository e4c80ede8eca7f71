//! Why there is nothing to preview.

use miette::Diagnostic;

use crate::base::Tier;

/// A preview's error.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum PreviewError {
    #[error("`{file}` lies in no repository of this workspace")]
    #[diagnostic(code(sawmill::preview::outside))]
    Outside {
        file: String,
        #[help]
        help: String,
    },
    #[error("there is no file `{file}`")]
    #[diagnostic(
        code(sawmill::preview::not_there),
        help("name a file by its path, or by its repository and its path in it: `api:src/main.rs`")
    )]
    NotThere { file: String },
    #[error("`{file}` is no path in a repository")]
    #[diagnostic(
        code(sawmill::preview::bad_path),
        help("behind the colon stands a path from the repository's root, without `.` and `..`: `api:src/main.rs`")
    )]
    BadPath {
        file: String,
        #[source]
        source: crate::base::path::BadPath,
    },
    #[error("cannot look at `{file}`")]
    #[diagnostic(code(sawmill::preview::unreadable), help("check the permissions of the file and its directories"))]
    Unreadable {
        file: String,
        #[source]
        source: std::io::Error,
    },
    /// A build has no row for the file, or one without content.
    #[error("a build of `{repo}` reads nothing of `{path}`: {reason}")]
    #[diagnostic(code(sawmill::preview::left_out))]
    LeftOut {
        repo: String,
        path: String,
        reason: String,
        #[help]
        help: &'static str,
    },
    #[error("the pipeline of `{repo}` has no node `{node}`")]
    #[diagnostic(code(sawmill::preview::unknown_node))]
    UnknownNode {
        repo: String,
        node: String,
        #[help]
        help: String,
    },
    #[error("the node `{node}` writes no table `{table}`")]
    #[diagnostic(code(sawmill::preview::unknown_table))]
    UnknownTable {
        node: String,
        table: String,
        #[help]
        help: String,
    },
}

impl PreviewError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::Unreadable { .. } => Tier::Environment,
            _ => Tier::User,
        }
    }
}
