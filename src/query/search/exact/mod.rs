//! Literals and regular expressions: exact, and then ranked.
//!
//! A file is asked whether the whole query holds of it, its literals and expressions of its text and its words of its
//! chunks. [`prune`] asks the trigrams which files can match; [`text`] puts their text together from chunk rows, which
//! tile it; [`find`] asks; [`score`] ranks the chunks in which the lines stand that match. What the trigrams say only
//! keeps files from being read.

mod find;
mod prune;
mod score;
mod text;

pub use find::{FileName, Finder, Found};
pub use prune::{Place, places};
pub use score::{WordScores, candidates};
