//! Rows of unchanged files, taken from the previous build's artifacts.
//!
//! A shortcut, never a difference: for a kind whose rows of a file depend on that file alone, old rows are the
//! rows that a run would make when (1) the node and every node above it have the same kind, FORMAT, parameters
//! and limits (`chain`), (2) the definition digests of the file's language are the same along that chain, and
//! (3) the file is the same: path, content hash, language, mode and role, and (4) what is decided of it is the same. *Incremental = clean* guards it, and
//! `reuse: false` turns it off. Whatever cannot be read is told and not reused.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Digest, Tier};
use crate::source::{FileContent, SourceFile};
use crate::store::{Piece, ShardRecord};
use crate::table::{Batch, FileRow, TableSchema, take_paths};
use crate::worker::Trouble;

use super::super::db::{NodeSpec, ShardSpec};
use super::super::failure::Failure;
use super::super::key::ActionKey;
use super::super::reason::old;
use super::super::world::World;

/// What is asked of the previous build.
pub struct Asked<'a> {
    pub spec: &'a NodeSpec,
    pub shard: &'a ShardSpec,
    /// Of the node on the shard.
    pub key: &'a ActionKey,
    /// Tables of the node.
    pub tables: &'a [&'static TableSchema],
    /// Whose rows, by the text of the path, if the file is unchanged.
    pub files: &'a dyn Fn(&str) -> bool,
}

/// Old rows that stand.
pub struct Kept {
    /// Their files.
    pub paths: BTreeSet<String>,
    /// For each table that was asked for, the batches (of disjoint files) that hold them.
    pub batches: Vec<Vec<Batch>>,
}

/// What of the shard can be kept; `None` when nothing can.
pub fn unchanged(world: &World, asked: &Asked<'_>) -> Option<Kept> {
    let (spec, shard) = (asked.spec, asked.shard);
    let (first, last) = (shard.files.first()?, shard.files.last()?);
    let previous = world.previous(&shard.repo)?;
    if !previous.root.nodes.iter().any(|n| *n.name == *spec.name && n.chain == spec.chain) {
        return None;
    }
    let mut current: BTreeMap<&str, &SourceFile> = shard.files.iter().map(|f| (f.path.text(), f)).collect();
    // Rows are taken by the text of their path. Where two names show alike, neither file's rows are.
    for (a, b) in shard.files.iter().zip(shard.files.iter().skip(1)) {
        if a.path.text() == b.path.text() {
            current.remove(a.path.text());
        }
    }
    let (first, last) = (first.path.text(), last.path.text());
    let mut kept = Kept { paths: BTreeSet::new(), batches: asked.tables.iter().map(|_| Vec::new()).collect() };
    for old in old::shards(world, previous, Some(shard.mode), first, last) {
        if let Some(record) = old.record() {
            keep_from(world, asked, record, &current, &mut kept);
        }
    }
    (!kept.paths.is_empty()).then_some(kept)
}

/// Adds what of one old shard stands.
fn keep_from(
    world: &World,
    asked: &Asked<'_>,
    old: &ShardRecord,
    current: &BTreeMap<&str, &SourceFile>,
    kept: &mut Kept,
) {
    let Asked { spec, key, tables, files: wanted, .. } = asked;
    let pieces: Vec<&Piece> = old.pieces.iter().filter(|p| *p.node == *spec.name).collect();
    let Some(memo) = pieces.first().and_then(|p| world.given.memo.get(&p.action)) else { return };
    let Some(files) = old.pieces.iter().find(|p| p.table == "files") else { return };
    let same_definition = |language: &str| {
        let name = format!("language.{language}");
        memo.ingredients.get(&name).is_some_and(|old| key.ingredients.get(&name) == Some(old))
    };
    let rows = world.batch("files", &files.artifact).and_then(|b| world.rows::<FileRow>(&b));
    let Some(rows) = world.shortcut(&spec.repo, rows) else { return };
    let alike: BTreeSet<&str> =
        rows.iter().zip(rows.iter().skip(1)).filter(|(a, b)| a.path == b.path).map(|(a, _)| a.path.as_str()).collect();
    let paths: BTreeSet<String> = rows
        .iter()
        .filter(|row| !alike.contains(row.path.as_str()))
        .filter(|row| wanted(&row.path))
        .filter(|row| current.get(row.path.as_str()).is_some_and(|file| same(row, file)))
        .filter(|row| same_definition(row.language.as_deref().unwrap_or("")))
        .filter(|row| same_decision(world, row))
        .map(|row| row.path.clone())
        .collect();
    if paths.is_empty() {
        return;
    }
    let mut batches = Vec::new();
    for table in *tables {
        let Some(piece) = pieces.iter().find(|p| p.table == table.name) else { return };
        let batch = world.batch(table.name, &piece.artifact).and_then(|batch| {
            take_paths(&batch, &paths).map_err(|e| Failure::of(&e, Tier::Bug, &piece.artifact.short()))
        });
        let Some(batch) = world.shortcut(&spec.repo, batch) else { return };
        batches.push(batch);
    }
    for (all, batch) in kept.batches.iter_mut().zip(batches) {
        all.push(batch);
    }
    kept.paths.extend(paths);
}

/// Is the file read, or not read for the same reason, as it was? Whichever of the repository's kinds reads it: the rows
/// of those below follow.
fn same_decision(world: &World, row: &FileRow) -> bool {
    let Some(content) = row.content_hash.as_deref().and_then(|hash| hash.parse::<Digest>().ok()) else { return false };
    let was = if Trouble::is_name(row.skip_reason.as_deref().unwrap_or_default()) {
        Some((row.skip_reason.as_deref(), row.error_message.as_deref()))
    } else {
        None
    };
    let decisions = &world.given.decisions;
    let now = world.given.kinds.iter().find_map(|kind| decisions.of(kind.name(), &content, row.language.as_deref()));
    was == now.as_ref().map(|denied| (Some(denied.reason.as_str()), Some(denied.message.as_str())))
}

fn same(row: &FileRow, file: &SourceFile) -> bool {
    let hash = match file.content {
        FileContent::Hash(digest) => digest,
        FileContent::Withheld(_) => return false,
    };
    row.path_bytes.as_deref() == file.path.raw()
        && row.content_hash.as_deref().and_then(|h| h.parse::<Digest>().ok()) == Some(hash)
        && row.language.as_deref() == file.language.as_deref()
        && row.mode == file.mode.name()
        && row.role == *file.role
}
