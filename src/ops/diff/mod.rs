//! `diff`: what differs between two moments, kept so that it is asked for once.

mod automatic;
mod compute;
mod error;
mod kept;
mod report;
mod review;
mod show;

pub(super) use automatic::after_build;
pub use automatic::{AutomaticDiff, AutomaticDiffs};
pub use compute::compute;
pub use error::DiffError;
pub use kept::{list, prune};
pub use report::{
    Computed, DiffAnswer, DiffRequest, DiffSeen, ListReport, Listed, PruneReport, PruneRequest, ShowReport, ShowRequest,
};
pub use review::{ChangedDefinition, Review, StoppedFile, review};
pub use show::show;

pub use crate::nodes::diff::EVENTS;
pub use crate::query::diff::{Compat, DiffSummary, EventFilter, EventLimits, TouchedFile};
