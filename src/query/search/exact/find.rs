//! Which files fulfil a query, and on which lines.

use std::collections::BTreeSet;
use std::ops::Range;

use arrow::array::{Array, StringArray};

use super::super::admit::RowFilters;
use super::super::request::SearchRequest;
use super::super::rows::ShardRows;
use super::super::select::{SegmentPieces, ShardPieces};
use super::super::words::Words;
use super::prune::Place;
use super::text::{Cursor, Hits, ShardTexts, Text};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::grams::{Plan, Searcher};
use crate::query::parse::{Exact, Expr, Leaf, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::CHUNKS;
use crate::table::{TableReader, typed_column};

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
    pub name: FileName,
    /// Chunks with matches, or with words where no text is asked for, as rows of the shard's `chunks`; in order.
    pub rows: Vec<u32>,
    /// Per row, and for it per wanted literal or expression of the query, how many lines match.
    pub counts: Vec<u32>,
    /// Numbers of the lines that match, ascending; only where they are asked for.
    pub lines: Vec<u32>,
    pub line_count: u64,
}

/// How a found file is called.
#[derive(Clone, Debug)]
pub enum FileName {
    /// Number among the segment's files.
    Number(u32),
    Path(String),
}

/// Asks files.
pub struct Finder<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
    pub request: &'a SearchRequest,
    pub query: &'a Query,
    expr: &'a Expr,
    exacts: Vec<(&'a Exact, bool)>,
    plan: Plan,
}

/// A file to ask, and where in its shard it is.
struct Candidate {
    name: FileName,
    rows: Range<usize>,
}

impl<'a> Finder<'a> {
    /// `None` where the query has neither a literal nor an expression.
    pub fn new(pieces: &'a dyn Pieces, cache: &'a Cache, request: &'a SearchRequest, query: &'a Query) -> Option<Self> {
        let expr = query.expr.as_ref()?;
        let exacts = expr.exacts();
        (!exacts.is_empty()).then(|| Self { pieces, cache, request, query, expr, exacts, plan: expr.plan() })
    }

    /// The literals and expressions that are wanted, in order.
    pub fn wanted(&self) -> impl Iterator<Item = &'a Exact> + '_ {
        self.exacts.iter().filter(|(_, wanted)| *wanted).map(|(exact, _)| *exact)
    }

    /// What a file must hold, as far as trigrams can tell.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The files of one shard: those that are given, or all. `words`: where the query's words are.
    pub fn shard(
        &self,
        segment: &SegmentPieces,
        shard: u32,
        places: Option<&[Place]>,
        words: &Words,
    ) -> Result<Found, QueryError> {
        let gone = || QueryError::Manifest { what: "a segment names a shard that is not there".into() };
        let pieces = segment.shards.get(shard as usize).ok_or_else(gone)?;
        let reader = self.cache.reader(self.pieces, &pieces.chunks, &CHUNKS)?;
        let mut candidates = match places {
            Some(places) => places.iter().map(Candidate::of).collect(),
            None => by_path(&reader)?,
        };
        let admits = self.admits(segment, pieces)?;
        candidates.retain(|candidate| candidate.rows.clone().any(&admits));
        // What the words of a file settle needs no text.
        candidates.retain(|candidate| {
            self.expr.may_hold(|leaf| match leaf {
                Leaf::Word(_) => Some(words.has(leaf, shard, &candidate.rows)),
                Leaf::Exact(_) => None,
            })
        });
        let ranges: Vec<Range<usize>> = candidates.iter().map(|candidate| candidate.rows.clone()).collect();
        let mut searchers: Vec<Searcher<'_>> = self.exacts.iter().map(|(exact, _)| exact.matcher.searcher()).collect();
        let mut found = Found { read: candidates.len() as u64, ..Found::default() };
        let mut candidates = candidates.into_iter();
        ShardTexts::new(&reader, &ranges)?.each(|text| {
            let Some(candidate) = candidates.next() else { return };
            let has = |leaf: &Leaf| words.has(leaf, shard, &candidate.rows);
            let Some(mut file) = self.file(text, candidate.name, &mut searchers, &admits, &has) else { return };
            if file.rows.is_empty() {
                file.rows = Self::by_words(words, shard, &candidate.rows, &admits);
                file.counts = vec![0; file.rows.len() * self.wanted().count()];
            }
            if !file.rows.is_empty() {
                found.files.push(file);
            }
        })?;
        Ok(found)
    }

