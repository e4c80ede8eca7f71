//! What `extract` writes, and in which format.
//!
//! Format history: 1, the first; 2, `outline` 2; 3, `outline` 3, documents and components that are read by lines;
//! 4, `outline` 4; 5, actions of templates are blanks, bases of types are references; 6, `outline` 5, and what a
//! scanner reads is budgeted; 7, `outline` 6; 8, a name in a broken tree has one reading;
//! 9, text in two-byte units says why it is not parsed; 10, a name that is missing refers to nothing.

use crate::table::TableSchema;
use crate::table::schema::files::FILES;
use crate::table::schema::outline::OUTLINE;

/// Rises whenever equal files, parameters, limits and definition digests could give other rows.
pub(super) const FORMAT: u32 = 10;

/// `extractor` of a file whose tree was read.
pub(super) const TREE_SITTER: &str = "tree-sitter@1";
/// `extractor` of a file that was read by lines.
pub(super) const LINES: &str = "lines@1";
/// `extractor` of a file that was read but not parsed.
pub(super) const PLAIN: &str = "plain@1";
/// `extractor` of a file that was not read.
pub(super) const NONE: &str = "none";

/// The tables, in the order of the outputs.
pub(super) static OUTPUTS: &[&TableSchema] = &[&FILES, &OUTLINE];
