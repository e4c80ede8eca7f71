//! The texts of a shard's files, and the lines of them that match.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{Array, BinaryArray};
use memchr::memchr_iter;

use crate::query::error::QueryError;
use crate::query::grams::Searcher;
use crate::table::schema::CHUNKS;
use crate::table::{TableError, TableReader, typed_column};

/// A file's bytes, and where its chunks end in them.
#[derive(Debug, Default)]
pub struct Text {
    bytes: Vec<u8>,
    /// The row of the first chunk.
    first: usize,
    ends: Vec<usize>,
}

/// Where in a text a search is; it begins at the default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor {
    at: usize,
    /// Index of the chunk that `at` is in, or an earlier one.
    chunk: usize,
}

impl Text {
    /// The next line that matches: where it starts, and the row of the chunk in which its first match begins.
    pub fn next_line(&self, searcher: &mut Searcher<'_>, cursor: &mut Cursor) -> Option<(usize, usize)> {
        let line = searcher.next_line(&self.bytes, cursor.at)?;
        cursor.at = line.end + 1;
        cursor.chunk = self.chunk(line.start, cursor.chunk);
        let mut chunk = cursor.chunk;
        if self.ends.get(chunk).is_some_and(|end| *end < line.end) {
            // A line that lies in several chunks.
            let within = searcher.first_match(self.bytes.get(line.clone())?).unwrap_or(0);
            chunk = self.chunk(line.start + within, chunk);
        }
        Some((line.start, self.first + chunk))
    }

    /// The chunk that holds a byte, not before `from`; the last one, at the end of the text.
    fn chunk(&self, byte: usize, from: usize) -> usize {
        let later = self.ends.get(from..).unwrap_or_default();
        let steps = match later.first() {
            Some(end) if *end > byte => 0,
            _ => later.partition_point(|end| *end <= byte),
        };
        (from + steps).min(self.ends.len().saturating_sub(1))
    }

    /// The numbers, from 1, of the lines that start at these bytes, which ascend.
    pub fn numbers(&self, starts: &[usize]) -> Vec<u32> {
        let (mut at, mut number) = (0, 1u32);
        let mut of = |start: usize| {
            let between = self.bytes.get(at..start).unwrap_or_default();
            number = number.saturating_add(u32::try_from(memchr_iter(b'\n', between).count()).unwrap_or(u32::MAX));
            at = start;
            number
        };
        starts.iter().map(|start| of(*start)).collect()
    }

    fn clear(&mut self, first: usize) {
        self.bytes.clear();
        self.ends.clear();
        self.first = first;
    }

    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        self.ends.push(self.bytes.len());
    }
}

/// Lines of a file that match.
#[derive(Debug, Default)]
pub struct Hits {
    /// Start of the line, row of the chunk, literal or expression.
    found: Vec<(usize, usize, usize)>,
}

impl Hits {
    pub fn add(&mut self, line: usize, row: usize, leaf: usize) {
        self.found.push((line, row, leaf));
    }

    /// The starts of the lines, each once, ascending. `mixed`: are there several literals or expressions?
    pub fn starts(&self, mixed: bool) -> Vec<usize> {
        let mut starts: Vec<usize> = self.found.iter().map(|(line, ..)| *line).collect();
        if mixed {
            starts.sort_unstable();
            starts.dedup();
        }
        starts
    }

    /// The rows, ascending, and for each of them, per literal or expression, how many lines.
    pub fn by_row(mut self, leaves: usize) -> (Vec<u32>, Vec<u32>) {
        // A long line may have its first match in a chunk behind that of the next line's.
        self.found.sort_by_key(|(_, row, _)| *row);
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for (_, row, leaf) in self.found {
            let row = row as u32;
            if rows.last() != Some(&row) {
                rows.push(row);
                counts.resize(rows.len() * leaves, 0u32);
            }
            let slot = (rows.len() - 1) * leaves + leaf;
            if let Some(count) = counts.get_mut(slot) {
                *count = count.saturating_add(1);
            }
        }
        (rows, counts)
    }
}

/// Texts of some files of a shard.
pub struct ShardTexts<'a> {
    reader: &'a TableReader,
    files: &'a [Range<usize>],
    /// Row → its bytes, where they are not its text.
    bytes: BTreeMap<usize, Vec<u8>>,
}

impl<'a> ShardTexts<'a> {
    /// `files`: rows of `chunks`, ascending, one range a file.
    pub fn new(reader: &'a TableReader, files: &'a [Range<usize>]) -> Result<Self, QueryError> {
        let mut bytes = BTreeMap::new();
        if !files.is_empty() && reader.has_values("text_bytes")? {
            let records = reader.read_rows(&["text_bytes"], files)?;
            let values: &BinaryArray = typed_column(&records, CHUNKS.name, "text_bytes")?;
            let rows = files.iter().flat_map(Clone::clone).enumerate();
            bytes =
                rows.filter(|(at, _)| values.is_valid(*at)).map(|(at, row)| (row, values.value(at).to_vec())).collect();
        }
        Ok(Self { reader, files, bytes })
    }

    /// Calls `visit` with each file's text, in order.
    pub fn each(&self, mut visit: impl FnMut(&Text)) -> Result<(), TableError> {
        let mut text = Text::default();
        let mut files = self.files.iter();
        let mut file = files.next();
        self.reader.visit_texts("text", self.files, |row, value| {
            let Some(rows) = file else { return };
            if row == rows.start {
                text.clear(row);
            }
            text.add(self.bytes.get(&row).map_or(value, Vec::as_slice));
            if row + 1 == rows.end {
                visit(&text);
                file = files.next();
            }
        })
    }
}
