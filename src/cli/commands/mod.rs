//! One file a command: its arguments and examples, the request that they make, the words for the report.

pub mod build;
pub mod check;
pub mod clear;
pub mod completions;
pub mod deps;
pub mod diff;
pub mod doctor;
pub mod export;
pub mod failures;
pub mod gc;
pub mod graph;
pub mod history;
pub mod init;
pub mod inspect;
pub mod man;
pub mod preview;
pub mod retry;
pub mod schema;
pub mod search;
pub mod show;
pub mod snapshot;
pub mod stats;
pub mod status;
pub mod tag;
pub mod verify;

pub mod why;
mod with;
