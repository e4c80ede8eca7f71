//! `show`: rows of any table of the pinned generation.

use crate::query::Cache;
use crate::query::scan;
pub use crate::query::scan::{ShowAnswer, ShowRequest};

use super::context::Context;
use super::error::OpsError;

/// The rows that were asked for.
pub fn run(context: &Context, request: &ShowRequest) -> Result<ShowAnswer, OpsError> {
    Ok(scan::show(&context.pinned()?, &Cache::default(), request)?)
}
