//! Rows of one table in memory.

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StringArray};
use miette::Diagnostic;

use super::declare::{Row, TableSchema};

/// What can be wrong with the bytes or rows of a table.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum TableError {
    /// Bytes could not be read.
    #[error("a {table} artifact could not be read")]
    #[diagnostic(code(sawmill::table::read), help("run `sawmill build`: what is damaged is rebuilt"))]
    Read {
        table: String,
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// Rows could not be written.
    #[error("rows of table {table} could not be encoded")]
    #[diagnostic(
        code(sawmill::table::write),
        help("this is a bug of Sawmill: please report it with the command that you ran")
    )]
    Write {
        table: String,
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// Arrow refused.
    #[error("rows of table {table} do not fit its schema")]
    #[diagnostic(
        code(sawmill::table::arrow),
        help("this is a bug of Sawmill: please report it with the command that you ran")
    )]
    Arrow {
        table: String,
        #[source]
        source: arrow::error::ArrowError,
    },
    /// A column is missing or has another type.
    #[error("table {table} has no column `{column}` of the type that its schema names")]
    #[diagnostic(
        code(sawmill::table::column),
        help("the artifact was written by another version: run `sawmill build`")
    )]
    Column { table: String, column: String },
    /// The artifact holds another table or format.
    #[error("an artifact of table {found} stands where {wanted} was expected")]
    #[diagnostic(
        code(sawmill::table::mismatch),
        help("the artifact was written by another version: run `sawmill build`")
    )]
    Mismatch { wanted: String, found: String },
    /// The rows break the table's rules.
    #[error("table {table}: {what}")]
    #[diagnostic(
        code(sawmill::table::invalid),
        help("this is a bug of Sawmill: please report it with the command that you ran")
    )]
    Invalid { table: String, what: String },
}

/// Rows of one table, all columns, in the table's sort order. Cloning shares the columns.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    schema: &'static TableSchema,
    records: RecordBatch,
}

impl Batch {
    /// Checks that `records` has exactly the columns of `schema`.
    pub fn new(schema: &'static TableSchema, records: RecordBatch) -> Result<Self, TableError> {
        for (at, column) in schema.columns.iter().enumerate() {
            let fits = records.schema_ref().fields().get(at).is_some_and(|f| {
                f.name() == column.name && *f.data_type() == (column.data_type)() && f.is_nullable() == column.nullable
            });
            if !fits {
                return Err(TableError::Column { table: schema.name.into(), column: column.name.into() });
            }
        }
        if records.num_columns() != schema.columns.len() {
            return Err(TableError::Invalid { table: schema.name.into(), what: "more columns than the schema".into() });
        }
        Ok(Self { schema, records })
    }

    /// Rows, in the given order.
    pub fn of<R: Row>(rows: &[R]) -> Result<Self, TableError> {
        let records = RecordBatch::try_new(R::schema().arrow(), R::columns(rows))
            .map_err(|source| TableError::Arrow { table: R::schema().name.into(), source })?;
        Ok(Self { schema: R::schema(), records })
    }

    /// No row.
    pub fn empty(schema: &'static TableSchema) -> Result<Self, TableError> {
        Self::new(schema, RecordBatch::new_empty(schema.arrow()))
    }

    /// The rows as values.
    pub fn rows<R: Row>(&self) -> Result<Vec<R>, TableError> {
        if !std::ptr::eq(self.schema, R::schema()) {
            return Err(TableError::Mismatch { wanted: R::schema().name.into(), found: self.schema.name.into() });
        }
        R::rows(&self.records)
    }

    pub fn schema(&self) -> &'static TableSchema {
        self.schema
    }

    pub fn records(&self) -> &RecordBatch {
        &self.records
    }

    pub fn len(&self) -> usize {
        self.records.num_rows()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Column `name` as its Arrow array.
    pub fn column<A: Array + 'static>(&self, name: &str) -> Result<&A, TableError> {
        typed_column(&self.records, self.schema.name, name)
    }

    /// The values of a text column; an empty text where there is a null.
    pub fn texts(&self, column: &str) -> Result<impl Iterator<Item = &str>, TableError> {
        let column: &StringArray = self.column(column)?;
        Ok(column.iter().map(Option::unwrap_or_default))
    }

    /// `count` rows from `start`, sharing the columns.
    #[must_use]
    pub fn slice(&self, start: usize, count: usize) -> Self {
        Self { schema: self.schema, records: self.records.slice(start, count) }
    }

    /// The batches of one table one after the other.
    pub fn concat(schema: &'static TableSchema, batches: &[Self]) -> Result<Self, TableError> {
        let records = arrow::compute::concat_batches(&schema.arrow(), batches.iter().map(|b| &b.records))
            .map_err(|source| TableError::Arrow { table: schema.name.into(), source })?;
        Ok(Self { schema, records })
    }
}

/// Column `name` of `records` as its Arrow array.
pub fn typed_column<'a, A: Array + 'static>(
    records: &'a RecordBatch,
    table: &str,
    name: &str,
) -> Result<&'a A, TableError> {
    records
        .column_by_name(name)
        .and_then(|c| c.as_any().downcast_ref())
        .ok_or_else(|| TableError::Column { table: table.into(), column: name.into() })
}

impl TableSchema {
    /// The Arrow schema.
    pub fn arrow(&self) -> arrow::datatypes::SchemaRef {
        let fields: Vec<_> =
            self.columns.iter().map(|c| arrow::datatypes::Field::new(c.name, (c.data_type)(), c.nullable)).collect();
        Arc::new(arrow::datatypes::Schema::new(fields))
    }
}
