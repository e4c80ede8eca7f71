//! A workspace of two repositories, published in versions. A version changes one repository.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::base::clock::FixedClock;
use crate::base::vfs::Vfs;
use crate::base::{Digest, Mode, Timestamp};
use crate::store::{
    BuildRoot, FORMAT, Generation, MemoEntry, MemoOutput, NodeRecord, Piece, Provenance, RepoBuild, RepoProvenance,
    SegmentList, SegmentRef, ShardRecord, Store, StoreDirs, StoreError, Writer, build_id,
};

pub const STATE: &str = "/work/.sawmill";
pub const CACHE: &str = "/work/.sawmill/cache";

pub fn dirs() -> StoreDirs {
    StoreDirs { cache: CACHE.into(), state: STATE.into() }
}

pub fn open(vfs: impl Vfs + 'static) -> Result<Store, StoreError> {
    Store::open(Arc::new(vfs), dirs())
}

pub fn writer(store: &Store) -> Result<Writer, StoreError> {
    store.writer(&FixedClock(Timestamp::from_seconds(1_800_000_000, 0)), Duration::ZERO)
}

/// What a version holds.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    pub number: u32,
    /// Bytes of the one large artifact; zero for none.
    pub large: usize,
}

pub fn small(number: u32) -> Version {
    Version { number, large: 0 }
}

pub fn bytes_of(text: &str, len: usize) -> Vec<u8> {
    text.bytes()
        .chain((0_u32..).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8))
        .take(len.max(text.len()))
        .collect()
}

fn piece(writer: &Writer, node: &str, table: &str, bytes: &[u8]) -> Result<Piece, StoreError> {
    Ok(Piece {
        node: node.into(),
        table: table.into(),
        artifact: writer.stage(bytes)?,
        rows: 1,
        bytes: bytes.len() as u64,
        action: Digest::of(&[table.as_bytes(), bytes].concat()),
        stats: BTreeMap::new(),
    })
}

fn memo_of(pieces: &[&Piece]) -> Vec<MemoEntry> {
    pieces
        .iter()
        .map(|piece| MemoEntry {
            key: piece.action,
            outputs: vec![MemoOutput {
                table: piece.table.clone(),
                artifact: piece.artifact,
                rows: piece.rows,
                bytes: piece.bytes,
                stats: BTreeMap::new(),
            }],
            ingredients: BTreeMap::from([("format".to_owned(), "1".to_owned())]),
        })
        .collect()
}

/// One segment of one shard: chunks for the shard, postings for both (the node merges them).
fn segment(writer: &Writer, repo: &str, id: &str, text: &str, large: usize) -> Result<SegmentRef, StoreError> {
    let chunks = piece(writer, "chunk", "chunks", &bytes_of(&format!("chunks {text}"), large))?;
    let postings = piece(writer, "index", "postings", format!("shard postings {text}").as_bytes())?;
    let merged = piece(writer, "index", "postings", format!("segment postings {text}").as_bytes())?;
    writer.commit(memo_of(&[&chunks, &postings, &merged]))?;
    let shard = ShardRecord {
        id: format!("{id}-0"),
        first_path: "a".into(),
        last_path: "z".into(),
        files: 1,
        bytes: 1,
        pieces: vec![chunks, postings],
    };
    let list =
        SegmentList { format: FORMAT, id: id.into(), mode: Mode::Code, shards: vec![shard], pieces: vec![merged] };
    let list = writer.put_list(repo, &list)?;
    Ok(SegmentRef {
        id: id.into(),
        mode: Mode::Code,
        list,
        first_path: "a".into(),
        last_path: "z".into(),
        shards: 1,
        files: 1,
        bytes: 1,
        tables: BTreeMap::new(),
        stats: BTreeMap::new(),
    })
}

pub fn root(repo: &str, segments: Vec<SegmentRef>) -> BuildRoot {
    let node = |name: &str, tables: &[&str], merged: &[&str]| {
        let formats = |names: &[&str]| names.iter().map(|table| ((*table).to_owned(), 1)).collect();
        NodeRecord {
            name: name.into(),
            kind: name.into(),
            format: 1,
            params: serde_json::json!({"weight": 0.1}),
            chain: Digest::of(name.as_bytes()),
            inputs: BTreeMap::new(),
            tables: formats(tables),
            merged: formats(merged),
            cohort: BTreeMap::new(),
        }
    };
    let mut root = BuildRoot {
        format: FORMAT,
        id: String::new(),
        repo: repo.into(),
        pipeline: "code".into(),
        config_digest: Digest::of(b"config"),
        nodes: vec![node("chunk", &["chunks"], &[]), node("index", &["postings"], &["postings"])],
        serve: Some("index".into()),
        segments,
        workspace_manifest: None,
    };
    root.id = build_id(&root);
    root
}

