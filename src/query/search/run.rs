//! A search from request to answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::budget::{self, Chosen};
use super::condition::Condition;
use super::exact::{self, Finder, Found, WordScores};
use super::explain::{Explained, FileCounts};
use super::intent::Intent;
use super::open::{OpenSegment, open};
use super::rank::{Candidate, Failed, Ranked, Source, best};
use super::request::{Breakdown, ExactTotals, FileHit, Hit, SearchAnswer, SearchRequest};
use super::score::{Collection, explain, score};
use super::select::{Selection, select};
use super::snippet::Matcher;
use super::timings::Laps;
use super::units::{Unit, units};
use super::unread::over_limit;
use super::words::Words;
use super::{fetch, hints, named};
use crate::base::parallel;
use crate::nodes::index::FIELDS;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Exact, FilterKind, Query, parse};
use crate::query::pieces::Pieces;

/// Searches with an empty cache.
pub fn search(pieces: &dyn Pieces, request: &SearchRequest) -> Result<SearchAnswer, QueryError> {
    search_with(pieces, request, &Cache::default())
}

/// Searches; what was opened stays in `cache` for the next one.
///
/// A repository that cannot be read is left out with a status, and the answer is that of the others alone, their
/// statistics included.
pub fn search_with(pieces: &dyn Pieces, request: &SearchRequest, cache: &Cache) -> Result<SearchAnswer, QueryError> {
    let mut laps = Laps::start();
    let query = parse(&request.query)?;
    let units = units(&query);
    let condition = Condition::of(&query);
    laps.lap(|timings| &mut timings.parse_us);
    let mut selection = select(pieces, request, &query)?;
    laps.lap(|timings| &mut timings.select_us);
    loop {
        let (query, units, condition) = (&query, &units, condition.as_ref());
        let attempt = Attempt { pieces, cache, request, query, units, condition, selection: &selection };
        match attempt.answer(&mut laps) {
            Ok(answer) => {
                let timings = request.timings.then(|| laps.finish());
                return Ok(SearchAnswer { timings, ..answer });
            }
            Err(failed) if failed.repo < selection.repos.len() => selection.leave_out(failed.repo, &failed.error),
            Err(failed) => return Err(failed.error),
        }
    }
}

/// What was found by segment and shard, in order.
type FoundOf = Vec<(u32, u32, Found)>;

/// What words score, by row.
fn word_scores(stats: &[Arc<Stats>], candidates: &[Candidate]) -> BTreeMap<u32, WordScores> {
    let mut by_segment: BTreeMap<u32, WordScores> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.score > 0.0) {
        let at = candidate.ordinal as usize;
        let stats = stats.get(candidate.segment as usize);
        if let Some(place) = stats.and_then(|s| Some((*s.shard.get(at)?, *s.row.get(at)?))) {
            let scores = by_segment.entry(candidate.segment).or_default();
            scores.insert(place, (candidate.ordinal, candidate.score));
        }
    }
    by_segment
}

fn totals(found: &[(u32, u32, Found)]) -> ExactTotals {
    let mut totals = ExactTotals::default();
    for file in found.iter().flat_map(|(_, _, found)| &found.files) {
        totals.files += 1;
        totals.lines += file.line_count;
        totals.matches += file.matches;
    }
    totals
}

/// The files of hits, each once, the best first.
fn files_of(hits: &[Hit]) -> Vec<FileHit> {
    let mut files: Vec<FileHit> = Vec::new();
    for hit in hits {
        if files.iter().all(|file| (&file.repo, &file.path) != (&hit.repo, &hit.path)) {
            files.push(FileHit { repo: hit.repo.clone(), path: hit.path.clone(), lines: Vec::new(), matches: 0 });
        }
    }
    files
}

/// One pass over what is selected.
struct Attempt<'a> {
    pieces: &'a dyn Pieces,
    cache: &'a Cache,
    request: &'a SearchRequest,
    query: &'a Query,
    units: &'a [Unit],
    condition: Option<&'a Condition<'a>>,
    selection: &'a Selection,
}

