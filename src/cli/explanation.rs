//! `--explain` and `--timings` of a search, for people: a name at the margin, what it is beside it.

use std::time::Duration;

use sawmill::base::Mode;
use sawmill::ops::search::{Breakdown, ExactExplained, Explain, SearchAnswer, Timings, UnitExplained};

use super::human;
use super::output::Output;
use super::page::Page;
use super::paint::Paint;
use super::sanitize;

/// Width of the names at the margin.
const MARGIN: usize = 10;
/// No line is broken to fewer columns than these.
const NARROWEST: usize = 40;
/// Most lines of a trigram plan; JSON has it whole.
const PLAN_LINES: usize = 6;

/// What was asked for of both; with an empty line below, or empty.
pub fn of(answer: &SearchAnswer, output: &Output) -> String {
    let mut sheet = Sheet { page: Page::default(), width: usize::from(output.width), paint: output.paint };
    if let Some(explain) = &answer.explain {
        query(&mut sheet, explain);
    }
    if let Some(timings) = &answer.timings {
        sheet.entry("times", &times(timings), usize::MAX);
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
    let widest = units.iter().map(|unit| unit.term.chars().count()).max().unwrap_or(0).min(24);
    for (at, unit) in units.iter().enumerate() {
        let found = human::counted(unit.doc_freq, "chunk", "chunks");
        let role = format!("{:?}", unit.role).to_lowercase();
        let told = format!("{:<widest$}  {role} × {:.2}, idf {:.2}, in {found}", unit.term, unit.weight, unit.idf);
        sheet.entry(if at == 0 { "units" } else { "" }, &told, usize::MAX);
    }
}

/// How a hit's score came to be: a line a unit, then what they are multiplied with. Factors of 1 say nothing.
pub fn score(breakdown: &Breakdown, paint: Paint) -> String {
    let mut page = Page::default();
    for unit in &breakdown.units {
        let fields: Vec<String> = unit.fields.iter().map(|(field, n)| format!("{field} {n}")).collect();
        let term = sanitize::name(&unit.term);
        page.line(paint.dim(&format!("      {:8.3}  {term}  {}", unit.score, fields.join(", "))));
    }
    let Breakdown { coverage, exact, naming, family, text, path, role, kind, name, .. } = *breakdown;
    let factors = |all: &[(&str, f64)]| {
        let telling = all.iter().filter(|(_, factor)| (factor - 1.0).abs() > f64::EPSILON);
        telling.map(|(what, factor)| format!(" × {what} {factor:.3}")).collect::<Vec<_>>().concat()
    };
    let added = |what: &str, sum: f64| if sum > 0.0 { format!(" + {what} {sum:.3}") } else { String::new() };
    let line = [
        factors(&[("coverage", coverage), ("exact", exact), ("naming", naming), ("family", family)]),
        added("text", text),
        added("path", path),
        factors(&[("role", role), ("kind", kind), ("name", name)]),
    ]
    .concat();
    if !line.is_empty() {
        page.line(paint.dim(&format!("              {}", line.trim_start())));
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
        format!("{name}\u{a0}{ms:.1}")
    });
    format!("{}\u{a0}ms", shown.join(", "))
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
        let lines = broken(&text, self.width.saturating_sub(MARGIN).max(NARROWEST));
        for (at, line) in lines.iter().take(most).enumerate() {
            let margin = if at == 0 { format!("{name:<MARGIN$}") } else { " ".repeat(MARGIN) };
            let more = if at + 1 == most && lines.len() > most { " …" } else { "" };
            self.page.line(format!("{}{line}{more}", self.paint.dim(&margin)));
        }
    }
}

/// `text` in lines of at most `width` characters, broken at blanks; a word that is longer is cut.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let mut word: Vec<char> = word.chars().collect();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            length = 0;
        } else if length > 0 || !line.is_empty() {
            line.push(' ');
            length += 1;
        }
        while word.len() > width {
            let rest = word.split_off(width);
            lines.push(word.into_iter().collect());
            word = rest;
        }
        length += word.len();
        line.extend(word);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn lines_are_broken_at_blanks_and_blanks_in_them_stay() {
        assert_eq!(broken("one two three", 8), ["one two", "three"]);
        assert_eq!(broken("a  b", 40), ["a  b"]);
        assert_eq!(broken("abcdefgh ij", 4), ["abcd", "efgh", "ij"]);
        assert_eq!(broken("", 4), [""]);
    }
}
