//! A search from request to answer.

use std::sync::Arc;

use super::condition::Condition;
use super::open::{OpenSegment, open};
use super::rank::{Candidate, Failed, Ranked, Source, best};
use super::request::{Breakdown, Explain, SearchAnswer, SearchRequest, UnitExplained};
use super::score::{Collection, explain, score};
use super::select::{Selection, select};
use super::snippet::Matcher;
use super::units::{Unit, units};
use super::{fetch, hints};
use crate::base::parallel;
use crate::nodes::index::FIELDS;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Query, parse};
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
    let query = parse(&request.query)?;
    query.without_exact()?;
    let units = units(&query);
    let condition = Condition::of(&query);
    let mut selection = select(pieces, request, &query)?;
    loop {
        let (query, units, condition) = (&query, &units, condition.as_ref());
        let attempt = Attempt { pieces, cache, request, query, units, condition, selection: &selection };
        match attempt.answer() {
            Ok(answer) => return Ok(answer),
            Err(failed) if failed.repo < selection.repos.len() => selection.leave_out(failed.repo, &failed.error),
            Err(failed) => return Err(failed.error),
        }
    }
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
    fn answer(&self) -> Result<SearchAnswer, Failed> {
        let opened = self.open_all()?;
        let collection = self.collection(&opened);
        let (stats, candidates) = self.score_all(&opened, &collection)?;
        let found = candidates.len() as u64;
        let source = Source {
            pieces: self.pieces,
            cache: self.cache,
            selection: self.selection,
            stats: &stats,
            request: self.request,
        };
        let (ranked, looked_at) = best(&source, self.query, candidates, self.request.limit)?;
        let matcher = Matcher::new(self.units);
        let mut hits = fetch::fetch(&source, &ranked, &matcher, self.request.context)?;
        if self.request.explain {
            for (hit, ranked) in hits.iter_mut().zip(&ranked) {
                hit.breakdown = self.breakdown(&opened, &stats, &collection, ranked);
            }
        }
        let explain = self.request.explain.then(|| self.explain(&collection, looked_at));
        let hints = if hits.is_empty() { self.hints()? } else { Vec::new() };
        Ok(SearchAnswer { hits, candidates: found, repos: self.selection.repos.clone(), hints, explain })
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
    ) -> Result<(Vec<Arc<Stats>>, Vec<Candidate>), Failed> {
        let scored = self.over_segments(|at| {
            let gone = || QueryError::Manifest { what: "a segment is not there".into() };
            let (segment, open) = self.selection.segments.get(at).zip(opened.get(at)).ok_or_else(gone)?;
            let stats = self.cache.stats(self.pieces, &segment.stats)?;
            if stats.len() as u64 != segment.docs {
                return Err(QueryError::Manifest { what: "a segment's statistics are not those of its shards".into() });
            }
            let asked = self.condition.map(|c| c.chunks(self.pieces, self.cache, segment)).transpose()?;
            let found = score(open, &stats, self.units, collection, asked.as_deref());
            let candidates: Vec<Candidate> = found
                .into_iter()
                .map(|s| Candidate { score: s.score, segment: at as u32, ordinal: s.ordinal })
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
        Some(Breakdown { units, coverage, exact, role: ranked.role, kind: ranked.kind })
    }

    fn explain(&self, collection: &Collection, resolved: usize) -> Explain {
        let units = self.units.iter().enumerate().map(|(at, unit)| UnitExplained {
            term: unit.term.clone(),
            role: unit.role,
            weight: unit.weight,
            doc_freq: collection.doc_freqs.get(at).copied().unwrap_or(0),
            idf: collection.idfs.get(at).copied().unwrap_or(0.0),
        });
        Explain {
            words: self.query.words.clone(),
            units: units.collect(),
            chunks: collection.docs,
            average_lengths: FIELDS.iter().map(|f| f.name()).zip(collection.averages).collect(),
            segments: self.selection.segments.len(),
            resolved,
        }
    }
}
