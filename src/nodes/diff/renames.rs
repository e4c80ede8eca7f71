//! Which removed file an added one was.
//!
//! As `git diff -M50%` decides it (`diffcore-rename.c`): equal content first, in the order of paths, the same base name
//! before another; then a base name that is unique on both sides, where the files are alike to three quarters; then all
//! pairs, the most alike first, from one half on. Above [`LIMIT`]² pairs only the first two steps are taken, as git does.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::model::FileState;
use super::spans::{MOST, Spans, can_be_alike};

/// From this on a pair is a rename.
const LEAST: u64 = MOST / 2;
/// From this on files with one unique base name are a pair.
const LEAST_OF_BASENAME: u64 = LEAST + (MOST - LEAST) / 2;
/// `diff.renameLimit` of git.
const LIMIT: u64 = 1_000;
/// So many of the best sources are kept for a target.
const CANDIDATES: usize = 4;
/// Git looks at so many files of equal content.
const EQUALS: usize = 100;

/// A pair, by places in `removed` and `added`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rename {
    pub from: usize,
    pub to: usize,
    /// In percent, rounded down.
    pub similarity: u32,
}

/// Finds the renames. Both sides are sorted by path. `spans` tells what is in a file, or that nobody can say:
/// such a file is renamed only where its hash is found again.
pub fn find<E>(
    removed: &[&FileState],
    added: &[&FileState],
    mut spans: impl FnMut(Side, usize) -> Result<Option<Spans>, E>,
) -> Result<Vec<Rename>, E> {
    let mut search = Search { removed, added, source_used: vec![false; removed.len()], found: BTreeMap::new() };
    search.equal();
    search.by_basename(&mut spans)?;
    search.by_likeness(&mut spans)?;
    let renames = search.found.into_iter();
    Ok(renames.map(|(to, (from, score))| Rename { from, to, similarity: (score * 100 / MOST) as u32 }).collect())
}

/// Which side a file is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Removed,
    Added,
}

struct Search<'a> {
    removed: &'a [&'a FileState],
    added: &'a [&'a FileState],
    source_used: Vec<bool>,
    /// To → from and score.
    found: BTreeMap<usize, (usize, u64)>,
}

fn basename(file: &FileState) -> &str {
    file.path.rsplit_once('/').map_or(&*file.path, |(_, name)| name)
}

impl Search<'_> {
    fn take(&mut self, from: usize, to: usize, score: u64) {
        if let Some(used) = self.source_used.get_mut(from) {
            *used = true;
        }
        self.found.insert(to, (from, score));
    }

    fn is_used(&self, from: usize) -> bool {
        self.source_used.get(from).copied().unwrap_or(true)
    }

    fn equal(&mut self) {
        let mut by_hash: BTreeMap<[u8; 32], Vec<usize>> = BTreeMap::new();
        for (at, file) in self.removed.iter().enumerate() {
            if let Some(hash) = file.hash {
                by_hash.entry(hash.0).or_default().push(at);
            }
        }
        for (to, file) in self.added.iter().enumerate() {
            let Some(sources) = file.hash.and_then(|hash| by_hash.get(&hash.0)) else { continue };
            let free = || sources.iter().take(EQUALS).copied().filter(|from| !self.is_used(*from));
            let same_name = |from: &usize| self.removed.get(*from).is_some_and(|f| basename(f) == basename(file));
            if let Some(from) = free().find(same_name).or_else(|| free().next()) {
                self.take(from, to, MOST);
            }
        }
    }

    fn by_basename<E>(&mut self, spans: &mut impl FnMut(Side, usize) -> Result<Option<Spans>, E>) -> Result<(), E> {
        let targets = unique(self.added.iter().enumerate().filter(|(to, _)| !self.found.contains_key(to)));
        let sources = unique(self.removed.iter().enumerate().filter(|(from, _)| !self.is_used(*from)));
        for (from, file) in self.removed.iter().enumerate() {
            let name = basename(file);
            let (Some(Some(source)), Some(Some(to))) = (sources.get(name), targets.get(name)) else { continue };
            if *source != from {
                continue;
            }
            let Some(target) = self.added.get(*to) else { continue };
            if !can_be_alike(file.bytes, target.bytes, LEAST) {
                continue;
            }
            let (Some(before), Some(after)) = (spans(Side::Removed, from)?, spans(Side::Added, *to)?) else { continue };
            let score = before.similarity(&after, LEAST);
            if score >= LEAST_OF_BASENAME {
                self.take(from, *to, score);
            }
        }
        Ok(())
    }

    fn by_likeness<E>(&mut self, spans: &mut impl FnMut(Side, usize) -> Result<Option<Spans>, E>) -> Result<(), E> {
        let targets: Vec<usize> = (0..self.added.len()).filter(|to| !self.found.contains_key(to)).collect();
        let sources: Vec<usize> = (0..self.removed.len()).filter(|from| !self.is_used(*from)).collect();
        if targets.len() as u64 * sources.len() as u64 > LIMIT * LIMIT {
            return Ok(());
        }
        let mut known: BTreeMap<usize, Option<Spans>> = BTreeMap::new();
        let mut pairs: Vec<(u64, bool, usize, usize)> = Vec::new();
        for to in targets {
            let Some(target) = self.added.get(to) else { continue };
            let fit = |from: &&usize| {
                self.removed.get(**from).is_some_and(|source| can_be_alike(source.bytes, target.bytes, LEAST))
            };
            let fitting: Vec<usize> = sources.iter().filter(fit).copied().collect();
            if fitting.is_empty() {
                continue;
            }
            let Some(after) = spans(Side::Added, to)? else { continue };
            let mut best: Vec<(u64, bool, usize)> = Vec::new();
            for from in fitting {
                let before = match known.entry(from) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(slot) => slot.insert(spans(Side::Removed, from)?),
                };
                let Some(before) = before else { continue };
                let score = before.similarity(&after, LEAST);
                let same = self.removed.get(from).is_some_and(|source| basename(source) == basename(target));
                keep_best(&mut best, (score, same, from));
            }
            pairs.extend(best.into_iter().map(|(score, same, from)| (score, same, from, to)));
        }
        // Stable: of equally good pairs the earlier target's is taken first, as git's order of candidates has it.
        pairs.sort_by_key(|pair| Reverse((pair.0, pair.1)));
        for (score, _, from, to) in pairs {
            if score >= LEAST && !self.found.contains_key(&to) && !self.is_used(from) {
                self.take(from, to, score);
            }
        }
        Ok(())
    }
}

/// Puts a candidate in the place of the worst, if it is better; the first of equally bad ones goes.
fn keep_best(best: &mut Vec<(u64, bool, usize)>, candidate: (u64, bool, usize)) {
    if best.len() < CANDIDATES {
        best.push(candidate);
        return;
    }
    let key = |c: &(u64, bool, usize)| (c.0, c.1);
    let worst = best.iter().enumerate().min_by_key(|(_, kept)| key(kept)).map(|(at, _)| at);
    if let Some(worst) = worst.and_then(|at| best.get_mut(at))
        && key(worst) < key(&candidate)
    {
        *worst = candidate;
    }
}

/// Base name → place, or none where more than one file has it.
fn unique<'f>(files: impl Iterator<Item = (usize, &'f &'f FileState)>) -> BTreeMap<&'f str, Option<usize>> {
    let mut names: BTreeMap<&str, Option<usize>> = BTreeMap::new();
    for (at, file) in files {
        names.entry(basename(file)).and_modify(|known| *known = None).or_insert(Some(at));
    }
    names
}
