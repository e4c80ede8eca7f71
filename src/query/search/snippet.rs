//! The lines of a chunk that show best why it matched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::request::{MatchSpan, Snippet};
use super::units::Unit;
use crate::nodes::index::tokenize::{Stems, terms, words};
use crate::query::grams::LineMatcher;
use crate::query::parse::{Exact, Sign};

/// A longer line is cut, at a character.
const LINE_BYTES: usize = 400;

/// Knows which words of a text match a query.
pub struct Matcher {
    /// Term or stem → unit.
    wanted: BTreeMap<String, usize>,
    stems: Stems,
    exacts: Vec<Arc<LineMatcher>>,
}

/// Numbers of literals and expressions begin here.
const EXACT: usize = 1 << 20;

/// A word that matched.
struct Match {
    start: usize,
    end: usize,
    unit: usize,
}

impl Matcher {
    pub fn new(units: &[Unit], exacts: &[&Exact]) -> Self {
        let stems = Stems::default();
        let mut wanted = BTreeMap::new();
        for (at, unit) in units.iter().enumerate().filter(|(_, u)| u.sign != Sign::Excluded) {
            if let Some(stem) = stems.of(&unit.term) {
                wanted.entry(stem).or_insert(at);
            }
            for other in &unit.others {
                wanted.entry(other.term.clone()).or_insert(at);
            }
            wanted.insert(unit.term.clone(), at);
        }
        let exacts = exacts.iter().map(|exact| Arc::clone(&exact.matcher)).collect();
        Self { wanted, stems, exacts }
    }

    /// The matching words of `text`, in order.
    fn matches(&self, text: &str) -> Vec<Match> {
        let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        let mut out = Vec::new();
        words(text, |start, end| {
            let Some(word) = text.get(start..end) else { return };
            let unit = *known.entry(word).or_insert_with(|| self.unit_of(word));
            if let Some(unit) = unit {
                out.push(Match { start, end, unit });
            }
        });
        for (at, matcher) in self.exacts.iter().enumerate() {
            for line in matcher.lines(text.as_bytes()) {
                let start = line.line.start;
                let spans = line.spans.into_iter();
                out.extend(spans.map(|span| Match {
                    start: start + span.start,
                    end: start + span.end,
                    unit: EXACT + at,
                }));
            }
        }
        out.sort_by_key(|found| (found.start, std::cmp::Reverse(found.end)));
        out
    }

    fn unit_of(&self, word: &str) -> Option<usize> {
        let mut found = Vec::new();
        terms(word, &mut found);
        let direct = found.iter().find_map(|t| self.wanted.get(t));
        direct.or_else(|| found.iter().filter_map(|t| self.stems.of(t)).find_map(|s| self.wanted.get(&s))).copied()
    }

    /// The best window of `2 × context + 1` lines: most units, then most matches, then first. `first_line` is the
    /// number of the text's first line.
    pub fn snippet(&self, text: &str, first_line: u32, context: usize) -> Snippet {
        let matches = self.matches(text);
        let lines = lines(text);
        let height = context.saturating_mul(2).saturating_add(1).min(lines.len());
        let by_line: Vec<Vec<&Match>> = lines
            .iter()
            .map(|(start, end)| matches.iter().filter(|m| m.start >= *start && m.start < *end).collect())
            .collect();
        let top = best_window(&by_line, height);
        let mut out = Snippet { start_line: first_line.saturating_add(top as u32), ..Snippet::default() };
        for (n, ((start, end), found)) in lines.iter().zip(&by_line).skip(top).take(height).enumerate() {
            let line = cut(text.get(*start..*end).unwrap_or("").trim_end_matches(['\n', '\r']));
            for m in found {
                let (from, to) = (m.start - start, (m.end - start).min(line.len()));
                if from < to {
                    out.spans.push(MatchSpan { line: n as u32, start: from as u32, end: to as u32 });
                }
            }
            out.lines.push(line.to_owned());
        }
        out
    }
}

fn best_window(by_line: &[Vec<&Match>], height: usize) -> usize {
    let mut best = (0, (0, 0));
    for top in 0..=by_line.len().saturating_sub(height) {
        let window = by_line.iter().skip(top).take(height).flatten();
        let units: BTreeSet<usize> = window.clone().map(|m| m.unit).collect();
        let rank = (units.len(), window.count());
        if rank > best.1 {
            best = (top, rank);
        }
    }
    // The matches in the middle read better than at the lower edge.
    let lines_below = by_line.iter().skip(best.0).take(height).rev().take_while(|l| l.is_empty()).count();
    let lines_above = by_line.iter().skip(best.0).take(height).take_while(|l| l.is_empty()).count();
    let down = lines_above.saturating_sub(lines_below) / 2;
    (best.0 + down).min(by_line.len().saturating_sub(height))
}

/// Start and end of each line, line ends included.
fn lines(text: &str) -> Vec<(usize, usize)> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let from = start;
            start += line.len();
            (from, start)
        })
        .collect()
}

fn cut(line: &str) -> &str {
    let mut end = line.len().min(LINE_BYTES);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or(line)
}
