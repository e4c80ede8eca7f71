//! Repositories as trees.

mod model;
mod rules;

pub use model::{FileContent, Notice, Scan, ScanRequest, Segment, Shard, SourceFile};
