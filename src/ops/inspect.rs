//! `inspect`: the pieces of the pinned generation, and where an Arrow tool finds them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::query::scan;
pub use crate::query::scan::{InspectAnswer, Wanted};

use super::at::AtReport;
use super::context::Context;
use super::error::OpsError;
use super::stale::{StaleRepo, Standing};

/// What was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InspectReport {
    pub generation: String,
    #[serde(flatten)]
    pub answer: InspectAnswer,
    /// The inspected repositories whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
    /// Table → a glob over its files, where it was asked for with `--paths`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<BTreeMap<String, String>>,
    /// The directory of this generation's view on this machine.
    #[serde(skip)]
    pub view: std::path::PathBuf,
}

pub fn run(context: &Context, wanted: &Wanted) -> Result<InspectReport, OpsError> {
    let standing = Standing::of(context)?;
    let (generation, view) = (standing.pinned.generation().id.clone(), standing.pinned.view());
    let answer = scan::inspect(&standing.pinned, &context.tables(), wanted)?;
    Ok(InspectReport {
        generation,
        answer,
        stale: standing.stale_among(&wanted.repos),
        at: standing.at,
        paths: None,
        view,
    })
}
