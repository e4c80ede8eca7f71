//! Trust: what the whole build does when the machine does not do its part, and what a build may depend on.
//!
//! Each file is one promise, held over a real pipeline (extract, chunk, index) and not over the store alone. Tests
//! print what they counted (`cargo test --test it trust -- --nocapture`); the full enumerations are ignored tests
//! named `every_…`, which `.ci/run` runs.
#![expect(clippy::print_stdout, reason = "what was counted is half of what these tests say")]

mod bench;
mod lens;

mod damage;
mod disasters;
mod fault_cases;
mod faults;
mod readers;
mod surroundings;
mod two_workspaces;
