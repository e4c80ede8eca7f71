//! A generation in memory, made from hand-written chunks by the kinds themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use super::error::QueryError;
use super::pieces::{Pieces, RepoEntry};
use crate::base::{ByteSource, Cancel, Digest, KeyHasher, Limits, Mode, RelPath};
use crate::nodes::index::{IndexParams, KIND};
use crate::nodes::{Content, FileSlot, Kind, MergeTask, Output, Params, Task};
use crate::store::{BuildRoot, NodeRecord, Piece, SegmentList, SegmentRef, ShardRecord, StoreError};
use crate::table::schema::{
    ChunkRow, DefinitionRow, FileRow, MENTIONS, MentionRow, RELATIONS, RelationRow, SymbolRow, TABLES,
};
use crate::table::{Batch, encode};

/// A repository to make: per segment its mode and its shards' chunks.
#[derive(Clone, Debug, Default)]
pub struct Spec {
    pub entry: RepoEntry,
    pub segments: Vec<(Mode, Vec<Vec<ChunkRow>>)>,
    /// Relations and symbols of its files, where it has such tables.
    pub related: Option<(Vec<RelationRow>, Vec<SymbolRow>)>,
}

impl Spec {
    pub fn new(name: &str, segments: Vec<(Mode, Vec<Vec<ChunkRow>>)>) -> Self {
        let entry = RepoEntry { name: name.into(), build: format!("b-{name}"), enabled: true, ..RepoEntry::default() };
        Self { entry, segments, related: None }
    }
}

/// The generation.
#[derive(Debug, Default)]
pub struct World {
    repos: BTreeMap<String, (RepoEntry, BuildRoot)>,
    lists: BTreeMap<Digest, SegmentList>,
    objects: BTreeMap<Digest, Arc<Vec<u8>>>,
    /// Objects that cannot be read.
    pub lost: BTreeSet<Digest>,
    /// Repositories of the workspace without a build.
    pub unbuilt: Vec<RepoEntry>,
    /// Repositories whose build cannot be read.
    pub invalid: BTreeSet<String>,
    /// Objects that were opened, in order.
    pub opened: Mutex<Vec<Digest>>,
}

pub fn chunk(path: &str, line: u32, kind: &str, name: &str, text: &str) -> ChunkRow {
    ChunkRow {
        chunk_id: format!("c_{}", Digest::of(format!("{path}:{line}").as_bytes()).prefix_hex(16)),
        path: path.into(),
        kind: kind.into(),
        name: name.into(),
        qualified_name: name.into(),
        language: is_rust(path).then(|| "rust".into()),
        mode: "code".into(),
        start_line: line,
        end_line: line + text.lines().count().saturating_sub(1) as u32,
        start_byte: line,
        text: text.into(),
        ..ChunkRow::default()
    }
}

fn is_rust(path: &str) -> bool {
    path.rsplit('.').next() == Some("rs")
}

fn file(path: &str) -> FileRow {
    let test = path.contains("test");
    FileRow {
        path: path.into(),
        language: is_rust(path).then(|| "rust".into()),
        mode: "code".into(),
        role: if test { "test" } else { "source" }.into(),
        parse_status: if path.contains("broken") { "partial" } else { "ok" }.into(),
        bytes: 10,
        ..FileRow::default()
    }
}

impl World {
    pub fn of(specs: &[Spec]) -> Self {
        let mut world = Self::default();
        for spec in specs {
            world.add(spec);
        }
        world
    }

    /// The artifact of `table` in the first segment or shard of `repo` that has one.
    pub fn artifact(&self, repo: &str, table: &str) -> Digest {
        let lists = self.repos[repo].1.segments.iter().map(|s| &self.lists[&s.list]);
        let mut pieces = lists.flat_map(|l| l.pieces.iter().chain(l.shards.iter().flat_map(|s| &s.pieces)));
        pieces.find(|p| p.table == table).unwrap().artifact
    }

    /// Where each artifact stands: its table and the id of its shard or segment.
    pub fn places(&self) -> BTreeMap<Digest, (String, String)> {
        let mut places = BTreeMap::new();
        for list in self.lists.values() {
            let shards = list.shards.iter().map(|shard| (&shard.id, &shard.pieces));
            for (id, pieces) in shards.chain([(&list.id, &list.pieces)]) {
                places.extend(pieces.iter().map(|piece| (piece.artifact, (piece.table.clone(), id.clone()))));
            }
        }
        places
    }

    pub fn build_mut(&mut self, repo: &str) -> &mut BuildRoot {
        &mut self.repos.get_mut(repo).unwrap().1
    }

