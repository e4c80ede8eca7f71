//! A segment → its shards: the merge undone.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;

use super::super::run::split::ends;
use super::lists::{Lists, ListsBuilder};
use crate::nodes::NodeError;
use crate::table::schema::INDEXED_FILES;
use crate::table::{Batch, TableError};

/// `trigrams` and `indexed_files` of each of `shards` shards.
pub fn split(grams: &Batch, files: &Batch, shards: usize) -> Result<Vec<(Batch, Batch)>, NodeError> {
    let ends = ends(files, shards)?;
    let grams = split_grams(Lists::of(grams)?, &ends)?;
    let mut start = 0;
    let mut out = Vec::with_capacity(shards);
    for (grams, end) in grams.into_iter().zip(ends) {
        out.push((grams, files_of(files, start, end)?));
        start = end;
    }
    Ok(out)
}

fn split_grams(segment: Lists<'_>, ends: &[u32]) -> Result<Vec<Batch>, NodeError> {
    let mut builders: Vec<ListsBuilder> = ends.iter().map(|_| ListsBuilder::new(1024, 4096)).collect();
    for (row, gram) in segment.grams.iter().enumerate() {
        let (first, rest) = segment.steps(row)?;
        let (mut file, mut rest) = (Some(first), rest.iter());
        let mut start = 0;
        for (builder, end) in builders.iter_mut().zip(ends) {
            let mut last = start;
            let before = builder.steps.len();
            while let Some(number) = file.filter(|file| file < end) {
                builder.steps.push(number.wrapping_sub(last));
                last = number;
                file = rest.next().map(|step| number.saturating_add(*step));
            }
            if builder.steps.len() > before {
                builder.row(*gram)?;
            }
            start = *end;
        }
        if file.is_some() {
            return Err(NodeError::Input { what: "`trigrams` name a file that `indexed_files` has not".into() });
        }
    }
    builders.into_iter().map(ListsBuilder::finish).collect()
}

fn files_of(segment: &Batch, start: u32, end: u32) -> Result<Batch, NodeError> {
    let arrow_error = |source| TableError::Arrow { table: INDEXED_FILES.name.into(), source };
    let count = end.saturating_sub(start);
    // `take` copies, so that what is kept of one shard does not hold on to its segment.
    let rows = UInt32Array::from_iter_values(start..end);
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(INDEXED_FILES.columns.len());
    for (at, column) in INDEXED_FILES.columns.iter().enumerate() {
        columns.push(match column.name {
            "file" => Arc::new(UInt32Array::from_iter_values(0..count)),
            "shard" => Arc::new(UInt32Array::from(vec![0; count as usize])),
            _ => take(segment.records().column(at), &rows, None).map_err(arrow_error)?,
        });
    }
    let records = RecordBatch::try_new(INDEXED_FILES.arrow(), columns).map_err(arrow_error)?;
    Ok(Batch::new(&INDEXED_FILES, records)?)
}
