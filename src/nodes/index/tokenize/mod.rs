//! Text → words → terms. Index and query use these functions and no others, so they always agree.
//!
//! | step | rule |
//! |---|---|
//! | word | a run of ASCII letters, digits and `_`; where other characters take part, Unicode word boundaries (UAX 29) |
//! | folding | NFKC, lower case |
//! | terms of a word | the whole word, then its parts: cut at `_`, `aB`, `ABc`; `utf8` also gives `utf` |
//! | one-character parts | dropped; a one-character word is a term, except in the body and except a digit |
//! | words over 64 bytes | not a term; their pieces between `_` are words of their own |
//! | noise | numbers over 10 characters, and 16 or more hexadecimal characters with a digit among them, are dropped |
//! | stem | Snowball's English stemmer, for terms of ASCII letters only |
//! | stop terms | none |
//!
//! [`words`] is the hot loop and allocates nothing; [`terms`] runs once for each distinct word of a shard.

mod mark;
mod split;
mod stem;
mod words;

pub use mark::{DEFINED, definition_mark, scope_mark, scope_of, whole};
pub use split::terms;
pub use stem::Stems;
pub use words::words;

/// Rises whenever a text could give other terms; a rise is a rise of the kind's FORMAT.
pub const TOKENIZER: u32 = 2;

/// Longest term, in bytes.
pub const TERM_BYTES: usize = 64;
