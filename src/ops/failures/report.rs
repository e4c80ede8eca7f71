//! What is asked and what is told.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::ground::FileAsked;
use super::super::stale::StaleRepo;
use super::case::SavedCase;

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct FailuresRequest {
    /// Empty: all.
    pub repos: Vec<String>,
    /// One file, in full.
    pub file: Option<FileAsked>,
    /// Also what failed once and does not fail now.
    pub all: bool,
    /// Write the failing file as a test case beneath this directory; `file` says which.
    pub save_case: Option<PathBuf>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FailuresReport {
    pub generation: Option<String>,
    /// Where one file was asked about: its repository.
    pub repo: Option<String>,
    /// Where one file was asked about: its path.
    pub path: Option<String>,
    /// Repositories that fail, then files; by repository and path, what fails now before the past.
    pub failures: Vec<FailureSeen>,
    /// How many of them fail now.
    pub now: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub saved: Option<SavedCase>,
    /// Of pieces of the ledger that could not be read.
    pub notices: Vec<String>,
    pub stale: Vec<StaleRepo>,
}

/// A failure of a file, or of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct FailureSeen {
    /// It fails now; otherwise it did.
    pub now: bool,
    pub repo: String,
    /// None where the repository as a whole could not be built.
    pub path: Option<String>,
    pub language: Option<String>,
    pub node: Option<String>,
    pub kind: Option<String>,
    pub format: Option<u32>,
    /// `partial` or `error`; none for a repository and for the past.
    pub status: Option<String>,
    /// First line that is wrong.
    pub line: Option<u32>,
    pub column: Option<u32>,
    /// All lines that are wrong.
    pub lines: Vec<i32>,
    pub error_type: String,
    pub message: String,
    /// `input`, `environment` or `bug`.
    pub class: String,
    pub content_hash: Option<String>,
    /// The first run that is known to have met it with this content.
    pub first_run: Option<u64>,
    /// When that was, RFC 3339.
    pub first_at: Option<String>,
    /// The lines around it, where one file was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<FailureContext>,
    /// Why there is no context, where one file was asked about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_context: Option<String>,
    /// Where in the program it happened, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtrace: Option<String>,
    /// Milliseconds since 1970 of `first_at`.
    #[serde(skip)]
    pub first_millis: Option<i64>,
}

/// A line and its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailureContext {
    /// `ledger`, or `tree` where they were read from the working tree, which still has this content.
    pub from: String,
    /// Up to five lines before it.
    pub before: Vec<String>,
    pub text: String,
    /// Up to five lines after it.
    pub after: Vec<String>,
}
