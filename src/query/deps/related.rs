//! A repository's pieces, by path.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use super::error::DepsError;
use super::node::Span;
use super::symbols::FileSymbols;
use crate::base::{Digest, parallel};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::store::{BuildRoot, NodeRecord, SegmentList, ShardRecord};
use crate::table::schema::{DEFINITIONS, MENTIONS, RELATIONS, SYMBOLS};
use crate::table::{TableReader, TableSchema};

/// A repository that has relations.
pub struct Related<'a> {
    pieces: &'a dyn Pieces,
    cache: &'a Cache,
    pub repo: String,
    pub build: BuildRoot,
    pub threads: usize,
    /// The node of kind `index`.
    index: String,
    /// The node that writes `symbols`.
    symbols: Option<String>,
    /// By segment, where it was read.
    lists: Vec<OnceLock<SegmentList>>,
}

/// A shard with what is read of it.
#[derive(Clone, Copy, Debug)]
pub struct ShardPieces<'a> {
    pub record: &'a ShardRecord,
    pub relations: Digest,
    pub symbols: Option<Digest>,
}

impl<'a> Related<'a> {
    /// Errors: [`DepsError`] where the build has no relations.
    pub fn open(
        pieces: &'a dyn Pieces,
        cache: &'a Cache,
        repo: &str,
        threads: usize,
    ) -> Result<Result<Self, DepsError>, QueryError> {
        let build = pieces.build(repo)?;
        let index = match index(&build) {
            Ok(index) => index,
            Err(why) => return Ok(Err(why)),
        };
        let chunk = index.inputs.get("chunks").and_then(|name| build.nodes.iter().find(|node| node.name == *name));
        let symbols = chunk.filter(|node| node.tables.contains_key(SYMBOLS.name)).map(|node| node.name.clone());
        let (index, lists) = (index.name.clone(), build.segments.iter().map(|_| OnceLock::new()).collect());
        Ok(Ok(Self { pieces, cache, repo: repo.to_owned(), build, threads, index, symbols, lists }))
    }

    pub fn reader(&self, artifact: &Digest, schema: &'static TableSchema) -> Result<Arc<TableReader>, QueryError> {
        self.cache.reader(self.pieces, artifact, schema)
    }

    fn list(&self, segment: usize) -> Result<&SegmentList, QueryError> {
        let gone = || QueryError::Manifest { what: "a segment is not there".into() };
        let (slot, reference) = self.lists.get(segment).zip(self.build.segments.get(segment)).ok_or_else(gone)?;
        if let Some(list) = slot.get() {
            return Ok(list);
        }
        let list = self.pieces.list(&self.repo, &reference.list)?;
        Ok(slot.get_or_init(|| list))
    }

    /// The segments in which `table` of the index has rows, and of which a path is in one of `spans`, where there are
    /// any.
    fn segments(&self, table: &str, spans: Option<&[Span]>) -> Vec<usize> {
        let key = format!("{}/{table}", self.index);
        let of = self.build.segments.iter().enumerate().filter(|(_, segment)| {
            let has_rows = segment.tables.get(&key).is_some_and(|[rows, ..]| *rows > 0);
            let meets = |span: &Span| span.meets(&segment.first_path, &segment.last_path);
            has_rows && spans.is_none_or(|spans| spans.iter().any(meets))
        });
        of.map(|(at, _)| at).collect()
    }

    /// The piece of `table` of each such segment.
    pub fn merged(
        &self,
        table: &'static TableSchema,
        spans: Option<&[Span]>,
    ) -> Result<Vec<(usize, Digest)>, QueryError> {
        let mut found = Vec::new();
        for at in self.segments(table.name, spans) {
            let list = self.list(at)?;
            let piece = list.pieces.iter().find(|piece| piece.node == self.index && piece.table == table.name);
            found.push((at, piece.ok_or_else(|| missing(&list.id, table.name))?.artifact));
        }
        Ok(found)
    }

