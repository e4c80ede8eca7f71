//! The text that regions stand in: the file's own, or what strings of the file hold.

use std::sync::Arc;

use tree_sitter::{Point, Range};

use crate::base::Unescaped;
use crate::nodes::extract::spec::Text;
use crate::nodes::extract::walk::Entry;

/// A text, its lines, and the way from it to the file.
#[derive(Clone)]
pub(super) struct Ground<'a> {
    text: Source<'a>,
    /// Offset of each line's first byte.
    lines: Arc<[u32]>,
}

#[derive(Clone)]
enum Source<'a> {
    File(&'a [u8]),
    Strings(Arc<Unescaped>),
}

impl<'a> Ground<'a> {
    pub fn file(bytes: &'a [u8]) -> Self {
        Self { text: Source::File(bytes), lines: lines(bytes) }
    }

    /// What the JSON strings in `bytes[start..end]` of the file hold.
    pub fn strings(bytes: &[u8], start: u32, end: u32) -> Self {
        let strings = Unescaped::new(bytes, start, end);
        Self { lines: lines(&strings.text), text: Source::Strings(Arc::new(strings)) }
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.text {
            Source::File(bytes) => bytes,
            Source::Strings(strings) => &strings.text,
        }
    }

    /// The place in the file of the byte at `at`.
    pub fn start(&self, at: u32) -> u32 {
        match &self.text {
            Source::File(_) => at,
            Source::Strings(strings) => strings.start(at),
        }
    }

    /// The line, 1-based, of the byte at `at`.
    pub fn line(&self, at: u32) -> i32 {
        i32::try_from(self.lines.partition_point(|start| *start <= at)).unwrap_or(i32::MAX)
    }

    /// The place in the file of the first byte of `line`, 1-based.
    pub fn start_of_line(&self, line: i32) -> u32 {
        let line = usize::try_from(line.saturating_sub(1)).unwrap_or_default();
        self.start(self.lines.get(line).copied().unwrap_or_default())
    }

    pub fn range(&self, start: u32, end: u32) -> Range {
        Range {
            start_byte: start as usize,
            end_byte: end as usize,
            start_point: self.point(start),
            end_point: self.point(end),
        }
    }

    fn point(&self, at: u32) -> Point {
        let row = self.lines.partition_point(|start| *start <= at).saturating_sub(1);
        let start = self.lines.get(row).copied().unwrap_or_default();
        Point { row, column: (at - start) as usize }
    }

    /// An entry with its places in the file.
    pub fn settle(&self, mut entry: Entry) -> Entry {
        let Source::Strings(strings) = &self.text else { return entry };
        for text in [&mut entry.name, &mut entry.qualified, &mut entry.signature] {
            if let Text::Span(start, end) = *text {
                let bytes = strings.text.get(start as usize..end as usize).unwrap_or_default();
                *text = Text::Made(String::from_utf8_lossy(bytes).into_owned());
            }
        }
        let (body, end) = (entry.body, entry.end);
        entry.start = strings.start(entry.start);
        entry.end = strings.end(end).max(entry.start);
        entry.body = if body < end { strings.start(body) } else { entry.end };
        entry.doc = entry.doc.map(|(from, to)| (strings.start(from), strings.end(to)));
        entry
    }
}

fn lines(bytes: &[u8]) -> Arc<[u32]> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1)).collect()
}
