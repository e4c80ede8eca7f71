//! The lines of a file that match.

use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use regex_automata::{Input, meta};

/// Finds matching lines. Cheap to use from several threads, dear to build.
#[derive(Debug)]
pub struct LineMatcher {
    how: How,
}

#[derive(Debug)]
enum How {
    Literal(Box<Finder<'static>>),
    /// On a whole text as on a line alone: it never matches `\n`, and its anchors are those of lines.
    Regex(meta::Regex),
    /// On a line alone.
    ByLine(meta::Regex),
}

/// A line with a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineMatch {
    /// From 1.
    pub number: u64,
    /// Bytes of the line in the file, without its `\n`.
    pub line: Range<usize>,
    /// The matches, as bytes of the line: in order, apart, at least one; may be empty ranges.
    pub spans: Vec<Range<usize>>,
}

impl LineMatcher {
    /// `literal` is not empty and has no `\n`.
    pub(super) fn of_literal(literal: &[u8]) -> Self {
        Self { how: How::Literal(Box::new(Finder::new(literal).into_owned())) }
    }

    pub(super) fn of_regex(regex: meta::Regex, by_line: bool) -> Self {
        Self { how: if by_line { How::ByLine(regex) } else { How::Regex(regex) } }
    }

    /// The matching lines of `bytes`, a whole file, in order.
    pub fn lines<'a>(&'a self, bytes: &'a [u8]) -> Lines<'a> {
        Lines { matcher: self, bytes, at: 0, number: 1 }
    }

    /// Does any line match?
    pub fn is_match(&self, bytes: &[u8]) -> bool {
        self.lines(bytes).next().is_some()
    }

    /// A place in the first matching line at or behind `from`, which is the start of a line.
    fn candidate(&self, bytes: &[u8], from: usize) -> Option<usize> {
        match &self.how {
            How::Literal(finder) => Some(from + finder.find(bytes.get(from..)?)?),
            // The end of the match that ends first. A match never leaves its line.
            How::Regex(regex) => {
                let input = Input::new(bytes).range(from..bytes.len()).earliest(true);
                Some(regex.search_half(&input)?.offset())
            }
            How::ByLine(regex) => {
                let mut start = from;
                loop {
                    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
                    let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len()))?;
                    if regex.is_match(line) {
                        return Some(start);
                    }
                    start += line.len() + 1;
                }
            }
        }
    }

    fn spans(&self, line: &[u8]) -> Vec<Range<usize>> {
        match &self.how {
            How::Literal(finder) => finder.find_iter(line).map(|at| at..at + finder.needle().len()).collect(),
            How::Regex(regex) | How::ByLine(regex) => regex.find_iter(line).map(|m| m.range()).collect(),
        }
    }
}

/// The matching lines of a file, one after the other.
#[derive(Debug)]
pub struct Lines<'a> {
    matcher: &'a LineMatcher,
    bytes: &'a [u8],
    /// The start of the next line, and its number.
    at: usize,
    number: u64,
}

impl Lines<'_> {
    /// The next line that may match.
    fn candidate(&mut self) -> Option<(u64, Range<usize>)> {
        let place = self.matcher.candidate(self.bytes, self.at)?;
        let before = self.bytes.get(self.at..place)?;
        let start = memrchr(b'\n', before).map_or(self.at, |end| self.at + end + 1);
        // Behind the last `\n` is no line.
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        self.number += memchr_iter(b'\n', before).count() as u64;
        let end = start + memchr(b'\n', rest).unwrap_or(rest.len());
        let found = (self.number, start..end);
        self.at = end + 1;
        self.number += 1;
        Some(found)
    }
}

impl Iterator for Lines<'_> {
    type Item = LineMatch;

    fn next(&mut self) -> Option<LineMatch> {
        while self.at < self.bytes.len() {
            let Some((number, line)) = self.candidate() else {
                self.at = self.bytes.len();
                return None;
            };
            // The line alone decides: `\B` beside bytes that are not UTF-8 can see more of a whole text.
            let spans = self.matcher.spans(self.bytes.get(line.clone())?);
            if !spans.is_empty() {
                return Some(LineMatch { number, line, spans });
            }
        }
        None
    }
}
