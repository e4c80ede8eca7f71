//! The text that regions stand in: the file's own, or what parts of the file hold, put together.

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
    Part(Arc<Unescaped>),
}

impl<'a> Ground<'a> {
    pub fn file(bytes: &'a [u8]) -> Self {
        Self { text: Source::File(bytes), lines: lines(bytes) }
    }

    /// What the JSON strings in `start..end` hold.
    pub fn strings(&self, start: u32, end: u32) -> Self {
        self.part(Unescaped::new(self.bytes(), start, end))
    }

    /// Some stretches, put together. The parser could be told to read these only, but looks for its place among them
    /// at every token.
    pub fn joined(&self, stretches: &[(u32, u32)]) -> Self {
        self.part(Unescaped::joined(self.bytes(), stretches))
    }

    fn part(&self, part: Unescaped) -> Self {
        let part = match &self.text {
            Source::File(_) => part,
            Source::Part(around) => part.within(around),
        };
        Self { lines: lines(&part.text), text: Source::Part(Arc::new(part)) }
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.text {
            Source::File(bytes) => bytes,
            Source::Part(part) => &part.text,
        }
    }

    /// The place in the file of the byte at `at`.
    pub fn start(&self, at: u32) -> u32 {
        match &self.text {
            Source::File(_) => at,
            Source::Part(part) => part.start(at),
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
        let Source::Part(part) = &self.text else { return entry };
        for text in [&mut entry.name, &mut entry.qualified, &mut entry.signature] {
            if let Text::Span(start, end) = *text {
                let bytes = part.text.get(start as usize..end as usize).unwrap_or_default();
                *text = Text::Made(String::from_utf8_lossy(bytes).into_owned());
            }
        }
        let (body, end) = (entry.body, entry.end);
        entry.start = part.start(entry.start);
        entry.end = part.end(end).max(entry.start);
        entry.body = if body < end { part.start(body) } else { entry.end };
        entry.doc = entry.doc.map(|(from, to)| (part.start(from), part.end(to)));
        entry
    }
}

fn lines(bytes: &[u8]) -> Arc<[u32]> {
    std::iter::once(0).chain(memchr::memchr_iter(b'\n', bytes).map(|at| at as u32 + 1)).collect()
}
