//! `diff`: what differs between two moments. A history kind: it runs after a build was promoted, and no build depends on it.
//!
//! This is the pure part: states of files, chunks and relations in, changes and their rows out. Which pieces are read at
//! all is decided in `query/diff`.
//!
//! | file | holds |
//! |---|---|
//! | `params.rs` | what a step of `after:` says |
//! | `model.rs` | what is compared, and a [`Change`] |
//! | `files.rs` | files: came, went, changed, parse otherwise |
//! | `renames.rs`, `spans.rs` | which file a new one was, as git tells it |
//! | `chunks.rs` | which chunk is which, and what of it changed |
//! | `body.rs` | whether a body changed beside a signature |
//! | `relations.rs` | relations as multisets |
//! | `row.rs` | rows of the table `events`, and their order |

mod body;
pub mod chunks;
pub mod files;
mod model;
mod params;
pub mod relations;
pub mod renames;
mod row;
mod spans;

pub use body::{Text, is_same};
pub use model::{Change, ChunkState, EVENTS, FileState, Parts, RelationState};
pub use params::{DiffParams, KIND};
pub use row::{Place, order, row};
pub use spans::Spans;

/// Rises whenever equal moments could give other events.
pub const FORMAT: u32 = 1;

#[cfg(test)]
mod tests;
