//! What differs between two moments.
//!
//! Equal lists and equal pieces are not opened: they are called by their content, so that is known beforehand. What is
//! left is read file by file, in the order of paths, and compared by `nodes/diff`.
//!
//! | file | holds |
//! |---|---|
//! | `request.rs` | what is asked, what comes back |
//! | `pieces.rs` | which pieces differ |
//! | `states.rs` | rows of pieces as states |
//! | `content.rs` | texts of chunks and of files, where those decide |
//! | `files.rs`, `chunks.rs`, `relations.rs` | one sort of table each |
//! | `repo.rs` | a repository, from manifests to changes |
//! | `feed.rs` | chunks that came, changed and went, whole |
//! | `totals.rs` | the summary |
//! | `run.rs` | all repositories, and the table |
//! | `show.rs` | events of a kept diff, under limits |

mod chunks;
mod content;
mod feed;
mod files;
mod pieces;
mod relations;
mod repo;
mod request;
mod run;
mod show;
mod states;
mod totals;

pub use feed::{FeedOptions, FeedTotals, feed};
pub use request::{Compared, Compat, DiffOptions, DiffSummary, Opened, TouchedFile};
pub use run::diff;
pub use show::{EventFilter, EventLimits, Events, EventsShown};

#[cfg(test)]
mod tests;
