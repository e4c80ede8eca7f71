//! `--explain` and `--timings` of a search, for people: a name at the margin, what it is beside it.

use std::time::Duration;

use sawmill::base::Mode;
use sawmill::ops::search::{Breakdown, ExactExplained, Explain, Fusion, SearchReport, Timings, UnitExplained};

use super::human;
use super::output::Output;
use super::page::Page;
use super::paint::Paint;
use super::sanitize;

/// Width of the names at the margin.
const MARGIN: usize = 10;
/// In fewer columns there is no margin: a name stands before its text, and further lines are indented by four.
const MARGIN_FROM: usize = 60;
/// No line is broken to fewer columns than these.
const NARROWEST: usize = 20;
/// A blank at which no line is broken; shown as any other.
const HELD: char = '\u{a0}';
/// Most lines of a trigram plan; JSON has it whole.
const PLAN_LINES: usize = 6;

/// What was asked for of both; with an empty line below, or empty.
pub fn of(report: &SearchReport, output: &Output) -> String {
    let answer = &report.answer;
    let mut sheet = Sheet { page: Page::default(), width: usize::from(output.width), paint: output.paint };
    for (at, list) in answer.fused.iter().enumerate().filter(|(_, list)| list.explain.is_some()) {
        let hits = human::counted(list.depth, "hit", "hits");
        let names: Vec<String> = list.repos.iter().map(|name| sanitize::name(name).into_owned()).collect();
        sheet.entry("ranked", &format!("list {at}, {hits}: {}", names.join(", ")), usize::MAX);
        list.explain.iter().for_each(|explain| query(&mut sheet, explain));
    }
    if let Some(explain) = &answer.explain {
        query(&mut sheet, explain);
    }
    if answer.explain.is_some() || !answer.fused.iter().all(|list| list.explain.is_none()) {
        sheet.entry("cache", "off; what is explained is made anew", usize::MAX);
    }
    if let Some(timings) = &answer.timings {
        sheet.entry("times", &times(timings), usize::MAX);
        if answer.explain.is_none() {
            sheet.entry("cache", timings.cache.name(), usize::MAX);
        }
    }
    let text = sheet.page.text();
    if text.is_empty() { text } else { text + "\n" }
}

fn query(sheet: &mut Sheet, explain: &Explain) {
    let Explain { routing, segments, .. } = explain;
    sheet.entry("query", &explain.parse, usize::MAX);
    sheet.entry("intent", &format!("{} ({})", routing.intent.kind.name(), routing.intent.reason), usize::MAX);
    sheet.entry("asked", &format!("{} of {}", routing.asked.name(), modes(&routing.modes_asked)), usize::MAX);
    let opened = human::counted(segments.opened as u64, "segment", "segments");
    let of = if segments.opened == 0 { String::new() } else { format!(" of {}", modes(&routing.modes_opened)) };
    let skipped = human::count(segments.skipped as u64);
    sheet.entry("opened", &format!("{opened}{of}; {skipped} skipped by mode"), usize::MAX);
    if let Some(exact) = &explain.exact {
        plan(sheet, exact);
    }
    let chunks = human::counted(explain.chunks, "chunk", "chunks");
    let left = if explain.scored == explain.candidates {
        String::new()
    } else {
        format!(", of which filters left {}", human::count(explain.candidates))
    };
    let (scored, resolved) = (human::count(explain.scored), human::count(explain.resolved as u64));
    sheet.entry("scored", &format!("{scored} of {chunks}{left}; {resolved} looked at"), usize::MAX);
    units(sheet, &explain.units);
}

fn plan(sheet: &mut Sheet, exact: &ExactExplained) {
    sheet.entry("trigrams", &exact.plan, PLAN_LINES);
    if let Some(note) = &exact.note {
        sheet.entry("", note, usize::MAX);
    }
    let (files, left, read) = (human::count(exact.files.files), exact.files.left, exact.files.read);
    sheet.entry("files", &format!("{} of {files} left, {} read", human::count(left), human::count(read)), usize::MAX);
}

/// `parse_config  whole × 1.00, idf 4.12, in 12 chunks`
fn units(sheet: &mut Sheet, units: &[UnitExplained]) {
    let widest = units.iter().map(|unit| unit.term.chars().count()).max().unwrap_or(0);
    let widest = if sheet.width < MARGIN_FROM { 0 } else { widest.min((sheet.width - MARGIN) / 2) };
    for (at, unit) in units.iter().enumerate() {
        let found = human::counted(unit.doc_freq, "chunk", "chunks");
        let role = format!("{:?}", unit.role).to_lowercase();
        let told = format!("{:<widest$}  {role} × {:.2}, idf {:.2}, in {found}", unit.term, unit.weight, unit.idf);
        sheet.entry(if at == 0 { "units" } else { "" }, &told, usize::MAX);
    }
}

