//! What is kept of a run, beside the builds and outside every hash: losing it costs an answer and nothing else.
//!
//! [`runs`] is the record of a whole run, from which `why` answers. The tables `failures` and `history` have a row per
//! file: [`gather`] notes them while actions run, [`rows`] gives them their form, [`context`] the lines around an error,
//! [`merge`] keeps the newest of many pieces, and [`read`] is how commands ask.

mod context;
mod gather;
mod merge;
mod read;
mod rows;
mod runs;

pub use context::{Excerpt, escaped, excerpt, unescaped};
pub(super) use gather::{Gathered, Note};
pub use read::{Told, failures, history};
pub use rows::{error_type, message};
pub use runs::{FORMAT, FailedRun, RunRecord};
pub(super) use runs::{Ran, keep, keep_stopped};
