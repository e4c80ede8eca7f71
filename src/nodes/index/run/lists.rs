//! Building list columns from flat values.

use std::sync::Arc;

use arrow::array::{ArrayRef, ListArray, PrimitiveArray, RecordBatch, StringBuilder, UInt16Array, UInt32Array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{ArrowPrimitiveType, DataType, UInt16Type, UInt32Type};

use crate::nodes::NodeError;
use crate::table::schema::POSTINGS;
use crate::table::{Batch, TableError, TableSchema};

/// Rows of `postings` in the making, appended in the table's order.
#[derive(Debug)]
pub struct PostingsBuilder {
    terms: StringBuilder,
    fields: Vec<u16>,
    doc_freqs: Vec<u32>,
    ends: Vec<i32>,
    pub chunks: Vec<u32>,
    pub tfs: Vec<u16>,
}

impl PostingsBuilder {
    pub fn new(rows: usize, postings: usize) -> Self {
        Self {
            terms: StringBuilder::with_capacity(rows, rows * 12),
            fields: Vec::with_capacity(rows),
            doc_freqs: Vec::with_capacity(rows),
            ends: Vec::with_capacity(rows + 1),
            chunks: Vec::with_capacity(postings),
            tfs: Vec::with_capacity(postings),
        }
    }

    /// Around lists that are there already, of which [`row_upto`](Self::row_upto) says where they end.
    pub fn around(rows: usize, chunks: Vec<u32>, tfs: Vec<u16>) -> Self {
        Self { chunks, tfs, ..Self::new(rows, 0) }
    }

    /// Ends a row: what was appended to `chunks` and `tfs` since the last one is its list.
    pub fn row(&mut self, term: &str, field: u16) -> Result<(), NodeError> {
        self.row_upto(term, field, self.chunks.len())
    }

    /// A row whose list goes from the end of the last one up to `end`.
    pub fn row_upto(&mut self, term: &str, field: u16, end: usize) -> Result<(), NodeError> {
        let end = i32::try_from(end)
            .map_err(|_| NodeError::Input { what: "a segment has more than 2^31 postings".into() })?;
        let start = self.ends.last().copied().unwrap_or(0);
        self.terms.append_value(term);
        self.fields.push(field);
        self.doc_freqs.push((end - start) as u32);
        self.ends.push(end);
        Ok(())
    }

    pub fn finish(mut self) -> Result<Batch, NodeError> {
        self.ends.insert(0, 0);
        let schema = POSTINGS.arrow();
        let offsets = OffsetBuffer::new(self.ends.into());
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.terms.finish()),
            Arc::new(UInt16Array::from(self.fields)),
            Arc::new(UInt32Array::from(self.doc_freqs)),
            list::<UInt32Type>(&POSTINGS, schema.field(3).data_type(), offsets.clone(), self.chunks)?,
            list::<UInt16Type>(&POSTINGS, schema.field(4).data_type(), offsets, self.tfs)?,
        ];
        let records = RecordBatch::try_new(schema, columns).map_err(|source| arrow_error(&POSTINGS, source))?;
        Ok(Batch::new(&POSTINGS, records)?)
    }
}

/// A list column of `table`, of type `data_type`.
pub fn list<T: ArrowPrimitiveType>(
    table: &TableSchema,
    data_type: &DataType,
    offsets: OffsetBuffer<i32>,
    values: Vec<T::Native>,
) -> Result<ArrayRef, NodeError>
where
    PrimitiveArray<T>: From<Vec<T::Native>>,
{
    let DataType::List(item) = data_type else {
        return Err(NodeError::Input { what: format!("a list of `{}` is declared as something else", table.name) });
    };
    let values = Arc::new(PrimitiveArray::<T>::from(values));
    let list = ListArray::try_new(Arc::clone(item), offsets, values, None);
    Ok(Arc::new(list.map_err(|source| arrow_error(table, source))?))
}

fn arrow_error(table: &TableSchema, source: arrow::error::ArrowError) -> NodeError {
    TableError::Arrow { table: table.name.into(), source }.into()
}
