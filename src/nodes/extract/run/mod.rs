//! The pure function: a task in, two tables out.
//!
//! [`kind`] is the contract with the engine; [`file`] makes the row of one file, [`read`] what its text tells, at home or
//! [`apart`]; [`parse`] the tree, within a budget; [`blank`] and [`template`] what the parser does not see; [`scanner`] keeps files away from scanners that they would break.

mod apart;
mod blank;
mod file;
mod kind;
mod parse;
mod read;
mod scanner;
mod template;

pub use kind::KIND;
pub use read::PANICKED;

pub(super) use kind::Syntax;
#[cfg(test)]
pub(super) use kind::rules_of;
pub(super) use parse::{NoTree, Parse};
pub(super) use read::tree_inside;
