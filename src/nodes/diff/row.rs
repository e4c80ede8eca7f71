//! From a change to its row, and the order of rows.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::model::{Change, ChunkState, EVENTS, FileState, Parts, RelationState};
use crate::table::schema::EventRow;

/// Where a change is.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub repo: &'a str,
    pub node: &'a str,
}

/// What orders the changes of a repository: the mode, the kind of change, where it is.
fn key(change: &Change) -> (&str, usize, &str, u32, Option<&RelationState>, &str) {
    let rank = change.rank();
    match change {
        Change::FileAdded(file)
        | Change::FileRemoved(file)
        | Change::FileModified(_, file)
        | Change::FileRenamed(_, file, _)
        | Change::HealthChanged(_, file) => (&file.mode, rank, &file.path, 0, None, ""),
        Change::ChunkAdded(chunk) | Change::ChunkRemoved(chunk) => {
            (&chunk.mode, rank, &chunk.path, chunk.start_line, None, &chunk.id)
        }
        Change::ChunkModified(pair, _) | Change::ChunkMoved(pair, _) => {
            (&pair.1.mode, rank, &pair.1.path, pair.1.start_line, None, &pair.1.id)
        }
        Change::RelationAdded(path, relation, _) | Change::RelationRemoved(path, relation, _) => {
            (&relation.mode, rank, path, 0, Some(relation), "")
        }
    }
}

/// What tells equal relations of one place apart, as it stands in the row.
fn relation_key(relation: &RelationState) -> String {
    let RelationState { mode: _, r#type, target_name, target_path, target_symbol, status, from_chunk } = relation;
    let (path, symbol) = (target_path.as_deref().unwrap_or_default(), target_symbol.as_deref().unwrap_or_default());
    format!("{type} {target_name} {path} {symbol} {status} {from_chunk}")
}

/// The order of rows, of changes with their nodes.
pub fn order(a: (&Change, &str), b: (&Change, &str)) -> Ordering {
    let (one, other) = (key(a.0), key(b.0));
    (one.0, one.1, one.2, one.3)
        .cmp(&(other.0, other.1, other.2, other.3))
        .then_with(|| match (one.4, other.4) {
            (Some(one), Some(other)) => relation_key(one).cmp(&relation_key(other)),
            _ => one.5.cmp(other.5),
        })
        .then_with(|| a.1.cmp(b.1))
        .then_with(|| path_bytes(a.0).cmp(&path_bytes(b.0)))
}

/// Files whose paths show alike.
fn path_bytes(change: &Change) -> Option<&[u8]> {
    match change {
        Change::FileAdded(file)
        | Change::FileRemoved(file)
        | Change::FileModified(_, file)
        | Change::FileRenamed(_, file, _)
        | Change::HealthChanged(_, file) => file.path_bytes.as_deref(),
        _ => None,
    }
}

/// The row of a change. `visibility` tells it of a chunk's definition by the chunk's id.
pub fn row(place: Place<'_>, change: &Change, visibility: &BTreeMap<Box<str>, Box<str>>) -> EventRow {
    let (mode, rank, path, line, _, id) = key(change);
    let mut row = EventRow {
        repo: place.repo.to_owned(),
        mode: mode.to_owned(),
        rank: u32::try_from(rank).unwrap_or(u32::MAX),
        event: EVENTS.get(rank).copied().unwrap_or_default().to_owned(),
        node: place.node.to_owned(),
        path: path.to_owned(),
        line,
        key: id.to_owned(),
        count: 1,
        ..EventRow::default()
    };
    match change {
        Change::FileAdded(file) => after_file(&mut row, file),
        Change::FileRemoved(file) => before_file(&mut row, file),
        Change::FileModified(before, after) | Change::HealthChanged(before, after) => {
            before_file(&mut row, before);
            after_file(&mut row, after);
        }
        Change::FileRenamed(before, after, similarity) => {
            before_file(&mut row, before);
            after_file(&mut row, after);
            row.similarity = Some(*similarity);
        }
        Change::ChunkAdded(chunk) => after_chunk(&mut row, chunk, visibility),
        Change::ChunkRemoved(chunk) => before_chunk(&mut row, chunk, visibility),
        Change::ChunkModified(pair, parts) | Change::ChunkMoved(pair, parts) => {
            before_chunk(&mut row, &pair.0, visibility);
            after_chunk(&mut row, &pair.1, visibility);
            row.parts = Parts::words(*parts);
        }
        Change::RelationAdded(_, relation, count) => {
            of_relation(&mut row, relation, *count);
            row.after_path = Some(row.path.clone());
            row.after_id = Some(relation.from_chunk.to_string());
            row.after_status = Some(relation.status.to_string());
        }
        Change::RelationRemoved(_, relation, count) => {
            of_relation(&mut row, relation, *count);
            row.before_path = Some(row.path.clone());
            row.before_id = Some(relation.from_chunk.to_string());
            row.before_status = Some(relation.status.to_string());
        }
    }
    row
}

fn of_relation(row: &mut EventRow, relation: &RelationState, count: u32) {
    row.key = relation_key(relation);
    row.kind = Some(relation.r#type.to_string());
    row.target_name = Some(relation.target_name.to_string());
    row.target_path = relation.target_path.as_deref().map(str::to_owned);
    row.target_symbol = relation.target_symbol.as_deref().map(str::to_owned);
    row.count = count;
}

fn before_file(row: &mut EventRow, file: &FileState) {
    row.before_path = Some(file.path.to_string());
    row.before_hash = file.hash.map(|hash| hash.hex());
    row.before_status = Some(file.status.to_string());
    row.before_errors = Some(file.errors);
}

fn after_file(row: &mut EventRow, file: &FileState) {
    row.after_path = Some(file.path.to_string());
    row.after_hash = file.hash.map(|hash| hash.hex());
    row.after_status = Some(file.status.to_string());
    row.after_errors = Some(file.errors);
}

fn named(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn before_chunk(row: &mut EventRow, chunk: &ChunkState, visibility: &BTreeMap<Box<str>, Box<str>>) {
    row.before_path = Some(chunk.path.to_string());
    row.before_id = Some(chunk.id.to_string());
    row.before_hash = Some(chunk.hash.to_string());
    row.before_start_line = Some(chunk.start_line);
    row.before_end_line = Some(chunk.end_line);
    row.before_name = named(&chunk.name);
    row.before_signature = named(&chunk.signature);
    row.kind = Some(chunk.kind.to_string());
    row.visibility = visibility.get(&chunk.id).map(ToString::to_string);
}

fn after_chunk(row: &mut EventRow, chunk: &ChunkState, visibility: &BTreeMap<Box<str>, Box<str>>) {
    row.after_path = Some(chunk.path.to_string());
    row.after_id = Some(chunk.id.to_string());
    row.after_hash = Some(chunk.hash.to_string());
    row.after_start_line = Some(chunk.start_line);
    row.after_end_line = Some(chunk.end_line);
    row.after_name = named(&chunk.name);
    row.after_signature = named(&chunk.signature);
    row.kind = Some(chunk.kind.to_string());
    row.visibility = visibility.get(&chunk.id).map(ToString::to_string).or(row.visibility.take());
}
