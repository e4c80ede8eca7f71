//! Reading tables as they lie: rows of any table, the pieces of a generation, counts and parse health.
//!
//! Order is always repository, node, table, mode, then segments and shards in the order of their paths. Where a
//! segment has a table of its own (an index), that one is shown and not those of its shards, so that no row comes
//! twice.

mod files;
mod health;
mod inspect;
mod json;
mod place;
mod show;
mod stats;

#[cfg(test)]
mod tests;

pub use files::{StandingFile, StandingPiece, paths_of, pieces_of, rows_of, unclean};
pub use health::{Failure, Health, LanguageHealth, ParseStatus, Percent};
pub use inspect::{ColumnReport, InspectAnswer, PieceReport, TableReport, inspect};
pub use json::json_rows;
pub use place::{Place, Share, Wanted};
pub use show::{Scanned, ShowAnswer, ShowRequest, TableScan, ipc, ipc_part, show, with_place};
pub use stats::{RepoStats, StatsAnswer, StatsRequest, TableStats, stats};
