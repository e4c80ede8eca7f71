//! Nodes of the workspace: what many repositories make together, after each has its build and before any is promoted.
//!
//! | file | holds |
//! |---|---|
//! | `members.rs` | which repositories take part, and with which build; the root key that the null check compares |
//! | `queries.rs` | the tracked queries |
//! | `action.rs` | a part, the whole, a link: from the memo, or made |
//! | `reason.rs` | why one of them runs |
//! | `drive.rs` | the queries on the threads of the pool; a forecast |
//! | `assemble.rs` | the build of a node: the manifest of the workspace, lists and root |
//! | `run.rs` | all nodes of a run, and damage that they meet |

mod action;
mod assemble;
mod drive;
mod members;
mod queries;
mod reason;
mod run;

pub use run::{WorkspaceOutcome, WorkspaceOutlook};
pub(super) use run::{federate, forecast, given_up, is_current, unmoved};
