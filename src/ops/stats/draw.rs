//! The report as a picture: health by language, size by table.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Health, LanguageHealth, NO_LANGUAGE, StatsAnswer, StatsReport};
use crate::ops::picture::{Anchor, Face, MARGIN, Page, count, counted, escaped, line, size};

pub(super) const WIDTH: i64 = 720;
/// How much room a name has.
const NAME: i64 = 150;
/// Where bars begin, and how long they are.
const BARS: i64 = MARGIN + NAME + 12;
pub(super) const BAR: i64 = 240;
/// Where the figures of a language end.
const CLEAN: i64 = BARS + BAR + 52;
const PARTS: [(&str, i64); 3] = [("ok", CLEAN + 66), ("partial", CLEAN + 148), ("error", WIDTH - MARGIN)];
/// From bar to bar, and how thick one is.
const ROW: i64 = 22;
const THICK: i64 = 12;
/// A part that is there is seen.
pub(super) const LEAST: i64 = 2;
/// Bars of one kind; what is left becomes one more.
const MOST: usize = 12;

const LIGHT: &str =
    ".rail{fill:#eaeef2}.ok{fill:#1a7f37}.partial{fill:#bf8700}.error{fill:#cf222e}.bytes{fill:#0969da}";
const DARK: &str = ".rail{fill:#21262d}.ok{fill:#3fb950}.partial{fill:#d29922}.error{fill:#f85149}.bytes{fill:#58a6ff}";

/// One self-contained SVG, light and dark, with the numbers in words for those who do not see it.
///
/// A language's bar is its own hundred percent: its clean, partial and failed files. A table's bar is its bytes against
/// those of the largest. Languages come in the order of their files and tables in that of their bytes, twelve of each;
/// the others are one bar together. Files that no parser was asked to read are a number below the languages.
pub fn svg(report: &StatsReport) -> String {
    let health = &report.answer.health;
    let (languages, tables) = (languages(health), tables(&report.answer));
    let mut body = String::new();
    let mut y = MARGIN;
    draw_health(&mut body, health, &languages, &mut y);
    y += ROW;
    draw_sizes(&mut body, &tables, &mut y);
    let page = Page {
        title: &headline(health),
        description: &description(&languages, &tables),
        light: LIGHT,
        dark: DARK,
        width: WIDTH,
        height: y + MARGIN,
        body: &body,
    };
    page.render()
}

fn headline(health: &Health) -> String {
    format!("Parse health: {} clean ({}/{})", health.percent(), count(health.total_ok), count(health.total_files))
}

/// The numbers in words.
fn description(languages: &[(String, LanguageHealth)], tables: &[(String, u64)]) -> String {
    let languages = languages.iter().map(|(name, counts)| format!("{name}: {}", said(*counts)));
    let tables = tables.iter().map(|(name, bytes)| format!("{name}: {}", size(*bytes)));
    let listed = |rows: Vec<String>| if rows.is_empty() { "none".to_owned() } else { rows.join("; ") };
    let (languages, tables) = (listed(languages.collect()), listed(tables.collect()));
    format!("Health by language. {languages}. Size by table. {tables}.")
}

/// `98.5% clean, 67 ok, 1 partial, 0 error`
fn said(counts: LanguageHealth) -> String {
    let LanguageHealth { ok, partial, error, .. } = counts;
    format!("{} clean, {} ok, {} partial, {} error", clean(counts), count(ok), count(partial), count(error))
}

fn clean(counts: LanguageHealth) -> String {
    counts.percent().map(|percent| percent.to_string()).unwrap_or_default()
}

/// The languages that a parser was asked to read.
fn languages(health: &Health) -> Vec<(String, LanguageHealth)> {
    let asked = health.languages().into_iter().filter(|(_, counts)| counts.asked() > 0);
    let named = asked.map(|(name, counts)| (if name.is_empty() { NO_LANGUAGE } else { name }.to_owned(), counts));
    first(named.collect(), |sum: &mut LanguageHealth, counts| sum.merge(counts))
}

/// Node and table with their bytes, over all repositories and modes.
fn tables(answer: &StatsAnswer) -> Vec<(String, u64)> {
    let mut sums: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for table in &answer.tables {
        *sums.entry((&table.node, &table.table)).or_default() += table.bytes;
    }
    let mut rows: Vec<_> = sums.into_iter().map(|((node, table), bytes)| (format!("{node}/{table}"), bytes)).collect();
    rows.sort_by_key(|(_, bytes)| Reverse(*bytes));
    first(rows, |sum: &mut u64, bytes| *sum += bytes)
}

