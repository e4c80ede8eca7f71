//! `stats`: counts and bytes by table, mode and repository, and parse health.

use schemars::JsonSchema;
use serde::Serialize;

use crate::query::Cache;
use crate::query::scan;
pub use crate::query::scan::{Failure, Health, StatsAnswer, StatsRequest};

use super::context::Context;
use super::error::OpsError;
use super::stale::{StaleRepo, Standing};

/// The counts, and which of the counted repositories are stale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StatsReport {
    #[serde(flatten)]
    pub answer: StatsAnswer,
    /// The counted repositories whose old build answers.
    pub stale: Vec<StaleRepo>,
}

pub fn run(context: &Context, request: &StatsRequest) -> Result<StatsReport, OpsError> {
    let standing = Standing::of(context)?;
    let answer = scan::stats(&standing.pinned, &Cache::default(), request)?;
    Ok(StatsReport { answer, stale: standing.stale_among(&request.repos) })
}
