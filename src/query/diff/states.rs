//! Rows of pieces as states, a file at a time.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use arrow::array::{Array, BinaryArray, ListArray, RecordBatch, StringArray, UInt32Array, UInt64Array};

use super::pieces::Own;
use super::request::Opened;
use crate::base::Digest;
use crate::nodes::diff::{ChunkState, FileState, RelationState};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::Row;
use crate::table::schema::{CHUNKS, ChunkRow, FILES, RELATIONS};
use crate::table::{TableError, TableSchema, typed_column};

/// What reading needs.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
}

impl Source<'_> {
    pub fn columns(
        self,
        artifact: &Digest,
        schema: &'static TableSchema,
        columns: &[&str],
    ) -> Result<RecordBatch, QueryError> {
        Ok(self.cache.reader(self.pieces, artifact, schema)?.read_columns(columns)?)
    }
}

impl Source<'_> {
    fn whole(self, artifact: &Digest, schema: &'static TableSchema) -> Result<RecordBatch, QueryError> {
        Ok(self.cache.reader(self.pieces, artifact, schema)?.read_all()?.records().clone())
    }
}

/// Equal words, once in memory.
#[derive(Debug, Default)]
pub struct Words(BTreeSet<Arc<str>>);

impl Words {
    pub fn get(&mut self, word: &str) -> Arc<str> {
        if let Some(known) = self.0.get(word) {
            return Arc::clone(known);
        }
        let word: Arc<str> = word.into();
        self.0.insert(Arc::clone(&word));
        word
    }
}

/// The rows of `files` in a piece.
pub fn files(source: Source<'_>, own: &Own, words: &mut Words) -> Result<Vec<FileState>, QueryError> {
    let columns = ["path", "path_bytes", "content_hash", "bytes", "mode", "parse_status", "error_lines"];
    let rows = source.columns(&own.artifact, &FILES, &columns)?;
    let text = |name| typed_column::<StringArray>(&rows, FILES.name, name);
    let (paths, hashes, modes, statuses) = (text("path")?, text("content_hash")?, text("mode")?, text("parse_status")?);
    let raw: &BinaryArray = typed_column(&rows, FILES.name, "path_bytes")?;
    let bytes: &UInt64Array = typed_column(&rows, FILES.name, "bytes")?;
    let errors: &ListArray = typed_column(&rows, FILES.name, "error_lines")?;
    let state = |at: usize| {
        let hash = hashes.is_valid(at).then(|| hashes.value(at).parse::<Digest>()).transpose();
        let hash = hash.map_err(|_| invalid(&FILES, at, "`content_hash` is none"))?;
        Ok(FileState {
            path: paths.value(at).into(),
            path_bytes: raw.is_valid(at).then(|| raw.value(at).to_owned()),
            mode: words.get(modes.value(at)),
            hash,
            bytes: bytes.value(at),
            status: words.get(statuses.value(at)),
            errors: errors.value_length(at).unsigned_abs(),
        })
    };
    (0..rows.num_rows()).map(state).collect()
}

fn invalid(schema: &TableSchema, row: usize, what: &str) -> QueryError {
    TableError::Invalid { table: schema.name.into(), what: format!("row {row}: {what}") }.into()
}

/// The rows of one file in a piece.
pub type Group<T> = (Arc<str>, Vec<T>);

/// Rows of a table that is sorted by path, grouped by it.
trait Grouped: Sized {
    const SCHEMA: &'static TableSchema;
    /// Empty: all.
    const COLUMNS: &'static [&'static str];

    /// The states of a piece's rows with their paths.
    fn states(rows: &RecordBatch, own: &Own, words: &mut Words) -> Result<Vec<(Arc<str>, Self)>, QueryError>;
}

impl Grouped for ChunkState {
    const SCHEMA: &'static TableSchema = &CHUNKS;
    const COLUMNS: &'static [&'static str] = &[
        "chunk_id",
        "path",
        "region",
        "mode",
        "kind",
        "qualified_name",
        "signature",
        "doc",
        "start_line",
        "end_line",
        "content_hash",
    ];

    fn states(rows: &RecordBatch, own: &Own, words: &mut Words) -> Result<Vec<(Arc<str>, Self)>, QueryError> {
        let text = |name| typed_column::<StringArray>(rows, CHUNKS.name, name);
        let number = |name| typed_column::<UInt32Array>(rows, CHUNKS.name, name);
        let (ids, paths, modes, kinds) = (text("chunk_id")?, text("path")?, text("mode")?, text("kind")?);
        let (names, signatures) = (text("qualified_name")?, text("signature")?);
        let (docs, hashes) = (text("doc")?, text("content_hash")?);
        let (regions, starts, ends) = (number("region")?, number("start_line")?, number("end_line")?);
        let mut last: Option<Arc<str>> = None;
        let state = |at: usize| {
            let path = match &last {
                Some(path) if **path == *paths.value(at) => Arc::clone(path),
                _ => Arc::from(paths.value(at)),
            };
            last = Some(Arc::clone(&path));
            let state = Self {
                path: Arc::clone(&path),
                id: ids.value(at).into(),
                hash: hashes.value(at).into(),
                mode: words.get(modes.value(at)),
                region: regions.value(at),
                kind: words.get(kinds.value(at)),
                name: names.value(at).into(),
                signature: signatures.value(at).into(),
                doc: Digest::of(docs.value(at).as_bytes()),
                start_line: starts.value(at),
                end_line: ends.value(at),
                piece: own.number,
                row: u32::try_from(at).map_err(|_| invalid(&CHUNKS, at, "there are too many rows"))?,
            };
            Ok((path, state))
        };
        (0..rows.num_rows()).map(state).collect()
    }
}

