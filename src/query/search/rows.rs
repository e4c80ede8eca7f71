//! The columns of a shard that ranking reads: filters, factors and tie-breaks.

use std::collections::BTreeMap;

use arrow::array::{Array, RecordBatch, StringArray, UInt32Array};

use super::select::ShardPieces;
use crate::base::{KeyHasher, Mode};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::{CHUNKS, FILES};
use crate::table::{TableError, typed_column};

const COLUMNS: &[&str] = &["path", "mode", "language", "kind", "name", "qualified_name", "start_line"];

/// Rows of one shard's `chunks`, some columns, and the roles of its files.
#[derive(Debug)]
pub struct ShardRows {
    path: StringArray,
    mode: StringArray,
    language: StringArray,
    kind: StringArray,
    name: StringArray,
    qualified_name: StringArray,
    start_line: UInt32Array,
    /// Path → role; empty where the pipeline knows no roles.
    roles: BTreeMap<String, String>,
}

/// One row of it.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    pub path: &'a str,
    /// A comment that is a row of its own? All other rows are of the mode of their segment.
    pub extracted: bool,
    pub language: Option<&'a str>,
    pub kind: &'a str,
    pub name: &'a str,
    pub qualified_name: &'a str,
    pub start_line: u32,
    pub role: Option<&'a str>,
}

impl ShardRows {
    /// Reads a shard's rows, or takes them from the cache.
    pub fn read(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces) -> Result<std::sync::Arc<Self>, QueryError> {
        let key = KeyHasher::new("sawmill.query.shard-rows.v2").digest(&shard.chunks).add(&shard.files).finish();
        cache.rows(&key, || {
            let rows = cache.reader(pieces, &shard.chunks, &CHUNKS)?.read_columns(COLUMNS)?;
            let roles = match &shard.files {
                Some(files) => roles(&cache.reader(pieces, files, &FILES)?.read_columns(&["path", "role"])?)?,
                None => BTreeMap::new(),
            };
            Ok(Self::of(&rows, roles)?)
        })
    }

    fn of(rows: &RecordBatch, roles: BTreeMap<String, String>) -> Result<Self, TableError> {
        let text = |name: &str| typed_column::<StringArray>(rows, "chunks", name).cloned();
        Ok(Self {
            path: text("path")?,
            mode: text("mode")?,
            language: text("language")?,
            kind: text("kind")?,
            name: text("name")?,
            qualified_name: text("qualified_name")?,
            start_line: typed_column::<UInt32Array>(rows, "chunks", "start_line")?.clone(),
            roles,
        })
    }

    /// Row `row`, where there is one.
    pub fn row(&self, row: u32) -> Option<RowView<'_>> {
        let at = row as usize;
        if at >= self.path.len() {
            return None;
        }
        let path = self.path.value(at);
        Some(RowView {
            path,
            extracted: self.mode.value(at) == Mode::ExtractedProse.name(),
            language: self.language.is_valid(at).then(|| self.language.value(at)),
            kind: self.kind.value(at),
            name: self.name.value(at),
            qualified_name: self.qualified_name.value(at),
            start_line: self.start_line.value(at),
            role: self.roles.get(path).map(String::as_str),
        })
    }
}

impl RowView<'_> {
    /// Do the query's filters on rows let this one through?
    pub fn admitted(&self, query: &Query) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or(self.path);
        let ext = file.rsplit_once('.').map_or("", |(_, ext)| ext);
        query.admits(FilterKind::Path, &[self.path])
            && query.admits(FilterKind::Lang, &[self.language.unwrap_or("")])
            && query.admits(FilterKind::Ext, &[ext])
            && query.admits(FilterKind::Kind, &[self.kind])
            && (!query.filters_by(FilterKind::Sym)
                || (!self.name.is_empty() && query.admits(FilterKind::Sym, &[self.name, self.qualified_name])))
            && query.admits(FilterKind::Role, &[self.role.unwrap_or("")])
    }
}

fn roles(files: &RecordBatch) -> Result<BTreeMap<String, String>, TableError> {
    let path: &StringArray = typed_column(files, "files", "path")?;
    let role: &StringArray = typed_column(files, "files", "role")?;
    Ok((0..files.num_rows()).map(|at| (path.value(at).to_owned(), role.value(at).to_owned())).collect())
}
