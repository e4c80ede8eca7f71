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
    /// Texts of an outline (paths, names, signatures) that every file may have, in bytes, and those that it may have more
    /// for each of its own bytes, but never more than `outline_most`. What comes behind is not listed.
    pub outline_base: u32,
    pub outline_per_byte: u32,
    pub outline_most: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            read_bytes: 64 << 20,
            parse_bytes: 4 << 20,
            line_bytes: 64 << 10,
            tree_depth: 5_000,
            tree_nodes: 2_000_000,
            outline_base: 256 << 10,
            outline_per_byte: 32,
            outline_most: 64 << 20,
        }
    }
}

impl Limits {
    /// Bytes that the texts of an outline may have, for a file of `length` bytes.
    pub fn outline_bytes(&self, length: usize) -> usize {
        let more = (length as u64).saturating_mul(u64::from(self.outline_per_byte));
        let all = u64::from(self.outline_base).saturating_add(more);
        usize::try_from(all.min(u64::from(self.outline_most))).unwrap_or(usize::MAX)
    }

    /// The ingredient of action keys.
    pub fn digest(&self) -> Digest {
        KeyHasher::new("sawmill.limits.v2")
            .int(self.read_bytes)
            .int(self.parse_bytes)
            .int(self.line_bytes)
            .int(u64::from(self.tree_depth))
            .int(u64::from(self.tree_nodes))
            .int(u64::from(self.outline_base))
            .int(u64::from(self.outline_per_byte))
            .int(u64::from(self.outline_most))
            .finish()
    }
}
