//! A search from request to answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::Condition;
use super::exact::{self, Finder, Found, WordScores};
use super::intent::Intent;
use super::open::{OpenSegment, open};
use super::rank::{Candidate, Failed, Ranked, Source, best};
use super::request::{Breakdown, ExactTotals, Explain, FileHit, Hit, Place, SearchAnswer, SearchRequest, UnitExplained};
use super::score::{Collection, Factors, explain, score};
use super::select::{SegmentPieces, Selection, select};
use super::snippet::Matcher;
use super::units::{Unit, units};
use super::weights::Profile;
use super::words::Words;
use super::{expand, family, fetch, hints};
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
    let query = parse(&request.query)?;
    let units = units(&query, profile(request, &query));
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

/// The places of the hits alone, without their rows: what a bench of ranking asks.
pub fn places(pieces: &dyn Pieces, request: &SearchRequest, cache: &Cache) -> Result<Vec<Place>, QueryError> {
    let query = parse(&request.query)?;
    let units = units(&query, profile(request, &query));
    let condition = Condition::of(&query);
    let selection = select(pieces, request, &query)?;
    let (query, units, condition) = (&query, &units, condition.as_ref());
    let attempt = Attempt { pieces, cache, request, query, units, condition, selection: &selection };
    let finder = attempt.finder();
    let exacts: Vec<&Exact> = finder.iter().flat_map(Finder::wanted).collect();
    let ranking = attempt.rank(finder.as_ref(), &exacts).map_err(|failed| failed.error)?;
    Ok(ranking.ranked.iter().filter_map(|ranked| place_of(&selection, ranked)).collect())
}

fn profile<'a>(request: &'a SearchRequest, query: &Query) -> &'a Profile {
    request.weights.of(Intent::of(query).kind)
}

fn place_of(selection: &Selection, ranked: &Ranked) -> Option<Place> {
    let segment = selection.segments.get(ranked.candidate.segment as usize)?;
    let (repo, row) = (selection.repos.get(segment.repo)?, ranked.view()?);
    let (repo, path) = (repo.name.clone(), row.path.to_owned());
    Some(Place { repo, path, start_line: row.start_line, score: ranked.score })
}

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

/// The best, and what was read to tell.
struct Ranking {
    units: Vec<Unit>,
    opened: Vec<OpenSegment>,
    collection: Collection,
    /// Per segment.
    stats: Vec<Arc<Stats>>,
    exact: Option<ExactTotals>,
    files: Option<Vec<FileHit>>,
    /// Candidates.
    found: u64,
    ranked: Vec<Ranked>,
    /// Candidates whose rows were read.
    looked_at: usize,
}

/// Units with their postings.
struct Opened {
    units: Vec<Unit>,
    segments: Vec<OpenSegment>,
    doc_freqs: Vec<u64>,
}

