//! Refs: names of moments.
//!
//! | file | holds |
//! |---|---|
//! | `name.rs` | [`Ref`]: what a person may write |
//! | `identity.rs` | [`Identity`]: what a ref comes to, and its hash |
//! | `resolve.rs` | from a ref to a [`Pinned`](super::Pinned) generation |
//! | `error.rs` | why there is none: never another moment instead |
//!
//! Every command resolves here. `git:` needs a revision that the caller found in the repository, and `path:` another
//! store that the caller opens: this folder knows neither git nor the workspace.

mod error;
mod identity;
mod name;
mod resolve;

pub use error::RefError;
pub use identity::{Identity, RepoIdentity};
pub use name::Ref;

#[cfg(test)]
mod tests;
