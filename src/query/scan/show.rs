//! Rows of one table.

use std::ops::Range;

use arrow::array::{RecordBatch, StringArray};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::json::json_rows;
use super::place::{Place, Share, Wanted, places, table, without_parts};
use crate::base::Mode;
use crate::query::cache::Cache;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::pieces::Pieces;
use crate::table::{IpcStream, TableReader, TableSchema, typed_column};

/// What to show.
#[derive(Clone, Debug, Default)]
pub struct ShowRequest {
    pub table: String,
    /// Empty: all.
    pub repos: Vec<String>,
    pub node: Option<String>,
    pub modes: Vec<Mode>,
    /// In the order to show; empty: all.
    pub columns: Vec<String>,
    /// Rows to leave out at the start.
    pub offset: u64,
    /// Most rows; `None`: all.
    pub limit: Option<u64>,
}

/// Rows of one piece.
#[derive(Clone, Debug)]
pub struct Scanned {
    pub place: Place,
    /// The asked columns, in the asked order.
    pub records: RecordBatch,
}

/// A scan in progress: pieces in order, each read when it is asked for, and only the rows that are wanted.
#[derive(Debug)]
pub struct TableScan {
    pub schema: &'static TableSchema,
    /// The columns, in the order shown.
    pub columns: Vec<&'static str>,
    /// Rows that there are, before offset and limit.
    pub total: u64,
    places: std::vec::IntoIter<Place>,
    skip: u64,
    left: u64,
}

impl TableScan {
    /// Checks the request and lists the pieces; reads no table yet. `tables` are those that there can be.
    pub fn new(
        pieces: &dyn Pieces,
        tables: &[&'static TableSchema],
        request: &ShowRequest,
    ) -> Result<Self, QueryError> {
        let schema = table(pieces, tables, &request.table)?;
        let columns = columns(schema, &request.columns)?;
        let wanted = Wanted {
            repos: request.repos.clone(),
            nodes: request.node.iter().cloned().collect(),
            tables: vec![schema.name.to_owned()],
            modes: request.modes.clone(),
        };
        let places = without_parts(places(pieces, tables, &wanted)?);
        let total = places.iter().map(|p| p.rows).sum();
        let left = request.limit.unwrap_or(u64::MAX);
        Ok(Self { schema, columns, total, places: places.into_iter(), skip: request.offset, left })
    }

    /// The next piece with rows in the wanted range.
    pub fn next(&mut self, pieces: &dyn Pieces, cache: &Cache) -> Result<Option<Scanned>, QueryError> {
        while self.left > 0 {
            let Some(place) = self.places.next() else { break };
            if self.skip >= place.rows {
                self.skip -= place.rows;
                continue;
            }
            let start = std::mem::take(&mut self.skip);
            let count = (place.rows - start).min(self.left);
            self.left -= count;
            let reader = cache.reader(pieces, &place.artifact, self.schema)?;
            let rows = wanted_rows(&reader, place.share)?;
            if rows.iter().map(|range| range.len() as u64).sum::<u64>() != place.rows {
                let what = format!("{} of {} has other rows than its manifest says", place.table, place.repo);
                return Err(QueryError::Manifest { what });
            }
            let records = reader.read_rows(&self.columns, &window(rows, start as usize, count as usize))?;
            return Ok(Some(Scanned { place, records: self.in_order(&records)? }));
        }
        Ok(None)
    }

    fn in_order(&self, records: &RecordBatch) -> Result<RecordBatch, QueryError> {
        let arrow = |source| crate::table::TableError::Arrow { table: self.schema.name.into(), source };
        let schema = records.schema();
        let order = self.columns.iter().map(|c| schema.index_of(c)).collect::<Result<Vec<_>, _>>().map_err(arrow)?;
        Ok(records.project(&order).map_err(arrow)?)
    }
}

/// The rows of `share`.
fn wanted_rows(reader: &TableReader, share: Share) -> Result<Vec<Range<usize>>, QueryError> {
    let Share::Extracted(wanted) = share else { return Ok(std::iter::once(0..reader.rows() as usize).collect()) };
    let records = reader.read_columns(&["mode"])?;
    let modes: &StringArray = typed_column(&records, "chunks", "mode")?;
    let mut out: Vec<Range<usize>> = Vec::new();
    for (at, mode) in modes.iter().enumerate() {
        if (mode == Some(Mode::ExtractedProse.name())) != wanted {
            continue;
        }
        match out.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => out.push(at..at + 1),
        }
    }
    Ok(out)
}

