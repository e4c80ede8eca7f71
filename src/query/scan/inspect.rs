//! The pieces of a generation and the schemas of their tables.

use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, Wanted, places};
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::TableSchema;

/// One artifact in its place.
pub type PieceReport = Place;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ColumnReport {
    pub name: &'static str,
    /// Arrow's name of the type.
    #[serde(rename = "type")]
    pub data_type: String,
    pub nullable: bool,
    pub doc: &'static str,
}

/// A table that occurs, with its totals over the listed pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableReport {
    pub name: &'static str,
    pub format: u32,
    pub sort: &'static [&'static str],
    pub columns: Vec<ColumnReport>,
    pub pieces: u64,
    pub rows: u64,
    pub bytes: u64,
}

/// What there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InspectAnswer {
    pub pieces: Vec<PieceReport>,
    /// In the order of the data flow.
    pub tables: Vec<TableReport>,
}

/// Lists the wanted pieces, those of shards and of segments, and of `known` the tables that occur.
pub fn inspect(
    pieces: &dyn Pieces,
    known: &[&'static TableSchema],
    wanted: &Wanted,
) -> Result<InspectAnswer, QueryError> {
    let pieces = places(pieces, known, wanted)?;
    let mut tables = Vec::new();
    for schema in known {
        let mut report = TableReport {
            name: schema.name,
            format: schema.format,
            sort: schema.sort,
            columns: Vec::new(),
            pieces: 0,
            rows: 0,
            bytes: 0,
        };
        for piece in pieces.iter().filter(|p| p.table == schema.name) {
            report.pieces += 1;
            report.rows += piece.rows;
            report.bytes += piece.bytes;
        }
        if report.pieces > 0 {
            report.columns.extend(schema.columns.iter().map(|c| ColumnReport {
                name: c.name,
                data_type: (c.data_type)().to_string(),
                nullable: c.nullable,
                doc: c.doc.trim(),
            }));
            tables.push(report);
        }
    }
    Ok(InspectAnswer { pieces, tables })
}
