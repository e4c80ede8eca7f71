//! A search from request to answer.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::admit::admitted;
use super::budget::{self, Chosen};
use super::condition::Condition;
use super::exact::{self, Finder};
use super::explain::{Explained, FileCounts};
use super::files::{files_of, totals, word_scores};
use super::named::Wanted;
use super::open::{OpenSegment, open};
use super::places::{self as chunk_places, Known};
use super::prepare::Prepared;
use super::rank::{Candidate, Failed, Ranked, Source, best};
use super::reading::Reading;
use super::request::{Breakdown, ExactTotals, FileHit, Merge, Place, SearchAnswer, SearchRequest};
use super::score::{Collection, Factors, explain, score};
use super::select::{SegmentPieces, Selection, select};
use super::snippet::Matcher;
use super::sweep::sweep;
use super::timings::Laps;
use super::units::Unit;
use super::{expand, family, fetch, fusion, hints, named};
use crate::base::parallel;
use crate::nodes::index::FIELDS;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Exact, Query};
use crate::query::pieces::Pieces;

/// Searches with an empty cache.
pub fn search(pieces: &dyn Pieces, request: &SearchRequest) -> Result<SearchAnswer, QueryError> {
    search_with(pieces, request, &Cache::default())
}

/// Searches; what was opened stays in `cache` for the next one.
///
/// A repository that cannot be read is left out with a status, and the answer is that of the others alone, their
/// statistics included. Where none of them can be read there is no answer.
pub fn search_with(pieces: &dyn Pieces, request: &SearchRequest, cache: &Cache) -> Result<SearchAnswer, QueryError> {
    let mut laps = Laps::start();
    let prepared = Prepared::of(pieces, request)?;
    laps.lap(|timings| &mut timings.parse_us);
    prepared.answer(pieces, cache, laps)
}

impl Prepared<'_> {
    /// The answer; `laps` were started with the request.
    pub fn answer(self, pieces: &dyn Pieces, cache: &Cache, mut laps: Laps) -> Result<SearchAnswer, QueryError> {
        let Self { request, reading, roster, decision } = self;
        let query = &reading.query;
        let condition = Condition::of(query);
        let mut selection = select(pieces, cache, request, query, (roster, &decision));
        if request.strict {
            selection.refuse_part()?;
        }
        laps.lap(|timings| &mut timings.select_us);
        loop {
            let condition = condition.as_ref();
            let answer = if request.merge == Merge::Rrf {
                let one = |selection: &Selection, request: &SearchRequest, laps: &mut Laps| {
                    let reading = &reading;
                    Attempt { pieces, cache, request, reading, query, condition, selection }.answer(laps)
                };
                fusion::fused(&selection, &decision.groups, request, &mut laps, one)
            } else {
                let (reading, selection) = (&reading, &selection);
                Attempt { pieces, cache, request, reading, query, condition, selection }.answer(&mut laps)
            };
            match answer {
                Ok(answer) => {
                    selection.refuse_nothing()?;
                    let timings = request.timings.then(|| laps.finish());
                    return Ok(SearchAnswer { timings, warnings: decision.warnings, ..answer });
                }
                Err(failed) if failed.repo < selection.repos.len() => {
                    selection.leave_out(failed.repo, failed.error);
                    if request.strict {
                        selection.refuse_part()?;
                    }
                }
                Err(failed) => return Err(failed.error),
            }
        }
    }
}

/// The places of the hits alone, without their text: what a bench of ranking asks.
pub fn places(pieces: &dyn Pieces, request: &SearchRequest, cache: &Cache) -> Result<Vec<Place>, QueryError> {
    let Prepared { request, reading, roster, decision } = Prepared::of(pieces, request)?;
    let query = &reading.query;
    let condition = Condition::of(query);
    let mut selection = select(pieces, cache, request, query, (roster, &decision));
    if let Some(failure) = selection.failure.take() {
        return Err(failure);
    }
    let (condition, selection) = (condition.as_ref(), &selection);
    let attempt = Attempt { pieces, cache, request, reading: &reading, query, condition, selection };
    let finder = attempt.finder();
    let exacts: Vec<&Exact> = finder.iter().flat_map(Finder::wanted).collect();
    let ranking = attempt.rank(finder.as_ref(), &exacts, &mut Laps::start()).map_err(|failed| failed.error)?;
    fetch::places(&attempt.source(&ranking.stats, &exacts), &ranking.ranked).map_err(|failed| failed.error)
}

/// One pass over what is selected.
pub(super) struct Attempt<'a> {
    pub pieces: &'a dyn Pieces,
    pub cache: &'a Cache,
    pub request: &'a SearchRequest,
    pub reading: &'a Reading<'a>,
    /// Of the reading.
    pub query: &'a Query,
    pub condition: Option<&'a Condition<'a>>,
    pub selection: &'a Selection,
}