    fn add(&mut self, spec: &Spec) {
        let mut segments = Vec::new();
        for (at, (mode, shards)) in spec.segments.iter().enumerate() {
            let id = format!("{}-{at}", spec.entry.name);
            let list = self.segment(&id, *mode, shards, spec.related.as_ref());
            let key = KeyHasher::new("test.list").add(id.as_str()).finish();
            segments.push(reference(&id, *mode, key, &list));
            self.lists.insert(key, list);
        }
        let mut index = node("index", &[("chunks", "chunk")], &["postings", "chunk_stats"]);
        if spec.related.is_some() {
            index.tables.insert(RELATIONS.name.into(), 1);
            index.merged.insert(MENTIONS.name.into(), 1);
        }
        let build = BuildRoot {
            format: 1,
            id: spec.entry.build.clone(),
            repo: spec.entry.name.clone(),
            pipeline: "code".into(),
            config_digest: Digest::of(b""),
            nodes: vec![
                node("extract", &[], &["files", "outline"]),
                node("chunk", &[("outline", "extract")], &["chunks", "symbols"]),
                index,
            ],
            serve: Some("index".into()),
            segments,
            workspace_manifest: None,
        };
        self.repos.insert(spec.entry.name.clone(), (spec.entry.clone(), build));
    }

    fn segment(
        &mut self,
        id: &str,
        mode: Mode,
        shards: &[Vec<ChunkRow>],
        related: Option<&(Vec<RelationRow>, Vec<SymbolRow>)>,
    ) -> SegmentList {
        let params = Params::new(IndexParams::default()).unwrap();
        let (limits, cancel) = (Limits::default(), Cancel::new());
        let (mut records, mut batches) = (Vec::new(), Vec::new());
        for (at, rows) in shards.iter().enumerate() {
            let paths: BTreeSet<&str> = rows.iter().map(|r| r.path.as_str()).collect();
            let files: Vec<FileSlot> = paths.iter().map(|p| slot(p, mode)).collect();
            let chunks = Batch::of(rows).unwrap();
            let inputs = BTreeMap::from([("chunks", vec![chunks.clone()])]);
            let task = Task {
                params: &params,
                limits: &limits,
                files: &files,
                inputs: &inputs,
                references: None,
                sandbox: None,
                cancel: &cancel,
            };
            let outputs = KIND.run(&task).unwrap();
            batches.push(outputs.into_iter().map(|o| o.batch).collect::<Vec<_>>());
            let mut related_pieces = Vec::new();
            if let Some((relations, symbols)) = related {
                let relations: Vec<_> = relations.iter().filter(|r| paths.contains(&*r.path)).cloned().collect();
                let symbols: Vec<_> = symbols.iter().filter(|s| paths.contains(&*s.path)).cloned().collect();
                related_pieces.push(self.piece("index", Output::new(Batch::of(&relations).unwrap())));
                related_pieces.push(self.piece("chunk", Output::new(Batch::of(&symbols).unwrap())));
                let batches = batches.last_mut().unwrap();
                batches.truncate(2);
                batches.push(definitions(&paths, &symbols));
                batches.push(mentions(&relations));
            }
            let file_rows: Vec<FileRow> = paths.iter().map(|p| file(p)).collect();
            let mut pieces = vec![
                self.piece("extract", Output::new(Batch::of(&file_rows).unwrap())),
                self.piece("chunk", Output { stats: chunk_totals(&chunks), batch: chunks }),
            ];
            pieces.extend(related_pieces);
            records.push(ShardRecord {
                id: format!("{id}-{at}"),
                first_path: paths.first().map_or("", |p| p).into(),
                last_path: paths.last().map_or("", |p| p).into(),
                files: paths.len() as u64,
                bytes: 10,
                pieces,
            });
        }
        let merged = KIND.merge(&MergeTask { params: &params, shards: &batches, cancel: &cancel }).unwrap();
        let pieces = merged.into_iter().map(|o| self.piece("index", o)).collect();
        SegmentList { format: 1, id: id.into(), mode, shards: records, pieces }
    }

    fn piece(&mut self, node: &str, output: Output) -> Piece {
        let bytes = encode(&output.batch).unwrap();
        let artifact = Digest::of(&bytes);
        let piece = Piece {
            node: node.into(),
            table: output.batch.schema().name.into(),
            artifact,
            rows: output.batch.len() as u64,
            bytes: bytes.len() as u64,
            action: artifact,
            stats: output.stats,
        };
        self.objects.insert(artifact, Arc::new(bytes));
        piece
    }
}

/// What the files at `paths` define.
fn definitions(paths: &BTreeSet<&str>, symbols: &[SymbolRow]) -> Batch {
    let named = |name: String, path: &str, kind: &str| DefinitionRow {
        name,
        path: path.into(),
        kind: kind.into(),
        ..DefinitionRow::default()
    };
    let base = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    let directories: BTreeSet<&str> = paths.iter().filter_map(|p| p.rsplit_once('/')).map(|(up, _)| up).collect();
    let mut rows: Vec<DefinitionRow> = paths.iter().map(|p| named(format!("/{}", base(p)), p, "file")).collect();
    rows.extend(directories.iter().map(|d| named(format!("/{}/", base(d)), d, "directory")));
    rows.extend(symbols.iter().map(|s| DefinitionRow {
        qualified_name: if s.name == s.qualified_name { String::new() } else { s.qualified_name.clone() },
        ..named(s.name.clone(), &s.path, &s.kind)
    }));
    rows.sort_by_key(|r| (r.name.clone(), r.path.clone(), r.kind.clone(), r.qualified_name.clone()));
    rows.dedup();
    Batch::of(&rows).unwrap()
}

