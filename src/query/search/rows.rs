//! The columns of a shard that ranking reads: filters, factors and tie-breaks.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};

use super::inner::Definitions;
use super::select::ShardPieces;
use crate::base::{KeyHasher, Mode};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::{CHUNKS, FILES};
use crate::table::{TableError, TableReader, typed_column};

/// Of every shard that ranking looks at.
const ALWAYS: [&str; 3] = ["path", "kind", "name"];

/// Rows of one shard's `chunks`, the columns that a query asks for, and the roles of its files.
#[derive(Debug)]
pub struct ShardRows {
    path: StringArray,
    kind: StringArray,
    name: StringArray,
    /// Where some rows are comments of their own.
    mode: Option<StringArray>,
    /// Where a filter asks.
    language: Option<StringArray>,
    /// Where a filter asks.
    qualified_name: Option<StringArray>,
    /// Where a filter asks.
    inner: Option<Inner>,
    roles: Roles,
}

/// One row of it.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    pub path: &'a str,
    /// A comment that is a row of its own? All other rows are of the mode of their segment.
    pub extracted: bool,
    /// Only where a filter asks.
    pub language: Option<&'a str>,
    pub kind: &'a str,
    pub name: &'a str,
    /// Only where a filter asks.
    pub qualified_name: &'a str,
    /// Only where a filter asks: what is defined in its shard, and its id.
    inner: Option<(&'a Definitions, &'a str)>,
    pub role: Option<&'a str>,
}

/// What is defined in the chunks of a shard.
#[derive(Debug)]
struct Inner {
    chunk_id: StringArray,
    definitions: Definitions,
}

/// The roles of a shard's files, by row.
#[derive(Debug)]
enum Roles {
    /// The pipeline knows none.
    Unknown,
    All(String),
    /// Per row an index into the names.
    ByRow {
        names: Vec<String>,
        rows: Vec<u32>,
    },
}

impl ShardRows {
    /// Reads a shard's rows, or takes them from the cache, as far as `query` asks.
    pub fn read(
        pieces: &dyn Pieces,
        cache: &Cache,
        shard: &ShardPieces,
        query: &Query,
    ) -> Result<std::sync::Arc<Self>, QueryError> {
        let columns = columns(shard, query);
        let mut key = KeyHasher::new("sawmill.query.shard-rows.v4");
        key.digest(&shard.chunks).add(&shard.files).add(&shard.symbols);
        for column in &columns {
            key.bytes(column.as_bytes());
        }
        cache.rows(&key.finish(), || Self::of(pieces, cache, shard, &columns))
    }

    /// The same, without keeping them.
    pub fn read_once(
        pieces: &dyn Pieces,
        cache: &Cache,
        shard: &ShardPieces,
        query: &Query,
    ) -> Result<Self, QueryError> {
        Self::of(pieces, cache, shard, &columns(shard, query))
    }

    fn of(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces, columns: &[&str]) -> Result<Self, QueryError> {
        let rows = cache.reader(pieces, &shard.chunks, &CHUNKS)?.read_columns(columns)?;
        let column = |name: &str| typed_column::<StringArray>(&rows, "chunks", name).cloned();
        let asked = |name: &str| columns.contains(&name).then(|| column(name)).transpose();
        let path = column("path")?;
        let roles = match &shard.files {
            Some(files) => Roles::read(&*cache.reader(pieces, files, &FILES)?, &path)?,
            None => Roles::Unknown,
        };
        let inner = match asked("chunk_id")? {
            Some(chunk_id) => {
                Definitions::all(pieces, cache, shard)?.map(|definitions| Inner { chunk_id, definitions })
            }
            None => None,
        };
        Ok(Self {
            kind: column("kind")?,
            name: column("name")?,
            mode: asked("mode")?,
            language: asked("language")?,
            qualified_name: asked("qualified_name")?,
            inner,
            roles,
            path,
        })
    }

    /// The path of a row; empty where there is none.
    pub fn path(&self, row: u32) -> &str {
        let at = row as usize;
        if at < self.path.len() { self.path.value(at) } else { "" }
    }

