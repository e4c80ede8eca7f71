//! Readers of `chunks` and `symbols` for queries: columns by name, checked once, read by row.

use arrow::array::{Array, BinaryArray, RecordBatch, StringArray, UInt32Array};

use crate::table::{TableError, typed_column};

const CHUNKS: &str = "chunks";
const SYMBOLS: &str = "symbols";

/// Columns that say what a chunk is and where.
pub const HEAD: &[&str] = &[
    "chunk_id",
    "path",
    "language",
    "mode",
    "kind",
    "name",
    "qualified_name",
    "breadcrumb",
    "start_line",
    "end_line",
    "tokens",
];

/// Columns that give files back, byte for byte.
pub const CONTENT: &[&str] = &["path", "start_line", "start_byte", "end_byte", "text", "text_bytes"];

/// Columns of a symbol.
pub const SYMBOL: &[&str] =
    &["symbol_id", "chunk_id", "path", "name", "qualified_name", "kind", "start_line", "end_line"];

/// What chunks are and where: a batch with the columns [`HEAD`]. Rows are indexes of the batch; one out of range panics
/// as in any Arrow array.
#[derive(Clone, Copy, Debug)]
pub struct Heads<'a> {
    pub chunk_id: &'a StringArray,
    pub path: &'a StringArray,
    language: &'a StringArray,
    pub mode: &'a StringArray,
    pub kind: &'a StringArray,
    pub name: &'a StringArray,
    pub qualified_name: &'a StringArray,
    pub breadcrumb: &'a StringArray,
    pub start_line: &'a UInt32Array,
    pub end_line: &'a UInt32Array,
    pub tokens: &'a UInt32Array,
}

impl<'a> Heads<'a> {
    pub fn new(records: &'a RecordBatch) -> Result<Self, TableError> {
        Ok(Self {
            chunk_id: typed_column(records, CHUNKS, "chunk_id")?,
            path: typed_column(records, CHUNKS, "path")?,
            language: typed_column(records, CHUNKS, "language")?,
            mode: typed_column(records, CHUNKS, "mode")?,
            kind: typed_column(records, CHUNKS, "kind")?,
            name: typed_column(records, CHUNKS, "name")?,
            qualified_name: typed_column(records, CHUNKS, "qualified_name")?,
            breadcrumb: typed_column(records, CHUNKS, "breadcrumb")?,
            start_line: typed_column(records, CHUNKS, "start_line")?,
            end_line: typed_column(records, CHUNKS, "end_line")?,
            tokens: typed_column(records, CHUNKS, "tokens")?,
        })
    }

    pub fn language(&self, row: usize) -> Option<&'a str> {
        self.language.is_valid(row).then(|| self.language.value(row))
    }
}

/// The bytes of chunks: a batch with the columns [`CONTENT`].
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    pub path: &'a StringArray,
    pub start_line: &'a UInt32Array,
    pub start_byte: &'a UInt32Array,
    pub end_byte: &'a UInt32Array,
    pub text: &'a StringArray,
    text_bytes: &'a BinaryArray,
}

impl<'a> Contents<'a> {
    pub fn new(records: &'a RecordBatch) -> Result<Self, TableError> {
        Ok(Self {
            path: typed_column(records, CHUNKS, "path")?,
            start_line: typed_column(records, CHUNKS, "start_line")?,
            start_byte: typed_column(records, CHUNKS, "start_byte")?,
            end_byte: typed_column(records, CHUNKS, "end_byte")?,
            text: typed_column(records, CHUNKS, "text")?,
            text_bytes: typed_column(records, CHUNKS, "text_bytes")?,
        })
    }

    /// The chunk's own bytes, as they stand in the file.
    pub fn bytes(&self, row: usize) -> &'a [u8] {
        if self.text_bytes.is_valid(row) { self.text_bytes.value(row) } else { self.text.value(row).as_bytes() }
    }

    /// Each file's rows, in order: a file is the [`bytes`](Self::bytes) of its rows put together, provided that the
    /// batch holds all of them.
    pub fn files(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let path = (from < self.path.len()).then(|| self.path.value(from))?;
            let end = (from..self.path.len()).find(|row| self.path.value(*row) != path).unwrap_or(self.path.len());
            let rows = from..end;
            from = end;
            Some(rows)
        })
    }
}

/// Symbols: a batch with the columns [`SYMBOL`].
#[derive(Clone, Copy, Debug)]
pub struct Symbols<'a> {
    pub symbol_id: &'a StringArray,
    pub chunk_id: &'a StringArray,
    pub path: &'a StringArray,
    pub name: &'a StringArray,
    pub qualified_name: &'a StringArray,
    pub kind: &'a StringArray,
    pub start_line: &'a UInt32Array,
    pub end_line: &'a UInt32Array,
}

impl<'a> Symbols<'a> {
    pub fn new(records: &'a RecordBatch) -> Result<Self, TableError> {
        Ok(Self {
            symbol_id: typed_column(records, SYMBOLS, "symbol_id")?,
            chunk_id: typed_column(records, SYMBOLS, "chunk_id")?,
            path: typed_column(records, SYMBOLS, "path")?,
            name: typed_column(records, SYMBOLS, "name")?,
            qualified_name: typed_column(records, SYMBOLS, "qualified_name")?,
            kind: typed_column(records, SYMBOLS, "kind")?,
            start_line: typed_column(records, SYMBOLS, "start_line")?,
            end_line: typed_column(records, SYMBOLS, "end_line")?,
        })
    }
}