    /// The shards with relations of which a path is in one of `spans`.
    pub fn shards(&self, spans: &[Span]) -> Result<Vec<ShardPieces<'_>>, QueryError> {
        let mut found = Vec::new();
        for at in self.segments(RELATIONS.name, Some(spans)) {
            let shards = self.list(at)?.shards.iter();
            let meets = |shard: &ShardRecord| spans.iter().any(|s| s.meets(&shard.first_path, &shard.last_path));
            found.extend(shards.filter(|shard| meets(shard)).filter_map(|shard| self.pieces_of(shard)));
        }
        Ok(found)
    }

    /// The shards with relations that mention one of `names`; all where there are too many names to ask for.
    pub fn mentioning(&self, names: &BTreeSet<String>) -> Result<Vec<ShardPieces<'_>>, QueryError> {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let segments = self.merged(&MENTIONS, None)?;
        let asked = parallel::map(self.threads, &segments, |(at, artifact)| {
            let shards = &self.list(*at)?.shards;
            if names.len() > super::names::MOST_ASKED {
                return Ok((0..shards.len()).collect());
            }
            super::names::mentioned(&*self.reader(artifact, &MENTIONS)?, &names)
        });
        let mut found = Vec::new();
        for ((at, _), wanted) in segments.iter().zip(asked) {
            let wanted: BTreeSet<usize> = wanted?;
            let list = self.list(*at)?;
            for shard in wanted {
                let shard = list.shards.get(shard).ok_or_else(|| missing(&list.id, "shard that `mentions` name"))?;
                found.extend(self.pieces_of(shard));
            }
        }
        Ok(found)
    }

    /// `None` where nothing of the shard refers to anything.
    fn pieces_of<'s>(&self, shard: &'s ShardRecord) -> Option<ShardPieces<'s>> {
        let piece = |node: &str, table: &str| shard.pieces.iter().find(|p| p.node == node && p.table == table);
        let relations = piece(&self.index, RELATIONS.name).filter(|piece| piece.rows > 0)?;
        let symbols = self.symbols.as_deref().and_then(|node| piece(node, SYMBOLS.name)).filter(|piece| piece.rows > 0);
        Some(ShardPieces { record: shard, relations: relations.artifact, symbols: symbols.map(|p| p.artifact) })
    }

    /// The symbols of each of `paths` that has some.
    pub fn symbols(&self, paths: &BTreeSet<&str>) -> Result<Vec<(String, FileSymbols)>, QueryError> {
        let Some(node) = &self.symbols else {
            return Err(DepsError::NoSymbols { repo: self.repo.clone() }.into());
        };
        let spans: Vec<Span> = paths.iter().map(|path| Span::file(path)).collect();
        let mut tables: Vec<(Digest, Vec<&str>)> = Vec::new();
        // A symbol stands in a file of which the index knows definitions.
        for at in self.segments(DEFINITIONS.name, Some(&spans)) {
            for shard in &self.list(at)?.shards {
                let within = |path: &&str| shard.first_path.as_str() <= *path && *path <= shard.last_path.as_str();
                let here: Vec<&str> = paths.iter().copied().filter(within).collect();
                let piece = shard.pieces.iter().find(|p| p.node == *node && p.table == SYMBOLS.name && p.rows > 0);
                tables.extend(piece.filter(|_| !here.is_empty()).map(|piece| (piece.artifact, here)));
            }
        }
        let read = parallel::map(self.threads, &tables, |(artifact, paths)| {
            FileSymbols::read(&*self.reader(artifact, &SYMBOLS)?, paths)
        });
        let mut found = Vec::new();
        for part in read {
            found.extend(part?);
        }
        Ok(found)
    }

    pub fn has_symbols(&self) -> Result<(), DepsError> {
        match &self.symbols {
            Some(_) => Ok(()),
            None => Err(DepsError::NoSymbols { repo: self.repo.clone() }),
        }
    }
}

fn missing(segment: &str, what: &str) -> QueryError {
    QueryError::Manifest { what: format!("segment {segment} has no `{what}`") }
}

/// The node whose relations are walked: the index that is served, or else the first that has some.
fn index(build: &BuildRoot) -> Result<&NodeRecord, DepsError> {
    let all = || build.nodes.iter().filter(|node| node.kind == "index");
    let served = all().filter(|node| build.serve.as_ref() == Some(&node.name));
    let related = |node: &&NodeRecord| node.tables.contains_key(RELATIONS.name);
    if let Some(found) = served.clone().chain(all()).find(related) {
        return Ok(found);
    }
    let repo = build.repo.clone();
    let pipeline = build.pipeline.clone();
    let Some(node) = served.chain(all()).next() else { return Err(DepsError::NoIndex { repo, pipeline }) };
    if !node.merged.contains_key(MENTIONS.name) {
        return Err(DepsError::OldBuild { repo });
    }
    let off = node.params.get("relations").and_then(serde_json::Value::as_bool) == Some(false);
    let node = node.name.clone();
    Err(if off { DepsError::Off { repo, node, pipeline } } else { DepsError::NoOutline { repo, node, pipeline } })
}
