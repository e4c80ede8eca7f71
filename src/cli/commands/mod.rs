//! One file a command: its arguments and examples, the request that they make, the words for the report.

pub mod build;
pub mod completions;
pub mod man;
pub mod search;
pub mod status;
pub mod with;
