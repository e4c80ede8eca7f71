//! The lines of a chunk that show best why it matched, and the one among them that an editor is to open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::definition;
use super::excerpt::Excerpt;
use super::inner::Definition;
use super::request::Snippet;
use super::units::{Reach, Unit, UnitRole};
use crate::nodes::index::tokenize::{DEFINED, Stems, scope_mark, scope_of, terms, whole, words};
use crate::query::grams::LineMatcher;
use crate::query::parse::{Exact, FilterKind, Query, Sign};

/// Knows which words of a text match a query.
pub struct Matcher {
    /// Term or stem → unit.
    wanted: BTreeMap<String, usize>,
    /// Units that say nothing by themselves.
    fillers: BTreeSet<usize>,
    stems: Stems,
    exacts: Vec<Arc<LineMatcher>>,
    /// Terms of the words and of the qualified names that a definition may be.
    called: BTreeSet<String>,
    /// Words that tell something.
    words: usize,
    /// What the query asks of symbols, where it does.
    symbols: Option<Query>,
}

/// Numbers of literals and expressions begin here.
const EXACT: usize = 1 << 20;

/// What is shown of a chunk comes from this.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub name: &'a str,
    pub signature: &'a str,
    pub text: &'a str,
    /// Number of the text's first line.
    pub first_line: u32,
    /// May its lines be comments?
    pub comments: bool,
    /// What begins in it, where that was read; in order.
    pub definitions: &'a [Definition<'a>],
}

/// A word that matched.
struct Match {
    start: usize,
    end: usize,
    unit: usize,
}

impl Matcher {
    pub fn new(query: &Query, units: &[Unit], exacts: &[&Exact]) -> Self {
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
        let fillers = units.iter().enumerate().filter(|(_, unit)| unit.filler).map(|(at, _)| at).collect();
        let (mut called, mut words) = (BTreeSet::new(), 0);
        for unit in units.iter().filter(|unit| unit.sign != Sign::Excluded && !unit.filler) {
            if matches!(unit.role, UnitRole::Whole | UnitRole::Joined | UnitRole::Qualified) {
                called.insert(unit.term.clone());
                called.extend(unit.others.iter().filter(|o| o.reach != Reach::Unstemmed).map(|o| o.term.clone()));
            }
            words += usize::from(unit.role == UnitRole::Whole);
        }
        let symbols = query.asks_for(FilterKind::Sym).then(|| query.clone());
        Self { wanted, fillers, stems, exacts, called, words, symbols }
    }

    /// Is it of use to know what is defined in a chunk of that name?
    pub fn wants_definitions(&self, name: &str) -> bool {
        let qualified = self.called.iter().any(|term| term.contains(DEFINED));
        self.symbols.is_some() || qualified || (self.words == 1 && !self.is_called(name))
    }

    fn is_called(&self, name: &str) -> bool {
        whole(name).is_some_and(|term| self.called.contains(&term))
    }

    /// The definition in a chunk that the query asks for: by a filter, as a qualified name, or, of a query of one word,
    /// as that word, where the chunk itself is not called so.
    fn wanted_definition<'a>(&self, chunk: &Shown<'a>) -> Option<&'a Definition<'a>> {
        let qualified = |d: &&Definition<'_>| {
            let mark = scope_of(d.qualified_name, d.name).and_then(|scope| scope_mark(d.name, scope));
            mark.is_some_and(|mark| self.called.contains(&mark))
        };
        let asked = |d: &&Definition<'_>| {
            let admits = |query: &Query| query.admits(FilterKind::Sym, &[d.name, d.qualified_name]);
            self.symbols.as_ref().is_some_and(admits)
        };
        let alone = self.words == 1 && !self.is_called(chunk.name);
        let of_word = || chunk.definitions.iter().find(|d| alone && self.is_called(d.name));
        let definitions = || chunk.definitions.iter();
        definitions().find(qualified).or_else(|| definitions().find(asked)).or_else(of_word)
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

    /// Does a word of the query that tells something name a chunk that is called so?
    fn names(&self, name: &str) -> bool {
        let mut found = Vec::new();
        words(name, |start, end| terms(name.get(start..end).unwrap_or_default(), &mut found));
        let unit = |term: &String| {
            self.wanted.get(term).or_else(|| self.stems.of(term).and_then(|stem| self.wanted.get(&stem))).copied()
        };
        found.iter().filter_map(unit).any(|unit| !self.fillers.contains(&unit))
    }

    /// The number of the line that an editor is to open, and the best `2 × context + 1` lines that it is among: those
    /// with most units, then most matches, then most evenly on both sides of it.
    pub fn show(&self, chunk: &Shown<'_>, context: usize) -> (u32, Snippet) {
        let lines = lines(chunk.text);
        let by_line = by_line(self.matches(chunk.text), &lines);
        let line = self.line(chunk, &lines, &by_line);
        let height = context.saturating_mul(2).saturating_add(1).min(lines.len());
        let top = self.best_window(&by_line, line, height);
        let number = |at: usize| chunk.first_line.saturating_add(at as u32);
        let mut out = Snippet { start_line: number(top), ..Snippet::default() };
        for (n, ((start, text), found)) in lines.iter().zip(&by_line).skip(top).take(height).enumerate() {
            let of_line = |m: &Match| m.start.saturating_sub(*start)..m.end.saturating_sub(*start);
            let shown = Excerpt::of(text.trim_end_matches(['\n', '\r']), found.first().map(of_line));
            out.spans.extend(found.iter().filter_map(|m| shown.span(n, of_line(m))));
            out.lines.push(shown.text);
        }
        (number(line), out)
    }

    /// Index of the line to open: of the definition inside that is asked for, of the chunk's own that a word names, or the first with a literal or an expression,
    /// or the first of those with most words.
    fn line(&self, chunk: &Shown<'_>, lines: &[(usize, &str)], by_line: &[Vec<Match>]) -> usize {
        let defined = || {
            let lines: Vec<&str> = lines.iter().map(|(_, line)| *line).collect();
            definition::line_of(&lines, chunk.name, chunk.signature, chunk.comments)
        };
        let exact = || by_line.iter().position(|found| found.iter().any(|m| m.unit >= EXACT));
        let inner = || {
            let definition = self.wanted_definition(chunk)?;
            let from = definition.line.checked_sub(chunk.first_line)? as usize;
            let lines: Vec<&str> = lines.get(from..)?.iter().map(|(_, line)| *line).collect();
            // What is noted on a definition stands before its name.
            Some(from + definition::line_of(&lines, definition.name, "", chunk.comments).unwrap_or(0))
        };
        let named = || self.names(chunk.name).then(defined).flatten();
        inner().or_else(named).or_else(exact).unwrap_or_else(|| {
            let ranks = by_line.iter().map(|found| self.rank(found.iter())).enumerate();
            ranks.max_by_key(|(at, (told, units, _))| (*told, *units, std::cmp::Reverse(*at))).map_or(0, |(at, _)| at)
        })
    }

    /// Units that tell something, units, and matches.
    fn rank<'a>(&self, found: impl Iterator<Item = &'a Match> + Clone) -> (usize, usize, usize) {
        let units: BTreeSet<usize> = found.clone().map(|m| m.unit).collect();
        (units.difference(&self.fillers).count(), units.len(), found.count())
    }

    /// Index of the first line of the best window of `height` lines that `line` is in.
    fn best_window(&self, by_line: &[Vec<Match>], line: usize, height: usize) -> usize {
        let lowest = line.min(by_line.len().saturating_sub(height));
        let highest = (line + 1).saturating_sub(height);
        let rank = |top: usize| {
            let (above, below) = (line.saturating_sub(top), (top + height).saturating_sub(line + 1));
            let rank = self.rank(by_line.iter().skip(top).take(height).flatten());
            (rank, std::cmp::Reverse(above.abs_diff(below)), std::cmp::Reverse(top))
        };
        (highest..=lowest).max_by_key(|top| rank(*top)).unwrap_or(lowest)
    }
}

