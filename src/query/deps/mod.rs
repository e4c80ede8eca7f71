//! What a file, a directory or a symbol depends on, and what depends on it: a walk over the tables `relations`.
//!
//! Nothing is read that need not be. Forward, a level of the walk opens the `relations` of the shards whose paths
//! span its nodes. In reverse it asks the segments' `mentions`, page by page, for the names by which its nodes may be
//! referred to, and opens the `relations` of those shards only.
//!
//! | file | holds |
//! |---|---|
//! | `request.rs` | what to ask, and the answer |
//! | `error.rs` | why there is none |
//! | `node.rs` | nodes, and which paths and names are theirs |
//! | `related.rs` | a repository's pieces, by path |
//! | `names.rs` | its definitions and mentions, by name |
//! | `rows.rs` | rows of `relations` |
//! | `symbols.rs` | which symbol a line belongs to |
//! | `target.rs` | what was written → a node |
//! | `tally.rs` | references counted into edges |
//! | `forward.rs`, `reverse.rs` | the edges of a level |
//! | `walk.rs` | level by level |

mod error;
mod forward;
mod names;
mod node;
mod related;
mod request;
mod reverse;
mod rows;
mod symbols;
mod tally;
mod target;
mod walk;

#[cfg(test)]
mod tests;

pub use error::DepsError;
pub use node::NodeKind;
pub use request::{Counts, DepEdge, DepNode, DepsAnswer, DepsRequest, Loose, Site, Standpoint};
pub use walk::deps;
