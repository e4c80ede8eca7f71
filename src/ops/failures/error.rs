//! Why a failure cannot be kept as a test case.

use miette::Diagnostic;

use crate::base::Tier;

/// A case's error.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum CaseError {
    #[error("nothing of `{file}` fails now")]
    #[diagnostic(
        code(sawmill::failures::none),
        help("`sawmill failures` lists what fails; `--all` takes what is remembered of the past too")
    )]
    None { file: String },
    #[error("`{file}` has a name that secrets have")]
    #[diagnostic(code(sawmill::failures::secret), help("copy the file by hand if it holds no secret"))]
    Secret { file: String },
    /// Its bytes are nowhere any more.
    #[error("`{file}` is no longer what failed, and the ledger has only its first KiB")]
    #[diagnostic(
        code(sawmill::failures::input_gone),
        help("bring that version back into the working tree, or run `sawmill build` to see whether it still fails")
    )]
    Gone { file: String },
    #[error("`{path}` is there with another content")]
    #[diagnostic(code(sawmill::failures::case_exists), help("name another directory, or remove it"))]
    Exists { path: String },
    #[error("cannot write `{path}`")]
    #[diagnostic(code(sawmill::failures::case_write), help("check the directory, its permissions and the disk"))]
    Write {
        path: String,
        #[source]
        source: std::io::Error,
    },
}

impl CaseError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Write { .. } => Tier::Environment,
            _ => Tier::User,
        }
    }
}
