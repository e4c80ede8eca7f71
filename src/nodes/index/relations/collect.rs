//! The references of a shard's files, from `outline` and `chunks`.

use std::ops::Range;

use arrow::array::{Array, BinaryArray, StringArray, UInt32Array};

use crate::base::Cancel;
use crate::nodes::{NodeError, Reference, References, ReferringFile, Relation};
use crate::table::{Batch, TableError};

/// Columns of `outline` that are read.
struct Outline<'a> {
    path: &'a StringArray,
    role: &'a StringArray,
    kind: &'a StringArray,
    name: &'a StringArray,
    qualified_name: &'a StringArray,
    start_byte: &'a UInt32Array,
    parent: &'a UInt32Array,
}

/// Columns of `chunks` that are read.
struct Chunks<'a> {
    path: &'a StringArray,
    chunk_id: &'a StringArray,
    language: &'a StringArray,
    start_line: &'a UInt32Array,
    start_byte: &'a UInt32Array,
    end_byte: &'a UInt32Array,
    text: &'a StringArray,
    text_bytes: &'a BinaryArray,
}

impl<'a> Outline<'a> {
    fn of(batch: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: batch.column("path")?,
            role: batch.column("role")?,
            kind: batch.column("kind")?,
            name: batch.column("name")?,
            qualified_name: batch.column("qualified_name")?,
            start_byte: batch.column("start_byte")?,
            parent: batch.column("parent")?,
        })
    }

    /// The relation of a row that is a reference.
    fn relation(&self, row: usize) -> Option<Relation> {
        if self.role.value(row) != "reference" {
            return None;
        }
        match self.kind.value(row) {
            "call" => Some(Relation::Calls),
            "import" => Some(Relation::Imports),
            "use" => Some(Relation::Uses),
            "extends" => Some(Relation::Extends),
            "implements" => Some(Relation::Implements),
            _ => None,
        }
    }

    /// Qualified name of the definition around a row of the file that begins at row `first`.
    fn scope(&self, first: usize, row: usize) -> &'a str {
        let mut at = row;
        // Parents stand before their children, so this ends.
        while self.parent.is_valid(at) {
            let parent = first + self.parent.value(at) as usize;
            if parent >= at {
                break;
            }
            at = parent;
            if self.role.value(at) == "definition" {
                return self.qualified_name.value(at);
            }
        }
        ""
    }
}

impl<'a> Chunks<'a> {
    fn of(batch: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: batch.column("path")?,
            chunk_id: batch.column("chunk_id")?,
            language: batch.column("language")?,
            start_line: batch.column("start_line")?,
            start_byte: batch.column("start_byte")?,
            end_byte: batch.column("end_byte")?,
            text: batch.column("text")?,
            text_bytes: batch.column("text_bytes")?,
        })
    }

    fn bytes(&self, row: usize) -> &'a [u8] {
        if self.text_bytes.is_valid(row) { self.text_bytes.value(row) } else { self.text.value(row).as_bytes() }
    }

    /// Which of `rows`, which tile a file, holds byte `at`.
    fn holding(&self, rows: &Range<usize>, at: u32) -> Option<usize> {
        let starts = self.start_byte.values().get(rows.clone())?;
        let row = rows.start + starts.partition_point(|start| *start <= at).checked_sub(1)?;
        (at < self.end_byte.value(row)).then_some(row)
    }
}

/// The rows of each path, in order.
fn by_path(paths: &StringArray) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = (start < paths.len()).then(|| paths.value(start))?;
        let mut end = start + 1;
        while end < paths.len() && paths.value(end) == first {
            end += 1;
        }
        Some(std::mem::replace(&mut start, end)..end)
    })
}

/// What the files of a shard refer to.
pub fn references(outline: &Batch, chunks: &Batch, cancel: &Cancel) -> Result<References, NodeError> {
    let (outline, chunks) = (Outline::of(outline)?, Chunks::of(chunks)?);
    let mut found = References::default();
    let mut tiles = by_path(chunks.path).peekable();
    for rows in by_path(outline.path) {
        cancel.check()?;
        let path = outline.path.value(rows.start);
        while tiles.next_if(|tile| chunks.path.value(tile.start) < path).is_some() {}
        let Some(tile) = tiles.next_if(|tile| chunks.path.value(tile.start) == path) else {
            let what = format!("`outline` has rows of `{path}`, and `chunks` has none");
            return Err(NodeError::Input { what });
        };
        let first = found.rows.len();
        of_file(&outline, rows, &chunks, &tile, &mut found)?;
        if found.rows.len() > first {
            found.files.push(ReferringFile { path: path.to_owned(), rows: first..found.rows.len() });
        }
    }
    found.shrink();
    Ok(found)
}

fn of_file(
    outline: &Outline<'_>,
    rows: Range<usize>,
    chunks: &Chunks<'_>,
    tile: &Range<usize>,
    found: &mut References,
) -> Result<(), NodeError> {
    let first = rows.start;
    let mut line = LineOf::default();
    for row in rows {
        let Some(relation) = outline.relation(row) else { continue };
        let at = outline.start_byte.value(row);
        let chunk = chunks.holding(tile, at).ok_or_else(|| NodeError::Input {
            what: format!("byte {at} of `{}` lies in no chunk", outline.path.value(row)),
        })?;
        let written = outline.qualified_name.value(row);
        let name = outline.name.value(row);
        let language = if chunks.language.is_valid(chunk) { chunks.language.value(chunk) } else { "" };
        let reference = Reference {
            relation,
            line: line.of(chunks, chunk, at),
            chunk: found.intern(chunks.chunk_id.value(chunk)),
            language: found.intern(language),
            name: found.intern(name),
            written: found.intern(if written.is_empty() { name } else { written }),
            scope: found.intern(outline.scope(first, row)),
        };
        found.rows.push(reference);
    }
    Ok(())
}

/// Counts lines on from the last place that was asked for.
#[derive(Default)]
struct LineOf {
    chunk: usize,
    at: usize,
    lines: u32,
}

impl LineOf {
    fn of(&mut self, chunks: &Chunks<'_>, chunk: usize, at: u32) -> u32 {
        let offset = (at - chunks.start_byte.value(chunk)) as usize;
        if self.chunk != chunk || offset < self.at {
            *self = Self { chunk, at: 0, lines: 0 };
        }
        let between = chunks.bytes(chunk).get(self.at..offset).unwrap_or_default();
        self.lines += between.iter().filter(|byte| **byte == b'\n').count() as u32;
        self.at = offset;
        chunks.start_line.value(chunk) + self.lines
    }
}
