//! The list of all tables.

use super::{
    CHUNK_STATS, CHUNKS, DEFINITIONS, EVENTS, FAILURES, FEED, FILES, HISTORY, IMPORTS, INDEXED_FILES, LINKS, MEMBERS,
    MENTIONS, OUTLINE, PACKAGES, POSTINGS, PROVIDES, RELATIONS, SYMBOLS, TRIGRAMS,
};
use crate::table::TableSchema;

/// Every table that the built-in kinds write, in the order of the data flow.
pub static TABLES: &[&TableSchema] = &[
    &FILES,
    &OUTLINE,
    &CHUNKS,
    &SYMBOLS,
    &POSTINGS,
    &CHUNK_STATS,
    &TRIGRAMS,
    &INDEXED_FILES,
    &DEFINITIONS,
    &MENTIONS,
    &RELATIONS,
];

/// The tables that nodes of pipelines of workspace scope write.
pub static WORKSPACE: &[&TableSchema] = &[&MEMBERS, &PACKAGES, &LINKS, &PROVIDES, &IMPORTS];

/// The tables of the ledger: no node writes them, and nothing depends on them.
pub static LEDGER: &[&TableSchema] = &[&FAILURES, &HISTORY];

/// The tables of diffs and feeds: they stand beside the builds, and no build depends on them.
pub static BESIDE: &[&TableSchema] = &[&EVENTS, &FEED];
