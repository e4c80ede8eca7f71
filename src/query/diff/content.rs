//! Texts, where hashes do not decide: bodies beside changed signatures, and files that may have been renamed.

use std::ops::Range;

use arrow::array::{Array, BinaryArray, StringArray};

use super::pieces::{Own, OwnShard};
use super::states::Source;
use crate::base::{Digest, Mode};
use crate::nodes::diff::{ChunkState, Spans, Text, is_same};
use crate::query::error::QueryError;
use crate::store::BuildRoot;
use crate::table::schema::CHUNKS;
use crate::table::typed_column;

/// Do both chunks have another body? `old` and `new` are the pieces that they stand in.
pub fn body_differs(
    (before, old): (Source<'_>, &[Own]),
    (after, new): (Source<'_>, &[Own]),
    one: &ChunkState,
    other: &ChunkState,
) -> Result<bool, QueryError> {
    let (before, after) = (Read::of(before, old, one)?, Read::of(after, new, other)?);
    Ok(!is_same(before.text(&one.signature), after.text(&other.signature)))
}

/// What is read of a chunk.
struct Read {
    text: String,
    doc: String,
}

impl Read {
    fn of(source: Source<'_>, pieces: &[Own], chunk: &ChunkState) -> Result<Self, QueryError> {
        let own = pieces.iter().find(|own| own.number == chunk.piece);
        let own = own.ok_or_else(|| QueryError::Manifest { what: format!("chunk {} stands in no piece", chunk.id) })?;
        let row = chunk.row as usize;
        let only: Range<usize> = row..row + 1;
        let reader = source.cache.reader(source.pieces, &own.artifact, &CHUNKS)?;
        let rows = reader.read_rows(&["doc", "text"], std::slice::from_ref(&only))?;
        let text = |name| -> Result<String, QueryError> {
            let column: &StringArray = typed_column(&rows, CHUNKS.name, name)?;
            Ok(column.iter().next().flatten().unwrap_or_default().to_owned())
        };
        Ok(Self { text: text("text")?, doc: text("doc")? })
    }

    fn text<'a>(&'a self, signature: &'a str) -> Text<'a> {
        Text { text: &self.text, signature, doc: &self.doc }
    }
}

/// The node of a build whose rows hold the bytes of files: the first of kind `chunk`.
pub fn text_node(root: &BuildRoot) -> Option<&str> {
    let has_text = |tables: &std::collections::BTreeMap<String, u32>| tables.contains_key(CHUNKS.name);
    root.nodes.iter().find(|node| has_text(&node.tables)).map(|node| node.name.as_str())
}

/// The spans of a file's bytes, put together from its chunks; none where it has none: a binary file, or a pipeline that
/// cuts nothing.
pub fn spans(
    source: Source<'_>,
    shards: &[OwnShard],
    node: &str,
    mode: Mode,
    path: &str,
) -> Result<Option<Spans>, QueryError> {
    let holds = |shard: &&OwnShard| shard.mode == mode && *shard.first_path <= *path && *path <= *shard.last_path;
    let key = (node.to_owned(), CHUNKS.name.to_owned());
    let Some(artifact) = shards.iter().find(holds).and_then(|shard| shard.pieces.get(&key)) else { return Ok(None) };
    let bytes = bytes(source, artifact, path)?;
    Ok((!bytes.is_empty()).then(|| Spans::of(&bytes)))
}

fn bytes(source: Source<'_>, artifact: &Digest, path: &str) -> Result<Vec<u8>, QueryError> {
    let reader = source.cache.reader(source.pieces, artifact, &CHUNKS)?;
    let pages = reader.find_rows("path", &[path])?;
    let rows = reader.read_rows(&["path", "text", "text_bytes"], &pages)?;
    let paths: &StringArray = typed_column(&rows, CHUNKS.name, "path")?;
    let texts: &StringArray = typed_column(&rows, CHUNKS.name, "text")?;
    let raw: &BinaryArray = typed_column(&rows, CHUNKS.name, "text_bytes")?;
    let mut bytes = Vec::new();
    for at in (0..rows.num_rows()).filter(|at| paths.value(*at) == path) {
        bytes.extend_from_slice(if raw.is_valid(at) { raw.value(at) } else { texts.value(at).as_bytes() });
    }
    Ok(bytes)
}
