//! `index`: what ranked search reads.
//!
//! **Purpose.** Turns the chunks of a shard into postings (term, field → chunks, frequencies) and chunk
//! statistics (where the row is, how long its fields are), and merges the shards of a segment into one searchable
//! piece. The merge moves ordinals and nothing else, so that it can be undone: the shards of a segment are not
//! kept, an edit takes those that it left alone out of the segment as it was. No text is read a second time.
//!
//! **Inputs.** Port `chunks`: table `chunks`. Rows of kind `rest` are not indexed.
//! **Outputs.** Per segment `postings` and `chunk_stats`, which carries the totals `docs`, `len_name`,
//! `len_signature`, `len_doc`, `len_body`, `len_path`.
//!
//! **In the key.** FORMAT (the tokenizer's version stands in its history), parameters, the chunks. Nothing else
//! decides a row.
//! **Failure.** Any text is indexed; only input tables that do not hold together are an error.

mod params;
pub mod read;
mod run;
pub mod schema;
pub mod tokenize;

#[cfg(test)]
mod tests;

pub use params::IndexParams;
pub use run::KIND;
pub use schema::{FIELDS, Field, Stemming};
