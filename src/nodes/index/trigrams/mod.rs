//! Trigrams: which files of a segment can hold what an exact search looks for.
//!
//! A gram is three bytes in a row of one line of a file, ASCII letters in lower case, as a number. The bytes of a file are
//! those of its chunks put together, so that a gram across their border counts. A list only rules files out: what it
//! leaves has to be looked at.
//!
//! Files are numbered within the segment; a list is kept as steps from one number to the next. Steps do not move when a
//! shard is put behind others, but for the first of its list: merging and splitting copy them.
//!
//! | what | file |
//! |---|---|
//! | bytes → distinct grams | `grams` |
//! | chunks of a shard → tables | `shard` |
//! | rows of `trigrams`, read and built | `lists` |
//! | shards ↔ segment | `merge`, `split` |
//! | what the tables say of each other | `references` |
//! | grams → files, for search | `read` |
//! | AND and OR of grams → files | `candidates` |

mod candidates;
mod grams;
mod lists;
mod merge;
mod read;
mod references;
mod shard;
mod split;

#[cfg(test)]
mod tests;

pub use candidates::{Candidates, Need};
pub(super) use merge::{merge, totals};
pub use read::{GramFiles, IndexedFiles};
pub(super) use references::check;
pub(super) use shard::index;
pub(super) use split::split;
