//! Dropping derived data: everything that this workspace stands at, or what was made of some repositories.
//!
//! The plan is made first and is the same for a dry run. The order survives a power cut: HEAD is moved away or
//! replaced and synced before anything that it leads to goes; whole directories are renamed into `tmp`, which every
//! writer empties, so that a killed clear is finished by the next build. What stands outside the layout is never
//! touched, and no link is followed.
//!
//! Snapshots cannot be made again: they stay, and with them the builds and objects that pointers name, unless a clear
//! of everything is told to take them. A clear of some repositories leaves diffs: their events are of files that are
//! nowhere else.
//!
//! | file | holds |
//! |---|---|
//! | `plan.rs` | what will go, and how much it is |
//! | `pointers.rs` | what snapshots keep |
//! | `whole.rs` | everything |
//! | `repos.rs` | what only some repositories need |
//! | `away.rs` | moving away and removing, and the leases of what goes |

mod plan;
mod pointers;

mod repos;
mod whole;

mod away;

pub use plan::{ClearPlan, Kept};
