//! The one Parquet writer: equal rows give equal bytes, on every machine and in every run.
//!
//! Everything that the Parquet library would choose by itself and that shows in the bytes is pinned here, so that
//! an upgrade of the library cannot change an artifact unnoticed; the golden hashes in `tests/golden.rs` hold it.
//!
//! | choice | value | why |
//! |---|---|---|
//! | `created_by` | `sawmill` | the library would stamp its own version |
//! | data pages | version 1 | every reader in use opens them |
//! | compression | zstd 3; file text zstd 6 | the text is a third of a store: 6 takes 8 % off it for half as much time again |
//! | page | 8 192 rows, 1 MiB; lookup tables 512 rows, 64 KiB; file text 64 KiB | one page is what a lookup decodes; for text, what one file costs an exact search |
//! | row group | 2^20 rows | one a file in practice: a shard is at most some megabytes of source |
//! | page index, statistics | on, bounds cut at 64 bytes | readers skip pages by them |
//! | lists | inner field `element` | as the Parquet specification names it |
//! | metadata | `sawmill.table`, `sawmill.format` | no Arrow schema: the Parquet types say it all |

use arrow::datatypes::DataType;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use parquet::schema::types::ColumnPath;

use super::batch::{Batch, TableError};
use super::declare::{Column, Row, TableSchema};

/// Key of the table's name in the file's metadata.
pub(super) const META_TABLE: &str = "sawmill.table";
/// Key of the table's format number.
pub(super) const META_FORMAT: &str = "sawmill.format";

const CREATED_BY: &str = "sawmill";
const ZSTD_LEVEL: i32 = 3;
const TEXT_ZSTD_LEVEL: i32 = 6;
const GROUP_ROWS: usize = 1 << 20;
const BOUND_BYTES: usize = 64;
const DICTIONARY_BYTES: usize = 1 << 20;
const PAGE_BYTES: usize = 1 << 20;
const PAGE_ROWS: usize = 8_192;
const LOOKUP_PAGE_BYTES: usize = 64 << 10;
const LOOKUP_PAGE_ROWS: usize = 512;
const TEXT_PAGE_BYTES: usize = 64 << 10;
/// Page limits are looked at between write batches, so this bounds by how much they can be missed.
const WRITE_BATCH: usize = 256;
/// The same for tables with file text, of which so many rows are about 32 KiB.
const TEXT_WRITE_BATCH: usize = 32;
/// Rows that are in memory at once where they come one by one: whole write batches, so that pages end where they would
/// end if all came at once.
const SLICE_ROWS: usize = 4_096;

/// The bytes of `batch` as a Parquet file. Depends on the rows alone, not on how the batch was put together.
pub fn encode(batch: &Batch) -> Result<Vec<u8>, TableError> {
    let room = batch.records().get_array_memory_size() / 4 + 4096;
    written(batch.schema(), room, std::iter::once(Ok(batch.clone())))
}

/// The same for rows that need not be in memory at once. They come in the table's sort order, which is not checked here.
pub fn encode_rows<R: Row>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, TableError> {
    let mut rows = rows.into_iter();
    let slices = std::iter::from_fn(|| {
        let slice: Vec<R> = rows.by_ref().take(SLICE_ROWS).collect();
        (!slice.is_empty()).then(|| Batch::of(&slice))
    });
    written(R::schema(), 4096, slices)
}

fn written(
    schema: &'static TableSchema,
    room: usize,
    batches: impl Iterator<Item = Result<Batch, TableError>>,
) -> Result<Vec<u8>, TableError> {
    let failed = |source| TableError::Write { table: schema.name.into(), source };
    let options = ArrowWriterOptions::new()
        .with_properties(properties(schema).map_err(failed)?)
        .with_skip_arrow_metadata(true)
        .with_schema_root("schema".into());
    let mut out = Vec::with_capacity(room);
    let mut writer = ArrowWriter::try_new_with_options(&mut out, schema.arrow(), options).map_err(failed)?;
    for batch in batches {
        writer.write(batch?.records()).map_err(failed)?;
    }
    writer.close().map_err(failed)?;
    Ok(out)
}

