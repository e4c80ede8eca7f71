//! `snapshot`: keeps what a build made, by a name.
//!
//! **What.** A step of `after:`. A snapshot is of the workspace: however many pipelines ask for one, a build makes one at
//! most. **When.** Every promoted build that came to another generation (`always`), or one whose sources stand at a git
//! tag (`tag`), or never by itself (`manual`). **How.** `store/snapshot/` has the records and `ops/snapshot/` the doing.

mod params;

pub use params::{KIND, On, SnapshotParams};
