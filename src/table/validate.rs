//! What must hold of a table's rows before they are promoted.

use std::cmp::Ordering;

use arrow::array::{Array, AsArray, BinaryArray, ListArray, StringArray, UInt32Array, make_comparator};
use arrow::compute::SortOptions;
use arrow::datatypes::{UInt16Type, UInt32Type};

use super::batch::{Batch, TableError};

/// Checks the declared order, that columns hold nulls only where they may, and the table's own rules:
///
/// - `files`: no two rows have the same path and path bytes;
/// - `outline`: the ordinals of a file count from 0, spans lie in each other;
/// - `chunks`: the rows of a file tile it from byte 0, none is empty, lines and ids are in order;
/// - `symbols`: lines are in order;
/// - `postings`: terms and fields are distinct, chunk lists ascend, `doc_freq` and `tfs` fit them;
/// - `chunk_stats`: ordinals count from 0;
/// - `trigrams`: grams are distinct and have no line feed, each has files, file numbers ascend;
/// - `indexed_files`: files count from 0, shards ascend, the files of a shard take its rows one after the other;
/// - `mentions`: names are distinct, shard lists ascend;
/// - `relations`: lines count from 1, the status is one of three, and what is resolved has a path.
pub fn validate(batch: &Batch) -> Result<(), TableError> {
    nulls(batch)?;
    order(batch)?;
    match batch.schema().name {
        "files" => files(batch),
        "outline" => outline(batch),
        "chunks" => chunks(batch),
        "symbols" => lines(batch),
        "postings" => postings(batch),
        "chunk_stats" => ordinals(batch.column::<UInt32Array>("ordinal")?, batch),
        "trigrams" => trigrams(batch),
        "indexed_files" => indexed_files(batch),
        "mentions" => mentions(batch),
        "relations" => relations(batch),
        _ => Ok(()),
    }
}

fn broken(batch: &Batch, row: usize, what: &str) -> TableError {
    TableError::Invalid { table: batch.schema().name.into(), what: format!("row {row}: {what}") }
}

fn nulls(batch: &Batch) -> Result<(), TableError> {
    for (column, array) in batch.schema().columns.iter().zip(batch.records().columns()) {
        if !column.nullable && array.null_count() > 0 {
            let row = (0..array.len()).find(|at| array.is_null(*at)).unwrap_or(0);
            return Err(broken(batch, row, &format!("`{}` is null", column.name)));
        }
    }
    Ok(())
}

fn order(batch: &Batch) -> Result<(), TableError> {
    let options = SortOptions { descending: false, nulls_first: true };
    let mut by = Vec::new();
    for name in batch.schema().sort {
        let column = batch.records().column_by_name(name);
        let column =
            column.ok_or_else(|| TableError::Column { table: batch.schema().name.into(), column: (*name).into() })?;
        by.push(
            make_comparator(column.as_ref(), column.as_ref(), options)
                .map_err(|source| TableError::Arrow { table: batch.schema().name.into(), source })?,
        );
    }
    let falls = |at: &usize| {
        let compared = by.iter().map(|c| c(at - 1, *at)).find(|o| *o != Ordering::Equal);
        compared == Some(Ordering::Greater)
    };
    match (1..batch.len()).find(falls) {
        Some(row) => Err(broken(batch, row, &format!("out of order ({})", batch.schema().sort.join(", ")))),
        None => Ok(()),
    }
}

fn files(batch: &Batch) -> Result<(), TableError> {
    let (path, bytes) = (batch.column::<StringArray>("path")?, batch.column::<BinaryArray>("path_bytes")?);
    let raw = |at: usize| bytes.is_valid(at).then(|| bytes.value(at));
    match (1..batch.len()).find(|at| path.value(at - 1) == path.value(*at) && raw(at - 1) >= raw(*at)) {
        Some(row) => Err(broken(batch, row, "the path stands twice, or out of order of its bytes")),
        None => Ok(()),
    }
}