/// As many rows as are drawn one by one, and the others as one.
fn first<T: Copy + Default>(mut rows: Vec<(String, T)>, add: impl Fn(&mut T, T)) -> Vec<(String, T)> {
    let others = rows.split_off(rows.len().min(MOST));
    if !others.is_empty() {
        let mut sum = T::default();
        for (_, value) in &others {
            add(&mut sum, *value);
        }
        rows.push((counted(others.len() as u64, "other", "others"), sum));
    }
    rows
}

fn draw_health(out: &mut String, health: &Health, languages: &[(String, LanguageHealth)], y: &mut i64) {
    line(out, Face::Title, &headline(health), MARGIN, *y, Anchor::Start);
    *y += Face::Title.height() + 4;
    if !languages.is_empty() {
        line(out, Face::Dim, "language", MARGIN, *y, Anchor::Start);
        line(out, Face::Dim, "clean", CLEAN, *y, Anchor::End);
        for (part, end) in PARTS {
            line(out, Face::Dim, part, end, *y, Anchor::End);
            rect(out, part, (end - Face::Dim.width(part) - 13, *y + 3, 9, 9));
        }
        *y += ROW;
    }
    for (name, counts) in languages {
        let _ = writeln!(out, "<g><title>{}: {}</title>", escaped(name), said(*counts));
        line(out, Face::Plain, &Face::Plain.fitted(name, NAME), MARGIN, *y, Anchor::Start);
        let mut x = BARS;
        let parts = [counts.ok, counts.partial, counts.error];
        for (((class, end), n), width) in PARTS.into_iter().zip(parts).zip(shares(parts)) {
            if width > 0 {
                rect(out, class, (x, *y + 2, width, THICK));
            }
            x += width;
            line(out, if n > 0 { Face::Plain } else { Face::Dim }, &count(n), end, *y, Anchor::End);
        }
        line(out, Face::Plain, &clean(*counts), CLEAN, *y, Anchor::End);
        out.push_str("</g>\n");
        *y += ROW;
    }
    let unsupported: u64 = health.by_language.values().map(|counts| counts.unsupported).sum();
    if unsupported > 0 {
        let words = format!("not counted: {} that no parser was asked to read", counted(unsupported, "file", "files"));
        line(out, Face::Dim, &words, MARGIN, *y, Anchor::Start);
        *y += ROW;
    }
}

fn draw_sizes(out: &mut String, tables: &[(String, u64)], y: &mut i64) {
    let total: u64 = tables.iter().map(|(_, bytes)| bytes).sum();
    let largest = tables.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0);
    line(out, Face::Title, &format!("Size by table: {}", size(total)), MARGIN, *y, Anchor::Start);
    *y += Face::Title.height() + 4;
    for (name, bytes) in tables {
        let _ = writeln!(out, "<g><title>{}: {}</title>", escaped(name), size(*bytes));
        line(out, Face::Plain, &Face::Plain.fitted(name, NAME), MARGIN, *y, Anchor::Start);
        rect(out, "rail", (BARS, *y + 2, BAR, THICK));
        let width = u128::from(*bytes) * BAR as u128 / u128::from(largest.max(1));
        if *bytes > 0 {
            rect(out, "bytes", (BARS, *y + 2, (width as i64).max(LEAST), THICK));
        }
        line(out, Face::Plain, &size(*bytes), CLEAN, *y, Anchor::End);
        out.push_str("</g>\n");
        *y += ROW;
    }
}

/// How long each part of a full bar is: a part that is there is seen, and the largest bears what that and rounding take.
pub(super) fn shares(parts: [u64; 3]) -> [i64; 3] {
    let total: u128 = parts.into_iter().map(u128::from).sum();
    let mut widths = parts.map(|part| match u128::from(part) * BAR as u128 {
        0 => 0,
        pixels => ((pixels / total) as i64).max(LEAST),
    });
    let spare = if total > 0 { BAR - widths.iter().sum::<i64>() } else { 0 };
    if let Some((width, _)) = widths.iter_mut().zip(parts).max_by_key(|(_, part)| *part) {
        *width += spare;
    }
    widths
}

fn rect(out: &mut String, class: &str, (x, y, width, height): (i64, i64, i64, i64)) {
    let _ = writeln!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>");
}
