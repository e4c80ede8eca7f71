//! Operations: one file a use-case, from a plain request to a plain report.
//!
//! The terminal, and later HTTP, MCP and a TUI, share these. Nothing here prints, parses arguments or opens a
//! socket. This is the composition root: it reads the configuration, compiles the plan, opens the store and
//! hands them to the engine or the query layer.

mod at;
mod context;
mod error;
mod ground;
mod picture;
mod places;
mod problem;
mod stale;
mod step;

pub mod backfill;
pub mod build;
pub mod check;
pub mod clear;
pub mod committed;
pub mod deps;
pub mod diff;
pub mod doctor;
pub mod dry_run;
pub mod explain;
pub mod export;
pub mod failures;
pub mod gc;
pub mod graph;
pub mod history;
pub mod init;
pub mod inspect;
pub mod preview;
pub mod retry;
pub mod schema;
pub mod search;
pub mod show;
pub mod snapshot;
pub mod stats;
pub mod status;
pub mod why;
pub mod worker;
mod workspace_nodes;

pub mod shapes;
pub mod verify;

pub use crate::config::{FILE_NAME as WORKSPACE_FILE, find as find_workspace};
pub use crate::nodes::KINDS;
pub use crate::store::{Ref, RefError};
pub use crate::worker::{Allowance, Program};
pub use at::{At, AtReport};
pub use context::Context;
pub use error::OpsError;
pub use ground::FileError;
pub use places::{path_in, relative_to, roots, seen_from};
pub use problem::{FailureReport, Problem, ProblemLabel};
pub use stale::StaleRepo;
pub use step::SkippedStep;

#[cfg(test)]
mod pattern_tests;
