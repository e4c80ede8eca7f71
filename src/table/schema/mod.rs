//! The tables, one file each. A file is the contract: columns, types, sort order, format number and the history
//! of its bumps. `docs/tables.md` is generated from here.

pub mod chunks;
pub mod files;
pub mod outline;
pub mod postings;

pub use chunks::{CHUNKS, ChunkRow, SYMBOLS, SymbolRow};
pub use files::{FILES, FileRow};
pub use outline::{OUTLINE, OutlineRow};
pub use postings::{CHUNK_STATS, ChunkStatsRow, POSTINGS, PostingRow};

use super::TableSchema;

/// Every table that the built-in kinds write, in the order of the data flow.
pub static TABLES: &[&TableSchema] = &[&FILES, &OUTLINE, &CHUNKS, &SYMBOLS, &POSTINGS, &CHUNK_STATS];

/// The table called `name`.
pub fn by_name(name: &str) -> Option<&'static TableSchema> {
    TABLES.iter().copied().find(|t| t.name == name)
}
