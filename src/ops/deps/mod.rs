//! `deps`: what a file, a directory or a symbol depends on, and what depends on it.
//!
//! [`run()`] turns what a person wrote, who stands in some directory, into a walk over the relations of the pinned
//! generation. The report is the JSON answer; [`dot()`] draws it.

mod dot;
mod place;
mod run;

pub use crate::nodes::Relation;
pub use crate::query::deps::{Counts, DepEdge, DepNode, DepsAnswer, DepsRequest, Loose, NodeKind, Site};
pub use dot::dot;
pub use run::{DepsReport, run};
