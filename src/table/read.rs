//! The one Parquet reader: whole tables, some columns, some rows, and the pages that can hold a value.

use std::io;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, ListArray, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;

use super::batch::{Batch, TableError};
use super::declare::TableSchema;
use super::source::Fetched;
use super::write::{META_FORMAT, META_TABLE};
use crate::base::ByteSource;

/// Bytes of a file's end that are read first: the footer and, in most artifacts, the page index too. A file that is
/// no longer than this is held whole.
const TAIL_BYTES: u64 = 64 << 10;

/// One table's artifact, opened: its footer and page index are in memory. Cloning shares them, so that a reader can
/// be kept in a cache. Every reading call fetches the byte ranges that it needs, and no others.
#[derive(Clone)]
pub struct TableReader {
    pub(super) schema: &'static TableSchema,
    pub(super) meta: ArrowReaderMetadata,
    pub(super) bytes: Fetched,
}

impl TableReader {
    /// Opens an artifact of `schema`.
    ///
    /// Errors: [`TableError::Read`] where the bytes are no Parquet file or the source fails, [`TableError::Mismatch`]
    /// where it is an artifact of another table or format, [`TableError::Column`] where its columns differ.
    pub fn open(source: Arc<dyn ByteSource>, schema: &'static TableSchema) -> Result<Self, TableError> {
        let mut bytes = Fetched::new(source);
        let meta = load(schema, &mut bytes, schema.lookup)?;
        check_identity(schema, meta.metadata())?;
        check_columns(schema, &meta)?;
        Ok(Self { schema, meta, bytes })
    }