impl Grouped for RelationState {
    const SCHEMA: &'static TableSchema = &RELATIONS;
    const COLUMNS: &'static [&'static str] =
        &["from_chunk", "path", "type", "target_name", "target_path", "target_symbol", "status"];

    fn states(rows: &RecordBatch, own: &Own, words: &mut Words) -> Result<Vec<(Arc<str>, Self)>, QueryError> {
        let text = |name| typed_column::<StringArray>(rows, RELATIONS.name, name);
        let (from, paths, types, names) = (text("from_chunk")?, text("path")?, text("type")?, text("target_name")?);
        let (targets, symbols, statuses) = (text("target_path")?, text("target_symbol")?, text("status")?);
        let mode = words.get(own.mode.name());
        let given = |column: &StringArray, at: usize| column.is_valid(at).then(|| Box::from(column.value(at)));
        let state = |at: usize| {
            let state = Self {
                mode: Arc::clone(&mode),
                r#type: words.get(types.value(at)),
                target_name: names.value(at).into(),
                target_path: given(targets, at),
                target_symbol: given(symbols, at),
                status: words.get(statuses.value(at)),
                from_chunk: from.value(at).into(),
            };
            Ok((Arc::from(paths.value(at)), state))
        };
        (0..rows.num_rows()).map(state).collect()
    }
}

impl Grouped for ChunkRow {
    const SCHEMA: &'static TableSchema = &CHUNKS;
    const COLUMNS: &'static [&'static str] = &[];

    fn states(rows: &RecordBatch, _: &Own, _: &mut Words) -> Result<Vec<(Arc<str>, Self)>, QueryError> {
        let rows = <Self as Row>::rows(rows)?;
        Ok(rows.into_iter().map(|row| (Arc::from(row.path.as_str()), row)).collect())
    }
}

/// The groups of some pieces, in the order of paths; one piece is in memory at a time.
struct Groups<'a, T> {
    source: Source<'a>,
    pieces: &'a [Own],
    next: usize,
    ready: VecDeque<Group<T>>,
}

impl<T: Grouped> Groups<'_, T> {
    /// The path of the next group.
    fn peek(&mut self, words: &mut Words, opened: &mut Opened) -> Result<Option<Arc<str>>, QueryError> {
        while self.ready.is_empty() {
            let Some(own) = self.pieces.get(self.next) else { return Ok(None) };
            self.next += 1;
            opened.pieces += 1;
            let rows = if T::COLUMNS.is_empty() {
                self.source.whole(&own.artifact, T::SCHEMA)?
            } else {
                self.source.columns(&own.artifact, T::SCHEMA, T::COLUMNS)?
            };
            for (path, state) in T::states(&rows, own, words)? {
                match self.ready.back_mut() {
                    Some((last, group)) if *last == path => group.push(state),
                    _ => self.ready.push_back((path, vec![state])),
                }
            }
        }
        Ok(self.ready.front().map(|(path, _)| Arc::clone(path)))
    }
}

impl<'a, T: Grouped> Groups<'a, T> {
    /// Of each mode one: their paths lie between each other.
    fn of_modes(source: Source<'a>, pieces: &'a [Own]) -> Vec<Self> {
        let by_mode = pieces.chunk_by(|a, b| a.mode == b.mode);
        by_mode.map(|pieces| Self { source, pieces, next: 0, ready: VecDeque::new() }).collect()
    }

    /// The rows of `path`, if they are next.
    fn take(&mut self, path: &str) -> Vec<T> {
        match self.ready.front() {
            Some((front, _)) if **front == *path => self.ready.pop_front().map(|(_, rows)| rows).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

/// Walks both sides along their paths, and hands over the rows of each file of either side, whatever its mode.
fn along<T: Grouped>(
    (before, old): (Source<'_>, &[Own]),
    (after, new): (Source<'_>, &[Own]),
    words: &mut Words,
    opened: &mut Opened,
    mut each: impl FnMut(Arc<str>, Vec<T>, Vec<T>) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    let (mut old, mut new) = (Groups::<T>::of_modes(before, old), Groups::<T>::of_modes(after, new));
    loop {
        let mut next: Option<Arc<str>> = None;
        for groups in old.iter_mut().chain(&mut new) {
            let path = groups.peek(words, opened)?;
            next = match (next, path) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        let Some(path) = next else { return Ok(()) };
        let before = old.iter_mut().flat_map(|groups| groups.take(&path)).collect();
        let after = new.iter_mut().flat_map(|groups| groups.take(&path)).collect();
        each(path, before, after)?;
    }
}

/// Of chunks.
pub fn along_chunks(
    before: (Source<'_>, &[Own]),
    after: (Source<'_>, &[Own]),
    words: &mut Words,
    opened: &mut Opened,
    each: impl FnMut(Arc<str>, Vec<ChunkState>, Vec<ChunkState>) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    along(before, after, words, opened, each)
}

/// Of chunks, whole.
pub fn along_rows(
    before: (Source<'_>, &[Own]),
    after: (Source<'_>, &[Own]),
    each: impl FnMut(Arc<str>, Vec<ChunkRow>, Vec<ChunkRow>) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    along(before, after, &mut Words::default(), &mut Opened::default(), each)
}

/// Of relations.
pub fn along_relations(
    before: (Source<'_>, &[Own]),
    after: (Source<'_>, &[Own]),
    words: &mut Words,
    opened: &mut Opened,
    each: impl FnMut(Arc<str>, Vec<RelationState>, Vec<RelationState>) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    along(before, after, words, opened, each)
}
