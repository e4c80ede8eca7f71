//! `inspect`: the pieces of the pinned generation, and where an Arrow tool finds them.

use serde::Serialize;

use crate::query::scan::{self, InspectAnswer, Wanted};

use super::context::Context;
use super::error::OpsError;

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct InspectReport {
    pub generation: String,
    #[serde(flatten)]
    pub answer: InspectAnswer,
}

pub fn run(context: &Context, wanted: &Wanted) -> Result<InspectReport, OpsError> {
    let pinned = context.pinned()?;
    Ok(InspectReport { generation: pinned.generation().id.clone(), answer: scan::inspect(&pinned, wanted)? })
}