    pub fn schema(&self) -> &'static TableSchema {
        self.schema
    }

    /// Number of rows.
    pub fn rows(&self) -> u64 {
        u64::try_from(self.meta.metadata().file_metadata().num_rows()).unwrap_or(0)
    }

    /// All rows, all columns.
    pub fn read_all(&self) -> Result<Batch, TableError> {
        let names: Vec<&str> = self.schema.columns.iter().map(|c| c.name).collect();
        Batch::new(self.schema, self.read_columns(&names)?)
    }

    /// All rows of some columns, in the table's column order.
    pub fn read_columns(&self, columns: &[&str]) -> Result<RecordBatch, TableError> {
        let mut bytes = self.bytes.clone();
        let places = self.places(columns)?;
        let ranges = decode(self.schema, || {
            let groups = self.meta.metadata().row_groups().iter();
            Ok(groups.flat_map(|g| places.iter().map(|at| g.column(*at).byte_range())).collect())
        })?;
        bytes.fetch(ranges).map_err(|e| unreadable(self.schema, e))?;
        self.run(bytes, &places, None)
    }

    /// Some rows of some columns, in the table's row and column order. Only the pages that hold them are read.
    ///
    /// `rows` are ascending, disjoint, and within [`rows`](Self::rows); otherwise [`TableError::Invalid`].
    pub fn read_rows(&self, columns: &[&str], rows: &[Range<usize>]) -> Result<RecordBatch, TableError> {
        let total = self.check_rows(rows)?;
        let places = self.places(columns)?;
        let selection = RowSelection::from_consecutive_ranges(rows.iter().cloned(), total);
        let mut bytes = self.bytes.clone();
        let ranges = decode(self.schema, || page_ranges(self.meta.metadata(), &places, selection.clone()))?;
        bytes.fetch(ranges).map_err(|e| unreadable(self.schema, e))?;
        self.run(bytes, &places, Some(selection))
    }

    /// How many rows there are, if `rows` are some of them, in order.
    pub(super) fn check_rows(&self, rows: &[Range<usize>]) -> Result<usize, TableError> {
        let total = usize::try_from(self.rows()).unwrap_or(usize::MAX);
        let mut end = 0;
        for range in rows {
            if range.start < end || range.end < range.start || range.end > total {
                let what = format!("rows {}..{} were asked of {total}, or out of order", range.start, range.end);
                return Err(TableError::Invalid { table: self.schema.name.into(), what });
            }
            end = range.end;
        }
        Ok(total)
    }

    /// Rows of the pages that can hold one of `values` in text column `column`: ascending, disjoint. The rows of a
    /// page are not looked at, so the caller filters. Useful for the first sort column; exact for none.
    pub fn find_rows(&self, column: &str, values: &[&str]) -> Result<Vec<Range<usize>>, TableError> {
        self.find_pages(column, &|bounds: &ColumnIndexMetaData, page| {
            texts_fit(bounds, page, |min, max| values.iter().any(|v| v.as_bytes() >= min && v.as_bytes() <= max))
        })
    }

    /// As [`find_rows`](Self::find_rows), for numbers in column `column` of type `u32`; `values` ascend.
    pub fn find_numbers(&self, column: &str, values: &[u32]) -> Result<Vec<Range<usize>>, TableError> {
        self.find_pages(column, &|bounds: &ColumnIndexMetaData, page| {
            numbers_fit(bounds, page, |min, max| {
                let next = values.get(values.partition_point(|value| *value < min));
                next.is_some_and(|value| *value <= max)
            })
        })
    }

    /// As [`find_rows`](Self::find_rows), for the values from `from` up to but not including `to` (`None`: to the end).
    pub fn find_span(&self, column: &str, from: &str, to: Option<&str>) -> Result<Vec<Range<usize>>, TableError> {
        self.find_pages(column, &|bounds: &ColumnIndexMetaData, page| {
            texts_fit(bounds, page, |min, max| max >= from.as_bytes() && to.is_none_or(|to| min < to.as_bytes()))
        })
    }

    /// For each of `values`, in column `column` of type `u32`: how many bytes of column `of` the pages have, compressed,
    /// that would be read for it. 0 where it cannot stand in the table.
    pub fn bytes_behind(&self, column: &str, values: &[u32], of: &str) -> Result<Vec<u64>, TableError> {
        let place = self.place(of)?;
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            let rows = self.find_numbers(column, &[*value])?;
            let bytes = decode(self.schema, || {
                let selection = RowSelection::from_consecutive_ranges(rows.into_iter(), self.rows() as usize);
                Ok(page_ranges(self.meta.metadata(), &[place], selection)?.iter().map(|(_, length)| length).sum())
            })?;
            out.push(bytes);
        }
        Ok(out)
    }

    fn find_pages(&self, column: &str, fits: PageFits<'_>) -> Result<Vec<Range<usize>>, TableError> {
        let place = self.place(column)?;
        let bounds =
            if self.schema.lookup { self.meta.clone() } else { load(self.schema, &mut self.bytes.clone(), true)? };
        decode(self.schema, || {
            let mut found: Vec<Range<usize>> = Vec::new();
            let mut first = 0;
            for (group, meta) in bounds.metadata().row_groups().iter().enumerate() {
                let rows = usize::try_from(meta.num_rows())?;
                for range in pages(bounds.metadata(), group, place, rows, fits) {
                    let (start, end) = (first + range.start, first + range.end);
                    match found.last_mut() {
                        Some(last) if last.end == start => last.end = end,
                        _ => found.push(start..end),
                    }
                }
                first += rows;
            }
            Ok(found)
        })
    }

    /// Place of `column`. Every column is one leaf, so a column's place is its leaf's place.
    pub(super) fn place(&self, column: &str) -> Result<usize, TableError> {
        self.schema
            .columns
            .iter()
            .position(|c| c.name == column)
            .ok_or_else(|| TableError::Column { table: self.schema.name.into(), column: column.into() })
    }

    fn places(&self, columns: &[&str]) -> Result<Vec<usize>, TableError> {
        columns.iter().map(|c| self.place(c)).collect()
    }

    fn run(&self, bytes: Fetched, places: &[usize], rows: Option<RowSelection>) -> Result<RecordBatch, TableError> {
        let expected = rows.as_ref().map_or(self.rows() as usize, RowSelection::row_count);
        decode(self.schema, || {
            let mask = ProjectionMask::leaves(self.meta.parquet_schema(), places.iter().copied());
            let mut builder = ParquetRecordBatchReaderBuilder::new_with_metadata(bytes, self.meta.clone())
                .with_batch_size(expected.max(1))
                .with_projection(mask);
            if let Some(rows) = rows {
                builder = builder.with_row_selection(rows);
            }
            let reader = builder.build()?;
            let schema = arrow::array::RecordBatchReader::schema(&reader);
            let batches = reader.collect::<Result<Vec<_>, _>>()?;
            let batch = match <[RecordBatch; 1]>::try_from(batches) {
                Ok([one]) => one,
                Err(many) => arrow::compute::concat_batches(&schema, &many)?,
            };
            if batch.num_rows() == expected {
                self.declared(&batch)
            } else {
                Err(ParquetError::General(format!("{expected} rows were announced, {} came", batch.num_rows())))
            }
        })
    }

    /// The same columns, lists under the declared name of their inner field: in memory `item`, as Arrow's builders
    /// have it; in the file `element`, as the Parquet specification has it.
    fn declared(&self, batch: &RecordBatch) -> Result<RecordBatch, ParquetError> {
        let declared = self.schema.arrow();
        let mut fields = Vec::with_capacity(batch.num_columns());
        let mut columns = Vec::with_capacity(batch.num_columns());
        for (found, column) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let field = declared.field_with_name(found.name())?;
            columns.push(match (field.data_type(), column.as_list_opt::<i32>()) {
                (DataType::List(item), Some(list)) => {
                    let (_, offsets, values, nulls) = list.clone().into_parts();
                    Arc::new(ListArray::try_new(Arc::clone(item), offsets, values, nulls)?) as ArrayRef
                }
                _ => Arc::clone(column),
            });
            fields.push(field.clone());
        }
        // A batch without columns still has rows.
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)?)
    }
}