pub fn build(writer: &Writer, repo: &str, text: &str, large: usize) -> Result<RepoBuild, StoreError> {
    let segments =
        vec![segment(writer, repo, "s0", "the same in all versions", 0)?, segment(writer, repo, "s1", text, large)?];
    let root = root(repo, segments);
    writer.put_build(&root)?;
    Ok(RepoBuild { build: root.id, stale: false })
}

pub fn provenance(version: Version) -> Provenance {
    let repo = RepoProvenance { commit: Some(format!("commit {}", version.number)), ..RepoProvenance::default() };
    Provenance { format: FORMAT, repos: BTreeMap::from([("api".to_owned(), repo)]), ..Provenance::default() }
}

/// A whole run: becomes the writer, builds both repositories, promotes. `web` is the same in all versions.
pub fn publish(vfs: impl Vfs + 'static, version: Version) -> Result<Generation, StoreError> {
    publish_in(&open(vfs)?, version)
}

pub fn publish_in(store: &Store, version: Version) -> Result<Generation, StoreError> {
    let writer = writer(store)?;
    // As a build does; what is damaged in them is met here and set aside by the commit.
    store.memo()?;
    let repos = BTreeMap::from([
        ("api".to_owned(), build(&writer, "api", &format!("version {}", version.number), version.large)?),
        ("web".to_owned(), build(&writer, "web", "web", 0)?),
    ]);
    let generation = Generation::of(repos, BTreeMap::new());
    writer.promote(&generation, &provenance(version))?;
    Ok(generation)
}

/// A run that ends before its generation: objects, memo and manifest of `api` stand.
pub fn build_half(writer: &Writer, number: u32) -> Result<RepoBuild, StoreError> {
    build(writer, "api", &format!("version {number}"), 0)
}

/// What a whole read found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub generation: Option<String>,
    pub commit: Option<String>,
    pub objects: usize,
    pub memo: usize,
    pub notices: usize,
}

/// Reads everything that HEAD leads to, and everything that the memo names, to the last byte.
pub fn read_all(store: &Store) -> Result<Read, StoreError> {
    let memo = store.memo()?;
    let mut read = Read { memo: memo.len(), notices: memo.notices().len(), ..Read::default() };
    for output in memo.entries().flat_map(|entry| entry.outputs) {
        read_object(store, &output.artifact)?;
    }
    let Some(pinned) = store.pin()? else { return Ok(read) };
    read.notices += pinned.notices().len();
    read.generation = Some(pinned.generation().id.clone());
    read.commit = pinned.provenance().repos.get("api").and_then(|repo| repo.commit.clone());
    for repo in pinned.generation().repos.keys() {
        for segment in pinned.build(repo)?.segments {
            let list = pinned.list(repo, &segment.list)?;
            for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
                read_object(store, &piece.artifact)?;
                read.objects += 1;
            }
        }
    }
    Ok(read)
}

pub fn read_object(store: &Store, hash: &Digest) -> Result<Vec<u8>, StoreError> {
    let object = store.object(hash)?;
    let bytes = object.read_at(0, usize::try_from(object.len()).unwrap());
    let bytes = bytes.map_err(|e| match e.downcast::<StoreError>() {
        Ok(error) => error,
        Err(source) => StoreError::Io { doing: "read", path: store.object_path(hash), source },
    })?;
    assert_eq!(Digest::of(&bytes), *hash, "bytes were handed out that do not hash to their name");
    Ok(bytes)
}

/// Every file beneath `dir` with its bytes; links and directories are left out.
pub fn files(vfs: &dyn Vfs, dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut out = BTreeMap::new();
    for (name, stat) in vfs.list_stat(dir).unwrap() {
        let path = dir.join(name);
        match stat.kind {
            crate::base::vfs::FileKind::Dir => out.extend(files(vfs, &path)),
            crate::base::vfs::FileKind::File => {
                out.insert(path.clone(), vfs.read(&path).unwrap());
            }
            _ => {}
        }
    }
    out
}
