//! What `chunk` writes, and in which format.
//!
//! Format history: 1, the first; 2, `chunks` 2; 3, embedded regions; 4, comments as rows of their own; 5, units of
//! infrastructure share no chunk; 6, documentation inside of a definition takes no name away;
//! 7, breadcrumbs and paths of headings have a bound in bytes; 8, `chunks` 3; 9, documentation counts where a
//! definition is divided, and stays with its head.

use crate::table::TableSchema;
use crate::table::schema::{CHUNKS, SYMBOLS};

/// Rises whenever equal files, outlines and parameters could give other rows.
pub(super) const FORMAT: u32 = 9;

/// Domain of `chunk_id`. Part of what a cohort of searchable repositories has in common.
pub(super) const CHUNK_ID: &str = "sawmill.chunk_id.v1";

/// Domain of `symbol_id`.
pub(super) const SYMBOL_ID: &str = "sawmill.symbol_id.v1";

/// Total of `chunks`: its rows of the mode `extracted-prose`, where there are any. All other rows are of the mode of
/// their segment.
pub const EXTRACTED_ROWS: &str = "extracted_prose_rows";

/// The tables, in the order of the outputs.
pub(super) static OUTPUTS: &[&TableSchema] = &[&CHUNKS, &SYMBOLS];
