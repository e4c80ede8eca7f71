//! Reuse by file: rows of unchanged files are taken from an old batch and merged with rows made anew.
//!
//! Works on tables that are sorted by `path` first. A path is its text here: files whose names differ only in
//! bytes that are no UTF-8, and show alike, go together.

use std::collections::BTreeSet;
use std::ops::Range;

use arrow::array::{Array, StringArray};

use super::batch::{Batch, TableError};
use super::declare::TableSchema;

/// The rows of `batch` whose path is in `paths`, in order. A path without rows is no error.
pub fn take_paths(batch: &Batch, paths: &BTreeSet<String>) -> Result<Batch, TableError> {
    let column = path_column(batch)?;
    let mut kept: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for path in paths {
        let run = run_of(column, from, path);
        from = run.end;
        match kept.last_mut() {
            _ if run.is_empty() => {}
            Some(last) if last.end == run.start => last.end = run.end,
            _ => kept.push(run),
        }
    }
    join(batch.schema(), kept.into_iter().map(|r| batch.slice(r.start, r.len())).collect())
}

/// The paths of `batch`, in order, with the number of their rows.
pub fn count_by_path(batch: &Batch) -> Result<Vec<(&str, u64)>, TableError> {
    let column = path_column(batch)?;
    let (mut counts, mut from) = (Vec::new(), 0);
    while from < column.len() {
        let path = column.value(from);
        let end = run_of(column, from, path).end;
        counts.push((path, (end - from) as u64));
        from = end;
    }
    Ok(counts)
}

/// The rows of all `batches`, ordered by path. No path may have rows in two batches.
pub fn merge_by_path(schema: &'static TableSchema, batches: Vec<Batch>) -> Result<Batch, TableError> {
    let mut runs: Vec<(String, usize, Range<usize>)> = Vec::new();
    for (at, batch) in batches.iter().enumerate() {
        if batch.schema() != schema {
            return Err(TableError::Mismatch { wanted: schema.name.into(), found: batch.schema().name.into() });
        }
        let column = path_column(batch)?;
        let mut from = 0;
        while from < column.len() {
            let path = column.value(from);
            let end = run_of(column, from, path).end;
            runs.push((path.to_owned(), at, from..end));
            from = end;
        }
    }
    runs.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    if let Some([a, _]) = runs.windows(2).find(|w| matches!(w, [a, b] if a.0 == b.0)) {
        return Err(invalid(schema, format!("rows of `{}` come from two batches", a.0)));
    }
    let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
    for (_, at, run) in runs {
        match pieces.last_mut() {
            Some((last, range)) if *last == at && range.end == run.start => range.end = run.end,
            _ => pieces.push((at, run)),
        }
    }
    let slices = pieces.into_iter().filter_map(|(at, r)| Some(batches.get(at)?.slice(r.start, r.len())));
    join(schema, slices.collect())
}

fn join(schema: &'static TableSchema, pieces: Vec<Batch>) -> Result<Batch, TableError> {
    match <[Batch; 1]>::try_from(pieces) {
        Ok([one]) => Ok(one),
        Err(pieces) => Batch::concat(schema, &pieces),
    }
}

fn path_column(batch: &Batch) -> Result<&StringArray, TableError> {
    if batch.schema().sort.first() != Some(&"path") {
        return Err(invalid(batch.schema(), "is not sorted by path".into()));
    }
    let column: &StringArray = batch.column("path")?;
    if (1..column.len()).any(|at| column.value(at - 1) > column.value(at)) {
        return Err(invalid(batch.schema(), "rows are not in order of path".into()));
    }
    Ok(column)
}

/// The rows from `from` on that hold `path`; empty, and where they would stand, if there are none.
fn run_of(column: &StringArray, from: usize, path: &str) -> Range<usize> {
    let start = bound(column, from, |value| value < path);
    start..bound(column, start, |value| value <= path)
}

/// First row at or after `from` of which `before` no longer holds.
fn bound(column: &StringArray, from: usize, before: impl Fn(&str) -> bool) -> usize {
    let (mut low, mut high) = (from, column.len());
    while low < high {
        let middle = low.midpoint(high);
        if before(column.value(middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn invalid(schema: &TableSchema, what: String) -> TableError {
    TableError::Invalid { table: schema.name.into(), what }
}