fn outline(batch: &Batch) -> Result<(), TableError> {
    let (path, ordinal) = (batch.column::<StringArray>("path")?, batch.column::<UInt32Array>("ordinal")?);
    let (start, end) = (batch.column::<UInt32Array>("start_byte")?, batch.column::<UInt32Array>("end_byte")?);
    let parent = batch.column::<UInt32Array>("parent")?;
    let mut expected = 0;
    for at in 0..batch.len() {
        if at > 0 && path.value(at - 1) != path.value(at) {
            expected = 0;
        }
        if ordinal.value(at) != expected {
            return Err(broken(batch, at, "the ordinals of a file do not count from 0"));
        }
        if start.value(at) > end.value(at) {
            return Err(broken(batch, at, "ends before it starts"));
        }
        if parent.is_valid(at) && parent.value(at) >= expected {
            return Err(broken(batch, at, "the parent does not stand before it"));
        }
        expected += 1;
    }
    Ok(())
}

fn chunks(batch: &Batch) -> Result<(), TableError> {
    lines(batch)?;
    let path = batch.column::<StringArray>("path")?;
    let (start, end) = (batch.column::<UInt32Array>("start_byte")?, batch.column::<UInt32Array>("end_byte")?);
    let (from, to) = (batch.column::<UInt32Array>("start_line")?, batch.column::<UInt32Array>("end_line")?);
    for at in 0..batch.len() {
        let follows = at > 0 && path.value(at - 1) == path.value(at);
        if start.value(at) != if follows { end.value(at - 1) } else { 0 } {
            return Err(broken(batch, at, "the chunks do not tile the file"));
        }
        if start.value(at) >= end.value(at) {
            return Err(broken(batch, at, "the chunk is empty"));
        }
        if follows && from.value(at) < to.value(at - 1) {
            return Err(broken(batch, at, "the line goes back"));
        }
    }
    Ok(())
}

fn lines(batch: &Batch) -> Result<(), TableError> {
    let (from, to) = (batch.column::<UInt32Array>("start_line")?, batch.column::<UInt32Array>("end_line")?);
    match (0..batch.len()).find(|at| from.value(*at) == 0 || from.value(*at) > to.value(*at)) {
        Some(row) => Err(broken(batch, row, "lines count from 1 and do not go back")),
        None => Ok(()),
    }
}

fn postings(batch: &Batch) -> Result<(), TableError> {
    let term = batch.column::<StringArray>("term")?;
    let field = batch.column::<arrow::array::UInt16Array>("field")?;
    let doc_freq = batch.column::<UInt32Array>("doc_freq")?;
    let (lists, tfs) = (batch.column::<ListArray>("chunks")?, batch.column::<ListArray>("tfs")?);
    for at in 0..batch.len() {
        if at > 0 && term.value(at - 1) == term.value(at) && field.value(at - 1) == field.value(at) {
            return Err(broken(batch, at, "the term and field stand twice"));
        }
        let (list, tf) = (lists.value(at), tfs.value(at));
        let list = list.as_primitive_opt::<UInt32Type>().map(|l| l.values().as_ref()).unwrap_or_default();
        let tf = tf.as_primitive_opt::<UInt16Type>().map(|l| l.values().as_ref()).unwrap_or_default();
        if list.len() != doc_freq.value(at) as usize || tf.len() != list.len() || list.is_empty() {
            return Err(broken(batch, at, "`doc_freq`, `chunks` and `tfs` are not of one length, or empty"));
        }
        if list.windows(2).any(|w| matches!(w, [a, b] if a >= b)) {
            return Err(broken(batch, at, "the chunk ordinals do not ascend"));
        }
        if tf.contains(&0) {
            return Err(broken(batch, at, "a chunk is listed that does not hold the term"));
        }
    }
    Ok(())
}

fn ordinals(column: &UInt32Array, batch: &Batch) -> Result<(), TableError> {
    match (0..batch.len()).find(|at| column.value(*at) as usize != *at) {
        Some(row) => Err(broken(batch, row, "the ordinals do not count from 0")),
        None => Ok(()),
    }
}

