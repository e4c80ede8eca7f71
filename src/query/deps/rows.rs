//! Rows of `relations`.

use std::ops::Range;

use arrow::array::{Array, RecordBatch, StringArray, UInt32Array};

use super::node::Span;
use crate::nodes::Relation;
use crate::query::error::QueryError;
use crate::table::schema::RELATIONS;
use crate::table::{TableError, TableReader, typed_column};

const COLUMNS: &[&str] = &["path", "line", "type", "target_name", "target_path", "target_symbol", "status"];

/// Relations in the order of `Relation`.
pub const ALL: [Relation; 5] =
    [Relation::Calls, Relation::Extends, Relation::Implements, Relation::Imports, Relation::Uses];

/// Some rows, decoded.
#[derive(Debug)]
pub struct RelationRows {
    path: StringArray,
    line: UInt32Array,
    relation: StringArray,
    target_name: StringArray,
    target_path: StringArray,
    target_symbol: StringArray,
    status: StringArray,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelationView<'a> {
    pub path: &'a str,
    pub line: u32,
    pub relation: Relation,
    pub name: &'a str,
    pub target: Target<'a>,
}

/// Where a row leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'a> {
    /// A file or directory.
    Path(&'a str),
    Symbol(&'a str, &'a str),
    Ambiguous,
    Unresolved,
}

impl RelationRows {
    /// The rows of some paths; of a page that holds one of them, all.
    pub fn of_paths(reader: &TableReader, spans: &[&Span]) -> Result<Self, QueryError> {
        let mut found = Vec::new();
        for span in spans {
            found.extend(reader.find_span("path", &span.from, Some(&span.to))?);
        }
        Self::at(reader, &joined(found))
    }

    /// The rows at `ranges`.
    pub fn at(reader: &TableReader, ranges: &[Range<usize>]) -> Result<Self, QueryError> {
        let records = reader.read_rows(COLUMNS, ranges)?;
        Ok(Self::of(&records)?)
    }

    fn of(records: &RecordBatch) -> Result<Self, TableError> {
        let text = |name: &str| typed_column::<StringArray>(records, RELATIONS.name, name).cloned();
        Ok(Self {
            path: text("path")?,
            line: typed_column::<UInt32Array>(records, RELATIONS.name, "line")?.clone(),
            relation: text("type")?,
            target_name: text("target_name")?,
            target_path: text("target_path")?,
            target_symbol: text("target_symbol")?,
            status: text("status")?,
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = Result<RelationView<'_>, QueryError>> {
        (0..self.path.len()).map(|row| self.get(row))
    }

    fn get(&self, row: usize) -> Result<RelationView<'_>, QueryError> {
        let valid = |column: &StringArray| column.is_valid(row);
        let target = match self.status.value(row) {
            "resolved" if valid(&self.target_path) => {
                let path = self.target_path.value(row);
                if valid(&self.target_symbol) {
                    Target::Symbol(path, self.target_symbol.value(row))
                } else {
                    Target::Path(path)
                }
            }
            "ambiguous" => Target::Ambiguous,
            "unresolved" => Target::Unresolved,
            other => return Err(strange(&format!("a row is `{other}` without a target"))),
        };
        let relation = self.relation.value(row);
        let known = ALL.into_iter().find(|known| known.name() == relation);
        Ok(RelationView {
            path: self.path.value(row),
            line: self.line.value(row),
            relation: known.ok_or_else(|| strange(&format!("`{relation}` is no type")))?,
            name: self.target_name.value(row),
            target,
        })
    }
}

fn strange(what: &str) -> QueryError {
    QueryError::Manifest { what: format!("in `relations`, {what}") }
}

/// Ranges in order, none touching another.
pub fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}
