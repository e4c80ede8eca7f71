//! The tables, one file each. A file is the contract: columns, types, sort order, format number and the history
//! of its bumps. `docs/tables.md` is generated from here.

pub mod chunks;
pub mod events;
pub mod federation;
pub mod feed;
pub mod files;
pub mod ledger;
pub mod outline;
pub mod postings;
pub mod relations;
pub mod trigrams;

mod catalog;

pub use catalog::{BESIDE, LEDGER, TABLES, WORKSPACE};
pub use chunks::{CHUNKS, ChunkRow, SYMBOLS, SymbolRow};
pub use events::{EVENTS, EventRow};
pub use federation::{
    IMPORTS, ImportRow, LINKS, LinkRow, MEMBERS, MemberRow, PACKAGES, PROVIDES, PackageRow, ProvideRow,
};
pub use feed::{FEED, FeedRow};
pub use files::{FILES, FileRow};
pub use ledger::{FAILURES, FailureRow, HISTORY, HistoryRow};
pub use outline::{OUTLINE, OutlineRow};
pub use postings::{CHUNK_STATS, ChunkStatsRow, POSTINGS, PostingRow};
pub use relations::{DEFINITIONS, DefinitionRow, MENTIONS, MentionRow, RELATIONS, RelationRow};
pub use trigrams::{INDEXED_FILES, IndexedFileRow, TRIGRAMS, TrigramRow};
