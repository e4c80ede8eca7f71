//! Rows as an Arrow IPC stream, for tools that read Arrow from a pipe.
//!
//! Columns keep their order; columns that are constant in each batch (repository, node) stand before them. Source:
//! Arrow columnar format, "IPC Streaming Format".

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;

use super::batch::TableError;
use super::declare::TableSchema;

/// A stream under construction. Each call gives the bytes that it added.
pub struct IpcStream {
    table: &'static str,
    schema: Arc<Schema>,
    writer: StreamWriter<Vec<u8>>,
}

impl IpcStream {
    /// A stream of `columns` of `table`, behind one text column for each of `constant`. Names that the table does
    /// not have are left out.
    pub fn new(table: &'static TableSchema, constant: &[&str], columns: &[&str]) -> Result<Self, TableError> {
        let before = constant.iter().map(|name| Field::new(*name, DataType::Utf8, false));
        let found = columns.iter().filter_map(|name| table.columns.iter().find(|c| c.name == *name));
        let behind = found.map(|c| Field::new(c.name, (c.data_type)(), c.nullable));
        let schema = Arc::new(Schema::new(before.chain(behind).collect::<Vec<_>>()));
        let writer = StreamWriter::try_new(Vec::new(), &schema).map_err(|e| failed(table.name, e))?;
        Ok(Self { table: table.name, schema, writer })
    }

    /// The bytes of `records`, with `constant` as the values of the constant columns; the first call's begin with
    /// the schema.
    pub fn write(&mut self, constant: &[&str], records: &RecordBatch) -> Result<Vec<u8>, TableError> {
        let rows = records.num_rows();
        let constant = constant
            .iter()
            .map(|value| -> ArrayRef { Arc::new(StringArray::from_iter_values(std::iter::repeat_n(*value, rows))) });
        let columns: Vec<ArrayRef> = constant.chain(records.columns().iter().cloned()).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|e| failed(self.table, e))?;
        self.writer.write(&batch).map_err(|e| failed(self.table, e))?;
        Ok(std::mem::take(self.writer.get_mut()))
    }

    /// The end of the stream; of one without rows, all of it.
    pub fn finish(mut self) -> Result<Vec<u8>, TableError> {
        self.writer.finish().map_err(|e| failed(self.table, e))?;
        Ok(std::mem::take(self.writer.get_mut()))
    }
}

fn failed(table: &str, source: ArrowError) -> TableError {
    TableError::Arrow { table: table.into(), source }
}
