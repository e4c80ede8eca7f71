//! The shards of a segment → one searchable piece. Ordinals move by the chunks of the shards before; nothing
//! else changes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, RecordBatch, StringArray, UInt16Array, UInt32Array};

use super::super::schema::FIELDS;
use super::lists::PostingsBuilder;
use crate::base::Cancel;
use crate::nodes::NodeError;
use crate::table::schema::CHUNK_STATS;
use crate::table::{Batch, TableError};

/// Between two looks at the cancellation token.
const ROWS_PER_CHECK: usize = 4096;

/// `postings` and `chunk_stats` of the segment.
pub fn merge(shards: &[Vec<Batch>], cancel: &Cancel) -> Result<(Batch, Batch), NodeError> {
    let mut postings = Vec::with_capacity(shards.len());
    let mut stats = Vec::with_capacity(shards.len());
    let mut base = 0u32;
    for shard in shards {
        let of = |name: &str| {
            shard
                .iter()
                .find(|b| b.schema().name == name)
                .ok_or_else(|| NodeError::Input { what: format!("a shard brought no table `{name}`") })
        };
        postings.push(ShardPostings::of(of("postings")?, base)?);
        let shard_stats = of("chunk_stats")?;
        base = u32::try_from(shard_stats.len())
            .ok()
            .and_then(|docs| base.checked_add(docs))
            .ok_or_else(|| NodeError::Input { what: "a segment has more than 2^32 chunks".into() })?;
        stats.push(shard_stats);
    }
    Ok((merge_postings(&postings, cancel)?, merge_stats(&stats)?))
}

/// The sums that scoring needs of a segment's `chunk_stats`.
pub fn totals(stats: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
    let mut totals = BTreeMap::from([("docs".to_owned(), stats.len() as u64)]);
    for field in FIELDS {
        let name = field.length_column();
        let lengths: &UInt32Array = stats.column(name)?;
        totals.insert(name.to_owned(), lengths.values().iter().map(|l| u64::from(*l)).sum());
    }
    Ok(totals)
}

/// Postings with the number that their ordinals rise by.
pub(super) struct ShardPostings<'a> {
    term: &'a StringArray,
    field: &'a UInt16Array,
    chunk_ends: &'a [i32],
    chunks: &'a [u32],
    tf_ends: &'a [i32],
    tfs: &'a [u16],
    base: u32,
}

impl<'a> ShardPostings<'a> {
    pub(super) fn of(batch: &'a Batch, base: u32) -> Result<Self, NodeError> {
        let chunks: &ListArray = batch.column("chunks")?;
        let tfs: &ListArray = batch.column("tfs")?;
        let wrong = || NodeError::Input { what: "a list of `postings` has another type".into() };
        let chunk_values = chunks.values().as_any().downcast_ref::<UInt32Array>().ok_or_else(wrong)?;
        let tf_values = tfs.values().as_any().downcast_ref::<UInt16Array>().ok_or_else(wrong)?;
        Ok(Self {
            term: batch.column("term")?,
            field: batch.column("field")?,
            chunk_ends: chunks.value_offsets(),
            chunks: chunk_values.values(),
            tf_ends: tfs.value_offsets(),
            tfs: tf_values.values(),
            base,
        })
    }

    pub(super) fn key(&self, row: usize) -> Option<(&'a str, u16)> {
        (row < self.term.len()).then(|| (self.term.value(row), self.field.value(row)))
    }

    /// The ordinals and frequencies of row `row`, as they stand.
    pub(super) fn list(&self, row: usize) -> Result<(&'a [u32], &'a [u16]), NodeError> {
        let list = range(self.chunk_ends, row).and_then(|r| self.chunks.get(r));
        let tfs = range(self.tf_ends, row).and_then(|r| self.tfs.get(r));
        let (Some(list), Some(tfs)) = (list, tfs) else {
            return Err(NodeError::Input { what: "a list of `postings` ends outside its column".into() });
        };
        if list.len() != tfs.len() {
            return Err(NodeError::Input { what: "`chunks` and `tfs` of a posting differ in length".into() });
        }
        Ok((list, tfs))
    }

    /// Appends row `row`'s list, moved to the segment's ordinals.
    fn append(&self, row: usize, out: &mut PostingsBuilder) -> Result<(), NodeError> {
        let (list, tfs) = self.list(row)?;
        out.chunks.extend(list.iter().map(|ordinal| ordinal.wrapping_add(self.base)));
        out.tfs.extend_from_slice(tfs);
        Ok(())
    }
}

fn range(ends: &[i32], row: usize) -> Option<std::ops::Range<usize>> {
    Some(*ends.get(row)? as usize..*ends.get(row + 1)? as usize)
}

/// A k-way merge by (term, field); shards in order, so ordinals stay ascending.
fn merge_postings(shards: &[ShardPostings<'_>], cancel: &Cancel) -> Result<Batch, NodeError> {
    let postings = shards.iter().map(|s| s.chunks.len()).sum();
    let rows = shards.iter().map(|s| s.term.len()).sum::<usize>() / 2;
    let mut out = PostingsBuilder::new(rows, postings);
    let mut heads: BinaryHeap<Reverse<(&str, u16, usize, usize)>> = BinaryHeap::with_capacity(shards.len());
    for (shard, postings) in shards.iter().enumerate() {
        if let Some((term, field)) = postings.key(0) {
            heads.push(Reverse((term, field, shard, 0)));
        }
    }
    let mut done = 0usize;
    while let Some(Reverse((term, field, _, _))) = heads.peek().copied() {
        if done.is_multiple_of(ROWS_PER_CHECK) {
            cancel.check()?;
        }
        done += 1;
        while let Some(mut head) = heads.peek_mut() {
            let Reverse((other, other_field, shard, row)) = *head;
            if other_field != field || other != term {
                break;
            }
            let source = &shards[shard];
            source.append(row, &mut out)?;
            match source.key(row + 1) {
                Some((next, next_field)) => *head = Reverse((next, next_field, shard, row + 1)),
                None => drop(std::collections::binary_heap::PeekMut::pop(head)),
            }
        }
        out.row(term, field)?;
    }
    out.finish()
}

fn merge_stats(shards: &[&Batch]) -> Result<Batch, NodeError> {
    let rows: usize = shards.iter().map(|s| s.len()).sum();
    let mut shard_column = Vec::with_capacity(rows);
    for (at, shard) in shards.iter().enumerate() {
        shard_column.extend(std::iter::repeat_n(at as u32, shard.len()));
    }
    let number = |name: &str| -> Result<ArrayRef, NodeError> {
        let mut out = Vec::with_capacity(rows);
        for shard in shards {
            out.extend_from_slice(shard.column::<UInt32Array>(name)?.values());
        }
        Ok(Arc::new(UInt32Array::from(out)))
    };
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(UInt32Array::from_iter_values(0..rows as u32)),
        Arc::new(UInt32Array::from(shard_column)),
        number("row")?,
    ];
    for field in FIELDS {
        columns.push(number(field.length_column())?);
    }
    let records = RecordBatch::try_new(CHUNK_STATS.arrow(), columns)
        .map_err(|source| TableError::Arrow { table: CHUNK_STATS.name.into(), source })?;
    Ok(Batch::new(&CHUNK_STATS, records)?)
}
