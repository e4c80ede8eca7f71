//! `definitions` and `mentions` of shards → those of their segment, and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{interleave, take};

use crate::nodes::NodeError;
use crate::table::schema::{DEFINITIONS, DefinitionRow, MentionRow};
use crate::table::{Batch, TableError};

fn arrow_error(source: arrow::error::ArrowError) -> NodeError {
    TableError::Arrow { table: DEFINITIONS.name.into(), source }.into()
}

fn wrong(what: &str) -> NodeError {
    NodeError::Input { what: what.into() }
}

/// The `definitions` of a segment.
pub fn merge_definitions(shards: &[&Batch]) -> Result<Batch, NodeError> {
    if shards.is_empty() {
        return Ok(Batch::of::<DefinitionRow>(&[])?);
    }
    let mut order: Vec<(usize, usize)> = Vec::new();
    let mut keys: Vec<[&StringArray; 4]> = Vec::new();
    for (shard, batch) in shards.iter().enumerate() {
        order.extend((0..batch.len()).map(|row| (shard, row)));
        keys.push([
            batch.column("name")?,
            batch.column("path")?,
            batch.column("kind")?,
            batch.column("qualified_name")?,
        ]);
    }
    // Rows that are alike in these stay in the order of their shards.
    let key = |(shard, row): &(usize, usize)| keys.get(*shard).map(|key| key.map(|column| column.value(*row)));
    order.sort_by(|a, b| key(a).cmp(&key(b)));
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (at, column) in DEFINITIONS.columns.iter().enumerate() {
        if column.name == "shard" {
            columns.push(Arc::new(UInt32Array::from_iter_values(order.iter().map(|(shard, _)| *shard as u32))));
            continue;
        }
        let parts: Vec<&dyn Array> = shards.iter().map(|batch| batch.records().column(at).as_ref()).collect();
        columns.push(interleave(&parts, &order).map_err(arrow_error)?);
    }
    let records = RecordBatch::try_new(DEFINITIONS.arrow(), columns).map_err(arrow_error)?;
    Ok(Batch::new(&DEFINITIONS, records)?)
}

/// The `definitions` of each shard of a segment.
pub fn split_definitions(segment: &Batch, shards: usize) -> Result<Vec<Batch>, NodeError> {
    let of_row: &UInt32Array = segment.column("shard")?;
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); shards];
    for (row, shard) in of_row.values().iter().enumerate() {
        rows.get_mut(*shard as usize)
            .ok_or_else(|| wrong("`definitions` name a shard that is not there"))?
            .push(row as u32);
    }
    rows.into_iter().map(|rows| of_shard(segment, rows)).collect()
}

fn of_shard(segment: &Batch, rows: Vec<u32>) -> Result<Batch, NodeError> {
    let count = rows.len();
    let rows = UInt32Array::from(rows);
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (at, column) in DEFINITIONS.columns.iter().enumerate() {
        columns.push(match column.name {
            "shard" => Arc::new(UInt32Array::from(vec![0; count])),
            _ => take(segment.records().column(at), &rows, None).map_err(arrow_error)?,
        });
    }
    let records = RecordBatch::try_new(DEFINITIONS.arrow(), columns).map_err(arrow_error)?;
    Ok(Batch::new(&DEFINITIONS, records)?)
}

/// The `mentions` of a segment.
pub fn merge_mentions(shards: &[&Batch]) -> Result<Batch, NodeError> {
    let mut names: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (shard, batch) in shards.iter().enumerate() {
        let name: &StringArray = batch.column("name")?;
        for row in 0..name.len() {
            names.entry(name.value(row)).or_default().push(shard as u32);
        }
    }
    let rows: Vec<MentionRow> =
        names.into_iter().map(|(name, shards)| MentionRow { name: name.to_owned(), shards }).collect();
    Ok(Batch::of(&rows)?)
}

/// The `mentions` of each shard of a segment.
pub fn split_mentions(segment: &Batch, shards: usize) -> Result<Vec<Batch>, NodeError> {
    let name: &StringArray = segment.column("name")?;
    let lists: &ListArray = segment.column("shards")?;
    let mut names: Vec<Vec<MentionRow>> = vec![Vec::new(); shards];
    for row in 0..segment.len() {
        let list = lists.value(row);
        let list = list.as_any().downcast_ref::<UInt32Array>();
        for shard in list.ok_or_else(|| wrong("a list of `mentions` has another type"))?.values() {
            let rows =
                names.get_mut(*shard as usize).ok_or_else(|| wrong("`mentions` name a shard that is not there"))?;
            rows.push(MentionRow { name: name.value(row).to_owned(), shards: vec![0] });
        }
    }
    names.iter().map(|rows| Ok(Batch::of(rows)?)).collect()
}
