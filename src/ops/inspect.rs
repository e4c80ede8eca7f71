//! `inspect`: the pieces of the pinned generation, and where an Arrow tool finds them.

use serde::Serialize;

use crate::query::scan;
pub use crate::query::scan::{InspectAnswer, Wanted};

use super::context::Context;
use super::error::OpsError;

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct InspectReport {
    pub generation: String,
    #[serde(flatten)]
    pub answer: InspectAnswer,
    /// The directory of this generation's view on this machine.
    #[serde(skip)]
    pub view: std::path::PathBuf,
}

pub fn run(context: &Context, wanted: &Wanted) -> Result<InspectReport, OpsError> {
    let pinned = context.pinned()?;
    let (generation, view) = (pinned.generation().id.clone(), pinned.view());
    Ok(InspectReport { generation, view, answer: scan::inspect(&pinned, &context.tables(), wanted)? })
}