    /// Whether the filters let a row of a shard through.
    fn admits<'s>(
        &'s self,
        segment: &'s SegmentPieces,
        shard: &ShardPieces,
    ) -> Result<impl Fn(usize) -> bool + 's, QueryError> {
        let filters = RowFilters::of(self.request, self.query, segment);
        let rows = match &filters {
            Some(_) => Some(ShardRows::filtered(self.pieces, self.cache, shard, self.query)?),
            None => None,
        };
        let admits = move |row: usize| match filters.as_ref().zip(rows.as_ref()) {
            Some((filters, rows)) => rows.row(row as u32).is_some_and(|view| filters.admit(&view)),
            None => true,
        };
        Ok(admits)
    }

    /// What of a file matches, if the query holds of it.
    fn file(
        &self,
        text: &Text,
        name: FileName,
        searchers: &mut [Searcher<'_>],
        admits: &dyn Fn(usize) -> bool,
        has: &dyn Fn(&Leaf) -> bool,
    ) -> Option<FoundFile> {
        let mut hits = Hits::default();
        let mut holds = Vec::with_capacity(self.exacts.len());
        let mut leaf = 0;
        for ((_, wanted), searcher) in self.exacts.iter().zip(searchers) {
            let (mut any, mut at) = (false, Cursor::default());
            while let Some((line, row)) = text.next_line(searcher, &mut at) {
                if !admits(row) {
                    continue;
                }
                any = true;
                if !wanted {
                    break;
                }
                hits.add(line, row, leaf);
            }
            holds.push(any);
            leaf += usize::from(*wanted);
        }
        let place = |leaf: &Exact| self.exacts.iter().position(|(exact, _)| exact.span == leaf.span);
        let holds = self.expr.holds(|leaf| match leaf {
            Leaf::Exact(exact) => place(exact).and_then(|at| holds.get(at)).copied().unwrap_or(false),
            Leaf::Word(_) => has(leaf),
        });
        if !holds {
            return None;
        }
        let starts = hits.starts(leaf > 1);
        let lines = if self.request.files { text.numbers(&starts) } else { Vec::new() };
        let (rows, counts) = hits.by_row(leaf);
        Some(FoundFile { name, rows, counts, lines, line_count: starts.len() as u64 })
    }

    /// The chunks with words, of a file in which no text is wanted; its first chunk, where it is wanted for what it lacks.
    fn by_words(words: &Words, shard: u32, rows: &Range<usize>, admits: &dyn Fn(usize) -> bool) -> Vec<u32> {
        let held: BTreeSet<u32> = words.rows(shard, rows).collect();
        if held.is_empty() {
            return rows.clone().find(|row| admits(*row)).map(|row| row as u32).into_iter().collect();
        }
        held.into_iter().filter(|row| admits(*row as usize)).collect()
    }
}

impl Candidate {
    fn of(place: &Place) -> Self {
        Self { name: FileName::Number(place.file), rows: place.rows.clone() }
    }
}

/// Every file of a shard: rows of one path stand together.
fn by_path(reader: &TableReader) -> Result<Vec<Candidate>, QueryError> {
    let records = reader.read_columns(&["path"])?;
    let paths: &StringArray = typed_column(&records, CHUNKS.name, "path")?;
    let mut out: Vec<Candidate> = Vec::new();
    for row in 0..paths.len() {
        match out.last_mut() {
            Some(last) if paths.value(last.rows.start) == paths.value(row) => last.rows.end = row + 1,
            _ => out.push(Candidate { name: FileName::Path(paths.value(row).to_owned()), rows: row..row + 1 }),
        }
    }
    Ok(out)
}
