//! The engine's events on standard error, while it works.
//!
//! One subscriber a form: [`tty`] draws bars, [`log`] writes a line now and then, [`jsonl`] is for programs. All hear
//! the same events; nothing of them reaches standard output. [`hold`] keeps a run without work silent.

mod choose;
mod hold;
mod jsonl;
mod log;
mod notice;
mod tty;

pub use choose::listener;