impl std::fmt::Debug for TableReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TableReader({}, {} rows)", self.schema.name, self.rows())
    }
}

/// Reads the footer and where pages are; with `bounds` what values they have between them, too, which only looking values
/// up needs: of a table of many columns that is most of the footer.
fn load(schema: &'static TableSchema, bytes: &mut Fetched, bounds: bool) -> Result<ArrowReaderMetadata, TableError> {
    let len = bytes.size();
    let tail = len.min(TAIL_BYTES);
    bytes.fetch(vec![(len - tail, tail)]).map_err(|e| unreadable(schema, e))?;
    let options = ArrowReaderOptions::new()
        .with_skip_arrow_metadata(true)
        .with_offset_index_policy(PageIndexPolicy::Optional)
        .with_column_index_policy(if bounds { PageIndexPolicy::Optional } else { PageIndexPolicy::Skip });
    let meta = decode(schema, || ArrowReaderMetadata::load(&*bytes, options))?;
    if len > TAIL_BYTES {
        bytes.forget();
    }
    Ok(meta)
}

/// Can a value that is looked for stand in this page of the column? Where the bounds do not say, it can.
type PageFits<'a> = &'a dyn Fn(&ColumnIndexMetaData, usize) -> bool;

/// Row ranges, within the row group, of the pages whose bounds fit. All rows where there is no page index.
fn pages(meta: &ParquetMetaData, group: usize, place: usize, rows: usize, fits: PageFits<'_>) -> Vec<Range<usize>> {
    let bounds = meta.column_index().and_then(|i| i.get(group)?.get(place));
    let locations = meta.offset_index().and_then(|i| i.get(group)?.get(place));
    let (Some(bounds), Some(locations)) = (bounds, locations) else {
        return std::iter::once(0..rows).collect();
    };
    let locations = locations.page_locations();
    let start = |page: usize| locations.get(page).and_then(|l| usize::try_from(l.first_row_index).ok());
    (0..locations.len())
        .filter(|page| fits(bounds, *page))
        .filter_map(|page| Some(start(page)?..start(page + 1).unwrap_or(rows)))
        .collect()
}

