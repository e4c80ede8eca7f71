//! Kept diffs: what was compared, what it came to, and the events.
//!
//! Nothing depends on a diff, and one that is lost is computed again. There is no index beside the records: they are few,
//! and listing them reads two small files each.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | the records |
//! | `id.rs` | the id, over what is compared and nothing else |
//! | `read.rs`, `write.rs` | reading, keeping and removing them |
//! | `retention.rs` | which go |

mod id;
mod model;
mod read;
mod retention;
mod write;

pub use id::diff_id;
pub use model::{DiffEnd, DiffInputs, DiffRecord, DiffResult, EventsFile};
pub use retention::{KeepDiffs, KeptDiff, diffs_to_remove};

#[cfg(test)]
mod tests;
