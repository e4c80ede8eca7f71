//! Ranked search over every selected repository at once.
//!
//! One scorer and one heap, and statistics (document frequencies, lengths) summed over what is searched: the
//! answer is that of one merged index, however the chunks lie in shards, segments and repositories.
//!
//! | step | file | reads |
//! |---|---|---|
//! | what sort of thing is looked for | `reading`, `intent` | – |
//! | choose repositories and cohorts | `prepare`, `federation` | roots of builds |
//! | choose segments | `select` | lists of builds |
//! | words → scored units | `units`, `qualified` | – |
//! | open their postings, sum statistics | `open` | term pages |
//! | ask what the signs of words do not say | `condition` | term pages |
//! | score | `score`, `tally`, `places` | lengths, of segments that hold a word |
//! | ask the filters on rows | `admit`, `rows` | the columns that they ask |
//! | put the files that a path names first | `named` | the paths of files, for a path alone |
//! | find the files and lines of literals and expressions | `exact`, `files` | trigrams, texts |
//! | take the best, factors lazily | `rank`, `sweep` | a few columns of the shards that come up |
//! | count the files that exact search cannot see | `unread` | manifests; `files` of shards above the read limit |
//! | choose whole chunks that fit a budget of tokens | `budget` | a few columns of the best |
//! | join cohorts by rank, where that is asked for | `fusion` | – |
//! | fetch rows, find their lines, cut snippets | `fetch`, `inner`, `snippet` | pages of the hits |
//! | say what may have been meant, where nothing was found | `hints` | the values that filters are held against |
//! | say how the answer came to be, and how long it took | `explain`, `timings` | – |
//!
//! Work on segments is spread over threads; sums and orders do not depend on how many.

mod admit;
mod alike;
mod budget;
mod condition;
mod definition;
mod exact;
mod excerpt;
mod expand;
mod explain;
mod family;
mod fetch;
mod files;
mod filler;
mod forms;
mod fusion;
mod hints;
mod inner;
mod intent;
mod named;
mod open;
mod places;
mod prepare;
mod qualified;
mod rank;
mod reading;
mod request;
mod rows;
mod run;
mod score;
mod select;
mod snippet;
mod sweep;
mod tally;
mod timings;
mod units;
mod unread;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use super::federation::Warning;
pub use super::parse::Meant;
pub use budget::Spent;
pub use explain::{Asked, ExactExplained, Explain, FileCounts, Routing, SegmentsExplained, UnitExplained};
pub use intent::{Intent, IntentKind};
pub use prepare::Prepared;
pub use reading::{WrittenPath, written_paths};
pub use request::{
    Breakdown, ExactTotals, FileHit, FusedList, Fusion, Hit, MatchSpan, Merge, Place, RepoStatus, SearchAnswer,
    SearchRequest, SearchedRepo, Snippet, UnitScore,
};
pub use rows::ShardRows;
pub use run::{places, search, search_with};
pub use timings::{CacheUse, Laps, Timings};
pub use weights::{Profile, Weights};
