//! The best of all candidates.
//!
//! A candidate's final score is its score times factors of at most 1, and its place among equals needs its name
//! and path. Both stand in the shard's rows, which are read only for candidates that can still be among the best:
//! candidates come up by score, in rounds of fixed sizes, until the last hit's final score is above what is left.
//! The answer is the same as if every row had been read.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use super::places::{self, Known};
use super::request::SearchRequest;
use super::rows::ShardRows;
use super::select::{SegmentPieces, Selection};
use super::weights::{Profile, Weights};
use crate::base::parallel;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Exact, ExactKind, FilterKind, Query};
use crate::query::pieces::Pieces;

/// Candidates of the first round; each round is twice the one before, up to the last.
const FIRST_ROUND: usize = 64;
const LAST_ROUND: usize = 16_384;
/// Rounds of more than this many take from a sorted list.
const HEAP_ROUND: usize = 256;

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
    pub fn path(&self) -> &str {
        self.rows.path(self.row)
    }
}

/// What ranking reads from.
pub struct Source<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
    pub selection: &'a Selection,
    /// Per segment.
    pub stats: &'a [Known],
    pub request: &'a SearchRequest,
    pub profile: &'a Profile,
    /// The query's wanted literals and expressions.
    pub exacts: &'a [&'a Exact],
}

impl Source<'_> {
    /// Trouble with a segment is trouble with its repository.
    pub fn failed(&self, segment: u32, error: QueryError) -> Failed {
        let segment = self.selection.segments.get(segment as usize);
        Failed { repo: segment.map_or(usize::MAX, |segment| segment.repo), error }
    }
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
    let mut queue = Queue::of(candidates);
    let mut chosen: Vec<Ranked> = Vec::new();
    let (mut looked_at, mut round) = (0, FIRST_ROUND);
    if limit == 0 {
        return Ok((chosen, 0));
    }
    while let Some(next) = queue.first() {
        let bar = chosen.get(limit - 1).map(|last| last.score);
        if bar.is_some_and(|bar| bar > next.score) {
            break;
        }
        let batch = queue.take(round);
        looked_at += batch.len();
        round = (round * 2).min(LAST_ROUND);
        let found = resolve(source, query, &batch)?;
        // What is below the last of enough hits cannot come up any more.
        chosen.extend(found.into_iter().filter(|ranked| bar.is_none_or(|bar| ranked.score >= bar)));
        choose(source.selection, &mut chosen, limit, source.request.weights.hits_per_file);
    }
    Ok((chosen, looked_at))
}

/// Candidates, the best first. The first few come from a heap; if more are asked for, all are sorted.
enum Queue {
    Heap(BinaryHeap<Candidate>),
    /// Ascending.
    Sorted(Vec<Candidate>),
}

impl Queue {
    fn of(candidates: Vec<Candidate>) -> Self {
        Self::Heap(BinaryHeap::from(candidates))
    }

    fn first(&self) -> Option<&Candidate> {
        match self {
            Self::Heap(heap) => heap.peek(),
            Self::Sorted(rest) => rest.last(),
        }
    }

    fn take(&mut self, count: usize) -> Vec<Candidate> {
        match self {
            Self::Heap(heap) if count <= HEAP_ROUND => (0..count).map_while(|_| heap.pop()).collect(),
            Self::Heap(heap) => {
                let mut rest = std::mem::take(heap).into_vec();
                rest.sort_unstable();
                *self = Self::Sorted(rest);
                self.take(count)
            }
            Self::Sorted(rest) => {
                let mut taken = rest.split_off(rest.len().saturating_sub(count));
                taken.reverse();
                taken
            }
        }
    }
}

/// Sorts and keeps the best: at most `of_a_file` of a file. What falls out here can never come back, since
/// more candidates only push further down.
pub fn choose(selection: &Selection, chosen: &mut Vec<Ranked>, limit: usize, of_a_file: usize) {
    chosen.sort_by(|a, b| order(selection, a, b));
    let mut kept: Vec<Ranked> = Vec::with_capacity(limit.min(chosen.len()));
    let mut of_file: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for ranked in chosen.drain(..) {
        let repo = segment(selection, &ranked).map_or(usize::MAX, |s| s.repo);
        let count = of_file.entry((repo, ranked.path().to_owned())).or_default();
        *count += 1;
        if *count <= of_a_file {
            kept.push(ranked);
        }
        if kept.len() == limit {
            break;
        }
    }
    *chosen = kept;
}

