//! Ranked search over every selected repository at once.
//!
//! One scorer and one heap, and statistics (document frequencies, lengths) summed over what is searched: the
//! answer is that of one merged index, however the chunks lie in shards, segments and repositories.
//!
//! | step | file | reads |
//! |---|---|---|
//! | choose repositories, modes, segments | `select` | manifests |
//! | what sort of thing is looked for | `intent` | – |
//! | words → scored units | `units` | – |
//! | open their postings, sum statistics | `open` | term pages |
//! | ask what the signs of words do not say | `condition` | term pages |
//! | score | `score` | lengths |
//! | take the best, filters and factors lazily | `rank` | a few columns of the shards that come up |
//! | fetch rows, cut snippets | `fetch`, `snippet` | pages of the hits |
//! | say what may have been meant, where nothing was found | `hints` | the languages of all chunks |
//!
//! Work on segments is spread over threads; sums and orders do not depend on how many.

mod alike;
mod condition;
mod exact;
mod expand;
mod family;
mod fetch;
mod filler;
mod forms;
mod hints;
mod intent;
mod open;
mod rank;
mod request;
mod rows;
mod run;
mod score;
mod select;
mod snippet;
mod units;
mod weights;
mod words;

#[cfg(test)]
mod tests;

pub use intent::{Intent, IntentKind};
pub use request::{
    Breakdown, ExactTotals, Explain, FileHit, Hit, MatchSpan, Place, RepoStatus, SearchAnswer, SearchRequest, SearchedRepo,
    Snippet, UnitExplained, UnitScore,
};
pub use rows::ShardRows;
pub use weights::{Profile, Weights};
pub use run::{places, search, search_with};
