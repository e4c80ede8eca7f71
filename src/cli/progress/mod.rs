//! The engine's events on standard error, while it works.
//!
//! One subscriber a form: [`tty`] draws bars, [`log`] writes a line now and then. Both hear the same events; nothing
//! of them reaches standard output.

mod choose;
mod log;
mod notice;
mod tty;

pub use choose::listener;
