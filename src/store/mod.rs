//! The store.

mod model;

pub use model::{
    BuildRoot, Generation, MemoEntry, MemoOutput, NodeRecord, Piece, Provenance, RepoBuild, RepoProvenance,
    SegmentList, SegmentRef, ShardRecord,
};