/// Of the rows in `ranges` those from the `skip`th on, at most `count`.
fn window(ranges: Vec<Range<usize>>, mut skip: usize, mut count: usize) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for range in ranges {
        let start = range.start + skip.min(range.len());
        skip -= start - range.start;
        let end = range.end.min(start.saturating_add(count));
        count -= end - start;
        if start < end {
            out.push(start..end);
        }
    }
    out
}

fn columns(schema: &'static TableSchema, asked: &[String]) -> Result<Vec<&'static str>, QueryError> {
    let known: Vec<&'static str> = schema.columns.iter().map(|c| c.name).collect();
    if asked.is_empty() {
        return Ok(known);
    }
    let mut out: Vec<&'static str> = Vec::new();
    for column in asked {
        let found = known.iter().find(|k| **k == column.as_str()).copied();
        let found = found.ok_or_else(|| QueryError::UnknownColumn {
            table: schema.name.to_owned(),
            column: column.clone(),
            help: did_you_mean(column, &known),
        })?;
        if !out.contains(&found) {
            out.push(found);
        }
    }
    Ok(out)
}

/// Rows as JSON, each with its repository and node.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ShowAnswer {
    pub table: &'static str,
    /// `repo`, `node`, then the table's.
    pub columns: Vec<String>,
    pub rows: Vec<Map<String, Value>>,
    /// Rows that there are.
    pub total: u64,
    /// Fewer were given than there are behind the offset.
    pub truncated: bool,
}

/// The rows of a whole scan.
pub fn show(
    pieces: &dyn Pieces,
    cache: &Cache,
    tables: &[&'static TableSchema],
    request: &ShowRequest,
) -> Result<ShowAnswer, QueryError> {
    let mut scan = TableScan::new(pieces, tables, request)?;
    let mut rows = Vec::new();
    while let Some(scanned) = scan.next(pieces, cache)? {
        rows.extend(scanned.json()?);
    }
    let columns = with_place(&scan.columns).into_iter().map(str::to_owned).collect();
    let truncated = request.offset.saturating_add(rows.len() as u64) < scan.total;
    Ok(ShowAnswer { table: scan.schema.name, columns, rows, total: scan.total, truncated })
}

/// Where a row is from stands before its own columns.
const PLACE: [&str; 2] = ["repo", "node"];

/// `repo`, `node`, then `columns`.
pub fn with_place(columns: &[&'static str]) -> Vec<&'static str> {
    PLACE.into_iter().chain(columns.iter().copied()).collect()
}

impl Scanned {
    /// Each row with its repository and node.
    pub fn json(&self) -> Result<Vec<Map<String, Value>>, QueryError> {
        let mut rows = json_rows(&self.records)?;
        for row in &mut rows {
            for (name, value) in PLACE.into_iter().zip([&self.place.repo, &self.place.node]) {
                row.insert(name.to_owned(), value.clone().into());
            }
        }
        Ok(rows)
    }
}

/// An Arrow stream with the columns of `scan`.
pub fn ipc(scan: &TableScan) -> Result<IpcStream, QueryError> {
    Ok(IpcStream::new(scan.schema, &PLACE, &scan.columns)?)
}

/// The next part of `stream`.
pub fn ipc_part(stream: &mut IpcStream, scanned: &Scanned) -> Result<Vec<u8>, QueryError> {
    Ok(stream.write(&[&scanned.place.repo, &scanned.place.node], &scanned.records)?)
}
