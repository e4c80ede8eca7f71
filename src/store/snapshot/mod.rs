//! Snapshots: named moments that are kept.
//!
//! A **pointer** keeps a generation from being collected. A **frozen** snapshot is a verified copy, a store of its own
//! that stands when this one is gone. The records are the truth; `manifest.json` is an index of them.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | the records |
//! | `tag.rs` | what is a tag, and what a pattern of tags means |
//! | `read.rs` | listing and reading them |
//! | `create.rs` | making one, and changing its tags |
//! | `freeze.rs` | from a pointer to a frozen one; `stage.rs` lays the copy out |
//! | `retention.rs` | which ones are kept: the plan of a prune |
//! | `remove.rs` | removing one, or what a plan names |
//! | `index.rs` | the index |
//! | `error.rs` | why not |

mod error;
mod model;
mod tag;

mod read;

mod create;
mod freeze;
mod stage;

mod remove;
mod retention;

mod index;

pub use create::NewSnapshot;
pub use error::SnapshotError;
pub use freeze::Freeze;
pub use model::{FreezeMethod, FrozenRecord, Origin, SnapshotRecord};
pub use read::{FrozenState, Snapshot};
pub use remove::Pruned;
pub use retention::{PrunePlan, Retention, Surplus};
pub use tag::is_tag;
