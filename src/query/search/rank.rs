//! The best of all candidates.
//!
//! A candidate's final score is its score times factors of at most 1, and its place among equals needs its name
//! and path. Both stand in the shard's rows, which are read only for candidates that can still be among the best:
//! candidates come up by score, in rounds of fixed sizes, until the last hit's final score is above what is left.
//! The answer is the same as if every row had been read.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use super::request::SearchRequest;
use super::rows::{RowView, ShardRows};
use super::select::{SegmentPieces, Selection};
use crate::base::{Mode, parallel};
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Exact, ExactKind, FilterKind, Query};
use crate::query::pieces::Pieces;

/// Most hits of one file.
const HITS_PER_FILE: usize = 3;
/// Candidates of the first round; each round is twice the one before, up to the last.
const FIRST_ROUND: usize = 64;
const LAST_ROUND: usize = 16_384;

/// A chunk by its score before factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    pub score: f64,
    /// Index into the selection's segments.
    pub segment: u32,
    /// Among the segment's chunks; [`NO_ORDINAL`] where it has none: what stands between definitions is not indexed.
    pub ordinal: u32,
    /// What of the score is for literals and expressions.
    pub text: f64,
    /// What of it is for the path that the query is.
    pub path: f64,
    /// Shard and row, where they are known already.
    pub row: Option<(u32, u32)>,
}

/// Stands for none.
pub const NO_ORDINAL: u32 = u32::MAX;

impl Eq for Candidate {}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score
            .total_cmp(&other.score)
            .then_with(|| other.segment.cmp(&self.segment))
            .then_with(|| other.ordinal.cmp(&self.ordinal))
            .then_with(|| other.row.cmp(&self.row))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A candidate with its row.
#[derive(Clone, Debug)]
pub struct Ranked {
    pub candidate: Candidate,
    /// After factors.
    pub score: f64,
    pub role: f64,
    pub kind: f64,
    pub name: f64,
    pub shard: u32,
    pub row: u32,
    rows: Arc<ShardRows>,
}

impl Ranked {
    fn view(&self) -> Option<RowView<'_>> {
        self.rows.row(self.row)
    }
}

/// What ranking reads from.
pub struct Source<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
    pub selection: &'a Selection,
    /// Per segment.
    pub stats: &'a [Arc<Stats>],
    pub request: &'a SearchRequest,
    /// The query's wanted literals and expressions.
    pub exacts: &'a [&'a Exact],
}

/// Trouble with one repository's data.
pub struct Failed {
    /// Index into the selection's repositories.
    pub repo: usize,
    pub error: QueryError,
}

/// The `limit` best, best first, and how many candidates were looked at.
pub fn best(
    source: &Source<'_>,
    query: &Query,
    candidates: Vec<Candidate>,
    limit: usize,
) -> Result<(Vec<Ranked>, usize), Failed> {
    let mut heap = BinaryHeap::from(candidates);
    let mut chosen: Vec<Ranked> = Vec::new();
    let (mut looked_at, mut round) = (0, FIRST_ROUND);
    if limit == 0 {
        return Ok((chosen, 0));
    }
    while let Some(next) = heap.peek() {
        if chosen.len() >= limit && chosen.last().is_some_and(|last| last.score > next.score) {
            break;
        }
        let batch: Vec<Candidate> = (0..round).map_while(|_| heap.pop()).collect();
        looked_at += batch.len();
        round = (round * 2).min(LAST_ROUND);
        chosen.extend(resolve(source, query, &batch)?);
        choose(source.selection, &mut chosen, limit);
    }
    Ok((chosen, looked_at))
}

/// Sorts and keeps the best: at most [`HITS_PER_FILE`] of a file. What falls out here can never come back, since
/// more candidates only push further down.
fn choose(selection: &Selection, chosen: &mut Vec<Ranked>, limit: usize) {
    chosen.sort_by(|a, b| order(selection, a, b));
    let mut of_file: BTreeMap<(usize, String), usize> = BTreeMap::new();
    chosen.retain(|ranked| {
        let repo = segment(selection, ranked).map_or(usize::MAX, |s| s.repo);
        let path = ranked.view().map_or("", |v| v.path).to_owned();
        let count = of_file.entry((repo, path)).or_default();
        *count += 1;
        *count <= HITS_PER_FILE
    });
    chosen.truncate(limit);
}

fn segment<'a>(selection: &'a Selection, ranked: &Ranked) -> Option<&'a SegmentPieces> {
    selection.segments.get(ranked.candidate.segment as usize)
}

/// Score, then the repository's priority and name (its place in the selection), path, start line; last the row, so
/// that the order is total.
fn order(selection: &Selection, a: &Ranked, b: &Ranked) -> Ordering {
    let repo = |r: &Ranked| segment(selection, r).map_or(usize::MAX, |s| s.repo);
    let place = |r: &Ranked| r.view().map(|v| (v.path.to_owned(), v.start_line));
    b.score
        .total_cmp(&a.score)
        .then_with(|| repo(a).cmp(&repo(b)))
        .then_with(|| place(a).cmp(&place(b)))
        .then_with(|| a.row.cmp(&b.row))
        .then_with(|| a.candidate.segment.cmp(&b.candidate.segment))
}

