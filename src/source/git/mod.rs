//! A committed tree, read like a directory.
//!
//! [`CommittedTree`] is a file system that holds one tree of a commit where a repository's root is, and nothing else;
//! nothing can be written to it. A scan and whoever reads files after it work on it as on a work tree, so that a
//! build of a commit is a build of the directory that an export of its blobs would be. What is not a blob's bytes is
//! as a checkout that runs no filter would leave it:
//!
//! | in the tree | becomes |
//! |---|---|
//! | a blob | a regular file of the blob's very bytes: no line endings are changed, no LFS pointer is followed |
//! | … that git marks as a link | a symbolic link; nothing is followed |
//! | a tree | a directory |
//! | a commit (a submodule) | an empty directory, as in a checkout without submodules |
//!
//! Git is asked in process, as [`provenance`](crate::source::provenance) does, and `refs/replace` is not believed: a
//! commit's id names these bytes and no others. Blobs and trees are hashed when they are read, because what a build
//! remembers of a blob it remembers by its id.
//!
//! **Stats.** A file's inode, mtime and ctime are made of its blob's id, all twenty bytes of it. Equal stats mean equal
//! ids, and these equal bytes, so that a stat cache of one commit saves reading the unchanged blobs of the next. The
//! times are some days after 1970, so that no entry is ever racy: what an id names does not change.
//!
//! A scan goes around what it cannot read. A build of a commit must not: an object that is missing or damaged stays
//! known to the tree ([`CommittedTree::fault`]), and whoever scanned it asks for that.

mod error;

mod objects;
mod tree;

mod door;

pub use error::{CommitError, GitSaid};
pub use tree::CommittedTree;

#[cfg(test)]
mod tests;
