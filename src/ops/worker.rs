//! A worker's life: what the program does when it was started as one.
//!
//! Builds read files in processes of their own kind ([`Context::workers`](super::Context::workers)). A program that
//! builds in that way looks at its first argument before anything else:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! use sawmill::{nodes, ops::worker};
//!
//! fn main() -> ExitCode {
//!     let mut arguments = std::env::args();
//!     if arguments.nth(1).as_deref() == Some(worker::ARGUMENT) {
//!         return worker::serve(arguments.next().as_deref(), nodes::KINDS);
//!     }
//!     // …
//!     ExitCode::SUCCESS
//! }
//! ```

use std::process::ExitCode;

use crate::nodes::Kind;
use crate::worker;
pub use crate::worker::ARGUMENT;

/// Answers what comes in on the standard input, on the standard output, until there is no more. `memory` is the address
/// space that it may take, in bytes; `kinds` are those that may ask.
pub fn serve(memory: Option<&str>, kinds: &[&'static dyn Kind]) -> ExitCode {
    let Some(memory) = memory.and_then(|memory| memory.parse().ok()) else { return ExitCode::from(2) };
    worker::serve(memory, &mut |room, body| match kinds.iter().find(|kind| kind.name() == room) {
        Some(kind) => kind.answer(body),
        None => Err(format!("there is no kind `{room}` here")),
    })
}