    /// Row `row`, where there is one.
    pub fn row(&self, row: u32) -> Option<RowView<'_>> {
        let at = row as usize;
        if at >= self.path.len() {
            return None;
        }
        Some(RowView {
            path: self.path.value(at),
            extracted: self.mode.as_ref().is_some_and(|mode| mode.value(at) == Mode::ExtractedProse.name()),
            language: self.language.as_ref().filter(|column| column.is_valid(at)).map(|column| column.value(at)),
            kind: self.kind.value(at),
            name: self.name.value(at),
            qualified_name: self.qualified_name.as_ref().map_or("", |column| column.value(at)),
            inner: self.inner.as_ref().map(|inner| (&inner.definitions, inner.chunk_id.value(at))),
            role: self.roles.of(at),
        })
    }
}

/// What `query` asks of a shard's rows.
fn columns(shard: &ShardPieces, query: &Query) -> Vec<&'static str> {
    let mut columns = ALWAYS.to_vec();
    if shard.extracted {
        columns.push("mode");
    }
    if query.filters_by(FilterKind::Lang) {
        columns.push("language");
    }
    if query.filters_by(FilterKind::Sym) {
        columns.push("qualified_name");
        columns.push("chunk_id");
    }
    columns
}

impl Roles {
    /// Of the rows of `paths`, by a shard's `files`. Most shards have one role, and their pages need no reading.
    fn read(files: &TableReader, paths: &StringArray) -> Result<Self, TableError> {
        if let Some(role) = files.only_text("role")? {
            return Ok(Self::All(role));
        }
        let records = files.read_columns(&["path", "role"])?;
        let path: &StringArray = typed_column(&records, "files", "path")?;
        let role: &StringArray = typed_column(&records, "files", "role")?;
        let of_file: BTreeMap<&str, &str> = path.iter().flatten().zip(role.iter().flatten()).collect();
        let names: BTreeSet<&str> = of_file.values().copied().collect();
        let names: Vec<String> = std::iter::once("").chain(names).map(str::to_owned).collect();
        let mut rows: Vec<u32> = Vec::with_capacity(paths.len());
        for row in 0..paths.len() {
            let path = paths.value(row);
            let before = row.checked_sub(1).filter(|before| paths.value(*before) == path);
            let known = before.and_then(|before| rows.get(before).copied());
            let number = |role: &&str| names.iter().position(|name| name == role).unwrap_or(0) as u32;
            rows.push(known.unwrap_or_else(|| of_file.get(path).map_or(0, number)));
        }
        Ok(Self::ByRow { names, rows })
    }

    fn of(&self, row: usize) -> Option<&str> {
        match self {
            Self::Unknown => None,
            Self::All(role) => Some(role),
            Self::ByRow { names, rows } => names.get(*rows.get(row)? as usize).map(String::as_str),
        }
    }
}

impl RowView<'_> {
    /// Do the query's filters on rows let this one through?
    pub fn admitted(&self, query: &Query) -> bool {
        if query.filters.is_empty() {
            return true;
        }
        file_admitted(query, self.path, self.language, self.role)
            && (self.itself_admitted(query) || self.holds_admitted(query))
    }

    fn itself_admitted(&self, query: &Query) -> bool {
        query.admits(FilterKind::Kind, &[self.kind])
            && (!query.filters_by(FilterKind::Sym)
                || (!self.name.is_empty() && query.admits(FilterKind::Sym, &[self.name, self.qualified_name])))
    }

    /// Does a definition in it have a name that is asked for, and be of a kind that is?
    fn holds_admitted(&self, query: &Query) -> bool {
        let Some((definitions, chunk)) = self.inner.filter(|_| query.asks_for(FilterKind::Sym)) else { return false };
        definitions.of_chunk(chunk).any(|definition| {
            query.admits(FilterKind::Kind, &[definition.kind])
                && query.admits(FilterKind::Sym, &[definition.name, definition.qualified_name])
        })
    }
}

/// Do the query's filters on files let one through?
pub fn file_admitted(query: &Query, path: &str, language: Option<&str>, role: Option<&str>) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    query.admits(FilterKind::Path, &[path])
        && query.admits(FilterKind::Ext, &[extension])
        && query.admits(FilterKind::Lang, &[language.unwrap_or("")])
        && query.admits(FilterKind::Role, &[role.unwrap_or("")])
}
