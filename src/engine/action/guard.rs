//! The fence around a kind's code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::super::failure::Failure;
use crate::nodes::NodeError;

/// Runs a kind's code. A panic in it is a bug that costs its repository this build, and nobody else anything.
///
/// Nothing that the code could leave half-changed is looked at again: a kind is handed shared references only,
/// and what it was making is dropped.
pub fn guarded<T>(at: &str, work: impl FnOnce() -> Result<T, NodeError>) -> Result<T, Failure> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(|e| Failure::of_node(&e, at)),
        Err(payload) => Err(Failure::panicked(&*payload, at)),
    }
}
