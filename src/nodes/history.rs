//! Kinds that run after a build was promoted: the steps of `after:`. They keep or compare what was built; nothing of
//! them is in a build or its id, and none reads a file.

use std::fmt;

use serde_json::{Map, Value};

use super::kind::{ParamError, Params};

/// Checks what stands under `with:`.
pub type CheckParams = fn(&Map<String, Value>) -> Result<Params, Vec<ParamError>>;

/// A history kind: what a pipeline may say of it. What it does is the composition root's: it needs a store.
pub struct HistoryKind {
    /// The word in YAML; also the name of the kind's folder.
    pub name: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// JSON Schema of the parameters.
    pub param_schema: fn() -> schemars::Schema,
    pub params: CheckParams,
}

impl fmt::Debug for HistoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
