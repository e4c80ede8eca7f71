//! `snapshot` and `tag`: named moments that are kept.
//!
//! | file | holds |
//! |---|---|
//! | `report.rs` | a snapshot as an answer tells it |
//! | `named.rs` | which snapshot a person means |
//! | `create.rs`, `freeze.rs`, `tag.rs` | making one, freezing it, its tags |
//! | `list.rs` | all of them, or one in full |
//! | `remove.rs` | removing one, or those that retention does not keep |
//! | `automatic.rs` | what the steps `after` a build make |

mod report;

mod named;

mod create;
mod freeze;
mod tag;

mod list;

mod remove;

mod automatic;

pub use crate::store::{FreezeMethod, Origin};
pub use automatic::AutomaticSnapshots;
pub(super) use automatic::after_build;
pub use create::{CreateRequest, create};
pub use freeze::{FreezeRequest, freeze};
pub use list::{list, show};
pub use remove::{PruneRequest, RemoveRequest, prune, remove};
pub use report::{
    CopyState, FrozenSeen, RemovedReport, RemovedSnapshot, SnapshotAnswer, SnapshotKind, SnapshotRepo, SnapshotReport,
    SnapshotSeen, SnapshotsReport, WhyRemoved,
};
pub use tag::{TagRequest, tag};