impl Attempt<'_> {
    fn answer(&self, laps: &mut Laps) -> Result<SearchAnswer, Failed> {
        let opened = self.open_all()?;
        laps.lap(|timings| &mut timings.open_us);
        let collection = self.collection(&opened);
        let finder = Finder::new(self.pieces, self.cache, self.request, self.query);
        let (stats, mut candidates) = self.score_all(&opened, &collection, finder.is_some())?;
        self.put_named_first(&stats, &mut candidates)?;
        laps.lap(|timings| &mut timings.score_us);
        let (mut exact, mut files, mut counts) = (None, None, FileCounts::default());
        let exacts: Vec<&Exact> = finder.iter().flat_map(Finder::wanted).collect();
        if let Some(finder) = &finder {
            let found;
            (found, counts) = self.find_all(finder, &stats)?;
            let words = word_scores(&stats, &candidates);
            candidates = exact::candidates(&found, exacts.len(), &words, collection.docs);
            exact = Some(ExactTotals { over_read_limit: self.over_read_limit()?, ..totals(&found) });
            files = self.request.files.then(|| self.files(found));
        }
        laps.lap(|timings| &mut timings.exact_us);
        let found = candidates.len() as u64;
        let source = Source {
            pieces: self.pieces,
            cache: self.cache,
            selection: self.selection,
            stats: &stats,
            request: self.request,
            exacts: &exacts,
        };
        let (ranked, resolved) = best(&source, self.query, candidates, self.request.limit)?;
        laps.lap(|timings| &mut timings.rank_us);
        let Chosen { ranked, tokens, spent } = budget::within(&source, ranked, self.request.budget)?;
        let matcher = Matcher::new(self.units, &exacts);
        let mut hits = fetch::fetch(&source, &ranked, &matcher, self.request.context)?;
        for (hit, tokens) in hits.iter_mut().zip(tokens) {
            hit.tokens = Some(tokens);
        }
        if self.request.explain {
            for (hit, ranked) in hits.iter_mut().zip(&ranked) {
                hit.breakdown = self.breakdown(&opened, &stats, &collection, ranked);
            }
        }
        let explain = self.request.explain.then(|| {
            let exact = finder.as_ref().map(|finder| (finder.plan(), counts));
            let (request, query, units, selection) = (self.request, self.query, self.units, self.selection);
            Explained { request, query, units, selection, collection: &collection, exact, candidates: found, resolved }
                .explain()
        });
        let hints = if hits.is_empty() { self.hints()? } else { Vec::new() };
        if self.request.files && files.is_none() {
            files = Some(files_of(&hits));
        }
        let repos = self.selection.repos.clone();
        laps.lap(|timings| &mut timings.fetch_us);
        Ok(SearchAnswer { hits, candidates: found, repos, exact, files, hints, budget: spent, explain, timings: None })
    }

    /// Reads the languages of all that was searched, so only when a filter asks for one and nothing was found.
    fn hints(&self) -> Result<Vec<String>, Failed> {
        if !self.query.filters_by(FilterKind::Lang) {
            return Ok(Vec::new());
        }
        let known = self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => hints::languages(self.pieces, self.cache, segment),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })?;
        Ok(hints::on_languages(self.query, &known.into_iter().flatten().collect()))
    }

    /// Files that are too large to be searched.
    fn over_read_limit(&self) -> Result<u64, Failed> {
        let counts = self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => over_limit(self.pieces, self.cache, self.request, self.query, segment),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })?;
        Ok(counts.into_iter().sum())
    }

    /// Runs `work` over the segments; the first failure in their order counts.
    fn over_segments<T: Send>(&self, work: impl Fn(usize) -> Result<T, QueryError> + Sync) -> Result<Vec<T>, Failed> {
        let places: Vec<usize> = (0..self.selection.segments.len()).collect();
        let done = parallel::map(self.request.threads, &places, |at| work(*at));
        let repos = self.selection.segments.iter().map(|s| s.repo);
        done.into_iter().zip(repos).map(|(result, repo)| result.map_err(|error| Failed { repo, error })).collect()
    }

    fn open_all(&self) -> Result<Vec<OpenSegment>, Failed> {
        self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => open(self.pieces, self.cache, segment, self.units),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })
    }

    fn collection(&self, opened: &[OpenSegment]) -> Collection {
        let mut totals = [0u64; FIELDS.len()];
        for segment in &self.selection.segments {
            for (total, of_segment) in totals.iter_mut().zip(segment.lengths) {
                *total += of_segment;
            }
        }
        let mut doc_freqs = vec![0u64; self.units.len()];
        for segment in opened {
            for (total, of_segment) in doc_freqs.iter_mut().zip(&segment.doc_freqs) {
                *total += of_segment;
            }
        }
        let docs = self.selection.segments.iter().map(|s| s.docs).sum();
        Collection::new(docs, totals, doc_freqs, self.units)
    }

    fn score_all(
        &self,
        opened: &[OpenSegment],
        collection: &Collection,
        of_files: bool,
    ) -> Result<(Vec<Arc<Stats>>, Vec<Candidate>), Failed> {
        let scored = self.over_segments(|at| {
            let gone = || QueryError::Manifest { what: "a segment is not there".into() };
            let (segment, open) = self.selection.segments.get(at).zip(opened.get(at)).ok_or_else(gone)?;
            let stats = self.cache.stats(self.pieces, &segment.stats)?;
            if stats.len() as u64 != segment.docs {
                return Err(QueryError::Manifest { what: "a segment's statistics are not those of its shards".into() });
            }
            // Where files are asked, chunks are only scored: no sign of a word leaves one out.
            let asked = match self.condition {
                _ if of_files && self.units.is_empty() => return Ok((stats, Vec::new())),
                _ if of_files => Some(vec![true; open.docs as usize]),
                Some(condition) => Some(condition.chunks(self.pieces, self.cache, segment)?),
                None => None,
            };
            let found = score(open, &stats, self.units, collection, asked.as_deref());
            let candidates: Vec<Candidate> = found
                .into_iter()
                .map(|s| Candidate {
                    score: s.score,
                    segment: at as u32,
                    ordinal: s.ordinal,
                    text: 0.0,
                    path: 0.0,
                    row: None,
                })
                .collect();
            Ok((stats, candidates))
        })?;
        let mut all = Vec::with_capacity(scored.iter().map(|(_, c)| c.len()).sum());
        let mut stats = Vec::with_capacity(scored.len());
        for (of_segment, candidates) in scored {
            stats.push(of_segment);
            all.extend(candidates);
        }
        Ok((stats, all))
    }

    /// Where the query is a path, its files come first.
    fn put_named_first(&self, stats: &[Arc<Stats>], candidates: &mut [Candidate]) -> Result<(), Failed> {
        let intent = Intent::of(self.query);
        let Some(path) = named::path(&intent) else { return Ok(()) };
        let named = self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => named::named(self.pieces, self.cache, segment, path),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })?;
        named::add(candidates, stats, &named);
        Ok(())
    }

    /// Asks the files of every shard, and counts them.
    fn find_all(&self, finder: &Finder<'_>, stats: &[Arc<Stats>]) -> Result<(FoundOf, FileCounts), Failed> {
        let words = self.over_segments(|at| {
            let gone = || QueryError::Manifest { what: "a segment is not there".into() };
            let (segment, stats) = self.selection.segments.get(at).zip(stats.get(at)).ok_or_else(gone)?;
            let Some(expr) = &self.query.expr else { return Ok(Words::default()) };
            Words::of(expr, self.pieces, self.cache, segment, stats)
        })?;
        let plan = finder.plan();
        let pruned = self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => exact::places(self.pieces, self.cache, segment, &plan),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })?;
        let mut counts = FileCounts::default();
        let mut places = Vec::new();
        for (at, (segment, pruned)) in self.selection.segments.iter().zip(pruned).enumerate() {
            counts.files += segment.files;
            let left = pruned.as_ref().map(|files| files.values().map(|files| files.len() as u64).sum());
            counts.left += left.unwrap_or(segment.files);
            match pruned {
                Some(files) => places.extend(files.into_iter().map(|(shard, rows)| (at, shard, Some(rows)))),
                None => places.extend((0..segment.shards.len()).map(|shard| (at, shard as u32, None))),
            }
        }
        let found = parallel::map(self.request.threads, &places, |(at, shard, rows)| {
            let gone = || QueryError::Manifest { what: "a segment is not there".into() };
            let segment = self.selection.segments.get(*at);
            let repo = segment.map_or(usize::MAX, |segment| segment.repo);
            let (segment, words) = segment.zip(words.get(*at)).ok_or_else(|| Failed { repo, error: gone() })?;
            let found =
                finder.shard(segment, *shard, rows.as_deref(), words).map_err(|error| Failed { repo, error })?;
            Ok((*at as u32, *shard, found))
        });
        let found: FoundOf = found.into_iter().collect::<Result<_, Failed>>()?;
        counts.read = found.iter().map(|(_, _, found)| found.read).sum();
        Ok((found, counts))
    }

    /// The files with a match, by repository and path.
    fn files(&self, found: FoundOf) -> Vec<FileHit> {
        let mut files: Vec<(usize, FileHit)> = Vec::new();
        for (segment, _, found) in found {
            let repo = self.selection.segments.get(segment as usize).map_or(usize::MAX, |segment| segment.repo);
            let name = self.selection.repos.get(repo).map(|repo| repo.name.clone()).unwrap_or_default();
            files.extend(found.files.into_iter().map(|file| {
                (repo, FileHit { repo: name.clone(), path: file.path, lines: file.lines, matches: file.matches })
            }));
        }
        files.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        files.into_iter().map(|(_, file)| file).collect()
    }

    fn breakdown(
        &self,
        opened: &[OpenSegment],
        stats: &[Arc<Stats>],
        collection: &Collection,
        ranked: &Ranked,
    ) -> Option<Breakdown> {
        let at = ranked.candidate.segment as usize;
        let (open, stats) = opened.get(at).zip(stats.get(at))?;
        let (units, coverage, exact) = explain(open, stats, self.units, collection, ranked.candidate.ordinal);
        let Ranked { candidate, role, kind, name, .. } = *ranked;
        Some(Breakdown { units, coverage, exact, text: candidate.text, path: candidate.path, role, kind, name })
    }
}
