//! Which files fulfil a query, and on which lines.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::super::request::SearchRequest;
use super::super::rows::ShardRows;
use super::super::select::SegmentPieces;
use super::super::words::Words;
use crate::base::Mode;
use crate::nodes::chunk::read::{CONTENT, Contents};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::grams::Plan;
use crate::query::parse::{Exact, Expr, FilterKind, Leaf, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::CHUNKS;

/// Filters that ask rows.
const OF_ROWS: [FilterKind; 6] =
    [FilterKind::Path, FilterKind::Lang, FilterKind::Ext, FilterKind::Kind, FilterKind::Sym, FilterKind::Role];

/// What a shard holds of a query.
#[derive(Debug, Default)]
pub struct Found {
    pub files: Vec<FoundFile>,
    /// Files whose text was read.
    pub read: u64,
}

/// A file of which the query holds.
#[derive(Debug)]
pub struct FoundFile {
    pub path: String,
    /// Chunks with matches, or with words where no text is asked for; in order.
    pub rows: Vec<FoundRow>,
    /// Numbers of the lines that match, ascending; only where they are asked for.
    pub lines: Vec<u32>,
    pub line_count: u64,
    pub matches: u64,
}

/// A chunk with matches.
#[derive(Debug)]
pub struct FoundRow {
    /// In its shard's `chunks`.
    pub row: u32,
    /// Per wanted literal or expression of the query, its matches.
    pub counts: Vec<u32>,
}

/// Asks files.
pub struct Finder<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
    pub request: &'a SearchRequest,
    pub query: &'a Query,
    expr: &'a Expr,
    exacts: Vec<(&'a Exact, bool)>,
    by_row: bool,
}

/// A file's text, and where its chunks end in it.
#[derive(Default)]
struct FileText {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

/// A line with a match of one of the query's leaves.
struct Line {
    number: u32,
    /// Index into the file's rows.
    row: usize,
    matches: u32,
}

impl<'a> Finder<'a> {
    /// `None` where the query has neither a literal nor an expression.
    pub fn new(pieces: &'a dyn Pieces, cache: &'a Cache, request: &'a SearchRequest, query: &'a Query) -> Option<Self> {
        let expr = query.expr.as_ref()?;
        let exacts = expr.exacts();
        let by_row = !request.modes.is_empty()
            || query.filters_by(FilterKind::Mode)
            || OF_ROWS.iter().any(|kind| query.filters_by(*kind));
        (!exacts.is_empty()).then_some(Self { pieces, cache, request, query, expr, exacts, by_row })
    }

    /// The literals and expressions that are wanted, in order.
    pub fn wanted(&self) -> impl Iterator<Item = &'a Exact> + '_ {
        self.exacts.iter().filter(|(_, wanted)| *wanted).map(|(exact, _)| *exact)
    }

    /// What a file must hold, as far as trigrams can tell.
    pub fn plan(&self) -> Plan {
        self.expr.plan()
    }

    /// The files of one shard: those whose rows are given, or all. `words`: where the query's words are.
    pub fn shard(
        &self,
        segment: &SegmentPieces,
        shard: u32,
        places: Option<&[Range<usize>]>,
        words: &Words,
    ) -> Result<Found, QueryError> {
        let gone = || QueryError::Manifest { what: "a segment names a shard that is not there".into() };
        let pieces = segment.shards.get(shard as usize).ok_or_else(gone)?;
        let reader = self.cache.reader(self.pieces, &pieces.chunks, &CHUNKS)?;
        let records = match places {
            Some(places) => reader.read_rows(CONTENT, places)?,
            None => reader.read_columns(CONTENT)?,
        };
        let contents = Contents::new(&records)?;
        let rows = if self.by_row { Some(ShardRows::read(self.pieces, self.cache, pieces)?) } else { None };
        let (mut found, mut text) = (Found::default(), FileText::default());
        for (at, range) in contents.files().enumerate() {
            text.read(&contents, &range);
            found.read += 1;
            // Each place is one file.
            let place = places.and_then(|places| places.get(at)).cloned().unwrap_or_else(|| range.clone());
            let first = place.start as u32;
            let admits = |row: usize| self.admits(segment.mode, rows.as_ref(), first + row as u32);
            if let Some(mut file) = self.file(&text, first, &admits, &|leaf| words.has(leaf, shard, &place)) {
                if file.rows.is_empty() {
                    file.rows = self.by_words(words, shard, &place, &admits);
                }
                if !file.rows.is_empty() {
                    contents.path.value(range.start).clone_into(&mut file.path);
                    found.files.push(file);
                }
            }
        }
        Ok(found)
    }

    /// Do the filters let a row through?
    fn admits(&self, mode: Mode, rows: Option<&Arc<ShardRows>>, row: u32) -> bool {
        let Some(rows) = rows else { return true };
        rows.row(row).is_some_and(|view| {
            let mode = if view.extracted { Mode::ExtractedProse } else { mode };
            self.request.wants(self.query, mode) && view.admitted(self.query)
        })
    }

    /// What of a file matches, if the query holds of it.
    fn file(
        &self,
        text: &FileText,
        first: u32,
        admits: &dyn Fn(usize) -> bool,
        has: &dyn Fn(&Leaf) -> bool,
    ) -> Option<FoundFile> {
        let mut lines: Vec<Vec<Line>> = Vec::with_capacity(self.exacts.len());
        let mut holds = Vec::with_capacity(self.exacts.len());
        for (exact, wanted) in &self.exacts {
            let matching = exact.matcher.lines(&text.bytes).map(|line| Line {
                number: u32::try_from(line.number).unwrap_or(u32::MAX),
                row: text.row_of(line.line.start + line.spans.first().map_or(0, |span| span.start)),
                matches: line.spans.len() as u32,
            });
            let mut matching = matching.filter(|line| admits(line.row));
            if *wanted {
                let matching: Vec<Line> = matching.collect();
                holds.push(!matching.is_empty());
                lines.push(matching);
            } else {
                holds.push(matching.next().is_some());
            }
        }
        let place = |leaf: &Exact| self.exacts.iter().position(|(exact, _)| exact.span == leaf.span);
        let holds = self.expr.holds(|leaf| match leaf {
            Leaf::Exact(exact) => place(exact).and_then(|at| holds.get(at)).copied().unwrap_or(false),
            Leaf::Word(_) => has(leaf),
        });
        holds.then(|| self.gathered(first, &lines))
    }

    fn gathered(&self, first: u32, lines: &[Vec<Line>]) -> FoundFile {
        let mut file =
            FoundFile { path: String::new(), rows: Vec::new(), lines: Vec::new(), line_count: 0, matches: 0 };
        let mut all: Vec<(u32, usize, usize, u32)> = Vec::new();
        for (leaf, lines) in lines.iter().enumerate() {
            all.extend(lines.iter().map(|line| (line.number, line.row, leaf, line.matches)));
        }
        all.sort_unstable();
        let mut last = 0;
        let mut rows: Vec<(usize, Vec<u32>)> = Vec::new();
        for (number, row, leaf, matches) in all {
            if number != last {
                last = number;
                file.line_count += 1;
                if self.request.files {
                    file.lines.push(number);
                }
            }
            file.matches += u64::from(matches);
            if rows.last().is_none_or(|(at, _)| *at != row) {
                rows.push((row, vec![0; lines.len()]));
            }
            if let Some(count) = rows.last_mut().and_then(|(_, counts)| counts.get_mut(leaf)) {
                *count = count.saturating_add(matches);
            }
        }
        // A long line may have its matches in several chunks.
        rows.sort_unstable_by_key(|(row, _)| *row);
        for (row, counts) in rows {
            match file.rows.last_mut().filter(|last| last.row == first + row as u32) {
                Some(last) => {
                    for (sum, more) in last.counts.iter_mut().zip(counts) {
                        *sum = sum.saturating_add(more);
                    }
                }
                None => file.rows.push(FoundRow { row: first + row as u32, counts }),
            }
        }
        file
    }

    /// The chunks with words, of a file in which no text is wanted.
    fn by_words(
        &self,
        words: &Words,
        shard: u32,
        rows: &Range<usize>,
        admits: &dyn Fn(usize) -> bool,
    ) -> Vec<FoundRow> {
        let leaves = self.wanted().count();
        let held: BTreeSet<u32> = words.rows(shard, rows).collect();
        let inside = |row: &u32| admits((*row as usize).saturating_sub(rows.start));
        held.into_iter().filter(inside).map(|row| FoundRow { row, counts: vec![0; leaves] }).collect()
    }
}

impl FileText {
    fn read(&mut self, contents: &Contents<'_>, rows: &Range<usize>) {
        self.bytes.clear();
        self.ends.clear();
        for row in rows.clone() {
            self.bytes.extend_from_slice(contents.bytes(row));
            self.ends.push(self.bytes.len());
        }
    }

    /// The chunk that holds a byte; the last one, at the end of the text.
    fn row_of(&self, place: usize) -> usize {
        self.ends.partition_point(|end| *end <= place).min(self.ends.len().saturating_sub(1))
    }
}
