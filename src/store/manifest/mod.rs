//! Build manifests: a root, and one list for each segment.
//!
//! Lists are named by their hash and shared between builds, so an edit writes one list and one root. A build's id
//! is a function of what it holds: equal inputs give an equal id on any machine.
//!
//! | file | holds |
//! |---|---|
//! | `id.rs` | the build's id |
//! | `read.rs` | roots and lists, verified |
//! | `write.rs` | putting them |

mod id;
mod read;
mod write;

pub use id::build_id;