fn properties(schema: &TableSchema) -> Result<WriterProperties, ParquetError> {
    let (page_rows, page_bytes) =
        if schema.lookup { (LOOKUP_PAGE_ROWS, LOOKUP_PAGE_BYTES) } else { (PAGE_ROWS, PAGE_BYTES) };
    let text = schema.columns.iter().any(|column| column.name == "text");
    let mut builder = WriterProperties::builder()
        .set_created_by(CREATED_BY.into())
        .set_writer_version(WriterVersion::PARQUET_1_0)
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(None)
        .set_write_batch_size(if text { TEXT_WRITE_BATCH } else { WRITE_BATCH })
        .set_data_page_row_count_limit(page_rows)
        .set_data_page_size_limit(page_bytes)
        .set_dictionary_page_size_limit(DICTIONARY_BYTES)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_statistics_truncate_length(Some(BOUND_BYTES))
        .set_column_index_truncate_length(Some(BOUND_BYTES))
        .set_offset_index_disabled(false)
        .set_write_page_header_statistics(false)
        .set_bloom_filter_enabled(false)
        .set_coerce_types(true)
        .set_sorting_columns(Some(sorting(schema)))
        .set_key_value_metadata(Some(vec![
            KeyValue::new(META_TABLE.into(), schema.name.to_owned()),
            KeyValue::new(META_FORMAT.into(), schema.format.to_string()),
        ]));
    for column in schema.columns {
        builder = layout(builder, column)?;
    }
    Ok(builder.build())
}

/// How the values of one column are laid out. Texts that seldom repeat get no dictionary: it would be built, found
/// too large and thrown away. Numbers that rise or stay near each other are kept as differences.
fn layout(builder: WriterPropertiesBuilder, column: &Column) -> Result<WriterPropertiesBuilder, ParquetError> {
    let leaf = |inner: &[&str]| {
        ColumnPath::new(std::iter::once(column.name).chain(inner.iter().copied()).map(str::to_owned).collect())
    };
    let plain = |b: WriterPropertiesBuilder, at: ColumnPath, encoding| {
        b.set_column_dictionary_enabled(at.clone(), false).set_column_encoding(at, encoding)
    };
    Ok(match (column.name, (column.data_type)()) {
        ("text" | "text_bytes", _) => plain(builder, leaf(&[]), Encoding::PLAIN)
            .set_column_data_page_size_limit(leaf(&[]), TEXT_PAGE_BYTES)
            .set_column_compression(leaf(&[]), Compression::ZSTD(ZstdLevel::try_new(TEXT_ZSTD_LEVEL)?)),
        ("chunk_id" | "symbol_id" | "content_hash" | "doc" | "signature", _) => {
            plain(builder, leaf(&[]), Encoding::PLAIN)
        }
        // Sorted, distinct and short: neighbours share their heads.
        ("term", _) => plain(builder, leaf(&[]), Encoding::DELTA_BYTE_ARRAY),
        // Small and in no order: bytes of one weight lie together, so that zstd sees the many zeros and ones.
        ("doc_freq", _) => plain(builder, leaf(&[]), Encoding::BYTE_STREAM_SPLIT),
        (_, DataType::UInt32 | DataType::UInt64 | DataType::Int32 | DataType::Int64) => {
            plain(builder, leaf(&[]), Encoding::DELTA_BINARY_PACKED)
        }
        (_, DataType::List(item)) if matches!(item.data_type(), DataType::UInt32 | DataType::UInt16) => {
            plain(builder, leaf(&["list", "element"]), Encoding::BYTE_STREAM_SPLIT)
        }
        (_, DataType::List(item)) if item.data_type().is_integer() => {
            plain(builder, leaf(&["list", "element"]), Encoding::DELTA_BINARY_PACKED)
        }
        _ => builder,
    })
}

fn sorting(schema: &TableSchema) -> Vec<SortingColumn> {
    let leaf = |name: &str| schema.columns.iter().position(|c| c.name == name);
    // Every column is one leaf, so that a column's place is its leaf's place.
    let columns = schema.sort.iter().filter_map(|name| leaf(name));
    columns.map(|at| SortingColumn { column_idx: at as i32, descending: false, nulls_first: true }).collect()
}