fn trigrams(batch: &Batch) -> Result<(), TableError> {
    let (grams, lists) = (batch.column::<UInt32Array>("gram")?.values(), batch.column::<ListArray>("steps")?);
    // There are many short lists: they are looked at where they lie.
    let (ends, values) = (lists.value_offsets(), lists.values().as_primitive_opt::<UInt32Type>());
    let values = values.map(|values| values.values().as_ref()).unwrap_or_default();
    for (at, gram) in grams.iter().enumerate() {
        if at > 0 && grams.get(at - 1) == Some(gram) {
            return Err(broken(batch, at, "the gram stands twice"));
        }
        let [over, bytes @ ..] = gram.to_be_bytes();
        if over != 0 || bytes.iter().any(|b| *b == b'\n' || b.is_ascii_uppercase()) {
            return Err(broken(batch, at, "the number is that of no gram"));
        }
        let steps = match ends.get(at..at + 2) {
            Some([start, end]) => values.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        };
        if steps.is_empty() || steps.iter().skip(1).any(|step| *step == 0) {
            return Err(broken(batch, at, "the files do not ascend, or there is none"));
        }
        if steps.iter().try_fold(0u32, |sum, step| sum.checked_add(*step)).is_none() {
            return Err(broken(batch, at, "the number of a file is too large"));
        }
    }
    Ok(())
}

fn indexed_files(batch: &Batch) -> Result<(), TableError> {
    ordinals(batch.column::<UInt32Array>("file")?, batch)?;
    let (shard, bytes) = (batch.column::<UInt32Array>("shard")?, batch.column::<UInt32Array>("bytes")?);
    let (first, rows) = (batch.column::<UInt32Array>("row")?, batch.column::<UInt32Array>("rows")?);
    let path = batch.column::<StringArray>("path")?;
    let (mut last_shard, mut row) = (0, 0u32);
    for at in 0..batch.len() {
        if shard.value(at) < last_shard {
            return Err(broken(batch, at, "the shard goes back"));
        }
        if shard.value(at) > last_shard {
            (last_shard, row) = (shard.value(at), 0);
        } else if at > 0 && path.value(at - 1) >= path.value(at) {
            return Err(broken(batch, at, "the paths of a shard do not ascend"));
        }
        if first.value(at) != row || rows.value(at) == 0 || bytes.value(at) == 0 {
            return Err(broken(batch, at, "the files do not take their shard's rows one after the other"));
        }
        row = row.checked_add(rows.value(at)).ok_or_else(|| broken(batch, at, "there are too many rows"))?;
    }
    Ok(())
}

fn mentions(batch: &Batch) -> Result<(), TableError> {
    let (name, lists) = (batch.column::<StringArray>("name")?, batch.column::<ListArray>("shards")?);
    for at in 0..batch.len() {
        if at > 0 && name.value(at - 1) == name.value(at) {
            return Err(broken(batch, at, "the name stands twice"));
        }
        let list = lists.value(at);
        let list = list.as_primitive_opt::<UInt32Type>().map(|l| l.values().as_ref()).unwrap_or_default();
        if list.is_empty() || list.windows(2).any(|w| matches!(w, [a, b] if a >= b)) {
            return Err(broken(batch, at, "the shards do not ascend, or there is none"));
        }
    }
    Ok(())
}

fn relations(batch: &Batch) -> Result<(), TableError> {
    let (line, status) = (batch.column::<UInt32Array>("line")?, batch.column::<StringArray>("status")?);
    let path = batch.column::<StringArray>("target_path")?;
    for at in 0..batch.len() {
        if line.value(at) == 0 {
            return Err(broken(batch, at, "lines count from 1"));
        }
        let fits = match status.value(at) {
            "resolved" => path.is_valid(at),
            "ambiguous" | "unresolved" => path.is_null(at),
            _ => false,
        };
        if !fits {
            return Err(broken(batch, at, "the status and the target do not fit"));
        }
    }
    Ok(())
}
