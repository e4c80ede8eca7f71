//! Request and report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ops::at::AtReport;

use super::least::{BelowHealth, LeastHealth};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::problem::Problem;
use crate::ops::stale::{StaleRepo, Standing};
use crate::query::scan::{self, StatsAnswer};
use crate::query::{Cache, WithWorkspace};

/// What to count.
#[derive(Clone, Debug, Default)]
pub struct StatsRequest {
    /// Empty: all.
    pub repos: Vec<String>,
    /// List the files that did not parse cleanly.
    pub failures: bool,
    /// The parse health that is asked for.
    pub least: Option<LeastHealth>,
    /// Changes no answer.
    pub threads: usize,
}

/// The counts, and which of the counted repositories are stale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StatsReport {
    /// The parse health that was asked for is reached; true where none was.
    pub ok: bool,
    #[serde(flatten)]
    pub answer: StatsAnswer,
    /// The counted repositories whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
    /// There where `ok` is false.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Problem>")]
    pub error: Option<BelowHealth>,
}

/// Errors: nothing was built, a repository is unknown, or the store cannot be read. Health below the one that is asked
/// for is part of the report.
pub fn run(context: &Context, request: &StatsRequest) -> Result<StatsReport, OpsError> {
    let standing = Standing::of(context)?;
    let StatsRequest { repos, failures, least, threads } = request;
    let asked = scan::StatsRequest { repos: repos.clone(), failures: *failures, threads: *threads };
    let answer = scan::stats(&WithWorkspace(standing.pinned.clone()), &Cache::default(), &asked)?;
    let error = least.as_ref().and_then(|least| least.missed(&answer.health, repos));
    Ok(StatsReport { ok: error.is_none(), answer, stale: standing.stale_of_all(repos), at: standing.at, error })
}
