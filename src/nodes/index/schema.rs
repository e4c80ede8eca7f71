//! Output tables and the fields of postings.
//!
//! FORMAT history: 1, the first (tokenizer 1); 2, `postings` 2 and `chunk_stats` 2, nothing kept per shard, tokenizer 2
//! (format characters part words); 3, `postings` 3;
//! 4, relations; 5, what definitions use; 6, local names as the outline marks them, names that files hand on, scopes of
//! imports, members by the scopes around: bases of types and includes of headers are `definitions`; 7, trigrams; 8, in the signature field, terms for definitions whose chunk is not called as they are; 9, there also terms for
//! definitions with what stands around them.

use crate::base::Mode;
use crate::table::TableSchema;
use crate::table::schema::{CHUNK_STATS, DEFINITIONS, INDEXED_FILES, MENTIONS, POSTINGS, RELATIONS, TRIGRAMS};

/// Rises whenever equal chunks could give other postings; with it rises [`super::tokenize::TOKENIZER`] where the
/// terms moved.
pub const FORMAT: u32 = 9;

/// Made for each shard, kept for each segment.
pub static TABLES: &[&TableSchema] = &[&POSTINGS, &CHUNK_STATS, &TRIGRAMS, &INDEXED_FILES, &DEFINITIONS, &MENTIONS];

/// Made for each shard when the whole repository is known.
pub static RESOLVED: &[&TableSchema] = &[&RELATIONS];

/// A field of a chunk. Its number stands in the `field` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    /// The chunk's own name (a heading, in prose).
    Name,
    /// Head of the definition, and the names or headings around the chunk.
    Signature,
    /// Documentation.
    Doc,
    /// The text, less what signature and documentation carry already.
    Body,
    /// The file's path.
    Path,
}

/// Every field, by number.
pub const FIELDS: [Field; 5] = [Field::Name, Field::Signature, Field::Doc, Field::Body, Field::Path];

/// Which forms of a term a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stemming {
    /// Terms as written.
    None,
    /// Stems in place of terms.
    Only,
    /// Terms, and their stems beside them where they differ.
    Both,
}

impl Stemming {
    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "terms",
            Self::Only => "stems",
            Self::Both => "both",
        }
    }
}

impl Field {
    pub fn number(self) -> u16 {
        self as u16
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Signature => "signature",
            Self::Doc => "doc",
            Self::Body => "body",
            Self::Path => "path",
        }
    }

    /// Name of the field's total in the stats of `chunk_stats`, and of its column there.
    pub fn length_column(self) -> &'static str {
        match self {
            Self::Name => "len_name",
            Self::Signature => "len_signature",
            Self::Doc => "len_doc",
            Self::Body => "len_body",
            Self::Path => "len_path",
        }
    }

    /// Words of a language are stemmed; code is not. A name answers to both.
    pub fn stemming(self, mode: Mode) -> Stemming {
        let prose = matches!(mode, Mode::Prose | Mode::ExtractedProse);
        match self {
            Self::Name => Stemming::Both,
            Self::Doc => Stemming::Only,
            Self::Signature | Self::Body if prose => Stemming::Only,
            Self::Signature | Self::Body | Self::Path => Stemming::None,
        }
    }
}
