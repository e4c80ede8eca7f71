//! Builds of committed trees: which build a commit of a repository has.
//!
//! They stand beside the generations: no HEAD names them. The newest build of a commit is the one that counts.

mod record;
mod retention;

pub use record::GitBuild;
pub use retention::GitRetention;
