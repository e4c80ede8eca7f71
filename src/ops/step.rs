//! Steps `after` a build.

use schemars::JsonSchema;
use serde::Serialize;

/// A step that was due and made nothing. The build stands all the same.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SkippedStep {
    /// Its name.
    pub step: String,
    pub why: String,
}
