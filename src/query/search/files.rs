//! The files that fulfil a query with literals or expressions, over all segments.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};

use super::exact::{self, FileName, Finder, Found, Place, WordScores};
use super::explain::FileCounts;
use super::places::{self, Known};
use super::rank::{Candidate, Failed};
use super::request::{ExactTotals, FileHit, Hit};
use super::run::Attempt;
use super::select::SegmentPieces;
use super::unread::over_limit;
use super::words::Words;
use crate::base::parallel;
use crate::query::error::QueryError;

/// What was found by segment and shard, in order.
pub(super) type FoundOf = Vec<(u32, u32, Found)>;

/// What words score, by row.
pub(super) fn word_scores(stats: &[Known], candidates: &[Candidate]) -> BTreeMap<u32, WordScores> {
    let mut by_segment: BTreeMap<u32, WordScores> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.score > 0.0) {
        if let Some(place) = places::of(stats, candidate) {
            let scores = by_segment.entry(candidate.segment).or_default();
            scores.insert(place, (candidate.ordinal, candidate.score));
        }
    }
    by_segment
}

pub(super) fn totals(found: &[(u32, u32, Found)]) -> ExactTotals {
    let mut totals = ExactTotals::default();
    for file in found.iter().flat_map(|(_, _, found)| &found.files) {
        totals.files += 1;
        totals.lines += file.line_count;
    }
    totals
}

/// The files of hits, each once, the best first.
pub(super) fn files_of(hits: &[Hit]) -> Vec<FileHit> {
    let mut files: Vec<FileHit> = Vec::new();
    for hit in hits {
        if files.iter().all(|file| (&file.repo, &file.path) != (&hit.repo, &hit.path)) {
            files.push(FileHit { repo: hit.repo.clone(), path: hit.path.clone(), lines: Vec::new() });
        }
    }
    files
}

impl Attempt<'_> {
    /// Asks the files of every shard, and counts them.
    pub(super) fn find_all(&self, finder: &Finder<'_>) -> Result<(FoundOf, FileCounts), Failed> {
        let words = if self.reading.has_words() { self.places_of_words()? } else { Vec::new() };
        let none = Words::default();
        let pruned = self.over_segments(|_, segment| exact::places(self.pieces, self.cache, segment, finder.plan()))?;
        let mut counts = FileCounts::default();
        let mut places: Vec<(usize, &SegmentPieces, u32, Option<Vec<Place>>)> = Vec::new();
        for (at, (segment, pruned)) in self.selection.segments.iter().zip(pruned).enumerate() {
            counts.files += segment.files;
            let left = pruned.as_ref().map(|files| files.values().map(|files| files.len() as u64).sum());
            counts.left += left.unwrap_or(segment.files);
            match pruned {
                Some(files) => places.extend(files.into_iter().map(|(shard, files)| (at, segment, shard, Some(files)))),
                None => places.extend((0..segment.shards.len()).map(|shard| (at, segment, shard as u32, None))),
            }
        }
        let found = parallel::map(self.request.threads, &places, |(at, segment, shard, files)| {
            let words = words.get(*at).unwrap_or(&none);
            let found = finder.shard(segment, *shard, files.as_deref(), words);
            Ok((*at as u32, *shard, found.map_err(|error| Failed { repo: segment.repo, error })?))
        });
        let found: FoundOf = found.into_iter().collect::<Result<_, Failed>>()?;
        counts.read = found.iter().map(|(_, _, found)| found.read).sum();
        Ok((found, counts))
    }

    /// Per segment, the chunks that hold the query's words.
    fn places_of_words(&self) -> Result<Vec<Words>, Failed> {
        self.over_segments(|_, segment| {
            let Some(expr) = &self.query.expr else { return Ok(Words::default()) };
            Words::of(expr, self.pieces, self.cache, segment)
        })
    }

    /// The files with a match, by repository and path.
    pub(super) fn files(&self, found: FoundOf) -> Result<Vec<FileHit>, Failed> {
        let paths = self.paths(&found)?;
        let mut files: Vec<(usize, FileHit)> = Vec::new();
        for (segment, _, found) in found {
            let repo = self.selection.segments.get(segment as usize).map_or(usize::MAX, |segment| segment.repo);
            let name = self.selection.repos.get(repo).map(|repo| repo.name.clone()).unwrap_or_default();
            let paths = paths.get(segment as usize).and_then(Option::as_ref);
            for file in found.files {
                let path = match file.name {
                    FileName::Path(path) => path,
                    FileName::Number(number) => {
                        let path = paths.filter(|paths| (number as usize) < paths.len());
                        let gone = || QueryError::Manifest { what: "a file has no path".into() };
                        let path = path.ok_or_else(|| Failed { repo, error: gone() })?;
                        path.value(number as usize).to_owned()
                    }
                };
                files.push((repo, FileHit { repo: name.clone(), path, lines: file.lines }));
            }
        }
        files.sort_by(|a, b| (a.0, &a.1.path).cmp(&(b.0, &b.1.path)));
        Ok(files.into_iter().map(|(_, file)| file).collect())
    }

    /// Per segment the paths of its files, where something was found in it.
    fn paths(&self, found: &[(u32, u32, Found)]) -> Result<Vec<Option<StringArray>>, Failed> {
        let with_files: BTreeSet<u32> =
            found.iter().filter(|(_, _, found)| !found.files.is_empty()).map(|(at, ..)| *at).collect();
        self.over_segments(|at, segment| match segment.trigrams.filter(|_| with_files.contains(&(at as u32))) {
            Some(tables) => self.cache.paths(self.pieces, &tables.files).map(Some),
            None => Ok(None),
        })
    }

    /// Files that are too large to be searched.
    pub(super) fn over_read_limit(&self) -> Result<u64, Failed> {
        let mut sum = 0;
        for segment in &self.selection.segments {
            let count = over_limit(self.pieces, self.cache, self.request, self.query, segment);
            sum += count.map_err(|error| Failed { repo: segment.repo, error })?;
        }
        Ok(sum)
    }
}
