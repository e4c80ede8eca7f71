//! Carrying actions out: believe the memo, or run the node.
//!
//! A memo is believed only if its artifacts are there. A run reads the shard's files and the upstream batches,
//! reuses the rows of unchanged files where the kind allows it, validates what came out, and stages artifacts.

pub mod feed;
pub mod guard;
pub mod merge;
pub mod partial;
pub mod resolve;
pub mod reuse;
pub mod shard;
