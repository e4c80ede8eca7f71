//! Repositories as trees.

mod model;

pub use model::{FileContent, Notice, Scan, ScanRequest, Segment, Shard, SourceFile};
