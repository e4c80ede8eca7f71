//! How a failure stands in JSON: the same object for every command.

use schemars::JsonSchema;
use serde::Serialize;

/// What a command prints instead of an answer. `error` is there where, and only where, the command failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailureReport {
    /// Always false.
    #[schemars(extend("const" = false))]
    pub ok: bool,
    pub error: Problem,
}

impl FailureReport {
    pub fn new(error: Problem) -> Self {
        Self { ok: false, error }
    }
}

/// A diagnostic: what is wrong, where, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Problem {
    /// `sawmill::<area>::<name>`, as `docs/errors.md` lists them.
    pub code: String,
    /// What is wrong, with what lies behind it.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Places in files, the first one that of the mistake.
    pub labels: Vec<ProblemLabel>,
    /// The single problems that this one sums up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Self>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProblemLabel {
    /// Relative to the workspace.
    pub file: Option<String>,
    /// What is wrong just there.
    pub text: Option<String>,
    /// Bytes from the start of the file.
    pub offset: usize,
    /// Bytes.
    pub length: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}
