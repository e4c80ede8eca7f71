//! A segment → its shards: the merge undone.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, UInt32Array};

use super::super::relations::{split_definitions, split_mentions};
use super::super::schema::FIELDS;
use super::super::trigrams;
use super::lists::PostingsBuilder;
use super::merge::ShardPostings;
use crate::nodes::NodeError;
use crate::table::schema::CHUNK_STATS;
use crate::table::{Batch, TableError};

/// The tables of each of `shards` shards, from those of their segment.
pub fn split(merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
    let [postings, stats, grams, files, definitions, mentions] = merged else {
        return Err(wrong("an index has six tables"));
    };
    let ends = ends(stats, shards)?;
    let postings = split_postings(&ShardPostings::of(postings, 0)?, &ends)?;
    let grams = trigrams::split(grams, files, shards)?;
    let definitions = split_definitions(definitions, shards)?;
    let mentions = split_mentions(mentions, shards)?;
    let mut start = 0;
    let mut out = Vec::with_capacity(shards);
    let related = definitions.into_iter().zip(mentions);
    for (((postings, end), (grams, files)), (definitions, mentions)) in
        postings.into_iter().zip(&ends).zip(grams).zip(related)
    {
        let stats = split_stats(stats, start as usize, *end as usize)?;
        out.push(vec![postings, stats, grams, files, definitions, mentions]);
        start = *end;
    }
    Ok(out)
}

/// For each shard the row after its last, of a table whose column `shard` ascends.
pub fn ends(table: &Batch, shards: usize) -> Result<Vec<u32>, NodeError> {
    let of_row: &UInt32Array = table.column("shard")?;
    let of_row = of_row.values();
    if !of_row.is_sorted() || of_row.last().is_some_and(|last| *last as usize >= shards) {
        return Err(wrong(&format!("the shards of `{}` are out of order", table.schema().name)));
    }
    Ok((0..shards as u32).map(|shard| of_row.partition_point(|s| *s <= shard) as u32).collect())
}

fn split_postings(segment: &ShardPostings<'_>, ends: &[u32]) -> Result<Vec<Batch>, NodeError> {
    let mut builders: Vec<PostingsBuilder> = ends.iter().map(|_| PostingsBuilder::new(1024, 4096)).collect();
    let mut row = 0;
    while let Some((term, field)) = segment.key(row) {
        let (mut list, mut tfs) = segment.list(row)?;
        let mut start = 0;
        for (builder, end) in builders.iter_mut().zip(ends) {
            if list.first().is_some_and(|first| first < end) {
                let cut = list.partition_point(|ordinal| ordinal < end);
                let ((mine, rest), (my_tfs, other_tfs)) = (list.split_at(cut), tfs.split_at(cut));
                builder.chunks.extend(mine.iter().map(|ordinal| ordinal.wrapping_sub(start)));
                builder.tfs.extend_from_slice(my_tfs);
                builder.row(term, field)?;
                (list, tfs) = (rest, other_tfs);
            }
            start = *end;
        }
        if !list.is_empty() {
            return Err(wrong("`postings` name a chunk that `chunk_stats` has not"));
        }
        row += 1;
    }
    builders.into_iter().map(PostingsBuilder::finish).collect()
}

fn split_stats(stats: &Batch, start: usize, end: usize) -> Result<Batch, NodeError> {
    let number = |name: &str| -> Result<ArrayRef, NodeError> {
        let column: &UInt32Array = stats.column(name)?;
        let values = column.values().get(start..end).ok_or_else(|| wrong("`chunk_stats` is too short"))?;
        Ok(Arc::new(UInt32Array::from(values.to_vec())))
    };
    let count = end.saturating_sub(start);
    let mut columns: Vec<ArrayRef> = vec![
        Arc::new(UInt32Array::from_iter_values(0..count as u32)),
        Arc::new(UInt32Array::from(vec![0; count])),
        number("row")?,
    ];
    for field in FIELDS {
        columns.push(number(field.length_column())?);
    }
    let records = RecordBatch::try_new(CHUNK_STATS.arrow(), columns)
        .map_err(|source| TableError::Arrow { table: CHUNK_STATS.name.into(), source })?;
    Ok(Batch::new(&CHUNK_STATS, records)?)
}

fn wrong(what: &str) -> NodeError {
    NodeError::Input { what: what.into() }
}
