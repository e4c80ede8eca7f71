//! `stats`: counts and bytes by table, mode and repository, and parse health.

use crate::query::Cache;
use crate::query::scan;
pub use crate::query::scan::{Failure, Health, StatsAnswer, StatsRequest};

use super::context::Context;
use super::error::OpsError;

pub fn run(context: &Context, request: &StatsRequest) -> Result<StatsAnswer, OpsError> {
    Ok(scan::stats(&context.pinned()?, &Cache::default(), request)?)
}
