//! Builds of commits: [`build_committed`].
//!
//! A commit's tree is a repository's tree like any other: it is scanned, cut and built by the same code, with the same
//! memo, so that what a commit shares with what was built before is not made again. What it comes to is kept beside
//! the generations: HEAD, its stamp and the work trees' stat caches stay as they are, and nothing is promoted.

mod nearest;
mod run;

pub use run::{CommitOutcome, build_committed};
