//! Files in memory, with a model of what a power cut leaves.
//!
//! For each file the bytes that were synced are kept beside the current ones, and for each directory the entries
//! that were synced. [`MemoryFs::crash`] makes the file system that the next start could find: what was synced is
//! there; of what was not, a [`PowerCut`] decides, from a seed. The model is harsher than a journaling file system:
//! every name and every file is decided alone, so that a rename may be kept in one directory and lost in the
//! other, and nothing is ordered unless a sync ordered it.
//!
//! | file | holds |
//! |---|---|
//! | `tree.rs` | files, directories, links, and how a path finds them |
//! | `fs.rs` | [`MemoryFs`] and what tests may set: time, unreadable files, shuffled listings, devices |
//! | `crash.rs` | the power cut |

mod crash;
mod fs;
#[cfg(test)]
mod tests;
mod tree;

pub use crash::{PowerCut, Unsynced};
pub use fs::MemoryFs;
