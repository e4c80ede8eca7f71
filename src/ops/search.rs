//! `search`: ranked words over the pinned generation.

use schemars::JsonSchema;
use serde::Serialize;

use crate::query;
pub use crate::query::search::{
    Asked, Breakdown, ExactExplained, ExactTotals, Explain, FileHit, Hit, Intent, IntentKind, MatchSpan, Routing,
    SearchAnswer, SearchRequest, SegmentsExplained, Snippet, Spent, Timings, UnitExplained,
};

use super::at::AtReport;
use super::context::Context;
use super::error::OpsError;
use super::stale::{StaleRepo, Standing};

/// The answer, and which of the searched repositories are stale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SearchReport {
    #[serde(flatten)]
    pub answer: SearchAnswer,
    /// The searched repositories whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
}

/// Answers a query from HEAD's generation. Needs no engine and takes no lock but a lease.
pub fn run(context: &Context, request: &SearchRequest) -> Result<SearchReport, OpsError> {
    let standing = Standing::of(context)?;
    let answer = query::search(&standing, request)?;
    let stale = standing.stale(|name| answer.repos.iter().any(|repo| repo.name == name));
    Ok(SearchReport { answer, stale, at: standing.at })
}