/// The best, and what was read to tell.
struct Ranking {
    units: Vec<Unit>,
    opened: Vec<OpenSegment>,
    collection: Collection,
    /// Per segment; empty where words are not asked for.
    stats: Vec<Known>,
    exact: Option<ExactTotals>,
    files: Option<Vec<FileHit>>,
    counts: FileCounts,
    /// Chunks that hold what is asked, before filters on rows.
    scored: u64,
    /// Those that the filters let through.
    found: u64,
    ranked: Vec<Ranked>,
    /// Candidates whose rows were read.
    resolved: usize,
}

/// Units with their postings.
#[derive(Default)]
struct Opened {
    units: Vec<Unit>,
    segments: Vec<OpenSegment>,
    doc_freqs: Vec<u64>,
}

impl Attempt<'_> {
    fn finder(&self) -> Option<Finder<'_>> {
        Finder::new(self.pieces, self.cache, self.request, self.query)
    }

    fn answer(&self, laps: &mut Laps) -> Result<SearchAnswer, Failed> {
        let finder = self.finder();
        let exacts: Vec<&Exact> = finder.iter().flat_map(Finder::wanted).collect();
        let mut ranking = self.rank(finder.as_ref(), &exacts, laps)?;
        let source = self.source(&ranking.stats, &exacts);
        let Chosen { ranked, tokens, spent } =
            budget::within(&source, std::mem::take(&mut ranking.ranked), self.request.budget)?;
        let matcher = Matcher::new(self.query, &ranking.units, &exacts);
        let mut hits = fetch::fetch(&source, &ranked, &matcher, self.request.context)?;
        for (hit, tokens) in hits.iter_mut().zip(tokens) {
            hit.tokens = Some(tokens);
        }
        if self.request.explain {
            for (hit, ranked) in hits.iter_mut().zip(&ranked) {
                hit.breakdown = Some(self.breakdown(&ranking, ranked)?);
            }
        }
        let explain = self.request.explain.then(|| self.explained(finder.as_ref(), &ranking).explain());
        let (ignored, mut hints) = hints::on_ignored(self.query);
        if hits.is_empty() {
            hints.extend(self.filter_hints()?);
        }
        let mut files = ranking.files;
        if self.request.files && files.is_none() {
            files = Some(files_of(&hits));
        }
        let (repos, candidates, exact) = (self.selection.repos.clone(), ranking.found, ranking.exact);
        laps.lap(|timings| &mut timings.fetch_us);
        let budget = spent;
        let (fused, warnings, timings) = (Vec::new(), Vec::new(), None);
        Ok(SearchAnswer {
            hits,
            candidates,
            repos,
            fused,
            warnings,
            exact,
            budget,
            files,
            ignored,
            hints,
            explain,
            timings,
        })
    }

    /// Everything but the text of the hits.
    fn rank(&self, finder: Option<&Finder<'_>>, exacts: &[&Exact], laps: &mut Laps) -> Result<Ranking, Failed> {
        // Literals and expressions alone ask nothing of words.
        let words = finder.is_none() || self.reading.has_words();
        let Opened { units, segments: opened, doc_freqs } = if words { self.open_known()? } else { Opened::default() };
        laps.lap(|timings| &mut timings.open_us);
        let collection = self.collection(&units, doc_freqs);
        let (stats, mut candidates) = if words {
            self.score_all(&units, &opened, &collection, finder.is_some())?
        } else {
            (Vec::new(), Vec::new())
        };
        let mut scored = candidates.len() as u64;
        if finder.is_none() {
            // Literals and expressions ask the filters themselves, of every line.
            candidates = admitted(&self.source(&stats, exacts), self.query, candidates)?;
        }
        self.put_named_first(&stats, &mut candidates)?;
        laps.lap(|timings| &mut timings.score_us);
        let (mut exact, mut files, mut counts) = (None, None, FileCounts::default());
        if let Some(finder) = finder {
            let found;
            (found, counts) = self.find_all(finder)?;
            let words = word_scores(&stats, &candidates);
            candidates = exact::candidates(&found, exacts.len(), &words, collection.docs);
            scored = candidates.len() as u64;
            exact = Some(ExactTotals { over_read_limit: self.over_read_limit()?, ..totals(&found) });
            files = if self.request.files { Some(self.files(found)?) } else { None };
        }
        laps.lap(|timings| &mut timings.exact_us);
        let found = candidates.len() as u64;
        let (source, limit) = (self.source(&stats, exacts), self.request.limit);
        let (ranked, resolved) = match finder {
            Some(_) => sweep(&source, self.query, &candidates, limit)?,
            None => best(&source, self.query, candidates, limit)?,
        };
        laps.lap(|timings| &mut timings.rank_us);
        Ok(Ranking { units, opened, collection, stats, exact, files, counts, scored, found, ranked, resolved })
    }

    fn source<'s>(&'s self, stats: &'s [Known], exacts: &'s [&'s Exact]) -> Source<'s> {
        let Self { pieces, cache, selection, request, reading, .. } = *self;
        Source { pieces, cache, selection, stats, request, profile: reading.profile, exacts }
    }

    fn explained<'s>(&'s self, finder: Option<&'s Finder<'_>>, ranking: &'s Ranking) -> Explained<'s> {
        Explained {
            request: self.request,
            query: self.query,
            intent: &self.reading.intent,
            units: &ranking.units,
            selection: self.selection,
            collection: &ranking.collection,
            exact: finder.map(|finder| (finder.plan(), ranking.counts)),
            scored: ranking.scored,
            candidates: ranking.found,
            resolved: ranking.resolved,
        }
    }

    /// Reads the values that filters are held against, of all that was searched: so only where nothing was found.
    fn filter_hints(&self) -> Result<Vec<String>, Failed> {
        let mut hints = Vec::new();
        for kind in hints::asked(self.query) {
            let known = self.over_segments(|_, segment| hints::values(self.pieces, self.cache, segment, kind))?;
            hints.extend(hints::on_values(self.query, kind, &known.into_iter().flatten().collect()));
        }
        Ok(hints)
    }

    /// Runs `work` over the segments; the first failure in their order counts.
    pub(super) fn over_segments<T: Send>(
        &self,
        work: impl Fn(usize, &SegmentPieces) -> Result<T, QueryError> + Sync,
    ) -> Result<Vec<T>, Failed> {
        let segments: Vec<(usize, &SegmentPieces)> = self.selection.segments.iter().enumerate().collect();
        let done = parallel::map(self.request.threads, &segments, |(at, segment)| {
            work(*at, segment).map_err(|error| Failed { repo: segment.repo, error })
        });
        done.into_iter().collect()
    }

    /// Opens the postings; a word that is in no chunk is tried as the beginning of others.
    fn open_known(&self) -> Result<Opened, Failed> {
        let opened = self.open_all(self.reading.units.clone())?;
        let profile = self.reading.profile;
        let unknown = expand::unknown(&opened.units, &opened.segments, &opened.doc_freqs, profile);
        if unknown.is_empty() || profile.prefix <= 0.0 {
            return Ok(opened);
        }
        let mut units = opened.units;
        let mut changed = false;
        for place in unknown {
            let Some(unit) = units.get_mut(place) else { continue };
            let found = self.over_segments(|_, segment| expand::terms(self.pieces, self.cache, segment, &unit.term))?;
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
        let segments = self.over_segments(|_, segment| open(self.pieces, self.cache, segment, &units))?;
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
        Collection::new(docs, totals, doc_freqs, units, self.reading.profile)
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
    ) -> Result<(Vec<Known>, Vec<Candidate>), Failed> {
        let scored = self.over_segments(|at, segment| {
            let gone = || QueryError::Manifest { what: "a segment was not opened".into() };
            let open = opened.get(at).ok_or_else(gone)?;
            if of_files && units.is_empty() {
                return Ok((None, Vec::new()));
            }
            // Where files are asked, their chunks are only scored.
            let asked = match self.condition {
                Some(condition) if !of_files => Some(condition.chunks(self.pieces, self.cache, segment)?),
                _ => None,
            };
            if !chunk_places::any(open, units, collection, asked.as_deref()) {
                return Ok((None, Vec::new()));
            }
            let stats = chunk_places::read(self.pieces, self.cache, segment)?;
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
                    path: 0.0,
                    row: None,
                })
                .collect();
            Ok((Some(stats), candidates))
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
    fn put_named_first(&self, stats: &[Known], candidates: &mut [Candidate]) -> Result<(), Failed> {
        let Some(wanted) = Wanted::of(&self.reading.intent, self.reading.meant) else { return Ok(()) };
        let named = self.over_segments(|_, segment| named::named(self.pieces, self.cache, segment, &wanted))?;
        named::add(candidates, stats, &named, wanted.line);
        Ok(())
    }

    fn breakdown(&self, ranking: &Ranking, ranked: &Ranked) -> Result<Breakdown, Failed> {
        let Ranking { units, opened, collection, .. } = ranking;
        let at = ranked.candidate.segment as usize;
        let (units, factors) = match opened.get(at).zip(self.selection.segments.get(at)) {
            Some((open, segment)) => {
                let failed = |error| Failed { repo: segment.repo, error };
                let stats = chunk_places::read(self.pieces, self.cache, segment).map_err(failed)?;
                let family = self.family(segment, &stats, collection).map_err(failed)?;
                let family = family.as_ref().map(|family| family.as_slice());
                explain(open, &stats, units, collection, family, ranked.candidate.ordinal)
            }
            // Literals and expressions alone open no words.
            None => (Vec::new(), Factors::NONE),
        };
        let Factors { coverage, exact, naming, scope, family } = factors;
        let Ranked { candidate, role, kind, name, .. } = *ranked;
        let (text, path) = (candidate.text, candidate.path);
        let fusion = None;
        Ok(Breakdown { units, coverage, exact, naming, scope, family, text, path, role, kind, name, fusion })
    }
}
