//! `search`: ranked words over the pinned generation.

use crate::query;
pub use crate::query::search::{Breakdown, Hit, MatchSpan, SearchAnswer, SearchRequest, Snippet};

use super::context::Context;
use super::error::OpsError;

/// Answers a query from HEAD's generation. Needs no engine and takes no lock but a lease.
pub fn run(context: &Context, request: &SearchRequest) -> Result<SearchAnswer, OpsError> {
    Ok(query::search(&context.pinned()?, request)?)
}
