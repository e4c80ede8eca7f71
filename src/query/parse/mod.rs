//! The query language: text in, [`Query`] or an error with its place out.
//!
//! | written | means |
//! |---|---|
//! | `parse config file` | ranked words: any may match, all is better |
//! | `+word` `-word` | the chunk must, must not hold the word |
//! | `repo:` `path:` `lang:` `ext:` `mode:` `kind:` `sym:` `role:` `tag:` | filters; a value may be a glob; the same filter twice means either; `-lang:js` excludes |
//! | `path:"a b"` | a value with spaces |
//!
//! Phrases, regular expressions and `AND OR NOT ( )` are part of the language but not of this release: they are
//! errors, never words.

mod error;
mod filter;
mod lex;
mod read;

pub use error::ParseError;
pub use filter::{Filter, FilterKind};
pub use read::{Query, Sign, Word, parse};
