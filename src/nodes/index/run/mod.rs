//! The work: a shard's chunks to postings, a segment's shards to one.

mod count;
mod kind;
mod lists;
mod merge;
mod references;
mod shard;
mod vocabulary;

pub use kind::KIND;