/// How a hit's score came to be: a line a unit, then what they are multiplied with. Factors of 1 say nothing.
pub fn score(breakdown: &Breakdown, output: &Output) -> String {
    let width = usize::from(output.width);
    let indent = if width < MARGIN_FROM { 0 } else { 6 };
    // Numbers are eight wide, and two blanks stand behind them.
    let hanging = " ".repeat(indent + 10);
    let room = width.saturating_sub(hanging.len()).max(NARROWEST);
    let mut page = Page::default();
    let mut lines = |number: &str, text: &str| {
        for (at, line) in broken(text, room, room).into_iter().enumerate() {
            let before = if at == 0 { format!("{number:>width$}  ", width = indent + 8) } else { hanging.clone() };
            page.line(output.paint.dim(&format!("{before}{line}")));
        }
    };
    for unit in &breakdown.units {
        let fields: Vec<String> = unit.fields.iter().map(|(field, n)| format!("{field}{HELD}{n}")).collect();
        lines(&format!("{:.3}", unit.score), &format!("{}  {}", sanitize::name(&unit.term), fields.join(", ")));
    }
    let Breakdown { coverage, exact, naming, scope, family, text, path, role, kind, name, .. } = *breakdown;
    let factors = |all: &[(&str, f64)]| {
        let telling = all.iter().filter(|(_, factor)| (factor - 1.0).abs() > f64::EPSILON);
        telling.map(|(what, factor)| format!(" ×{HELD}{what}{HELD}{factor:.3}")).collect::<Vec<_>>().concat()
    };
    let added = |what: &str, sum: f64| if sum > 0.0 { format!(" +{HELD}{what}{HELD}{sum:.3}") } else { String::new() };
    let line = [
        factors(&[("coverage", coverage), ("exact", exact), ("naming", naming), ("scope", scope), ("family", family)]),
        added("text", text),
        added("path", path),
        factors(&[("role", role), ("kind", kind), ("name", name)]),
    ]
    .concat();
    if !line.is_empty() {
        lines("", line.trim_start());
    }
    if let Some(Fusion { list, rank, score }) = breakdown.fusion {
        lines(
            "",
            &format!(
                "rank{HELD}{rank} of list{HELD}{list}, by score{HELD}{score:.3}; the score is 1/(60{HELD}+{HELD}rank)"
            ),
        );
    }
    page.text()
}

fn modes(modes: &[Mode]) -> String {
    if modes.len() == Mode::ALL.len() {
        return "all modes".to_owned();
    }
    modes.iter().map(|mode| mode.name()).collect::<Vec<_>>().join(", ")
}

fn times(timings: &Timings) -> String {
    let steps = [
        ("parse", timings.parse_us),
        ("select", timings.select_us),
        ("open", timings.open_us),
        ("score", timings.score_us),
        ("exact", timings.exact_us),
        ("rank", timings.rank_us),
        ("fetch", timings.fetch_us),
        ("all", timings.total_us),
    ];
    let shown = steps.map(|(name, us)| {
        let ms = Duration::from_micros(us).as_secs_f64() * 1000.0;
        format!("{name}{HELD}{ms:.1}")
    });
    format!("{}{HELD}ms", shown.join(", "))
}

/// Names at the margin, text beside them that is broken at blanks.
struct Sheet {
    page: Page,
    width: usize,
    paint: Paint,
}

impl Sheet {
    /// `text`, in at most `most` lines.
    fn entry(&mut self, name: &str, text: &str, most: usize) {
        let text = sanitize::name(text);
        let (first, hanging) = match self.width {
            MARGIN_FROM.. => (format!("{name:<MARGIN$}"), MARGIN),
            _ if name.is_empty() => ("  ".to_owned(), 4),
            _ => (format!("{name}  "), 4),
        };
        let room = |taken: usize| self.width.saturating_sub(taken).max(NARROWEST);
        let lines = broken(&text, room(first.chars().count()), room(hanging));
        for (at, line) in lines.iter().take(most).enumerate() {
            let margin = if at == 0 { first.clone() } else { " ".repeat(hanging) };
            let more = if at + 1 == most && lines.len() > most { " …" } else { "" };
            self.page.line(format!("{}{line}{more}", self.paint.dim(&margin)));
        }
    }
}

/// `text` in lines of at most `width` characters, the first of at most `first`, broken at blanks but not at those that are
/// held; a word that is longer is cut.
fn broken(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        let room = |lines: &[String]| if lines.is_empty() { first } else { width };
        if length > 0 && length + 1 + word.len() > room(&lines) {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            length = 0;
        } else if length > 0 || !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        while word.len() > room(&lines) {
            let rest = word.split_off(room(&lines));
            lines.push(word.into_iter().collect());
            word = rest;
        }
        length += word.len();
        line.extend(word);
    }
    lines.push(line);
    lines.into_iter().map(|line| line.replace(HELD, " ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_at_blanks_and_blanks_in_them_stay() {
        assert_eq!(broken("one two three", 8, 8), ["one two", "three"]);
        assert_eq!(broken("one two three four", 4, 10), ["one", "two three", "four"]);
        assert_eq!(broken("a  b", 40, 40), ["a  b"]);
        assert_eq!(broken("one two\u{a0}3", 8, 8), ["one", "two 3"]);
        assert_eq!(broken("abcdefgh ij", 4, 4), ["abcd", "efgh", "ij"]);
        assert_eq!(broken("", 4, 4), [""]);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let text = "1 489 of 15 239 chunks, of which filters left 1 036; 64 looked at, and a_word_that_is_long_enough_to_be_cut";
        for width in [24, 40, 59, 60, 80, 120] {
            let mut sheet = Sheet { page: Page::default(), width, paint: Paint::plain() };
            sheet.entry("scored", text, usize::MAX);
            sheet.entry("", text, usize::MAX);
            let shown = sheet.page.text();
            let widest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= width, "{widest} in {width}:\n{shown}");
            let words: String = shown.split_whitespace().filter(|word| *word != "scored").collect();
            assert_eq!(words, text.replace(' ', "").repeat(2), "nothing is lost");
        }
    }
}
