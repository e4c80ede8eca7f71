//! The work: a shard's chunks to postings, a segment's shards to one, and back.

mod count;
mod kind;
mod lists;
mod merge;
mod references;
mod shard;
mod split;
mod vocabulary;

pub use kind::KIND;
