//! What is told beside an answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A remark that stops nothing, unless `--strict` is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// `sawmill::query::<name>`, as `docs/errors.md` lists them.
    pub code: String,
    pub message: String,
    /// What to do next.
    pub help: String,
    /// The repositories that it is about, by name.
    pub repos: Vec<String>,
}

/// Names in backticks; of many the first eight.
pub(super) fn names<'a>(all: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let more = all.len().saturating_sub(SHOWN);
    let shown = all.take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}
