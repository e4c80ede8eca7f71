//! `chunk`: files and their outlines → `chunks` and `symbols`, file by file.
//!
//! **Purpose.** Pieces that a person or a model can read alone: a definition with its documentation, a section of a
//! document, a handful of small neighbours. Put together in order they are the file again, byte for byte, so that
//! whatever is searched or shown from chunks is searched or shown from the whole file.
//!
//! **Inputs.** `outline` (tables `files` and `outline`) and the files' bytes. **Outputs.** `chunks`: rows that tile each
//! file. `symbols`: one row for each named definition. A file that was withheld, is binary or is empty has none.
//!
//! **How.** [`run`] in four steps: lines and encoding; the outline as a tree over lines; cuts; rows. All cuts are at line
//! starts, unless a single line is larger than a chunk may be. What is too large is cut by a rule that looks at the
//! text near a cut only, so that an edit changes the chunks around it and no others.
//!
//! **Key.** Path, file hash, language, mode, the outline's artifacts, the parameters.
//!
//! **Failure.** None of its own: bytes that are no text in the file's encoding are kept beside a lossy text. An outline
//! that does not fit its file is cut to it.

mod params;
pub mod read;
mod run;
mod schema;

#[cfg(test)]
mod tests;

pub use params::ChunkParams;
pub use run::{KIND, decoded, estimate_tokens};
pub use schema::EXTRACTED_ROWS;
