//! Why an action runs: the ingredients of its key beside those of the action that stood in its place.
//!
//! One typed value, [`Reason`], is what the dry run lists, what the ledger keeps of a run, and what `why` and the
//! terminal render. It names differences that are true: each old value is one of the build that HEAD named when the
//! run began, each new one is of this run.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | [`Reason`] and what it is made of |
//! | `old.rs` | the action that stood in a place before |
//! | `compare.rs` | two lists of ingredients |
//! | `files.rs` | two lists of files |
//! | `find.rs` | the reason of an action |
//! | `trail.rs` | the reasons of actions that were taken from the memo, where others run for them |

mod compare;
mod files;
mod find;
mod model;
pub mod old;
mod trail;

pub use find::{of_segment, of_shard};
pub use model::{Change, Forecast, LostArtifact, Moved, Reason, Recorded};
pub use trail::{Trail, follow};
