//! Snapshots: named moments that are kept.
//!
//! A **pointer** keeps a generation from being collected. A **frozen** snapshot is a verified copy, a store of its own
//! that stands when this one is gone. The records are the truth; `manifest.json` is an index of them.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | the records |
//! | `read.rs` | listing and reading them |

mod model;
mod read;

pub use model::{FreezeMethod, FrozenRecord, Origin, SnapshotRecord};
pub use read::Snapshot;
