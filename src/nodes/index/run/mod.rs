//! The work: a shard's chunks to postings, a segment's shards to one, and back.

mod count;
mod inside;
mod kind;
pub(super) mod lists;
mod merge;
mod references;
mod shard;
pub(super) mod split;
mod vocabulary;

pub use kind::KIND;
