//! The terminal: arguments in, words and an exit code out. Binary only; it sees the library's `ops` and `base`.
//!
//! Reading order: [`args`] and [`env`] (what was asked for), [`run`] (from there to the exit code), [`shell`] (what
//! a command is given), [`commands`] (one file each: arguments → request → words), [`progress`] (the engine's
//! events on a terminal), [`report`] (failures), and the small tools that keep output alike everywhere.

mod args;
mod commands;
mod dependencies;
mod env;
mod explanation;
mod forecast;
mod human;
mod interrupt;
mod moment;
mod output;
mod page;
mod pager;
mod paint;
mod panic;
mod progress;
mod reason;
#[cfg(test)]
mod reference;
mod report;
mod rows;
mod run;
mod sanitize;
mod shell;
mod snapshots;
mod snippet;
mod stale;
mod table;

pub use run::main;
