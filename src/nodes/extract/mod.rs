//! `extract`: bytes → `files` and `outline`, file by file.
//!
//! **Purpose.** Everything that is known of a file before anything is cut or resolved: its encoding, its line ends,
//! whether it parses, and what it defines and refers to. Later kinds never parse.
//!
//! **Inputs.** The files of a shard with their bytes. **Outputs.** One `files` row for every file, whatever became of
//! it; `outline` rows for files in a language that [`languages`] declares or [`lines`] reads.
//!
//! **How.** tree-sitter makes the tree; one iterative walk ([`walk`]) reads it, steered by a table over node kinds that
//! is compiled once from the language's declaration ([`spec`]). No query runs over a tree: a query costs as much as the
//! parse, the walk less than a tenth of it. Documents and components without a grammar have small readers of their own
//! ([`lines`]). What stands inside in another language is read as that language ([`embed`]).
//!
//! **Key.** The file's hash, its language, the language's [`digest`] (every field of its declaration and the grammar's
//! version; for a container those of all languages that it may hold), the parameters and the limits. Never a path of this
//! machine or a time.
//!
//! **Failure.** Limits decide first (size, longest line, operations of the parser, depth and number of nodes), always by
//! counting, never by time. What goes wrong in one file costs that file one row with its reason.

mod decode;
mod digest;
mod embed;
mod found;
mod known;
mod languages;
mod lines;
mod locals;
mod params;
mod rules;
mod run;
mod schema;
mod spec;
mod walk;

#[cfg(test)]
mod tests;

#[cfg(test)]
pub(in crate::nodes) use tests::processor_seconds;

pub use known::{KnownLanguage, known_languages};
pub use params::ExtractParams;
pub use run::{KIND, PANICKED};
