//! The definitions that begin in chunks: `symbols`, by chunk.

use arrow::array::{RecordBatch, StringArray, UInt32Array};

use super::select::ShardPieces;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::schema::SYMBOLS;
use crate::table::typed_column;

const COLUMNS: [&str; 5] = ["chunk_id", "name", "qualified_name", "kind", "start_line"];

/// Definitions of a shard.
#[derive(Debug)]
pub struct Definitions {
    chunk_id: StringArray,
    name: StringArray,
    qualified_name: StringArray,
    kind: StringArray,
    start_line: UInt32Array,
    /// Rows by chunk; of a chunk in the order of their lines.
    order: Vec<u32>,
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'a> {
    pub name: &'a str,
    pub qualified_name: &'a str,
    pub kind: &'a str,
    /// Its first line, behind its documentation.
    pub line: u32,
}

impl Definitions {
    /// All of a shard; none where its pipeline keeps none.
    pub fn all(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces) -> Result<Option<Self>, QueryError> {
        let Some(symbols) = &shard.symbols else { return Ok(None) };
        Ok(Some(Self::of(&cache.reader(pieces, symbols, &SYMBOLS)?.read_columns(&COLUMNS)?)?))
    }

    /// Those of some files.
    pub fn of_files(
        pieces: &dyn Pieces,
        cache: &Cache,
        shard: &ShardPieces,
        paths: &[&str],
    ) -> Result<Option<Self>, QueryError> {
        let Some(symbols) = shard.symbols.as_ref().filter(|_| !paths.is_empty()) else { return Ok(None) };
        let reader = cache.reader(pieces, symbols, &SYMBOLS)?;
        let rows = reader.find_rows("path", paths)?;
        Ok(Some(Self::of(&reader.read_rows(&COLUMNS, &rows)?)?))
    }

    fn of(records: &RecordBatch) -> Result<Self, QueryError> {
        let text = |name: &str| typed_column::<StringArray>(records, SYMBOLS.name, name).cloned();
        let chunk_id = text("chunk_id")?;
        let mut order: Vec<u32> = (0..records.num_rows() as u32).collect();
        order.sort_by_key(|row| chunk_id.value(*row as usize));
        Ok(Self {
            name: text("name")?,
            qualified_name: text("qualified_name")?,
            kind: text("kind")?,
            start_line: typed_column::<UInt32Array>(records, SYMBOLS.name, "start_line")?.clone(),
            chunk_id,
            order,
        })
    }

    /// Those that begin in a chunk, in order.
    pub fn of_chunk<'a>(&'a self, chunk_id: &'a str) -> impl Iterator<Item = Definition<'a>> {
        let first = self.order.partition_point(|row| self.chunk_id.value(*row as usize) < chunk_id);
        let rows = self.order.iter().skip(first).map(|row| *row as usize);
        rows.take_while(move |row| self.chunk_id.value(*row) == chunk_id).map(|row| Definition {
            name: self.name.value(row),
            qualified_name: self.qualified_name.value(row),
            kind: self.kind.value(row),
            line: self.start_line.value(row),
        })
    }
}