/// The matches of each line; all are in some line, and in order.
fn by_line(matches: Vec<Match>, lines: &[(usize, &str)]) -> Vec<Vec<Match>> {
    let mut out: Vec<Vec<Match>> = lines.iter().map(|_| Vec::new()).collect();
    for found in matches {
        let at = lines.partition_point(|(start, _)| *start <= found.start).saturating_sub(1);
        if let Some(line) = out.get_mut(at) {
            line.push(found);
        }
    }
    out
}

/// Each line, line end included, and where it starts.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let place = |line| {
        let from = start;
        start += str::len(line);
        (from, line)
    };
    text.split_inclusive('\n').map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::super::units::units;
    use super::super::weights::Weights;
    use super::*;
    use crate::query::parse::parse;
    use crate::query::search::Intent;

    const TEXT: &str = "/// Says needle and hay.\n/// The needle of url_for.\n#[must_use]\nfn url_for() {\n    a\n    needle(hay)\n    hay\n}\n";

    fn show(query: &str, name: &str, text: &str, context: usize) -> (u32, u32, usize) {
        let query = parse(query).unwrap();
        let weights = Weights::default();
        let units = units(&query, weights.of(Intent::of(&query).kind));
        let exacts: Vec<&Exact> = query.expr.iter().flat_map(|e| e.exacts()).map(|(exact, _)| exact).collect();
        let chunk = Shown { name, signature: "fn url_for()", text, first_line: 1, comments: true, definitions: &[] };
        let (line, snippet) = Matcher::new(&query, &units, &exacts).show(&chunk, context);
        (line, snippet.start_line, snippet.lines.len())
    }

    #[test]
    fn the_line_to_open_is_the_same_for_every_context_and_in_the_snippet() {
        for (query, expected) in [
            ("url_for", 4),
            ("url", 4),
            ("urlFor needle hay", 4),
            ("needle hay", 1),
            ("hay of the", 1),
            ("\"hay)\"", 6),
            ("/^\\s+hay/", 7),
            ("absent", 1),
        ] {
            for context in [0, 1, 2, 3, 50, usize::MAX] {
                let (line, top, count) = show(query, "url_for", TEXT, context);
                assert_eq!(line, expected, "{query} {context}");
                assert_eq!(count, context.saturating_mul(2).saturating_add(1).min(8), "{query} {context}");
                assert!((top..top + count as u32).contains(&line), "{query} {context}: {top}");
            }
        }
    }

    #[test]
    fn among_the_windows_with_the_line_that_with_most_matches_is_shown() {
        assert_eq!(show("url_for", "url_for", TEXT, 1), (4, 2, 3), "the documentation names it");
        assert_eq!(show("url_for", "url_for", TEXT, 2), (4, 2, 5), "as even as it goes");
        assert_eq!(show("url", "url_for", &TEXT.replace("of url_for", ""), 1), (4, 3, 3), "in the middle");
        assert_eq!(show("url_for hay", "url_for", &TEXT.replace("of url_for", ""), 2), (4, 3, 5), "a match more");
    }

    #[test]
    fn a_name_that_only_a_filler_names_is_not_looked_for() {
        let text = "/// The needle.\nfn the() {}\n";
        assert_eq!(show("the needle", "the", text, 0).0, 1);
        assert_eq!(show("needle", "", "", 2), (1, 1, 0));
    }
}