impl Attempt<'_> {
    fn finder(&self) -> Option<Finder<'_>> {
        Finder::new(self.pieces, self.cache, self.request, self.query)
    }

    fn answer(&self) -> Result<SearchAnswer, Failed> {
        let finder = self.finder();
        let exacts: Vec<&Exact> = finder.iter().flat_map(Finder::wanted).collect();
        let ranking = self.rank(finder.as_ref(), &exacts)?;
        let Ranking { stats, ranked, .. } = &ranking;
        let matcher = Matcher::new(&ranking.units, &exacts);
        let source = self.source(stats, &exacts);
        let mut hits = fetch::fetch(&source, ranked, &matcher, self.request.context)?;
        if self.request.explain {
            for (hit, ranked) in hits.iter_mut().zip(ranked) {
                hit.breakdown = self.breakdown(&ranking, ranked)?;
            }
        }
        let explain = self.request.explain.then(|| self.explain(&ranking));
        let hints = if hits.is_empty() { self.hints()? } else { Vec::new() };
        let mut files = ranking.files;
        if self.request.files && files.is_none() {
            files = Some(files_of(&hits));
        }
        let repos = self.selection.repos.clone();
        Ok(SearchAnswer { hits, candidates: ranking.found, repos, exact: ranking.exact, files, hints, explain })
    }

    /// Everything but the rows of the hits.
    fn rank(&self, finder: Option<&Finder<'_>>, exacts: &[&Exact]) -> Result<Ranking, Failed> {
        let Opened { units, segments: opened, doc_freqs } = self.open_known()?;
        let collection = self.collection(&units, doc_freqs);
        let (stats, mut candidates) = self.score_all(&units, &opened, &collection, finder.is_some())?;
        let (mut exact, mut files) = (None, None);
        if let Some(finder) = finder {
            let found = self.find_all(finder, &stats)?;
            let words = word_scores(&stats, &candidates);
            candidates = exact::candidates(&found, exacts.len(), &words, collection.docs);
            exact = Some(totals(&found));
            files = self.request.files.then(|| self.files(found));
        }
        let found = candidates.len() as u64;
        let (ranked, looked_at) = best(&self.source(&stats, exacts), self.query, candidates, self.request.limit)?;
        Ok(Ranking { units, opened, collection, stats, exact, files, found, ranked, looked_at })
    }

    fn source<'s>(&'s self, stats: &'s [Arc<Stats>], exacts: &'s [&'s Exact]) -> Source<'s> {
        let Self { pieces, cache, selection, request, .. } = *self;
        Source { pieces, cache, selection, stats, request, profile: profile(request, self.query), exacts }
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

    /// Opens the postings; a word that is in no chunk is tried as the beginning of others.
    fn open_known(&self) -> Result<Opened, Failed> {
        let opened = self.open_all(self.units.to_vec())?;
        let profile = profile(self.request, self.query);
        let unknown = expand::unknown(&opened.units, &opened.segments, &opened.doc_freqs, profile);
        if unknown.is_empty() || profile.prefix <= 0.0 {
            return Ok(opened);
        }
        let mut units = opened.units;
        let mut changed = false;
        for place in unknown {
            let Some(unit) = units.get_mut(place) else { continue };
            let found = self.over_segments(|at| match self.selection.segments.get(at) {
                Some(segment) => expand::terms(self.pieces, self.cache, segment, &unit.term),
                None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
            })?;
            let found: BTreeSet<String> = found.into_iter().flatten().collect();
            changed |= !found.is_empty();
            expand::extend(unit, &found, profile);
        }
        if changed {
            return self.open_all(units);
        }
        Ok(Opened { units, ..opened })
    }

    fn open_all(&self, units: Vec<Unit>) -> Result<Opened, Failed> {
        let segments = self.over_segments(|at| match self.selection.segments.get(at) {
            Some(segment) => open(self.pieces, self.cache, segment, &units),
            None => Err(QueryError::Manifest { what: "a segment is not there".into() }),
        })?;
        let mut doc_freqs = vec![0u64; units.len()];
        for segment in &segments {
            for (total, of_segment) in doc_freqs.iter_mut().zip(&segment.doc_freqs) {
                *total += of_segment;
            }
        }
        Ok(Opened { units, segments, doc_freqs })
    }

    fn collection(&self, units: &[Unit], doc_freqs: Vec<u64>) -> Collection {
        let mut totals = [0u64; FIELDS.len()];
        for segment in &self.selection.segments {
            for (total, of_segment) in totals.iter_mut().zip(segment.lengths) {
                *total += of_segment;
            }
        }
        let docs = self.selection.segments.iter().map(|s| s.docs).sum();
        Collection::new(docs, totals, doc_freqs, units, profile(self.request, self.query))
    }

    /// The files of a segment's chunks, where they matter.
    fn family(
        &self,
        segment: &SegmentPieces,
        stats: &Stats,
        collection: &Collection,
    ) -> Result<Option<Arc<Vec<u32>>>, QueryError> {
        if !collection.wants_families() {
            return Ok(None);
        }
        let read = || family::read(self.pieces, self.cache, segment, stats);
        Ok(Some(self.cache.families(&segment.stats, read)?))
    }

    fn score_all(
        &self,
        units: &[Unit],
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
                _ if of_files && units.is_empty() => return Ok((stats, Vec::new())),
                _ if of_files => Some(vec![true; open.docs as usize]),
                Some(condition) => Some(condition.chunks(self.pieces, self.cache, segment)?),
                None => None,
            };
            let family = self.family(segment, &stats, collection)?;
            let family = family.as_ref().map(|family| family.as_slice());
            let found = score(open, &stats, units, collection, asked.as_deref(), family);
            let candidates: Vec<Candidate> = found
                .into_iter()
                .map(|s| Candidate {
                    score: s.score,
                    segment: at as u32,
                    ordinal: s.ordinal,
                    text: 0.0,
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

    /// Asks the files of every shard.
    fn find_all(&self, finder: &Finder<'_>, stats: &[Arc<Stats>]) -> Result<Vec<(u32, u32, Found)>, Failed> {
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
        let mut places = Vec::new();
        for (at, (segment, pruned)) in self.selection.segments.iter().zip(pruned).enumerate() {
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
        found.into_iter().collect()
    }

    /// The files with a match, by repository and path.
    fn files(&self, found: Vec<(u32, u32, Found)>) -> Vec<FileHit> {
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

    fn breakdown(&self, ranking: &Ranking, ranked: &Ranked) -> Result<Option<Breakdown>, Failed> {
        let Ranking { units, opened, stats, collection, .. } = ranking;
        let at = ranked.candidate.segment as usize;
        let Some(((open, stats), segment)) = opened.get(at).zip(stats.get(at)).zip(self.selection.segments.get(at)) else {
            return Ok(None);
        };
        let family = self.family(segment, stats, collection).map_err(|error| Failed { repo: segment.repo, error })?;
        let family = family.as_ref().map(|family| family.as_slice());
        let (units, factors) = explain(open, stats, units, collection, family, ranked.candidate.ordinal);
        let Factors { coverage, exact, naming, family } = factors;
        let Ranked { candidate, role, kind, name, .. } = *ranked;
        Ok(Some(Breakdown { units, coverage, exact, naming, family, text: candidate.text, role, kind, name }))
    }

    fn explain(&self, ranking: &Ranking) -> Explain {
        let collection = &ranking.collection;
        let units = ranking.units.iter().enumerate().map(|(at, unit)| UnitExplained {
            term: unit.term.clone(),
            role: unit.role,
            weight: unit.weight,
            doc_freq: collection.doc_freqs.get(at).copied().unwrap_or(0),
            idf: collection.idfs.get(at).copied().unwrap_or(0.0),
        });
        Explain {
            intent: Intent::of(self.query),
            words: self.query.words.clone(),
            units: units.collect(),
            chunks: collection.docs,
            average_lengths: FIELDS.iter().map(|f| f.name()).zip(collection.averages).collect(),
            segments: self.selection.segments.len(),
            resolved: ranking.looked_at,
        }
    }
}
