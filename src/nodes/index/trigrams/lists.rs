//! Rows of `trigrams`: where they lie, and in the making.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, ListArray, RecordBatch, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::UInt32Type;

use super::super::run::lists::list;
use crate::nodes::NodeError;
use crate::table::schema::TRIGRAMS;
use crate::table::{Batch, TableError};

/// Rows of `trigrams`: a gram and the steps from file to file.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    pub grams: &'a [u32],
    ends: &'a [i32],
    steps: &'a [u32],
}

impl<'a> Lists<'a> {
    pub fn of(batch: &'a Batch) -> Result<Self, TableError> {
        Self::new(batch.column::<UInt32Array>("gram")?.values(), batch.column("steps")?)
    }

    /// The lists of `grams`, in their order.
    pub fn new(grams: &'a [u32], steps: &'a ListArray) -> Result<Self, TableError> {
        let wrong = || TableError::Column { table: TRIGRAMS.name.into(), column: "steps".into() };
        let values = steps.values().as_any().downcast_ref::<UInt32Array>().ok_or_else(wrong)?;
        Ok(Self { grams, ends: steps.value_offsets(), steps: values.values() })
    }

    /// The steps of row `row`: at least one.
    pub fn steps(&self, row: usize) -> Result<(u32, &'a [u32]), TableError> {
        let ends = self.ends.get(row).zip(self.ends.get(row + 1));
        let steps = ends.and_then(|(start, end)| self.steps.get(*start as usize..*end as usize));
        match steps.and_then(|steps| steps.split_first()) {
            Some((first, rest)) => Ok((*first, rest)),
            None => Err(damaged("a gram without files")),
        }
    }

    /// Number of steps in all.
    pub fn len(&self) -> usize {
        self.steps.len()
    }
}

/// The file numbers that `steps` lead to: ascending, below `files`.
pub fn walk(first: u32, rest: &[u32], files: u32) -> Result<Vec<u32>, TableError> {
    let mut out = Vec::with_capacity(rest.len() + 1);
    let mut file = first;
    out.push(file);
    for step in rest {
        file = match file.checked_add(*step) {
            Some(next) if next > file => next,
            _ => return Err(damaged("the files of a gram do not ascend")),
        };
        out.push(file);
    }
    if file < files { Ok(out) } else { Err(damaged("a gram names a file that is not there")) }
}

pub fn damaged(what: &str) -> TableError {
    TableError::Invalid { table: TRIGRAMS.name.into(), what: what.into() }
}

/// Rows of `trigrams` in the making, appended by gram.
#[derive(Debug)]
pub struct ListsBuilder {
    grams: Vec<u32>,
    ends: Vec<i32>,
    pub steps: Vec<u32>,
}

impl ListsBuilder {
    pub fn new(rows: usize, steps: usize) -> Self {
        let mut ends = Vec::with_capacity(rows + 1);
        ends.push(0);
        Self { grams: Vec::with_capacity(rows), ends, steps: Vec::with_capacity(steps) }
    }

    /// Ends a row: what was appended to `steps` since the last one is its list.
    pub fn row(&mut self, gram: u32) -> Result<(), NodeError> {
        let end = i32::try_from(self.steps.len())
            .map_err(|_| NodeError::Input { what: "a segment has more than 2^31 pairs of gram and file".into() })?;
        self.grams.push(gram);
        self.ends.push(end);
        Ok(())
    }

    pub fn finish(self) -> Result<Batch, NodeError> {
        let schema = TRIGRAMS.arrow();
        let offsets = OffsetBuffer::new(self.ends.into());
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt32Array::from(self.grams)),
            list::<UInt32Type>(&TRIGRAMS, schema.field(1).data_type(), offsets, self.steps)?,
        ];
        let records = RecordBatch::try_new(schema, columns)
            .map_err(|source| TableError::Arrow { table: TRIGRAMS.name.into(), source })?;
        Ok(Batch::new(&TRIGRAMS, records)?)
    }
}
