//! The columns of a shard that filters ask, and those that ranking reads: factors and tie-breaks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

/// What ranking reads.
const RANKED: Columns = Columns { names: &["path", "kind", "name"], roles: true };

/// Rows of one shard's `chunks`, as far as they were asked for, and the roles of its files.
#[derive(Debug)]
pub struct ShardRows {
    rows: usize,
    path: Option<StringArray>,
    kind: Option<StringArray>,
    name: Option<StringArray>,
    /// Where some rows are comments of their own.
    mode: Option<StringArray>,
    language: Option<StringArray>,
    qualified_name: Option<StringArray>,
    /// Where a filter asks.
    inner: Option<Inner>,
    roles: Roles,
}

/// One row of it. What was not read is empty.
#[derive(Clone, Copy, Debug)]
pub struct RowView<'a> {
    pub path: &'a str,
    /// A comment that is a row of its own? All other rows are of the mode of their segment.
    pub extracted: bool,
    pub language: Option<&'a str>,
    pub kind: &'a str,
    pub name: &'a str,
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

/// What is read of a shard.
#[derive(Clone, Debug)]
struct Columns<'a> {
    names: &'a [&'static str],
    roles: bool,
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
    /// What ranking reads of a shard, or what the cache has of it.
    pub fn ranked(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces) -> Result<Arc<Self>, QueryError> {
        Self::kept(pieces, cache, shard, &RANKED)
    }

    /// The same, without keeping it.
    pub fn ranked_once(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces) -> Result<Arc<Self>, QueryError> {
        Self::of(pieces, cache, shard, &RANKED).map(Arc::new)
    }

    /// What the filters of `query` ask of a shard.
    pub fn filtered(
        pieces: &dyn Pieces,
        cache: &Cache,
        shard: &ShardPieces,
        query: &Query,
    ) -> Result<Arc<Self>, QueryError> {
        let (names, roles) = asked(shard, query);
        Self::kept(pieces, cache, shard, &Columns { names: &names, roles })
    }

    fn kept(
        pieces: &dyn Pieces,
        cache: &Cache,
        shard: &ShardPieces,
        columns: &Columns<'_>,
    ) -> Result<Arc<Self>, QueryError> {
        let mut key = KeyHasher::new("sawmill.query.shard-rows.v4");
        let asks_inner = columns.names.contains(&"chunk_id");
        key.digest(&shard.chunks)
            .add(&shard.files.filter(|_| columns.roles))
            .add(&shard.symbols.filter(|_| asks_inner));
        for name in columns.names {
            key.bytes(name.as_bytes());
        }
        cache.rows(&key.finish(), || Self::of(pieces, cache, shard, columns))
    }

    fn of(pieces: &dyn Pieces, cache: &Cache, shard: &ShardPieces, columns: &Columns<'_>) -> Result<Self, QueryError> {
        let rows = cache.reader(pieces, &shard.chunks, &CHUNKS)?.read_columns(columns.names)?;
        let column = |name: &str| typed_column::<StringArray>(&rows, CHUNKS.name, name).cloned();
        let asked = |name: &str| columns.names.contains(&name).then(|| column(name)).transpose();
        let path = asked("path")?;
        let roles = match (&shard.files, &path) {
            (Some(files), Some(path)) if columns.roles => Roles::read(&*cache.reader(pieces, files, &FILES)?, path)?,
            _ => Roles::Unknown,
        };
        let inner = match asked("chunk_id")? {
            Some(chunk_id) => {
                Definitions::all(pieces, cache, shard)?.map(|definitions| Inner { chunk_id, definitions })
            }
            None => None,
        };
        Ok(Self {
            rows: rows.num_rows(),
            kind: asked("kind")?,
            name: asked("name")?,
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
        text(self.path.as_ref(), row as usize)
    }

    /// Row `row`, where there is one.
    pub fn row(&self, row: u32) -> Option<RowView<'_>> {
        let at = row as usize;
        if at >= self.rows {
            return None;
        }
        Some(RowView {
            path: self.path(row),
            extracted: text(self.mode.as_ref(), at) == Mode::ExtractedProse.name(),
            language: self.language.as_ref().filter(|column| column.is_valid(at)).map(|column| column.value(at)),
            kind: text(self.kind.as_ref(), at),
            name: text(self.name.as_ref(), at),
            qualified_name: text(self.qualified_name.as_ref(), at),
            inner: self.inner.as_ref().map(|inner| (&inner.definitions, inner.chunk_id.value(at))),
            role: self.roles.of(at),
        })
    }
}

fn text(column: Option<&StringArray>, row: usize) -> &str {
    column.filter(|column| row < column.len()).map_or("", |column| column.value(row))
}

/// What the filters of `query` ask of a shard's rows, and whether they ask for roles. A path goes with roles: files
/// have them.
fn asked(shard: &ShardPieces, query: &Query) -> (Vec<&'static str>, bool) {
    let by = |kinds: &[FilterKind]| kinds.iter().any(|kind| query.filters_by(*kind));
    let roles = by(&[FilterKind::Role]);
    let all = [
        ("path", by(&[FilterKind::Path, FilterKind::Ext, FilterKind::Role])),
        ("kind", by(&[FilterKind::Kind])),
        ("name", by(&[FilterKind::Sym])),
        ("qualified_name", by(&[FilterKind::Sym])),
        ("chunk_id", by(&[FilterKind::Sym])),
        ("language", by(&[FilterKind::Lang])),
        ("mode", shard.extracted),
    ];
    let mut names: Vec<&str> = all.into_iter().filter(|(_, asked)| *asked).map(|(name, _)| name).collect();
    if names.is_empty() {
        // Something has to tell how many rows there are.
        names.push("kind");
    }
    (names, roles)
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
    /// Do the filters on definitions let this row through: itself, or something that is defined in it?
    pub fn defines(&self, query: &Query) -> bool {
        self.itself(query) || self.holds(query)
    }

    fn itself(&self, query: &Query) -> bool {
        query.admits(FilterKind::Kind, &[self.kind])
            && (!query.filters_by(FilterKind::Sym)
                || (!self.name.is_empty() && query.admits(FilterKind::Sym, &[self.name, self.qualified_name])))
    }

    /// Does a definition in it have a name that is asked for, and be of a kind that is?
    fn holds(&self, query: &Query) -> bool {
        let Some((definitions, chunk)) = self.inner.filter(|_| query.asks_for(FilterKind::Sym)) else { return false };
        definitions.of_chunk(chunk).any(|definition| {
            query.admits(FilterKind::Kind, &[definition.kind])
                && query.admits(FilterKind::Sym, &[definition.name, definition.qualified_name])
        })
    }
}