/// Byte ranges (offset, length) of the pages that hold the selected rows, dictionaries included.
pub(super) fn page_ranges(
    meta: &ParquetMetaData,
    places: &[usize],
    mut rows: RowSelection,
) -> Result<Vec<(u64, u64)>, ParquetError> {
    let mut ranges = Vec::new();
    for (group, columns) in meta.row_groups().iter().enumerate() {
        let part = rows.split_off(usize::try_from(columns.num_rows())?);
        for place in places {
            let Some(index) = meta.offset_index().and_then(|i| i.get(group)?.get(*place)) else { continue };
            let pages = part.scan_ranges(index.page_locations());
            let (start, _) = columns.column(*place).byte_range();
            let first = index.page_locations().first().and_then(|p| u64::try_from(p.offset).ok()).unwrap_or(start);
            if !pages.is_empty() && first > start {
                ranges.push((start, first - start));
            }
            ranges.extend(pages.into_iter().map(|p| (p.start, p.end - p.start)));
        }
    }
    Ok(ranges)
}

/// Bounds may be cut short: a lower bound is then smaller, an upper one larger, than any value of the page.
fn texts_fit(bounds: &ColumnIndexMetaData, page: usize, fits: impl Fn(&[u8], &[u8]) -> bool) -> bool {
    let ColumnIndexMetaData::BYTE_ARRAY(bounds) = bounds else { return true };
    match (bounds.min_value(page), bounds.max_value(page)) {
        (Some(min), Some(max)) => fits(min, max),
        _ => false,
    }
}

/// Numbers without a sign, which the file holds as if they had one.
fn numbers_fit(bounds: &ColumnIndexMetaData, page: usize, fits: impl Fn(u32, u32) -> bool) -> bool {
    let ColumnIndexMetaData::INT32(bounds) = bounds else { return true };
    match (bounds.min_value(page), bounds.max_value(page)) {
        (Some(min), Some(max)) => fits(min.cast_unsigned(), max.cast_unsigned()),
        _ => false,
    }
}

fn check_identity(schema: &'static TableSchema, meta: &ParquetMetaData) -> Result<(), TableError> {
    let pairs = meta.file_metadata().key_value_metadata();
    let get = |key: &str| pairs.and_then(|p| p.iter().find(|p| p.key == key)).and_then(|p| p.value.as_deref());
    let (name, format) = (get(META_TABLE).unwrap_or("no table"), get(META_FORMAT).unwrap_or("?"));
    if name == schema.name && format == schema.format.to_string() {
        return Ok(());
    }
    Err(TableError::Mismatch {
        wanted: format!("{}@{}", schema.name, schema.format),
        found: format!("{name}@{format}"),
    })
}

fn check_columns(schema: &'static TableSchema, meta: &ArrowReaderMetadata) -> Result<(), TableError> {
    let fields = meta.schema().fields();
    for (at, column) in schema.columns.iter().enumerate() {
        if fields.get(at).is_none_or(|f| f.name() != column.name || f.is_nullable() != column.nullable) {
            return Err(TableError::Column { table: schema.name.into(), column: column.name.into() });
        }
    }
    if fields.len() == schema.columns.len() && meta.parquet_schema().num_columns() == schema.columns.len() {
        return Ok(());
    }
    Err(TableError::Invalid { table: schema.name.into(), what: "more columns than the schema".into() })
}

pub(super) fn unreadable(schema: &TableSchema, error: io::Error) -> TableError {
    TableError::Read { table: schema.name.into(), source: ParquetError::External(Box::new(error)) }
}

/// Runs a step of decoding. The Parquet library asserts some properties of metadata instead of checking them, so
/// that hostile bytes can make it panic. Artifacts are verified by hash before they come here; this is the second
/// wall, which turns such a panic into an error. The step shares no state that a panic could leave half-changed.
pub(super) fn decode<T>(schema: &TableSchema, step: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, TableError> {
    let result = catch_unwind(AssertUnwindSafe(step))
        .unwrap_or_else(|_| Err(ParquetError::General("the bytes make no sense as a Parquet file".into())));
    result.map_err(|source| TableError::Read { table: schema.name.into(), source })
}