/// Reads the rows of a round's candidates and lets the filters choose among them.
fn resolve(source: &Source<'_>, query: &Query, batch: &[Candidate]) -> Result<Vec<Ranked>, Failed> {
    let mut places = Vec::with_capacity(batch.len());
    let mut shards: BTreeMap<(u32, u32), Option<Arc<ShardRows>>> = BTreeMap::new();
    for candidate in batch {
        let (shard, row) = place(source, candidate)?;
        shards.insert((candidate.segment, shard), None);
        places.push((candidate, shard, row));
    }
    let keys: Vec<(u32, u32)> = shards.keys().copied().collect();
    let read = parallel::map(source.request.threads, &keys, |(segment, shard)| {
        let pieces = source.selection.segments.get(*segment as usize);
        let found = pieces.and_then(|s| s.shards.get(*shard as usize));
        let found =
            found.ok_or_else(|| QueryError::Manifest { what: "a chunk names a shard that is not there".into() });
        let rows = found.and_then(|shard| ShardRows::read(source.pieces, source.cache, shard));
        rows.map_err(|error| Failed { repo: pieces.map_or(usize::MAX, |s| s.repo), error })
    });
    for (key, rows) in keys.into_iter().zip(read) {
        shards.insert(key, Some(rows?));
    }
    let mut out = Vec::new();
    for (candidate, shard, row) in places {
        let Some(rows) = shards.get(&(candidate.segment, shard)).and_then(Option::as_ref) else { continue };
        let Some(view) = rows.row(row) else {
            return Err(damaged(source, candidate, "a chunk names a row that is not there"));
        };
        let mode = row_mode(source.selection, candidate, view.extracted);
        if source.request.wants(query, mode) && view.admitted(query) {
            let (role, kind) = (role_factor(query, view.role), kind_factor(view.kind));
            let name = name_factor(source.exacts, view.name);
            let score = candidate.score * role * kind * name;
            out.push(Ranked { candidate: *candidate, score, role, kind, name, shard, row, rows: Arc::clone(rows) });
        }
    }
    Ok(out)
}

/// The mode of a candidate's row.
fn row_mode(selection: &Selection, candidate: &Candidate, extracted: bool) -> Mode {
    let segment = selection.segments.get(candidate.segment as usize);
    if extracted { Mode::ExtractedProse } else { segment.map_or(Mode::Code, |segment| segment.mode) }
}

fn place(source: &Source<'_>, candidate: &Candidate) -> Result<(u32, u32), Failed> {
    if let Some(place) = candidate.row {
        return Ok(place);
    }
    let stats = source.stats.get(candidate.segment as usize);
    let at = candidate.ordinal as usize;
    let found = stats.and_then(|s| Some((*s.shard.get(at)?, *s.row.get(at)?)));
    found.ok_or_else(|| damaged(source, candidate, "postings name a chunk without statistics"))
}

fn damaged(source: &Source<'_>, candidate: &Candidate, what: &str) -> Failed {
    let segment = source.selection.segments.get(candidate.segment as usize);
    Failed { repo: segment.map_or(usize::MAX, |s| s.repo), error: QueryError::Manifest { what: what.into() } }
}

/// What people look for is seldom in tests, and least in what tools wrote. A query that filters by role has
/// chosen itself.
fn role_factor(query: &Query, role: Option<&str>) -> f64 {
    if query.filters_by(FilterKind::Role) {
        return 1.0;
    }
    match role {
        Some("test") => 0.75,
        Some("vendored") => 0.6,
        Some("generated") => 0.5,
        Some("minified") => 0.3,
        _ => 1.0,
    }
}

/// A literal is looked for where it is defined before where it is used. Without literals there is no such factor.
fn name_factor(exacts: &[&Exact], name: &str) -> f64 {
    let one = |exact: &&Exact| {
        let same = if exact.pattern.any_case() { exact.text.eq_ignore_ascii_case(name) } else { exact.text == name };
        match exact.kind {
            _ if name.is_empty() => 0.45,
            ExactKind::Literal if same => 1.0,
            _ if exact.matcher.is_match(name.as_bytes()) => 0.6,
            _ => 0.45,
        }
    };
    exacts
        .iter()
        .map(one)
        .fold(None, |best: Option<f64>, factor| Some(best.map_or(factor, |b| b.max(factor))))
        .unwrap_or(1.0)
}

/// A definition or section before a stretch of text between them.
fn kind_factor(kind: &str) -> f64 {
    match kind {
        "text" => 0.85,
        "part" | "fence" => 0.95,
        _ => 1.0,
    }
}
