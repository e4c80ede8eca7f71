//! The lines of a file that match.
//!
//! A regular expression that has nothing quick to begin with (`\w+\s+zz`) is run over every byte. Where each match
//! holds a literal, as `zz` here, lines with the literal are found first, and the expression is asked of those lines
//! alone. A literal that turns out to stand in most lines of a file is given up for the rest of that file.

use std::ops::Range;

use memchr::memmem::Finder;
use memchr::{memchr, memchr_iter, memrchr};
use regex_automata::{Input, meta};

/// What it costs to ask of one line alone, in bytes that the pattern could be run over instead.
const ASKED: usize = 128;
/// Lines that are asked of before a literal is given up that stands in too many.
const TRIED: usize = 16;

/// Finds matching lines. Cheap to use from several threads, dear to build.
#[derive(Debug)]
pub struct LineMatcher {
    how: How,
    /// Is in every line that matches, where that is quicker to find than `how`.
    required: Option<Box<Finder<'static>>>,
}

#[derive(Debug)]
enum How {
    Literal(Box<Finder<'static>>),
    /// On a whole text as on a line alone: it never matches `\n`, and its anchors are those of lines.
    Regex {
        regex: meta::Regex,
        /// `\B` beside bytes that are not UTF-8 can see more of a whole text than of a line.
        sees_beyond: bool,
    },
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
        Self { how: How::Literal(Box::new(Finder::new(literal).into_owned())), required: None }
    }

    /// `sees_beyond`: has the pattern a `\B`? `required` is in every match, not empty, and has no `\n`.
    pub(super) fn of_regex(regex: meta::Regex, by_line: bool, sees_beyond: bool, required: Option<&[u8]>) -> Self {
        let required = required.filter(|_| by_line || !regex.is_accelerated());
        let required = required.map(|literal| Box::new(Finder::new(literal).into_owned()));
        let how = if by_line { How::ByLine(regex) } else { How::Regex { regex, sees_beyond } };
        Self { how, required }
    }

    /// The literal that is looked for first.
    #[cfg(test)]
    pub(super) fn required(&self) -> Option<&[u8]> {
        self.required.as_ref().map(|finder| finder.needle())
    }

    /// The matching lines of `bytes`, a whole file, in order, with their matches.
    pub fn lines(&self, bytes: &[u8]) -> Vec<LineMatch> {
        let (mut searcher, mut out) = (self.searcher(), Vec::new());
        let (mut counted, mut number) = (0, 1);
        let mut at = 0;
        while let Some(line) = searcher.next_line(bytes, at) {
            let before = bytes.get(counted..line.start).unwrap_or_default();
            number += memchr_iter(b'\n', before).count() as u64;
            (counted, at) = (line.start, line.end + 1);
            let spans = self.spans(bytes.get(line.clone()).unwrap_or_default());
            out.push(LineMatch { number, line, spans });
        }
        out
    }

    /// Does any line match?
    pub fn is_match(&self, bytes: &[u8]) -> bool {
        self.searcher().next_line(bytes, 0).is_some()
    }

    /// For one thread, which keeps it for many files.
    pub fn searcher(&self) -> Searcher<'_> {
        let cache = match &self.how {
            How::Literal(_) => None,
            How::Regex { regex, .. } | How::ByLine(regex) => Some(regex.create_cache()),
        };
        Searcher { how: &self.how, cache, required: self.required.as_deref(), tried: 0 }
    }

    /// The matches of a line, in order.
    fn spans(&self, line: &[u8]) -> Vec<Range<usize>> {
        match &self.how {
            How::Literal(finder) => finder.find_iter(line).map(|at| at..at + finder.needle().len()).collect(),
            How::Regex { regex, .. } | How::ByLine(regex) => regex.find_iter(line).map(|m| m.range()).collect(),
        }
    }
}

/// A matcher with the scratch space that a search needs.
#[derive(Debug)]
pub struct Searcher<'a> {
    how: &'a How,
    cache: Option<meta::Cache>,
    required: Option<&'a Finder<'static>>,
    /// Lines of this file that hold what is required.
    tried: usize,
}

impl Searcher<'_> {
    /// The next matching line at or behind `from`, which is the start of a line or behind the end: its bytes, without
    /// its `\n`.
    pub fn next_line(&mut self, bytes: &[u8], from: usize) -> Option<Range<usize>> {
        let mut from = from;
        if from == 0 {
            self.tried = 0;
        }
        while from < bytes.len() {
            let required = self.required.filter(|_| self.tried <= TRIED + from / ASKED);
            let place = match required {
                Some(finder) => from + finder.find(bytes.get(from..)?)?,
                None => self.candidate(bytes, from)?,
            };
            let before = bytes.get(from..place)?;
            let start = memrchr(b'\n', before).map_or(from, |end| from + end + 1);
            // Behind the last `\n` is no line.
            let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
            let end = start + memchr(b'\n', rest).unwrap_or(rest.len());
            self.tried += usize::from(required.is_some());
            let is_certain = required.is_none() && !self.must_ask();
            if is_certain || self.matches(bytes.get(start..end)?) {
                return Some(start..end);
            }
            from = end + 1;
        }
        None
    }

    /// Does a line alone match?
    fn matches(&mut self, line: &[u8]) -> bool {
        match (self.how, &mut self.cache) {
            (How::Literal(finder), _) => finder.find(line).is_some(),
            (How::Regex { regex, .. } | How::ByLine(regex), cache) => half(regex, cache, &Input::new(line)).is_some(),
        }
    }

    /// Where in a line alone its first match begins.
    pub fn first_match(&mut self, line: &[u8]) -> Option<usize> {
        match (self.how, &mut self.cache) {
            (How::Literal(finder), _) => finder.find(line),
            (How::Regex { regex, .. } | How::ByLine(regex), Some(cache)) => {
                Some(regex.search_with(cache, &Input::new(line))?.start())
            }
            (How::Regex { regex, .. } | How::ByLine(regex), None) => Some(regex.find(line)?.start()),
        }
    }

    /// Is a candidate no more than that?
    fn must_ask(&self) -> bool {
        matches!(self.how, How::Regex { sees_beyond: true, .. })
    }

    /// A place in the first line at or behind `from` that matches, or may.
    fn candidate(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        match self.how {
            How::Literal(finder) => Some(from + finder.find(bytes.get(from..)?)?),
            // The end of the match that ends first. A match never leaves its line.
            How::Regex { regex, .. } => half(regex, &mut self.cache, &Input::new(bytes).range(from..bytes.len())),
            How::ByLine(_) => {
                let mut start = from;
                loop {
                    let rest = bytes.get(start..).filter(|rest| !rest.is_empty())?;
                    let line = rest.get(..memchr(b'\n', rest).unwrap_or(rest.len()))?;
                    if self.matches(line) {
                        return Some(start);
                    }
                    start += line.len() + 1;
                }
            }
        }
    }
}

/// The end of the match that ends first.
fn half(regex: &meta::Regex, cache: &mut Option<meta::Cache>, input: &Input<'_>) -> Option<usize> {
    let input = input.clone().earliest(true);
    let found = match cache {
        Some(cache) => regex.search_half_with(cache, &input),
        None => regex.search_half(&input),
    };
    Some(found?.offset())
}
