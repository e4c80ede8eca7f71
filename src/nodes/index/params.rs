//! Parameters of `index`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the index holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct IndexParams {
    /// Write postings for ranked search. Without them the chunks stay readable but ranked search does not find them.
    pub postings: bool,
    /// Write trigrams, by which exact search rules files out. Without them it reads every file.
    pub trigrams: bool,
    /// Write relations: what each chunk calls and imports, resolved inside the repository. They need the port `outline`.
    pub relations: bool,
}

impl Default for IndexParams {
    fn default() -> Self {
        Self { postings: true, trigrams: true, relations: true }
    }
}