/// The names that these relations are found by: of a path its last part with a slash before it, and a directory's with
/// one behind it too; of anything else the last name.
fn mentions(relations: &[RelationRow]) -> Batch {
    let mut names = BTreeSet::new();
    for row in relations {
        let last = |name: &str| name.rsplit(['.', ':', '/']).next().unwrap().to_owned();
        let base = |path: &str| path.rsplit('/').next().unwrap().to_owned();
        match (&row.target_path, &row.target_symbol) {
            (_, Some(symbol)) => names.insert(last(symbol)),
            (Some(path), None) if path.contains('.') => names.insert(format!("/{}", base(path))),
            (Some(path), None) => names.insert(format!("/{}/", base(path))),
            (None, None) => names.insert(last(&row.target_name)),
        };
    }
    let rows: Vec<MentionRow> = names.into_iter().map(|name| MentionRow { name, shards: vec![0] }).collect();
    Batch::of(&rows).unwrap()
}

fn chunk_totals(chunks: &Batch) -> BTreeMap<String, u64> {
    crate::nodes::chunk::KIND.totals(chunks).unwrap()
}

fn slot(path: &str, mode: Mode) -> FileSlot {
    let content = Content::Hash(Digest::of(b""));
    FileSlot { path: RelPath::new(path).unwrap(), size: 1, content, language: None, mode, role: "source".into() }
}

fn node(name: &str, inputs: &[(&str, &str)], tables: &[&str]) -> NodeRecord {
    NodeRecord {
        name: name.into(),
        kind: name.into(),
        format: 1,
        params: serde_json::Value::Null,
        chain: Digest::of(name.as_bytes()),
        inputs: inputs.iter().map(|(port, node)| ((*port).into(), (*node).into())).collect(),
        tables: tables.iter().map(|t| ((*t).into(), format_of(t))).collect(),
        merged: BTreeMap::new(),
        cohort: BTreeMap::new(),
    }
}

fn format_of(table: &str) -> u32 {
    TABLES.iter().find(|schema| schema.name == table).map_or(1, |schema| schema.format)
}

fn reference(id: &str, mode: Mode, key: Digest, list: &SegmentList) -> SegmentRef {
    let (mut tables, mut stats): (BTreeMap<String, [u64; 3]>, BTreeMap<String, u64>) = Default::default();
    for piece in list.pieces.iter().chain(list.shards.iter().flat_map(|s| &s.pieces)) {
        let sums = tables.entry(format!("{}/{}", piece.node, piece.table)).or_default();
        *sums = [sums[0] + piece.rows, sums[1] + piece.bytes, sums[2] + 1];
        for (stat, value) in &piece.stats {
            *stats.entry(format!("{}/{}/{stat}", piece.node, piece.table)).or_default() += value;
        }
    }
    SegmentRef {
        id: id.into(),
        mode,
        first_path: list.shards.first().map_or(String::new(), |s| s.first_path.clone()),
        last_path: list.shards.last().map_or(String::new(), |s| s.last_path.clone()),
        list: key,
        shards: list.shards.len() as u64,
        files: list.shards.iter().map(|s| s.files).sum(),
        bytes: list.shards.iter().map(|s| s.bytes).sum(),
        tables,
        stats,
    }
}

impl Pieces for World {
    fn repos(&self) -> Vec<RepoEntry> {
        self.repos.values().map(|(entry, _)| entry.clone()).collect()
    }

    fn unbuilt(&self) -> Vec<RepoEntry> {
        self.unbuilt.clone()
    }

    fn build(&self, repo: &str) -> Result<BuildRoot, QueryError> {
        if self.invalid.contains(repo) {
            return Err(StoreError::Missing { path: "/machine/path".into() }.into());
        }
        Ok(self.repos[repo].1.clone())
    }

    fn list(&self, _repo: &str, list: &Digest) -> Result<SegmentList, QueryError> {
        Ok(self.lists[list].clone())
    }

    fn object(&self, artifact: &Digest) -> Result<Arc<dyn ByteSource>, QueryError> {
        if self.lost.contains(artifact) {
            return Err(StoreError::Missing { path: "/machine/path".into() }.into());
        }
        self.opened.lock().unwrap().push(*artifact);
        Ok(Arc::clone(&self.objects[artifact]) as Arc<dyn ByteSource>)
    }
}
