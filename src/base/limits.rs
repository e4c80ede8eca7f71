//! Every limit that bounds work on untrusted input. They decide before anything else does, deterministically,
//! and those that can change an output enter action keys through [`Limits::digest`].

use super::hash::{Digest, KeyHasher};

/// Largest configuration file.
pub const CONFIG_BYTES: u64 = 1 << 20;
/// Deepest nesting of a configuration file.
pub const CONFIG_DEPTH: usize = 32;
/// Most aliases in a configuration file.
pub const CONFIG_ALIASES: usize = 100;
/// Longest query text, in bytes.
pub const QUERY_BYTES: usize = 8 << 10;

/// Limits on one file's extraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Above this a file is listed but not read.
    pub read_bytes: u64,
    /// Above this a file is not parsed: plain-text chunks.
    pub parse_bytes: u64,
    /// A file with a longer line is not parsed: plain-text chunks.
    pub line_bytes: u64,
    /// A syntax tree deeper than this is not followed further.
    pub tree_depth: u32,
    /// A syntax tree with more nodes is not followed further.
    pub tree_nodes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            read_bytes: 64 << 20,
            parse_bytes: 4 << 20,
            line_bytes: 64 << 10,
            tree_depth: 5_000,
            tree_nodes: 2_000_000,
        }
    }
}

impl Limits {
    /// The ingredient of action keys.
    pub fn digest(&self) -> Digest {
        KeyHasher::new("sawmill.limits.v1")
            .int(self.read_bytes)
            .int(self.parse_bytes)
            .int(self.line_bytes)
            .int(u64::from(self.tree_depth))
            .int(u64::from(self.tree_nodes))
            .finish()
    }
}