fn segment<'a>(selection: &'a Selection, ranked: &Ranked) -> Option<&'a SegmentPieces> {
    selection.segments.get(ranked.candidate.segment as usize)
}

/// Score, then the repository's priority and name (its place in the selection), path, row: rows of a file stand in
/// order of their lines.
fn order(selection: &Selection, a: &Ranked, b: &Ranked) -> Ordering {
    let repo = |r: &Ranked| segment(selection, r).map_or(usize::MAX, |s| s.repo);
    b.score
        .total_cmp(&a.score)
        .then_with(|| repo(a).cmp(&repo(b)))
        .then_with(|| a.path().cmp(b.path()))
        .then_with(|| a.row.cmp(&b.row))
        .then_with(|| a.candidate.segment.cmp(&b.candidate.segment))
}

/// Reads the rows of a round's candidates.
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
        let rows = found.and_then(|shard| ShardRows::ranked(source.pieces, source.cache, shard));
        rows.map_err(|error| source.failed(*segment, error))
    });
    for (key, rows) in keys.into_iter().zip(read) {
        shards.insert(key, Some(rows?));
    }
    let mut out = Vec::new();
    for (candidate, shard, row) in places {
        let Some(rows) = shards.get(&(candidate.segment, shard)).and_then(Option::as_ref) else { continue };
        out.push(ranked(source, query, candidate, rows, (shard, row))?);
    }
    Ok(out)
}

/// A candidate with its row and its final score.
pub fn ranked(
    source: &Source<'_>,
    query: &Query,
    candidate: &Candidate,
    rows: &Arc<ShardRows>,
    (shard, row): (u32, u32),
) -> Result<Ranked, Failed> {
    let Some(view) = rows.row(row) else {
        return Err(damaged(source, candidate, "a chunk names a row that is not there"));
    };
    // A query that filters by role has chosen itself.
    let role = if query.filters_by(FilterKind::Role) { 1.0 } else { source.profile.role(view.role) };
    let kind = source.profile.kind(view.kind);
    let name = name_factor(source.exacts, view.name, &source.request.weights);
    let score = candidate.score * role * kind * name;
    Ok(Ranked { candidate: *candidate, score, role, kind, name, shard, row, rows: Arc::clone(rows) })
}

/// Shard and row of a candidate.
pub fn place(source: &Source<'_>, candidate: &Candidate) -> Result<(u32, u32), Failed> {
    if let Some(place) = candidate.row {
        return Ok(place);
    }
    let found = places::of(source.stats, candidate);
    found.ok_or_else(|| damaged(source, candidate, "postings name a chunk without statistics"))
}

fn damaged(source: &Source<'_>, candidate: &Candidate, what: &str) -> Failed {
    source.failed(candidate.segment, QueryError::Manifest { what: what.into() })
}

/// A literal is looked for where it is defined before where it is used. Without literals there is no such factor.
fn name_factor(exacts: &[&Exact], name: &str, weights: &Weights) -> f64 {
    let (inside, elsewhere) = (weights.literal_in_name.min(1.0), weights.literal_elsewhere.min(1.0));
    let one = |exact: &&Exact| {
        // Who looks for `open(` looks for `open`.
        let text = exact.text.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        let same = if exact.pattern.any_case() { text.eq_ignore_ascii_case(name) } else { text == name };
        match exact.kind {
            _ if name.is_empty() => elsewhere,
            ExactKind::Literal if same => 1.0,
            _ if exact.matcher.is_match(name.as_bytes()) => inside,
            _ => elsewhere,
        }
    };
    exacts
        .iter()
        .map(one)
        .fold(None, |best: Option<f64>, factor| Some(best.map_or(factor, |b| b.max(factor))))
        .unwrap_or(1.0)
}
