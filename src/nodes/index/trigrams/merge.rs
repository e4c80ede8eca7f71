//! The shards of a segment → one piece. Files are numbered on; nothing else changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::concat;

use super::lists::{Lists, ListsBuilder};
use crate::base::Cancel;
use crate::nodes::NodeError;
use crate::table::schema::INDEXED_FILES;
use crate::table::{Batch, TableError};

/// Between two looks at the cancellation token.
const ROWS_PER_CHECK: usize = 4096;

/// No gram is this large.
const END: u32 = u32::MAX;

/// `trigrams` and `indexed_files` of the segment, from those of its shards, in order.
pub fn merge(grams: &[&Batch], files: &[&Batch], cancel: &Cancel) -> Result<(Batch, Batch), NodeError> {
    if grams.len() != files.len() {
        return Err(NodeError::Input { what: "a shard brought no table `trigrams` or `indexed_files`".into() });
    }
    let mut shards = Vec::with_capacity(grams.len());
    let mut base = 0u32;
    for (grams, files) in grams.iter().zip(files) {
        shards.push(Shard { lists: Lists::of(grams)?, row: 0, base });
        base = u32::try_from(files.len())
            .ok()
            .and_then(|files| base.checked_add(files))
            .ok_or_else(|| NodeError::Input { what: "a segment has more than 2^32 files".into() })?;
    }
    Ok((merge_grams(shards, cancel)?, merge_files(files)?))
}

/// What a reader wants to know of a segment's files before it opens anything: `files` of both tables, which is 0 for
/// `trigrams` where there are none on purpose, and `text_bytes`.
pub fn totals(files: &Batch, grams: bool) -> Result<[BTreeMap<String, u64>; 2], NodeError> {
    let bytes = files.column::<UInt32Array>("bytes")?.values().iter().map(|b| u64::from(*b)).sum();
    let count = files.len() as u64;
    let of_grams = BTreeMap::from([("files".to_owned(), if grams { count } else { 0 })]);
    let of_files = BTreeMap::from([("files".to_owned(), count), ("text_bytes".to_owned(), bytes)]);
    Ok([of_grams, of_files])
}

struct Shard<'a> {
    lists: Lists<'a>,
    /// The next row.
    row: usize,
    /// Number of its first file.
    base: u32,
}

impl Shard<'_> {
    fn gram(&self) -> u32 {
        self.lists.grams.get(self.row).copied().unwrap_or(END)
    }
}

/// A k-way merge; the shards of a segment are few, so the least gram is looked for among all of them.
fn merge_grams(mut shards: Vec<Shard<'_>>, cancel: &Cancel) -> Result<Batch, NodeError> {
    let rows = shards.iter().map(|shard| shard.lists.grams.len()).sum::<usize>() / 3;
    let mut out = ListsBuilder::new(rows, shards.iter().map(|shard| shard.lists.len()).sum());
    let mut done = 0usize;
    let mut gram = shards.iter().map(Shard::gram).min().unwrap_or(END);
    while gram != END {
        if done.is_multiple_of(ROWS_PER_CHECK) {
            cancel.check()?;
        }
        done += 1;
        let (mut last, mut next) = (0u32, END);
        for shard in &mut shards {
            if shard.gram() == gram {
                let (first, rest) = shard.lists.steps(shard.row)?;
                let first = first.wrapping_add(shard.base);
                out.steps.push(first.wrapping_sub(last));
                out.steps.extend_from_slice(rest);
                last = rest.iter().fold(first, |file, step| file.wrapping_add(*step));
                shard.row += 1;
            }
            next = next.min(shard.gram());
        }
        out.row(gram)?;
        gram = next;
    }
    out.finish()
}

fn merge_files(shards: &[&Batch]) -> Result<Batch, NodeError> {
    let arrow_error = |source| TableError::Arrow { table: INDEXED_FILES.name.into(), source };
    let rows: usize = shards.iter().map(|shard| shard.len()).sum();
    let mut columns: Vec<ArrayRef> = Vec::with_capacity(INDEXED_FILES.columns.len());
    for (at, column) in INDEXED_FILES.columns.iter().enumerate() {
        let numbers = shards.iter().enumerate();
        columns.push(match column.name {
            _ if shards.is_empty() => arrow::array::new_empty_array(&(column.data_type)()),
            "file" => Arc::new(UInt32Array::from_iter_values(0..rows as u32)),
            "shard" => Arc::new(UInt32Array::from_iter_values(
                numbers.flat_map(|(number, shard)| std::iter::repeat_n(number as u32, shard.len())),
            )),
            _ => {
                let parts: Vec<_> = shards.iter().map(|shard| shard.records().column(at).as_ref()).collect();
                concat(&parts).map_err(arrow_error)?
            }
        });
    }
    let records = RecordBatch::try_new(INDEXED_FILES.arrow(), columns).map_err(arrow_error)?;
    Ok(Batch::new(&INDEXED_FILES, records)?)
}
