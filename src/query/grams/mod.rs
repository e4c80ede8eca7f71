//! Exact search: from a literal or a regular expression to what a file must hold, and to the lines that match.
//!
//! | step | file |
//! |---|---|
//! | text → pattern, within bounds, mistakes with their place | `pattern`, `survey` |
//! | pattern → required trigrams | `analyse`, over sets of strings in `strings` |
//! | the requirement: AND and OR of trigrams | `plan`, `gram` |
//! | bytes of a file → matching lines, by a literal that each must hold | `lines`, `required` |
//!
//! **What a match is.** A file is cut at `\n`; a last line without one counts, an empty rest behind the last `\n` is
//! no line. The pattern is matched against each line alone, without its `\n`, as bytes: `^` and `\A` are the line's
//! start, `$` and `\z` its end. A `\r` belongs to the line, so `x$` does not match `x\r\n`. Unicode is on: `.` and
//! classes match whole characters and no bytes that are not UTF-8, which `(?-u:\xff)` does match. NUL is a byte like
//! others, a byte order mark a character. These are the lines of
//! `rg --no-config --no-ignore --hidden --encoding none --text`. What remains: `\A` and `\z` mean lines here and the
//! searched buffer there, and what `\B` sees beside bytes that are not UTF-8 differs between releases of `rg`.
//!
//! **Trigrams** are of bytes, ASCII letters in lower case and all other bytes as they are. A pattern that ignores
//! case is expanded by Unicode's simple folding before it is cut into bytes, so `(?i)k` asks for `k` or the bytes of
//! the Kelvin sign. The analysis is that of Russ Cox, "Regular Expression Matching with a Trigram Index" (2012), as
//! his codesearch has it: for each part of a pattern the exact strings, or else the prefixes and suffixes, and the
//! grams required in between. What exceeds a bound becomes a weaker requirement, never a stronger one.

mod analyse;
mod gram;
mod lines;
mod pattern;
mod plan;
mod required;
mod strings;
mod survey;

#[cfg(test)]
mod tests;

pub use gram::{Gram, grams};
pub use lines::{LineMatch, LineMatcher, Searcher};
pub use pattern::{BadPattern, Budget, Case, Pattern};
pub use plan::Plan;
