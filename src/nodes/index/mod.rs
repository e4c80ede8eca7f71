//! `index`: what search reads.
//!
//! **Purpose.** Turns the chunks of a shard into postings (term, field → chunks, frequencies) and chunk
//! statistics (where the row is, how long its fields are), and merges the shards of a segment into one searchable
//! piece. The merge moves ordinals and nothing else, so that it can be undone: the shards of a segment are not
//! kept, an edit takes those that it left alone out of the segment as it was. No text is read a second time.
//!
//! For exact search it says which files hold which trigrams (`trigrams/`), rows of kind `rest` included.
//!
//! It also relates: what a shard defines and mentions is merged beside the postings, and once the whole repository
//! is known, what each chunk refers to is resolved (`relations/`).
//!
//! **Inputs.** Port `chunks`: table `chunks`. Rows of kind `rest` have no postings. Port `outline`, for relations only:
//! tables `files` and `outline`.
//! **Outputs.** Per segment `postings` and `chunk_stats`, which carries the totals `docs`, `len_name`,
//! `len_signature`, `len_doc`, `len_body`, `len_path`; `trigrams` with the total `files`, and `indexed_files` with `files`
//! and `text_bytes`; `definitions` and `mentions`. Per shard `relations`.
//!
//! **In the key.** FORMAT (the tokenizer's version stands in its history), parameters, the chunks and the
//! outline. Relations: these, and for each name that the shard refers to what the repository defines under it, if
//! anything.
//! **Failure.** Any text is indexed; only input tables that do not hold together are an error.

mod params;
pub mod read;
mod relations;
mod run;
pub mod schema;
pub mod tokenize;
pub mod trigrams;

#[cfg(test)]
mod tests;

pub use params::IndexParams;
pub use run::KIND;
pub use schema::{FIELDS, Field, Stemming};
