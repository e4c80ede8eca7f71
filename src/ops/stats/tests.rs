//! What is asked for is compared exactly; any report is a whole picture.

use std::collections::BTreeMap;

use miette::Diagnostic;
use proptest::prelude::*;

use super::draw::{BAR, LEAST, WIDTH, shares};
use super::{Health, LanguageHealth, LeastHealth, StatsAnswer, StatsReport, TableStats, svg};
use crate::base::Mode;
use crate::ops::picture::Face;
use crate::ops::problem::Problem;

fn counts(ok: u64, partial: u64, error: u64, unsupported: u64) -> LanguageHealth {
    LanguageHealth { files: ok + partial + error + unsupported, ok, partial, error, unsupported }
}

fn report(languages: &[(&str, LanguageHealth)], tables: &[(&str, &str, u64)]) -> StatsReport {
    let by_language: BTreeMap<_, _> = languages.iter().map(|(name, counts)| ((*name).to_owned(), *counts)).collect();
    let tables = tables.iter().map(|(node, table, bytes)| TableStats {
        repo: "api".to_owned(),
        node: (*node).to_owned(),
        table: (*table).to_owned(),
        mode: Mode::Code,
        rows: 1,
        bytes: *bytes,
        pieces: 1,
    });
    let health = Health::of(by_language);
    let answer = StatsAnswer { repos: Vec::new(), tables: tables.collect(), health, failures: None };
    StatsReport { ok: true, answer, stale: Vec::new(), at: None, error: None }
}

fn health(ok: u64, files: u64) -> Health {
    Health::of([("rust".to_owned(), counts(ok, files - ok, 0, 0))].into())
}

fn least(text: &str) -> LeastHealth {
    text.parse().unwrap()
}

#[test]
fn nothing_is_rounded_up_to_what_is_asked_for() {
    let missed = |text: &str, ok, files| least(text).missed(&health(ok, files), &[]).is_some();
    assert!(missed("95", 949, 1000));
    assert!(!missed("95", 950, 1000));
    assert!(!missed("94.9", 949, 1000), "94.9 has no exact binary fraction, and yet 949 of 1000 are just that");
    assert!(missed("94.900000000001", 949, 1000));
    assert!(missed("100", u64::MAX - 1, u64::MAX));
    assert!(!missed("100", u64::MAX, u64::MAX));
    assert!(!missed("100", 0, 0), "nothing that is there is broken");
    assert!(!missed("0", 0, 7));
}

#[test]
fn a_percentage_is_a_decimal_number_up_to_a_hundred() {
    for (text, shown) in
        [("95", "95"), ("95.50", "95.5"), ("0", "0"), ("0.05", "0.05"), ("100.0", "100"), ("095", "95")]
    {
        assert_eq!(least(text).to_string(), shown, "{text}");
    }
    for text in ["", ".", "5.", ".5", "-1", "+5", "1e1", "NaN", "100.1", "101", "1000", "9 5", "95%", "0.0000000000001"]
    {
        assert!(text.parse::<LeastHealth>().is_err(), "{text}");
    }
}

#[test]
fn the_error_names_what_is_measured_what_is_asked_for_the_worst_and_the_next_step() {
    let health = report(
        &[
            ("rust", counts(39, 1, 0, 2)),
            ("lua", counts(0, 2, 3, 0)),
            ("go", counts(1, 0, 1, 0)),
            ("c", counts(0, 0, 1, 0)),
            ("zig", counts(8, 0, 0, 0)),
        ],
        &[],
    );
    let below = least("85.75").missed(&health.answer.health, &["api".to_owned(), "web".to_owned()]).unwrap();
    let expected = "parse health is 85.7% (48 of 56 files are clean), below the 85.75% that are asked for; most that are not \
                    clean: lua (5 of 5), rust (1 of 40), go (1 of 2)";
    assert_eq!(below.to_string(), expected);
    assert!(below.help().unwrap().to_string().contains("`sawmill stats --failures --repo api,web`"));
    let problem = Problem::from(below);
    assert_eq!((problem.code.as_str(), problem.message.as_str()), ("sawmill::stats::health", expected));
}

#[test]
fn the_picture_of_a_small_report() {
    let languages = [
        ("rust", counts(1200, 3, 1, 2)),
        ("lua", counts(2, 1, 1, 0)),
        ("c++ & <c>", counts(1, 0, 0, 0)),
        ("", counts(0, 0, 0, 13)),
    ];
    let tables =
        [("extract", "files", 0), ("chunk", "chunks", 3_400_000), ("index", "postings", 1_200_000), ("a", "b", 1)];
    insta::assert_snapshot!(svg(&report(&languages, &tables)));
}

#[test]
fn of_many_only_the_first_are_drawn_one_by_one() {
    let names: Vec<String> = (0..30).map(|n| format!("lang{n:02}")).collect();
    let languages: Vec<_> = names.iter().zip(0..).map(|(name, n)| (name.as_str(), counts(n, 1, 0, 0))).collect();
    let tables: Vec<_> = names.iter().zip(0..).map(|(name, n)| ("node", name.as_str(), n)).collect();
    let picture = svg(&report(&languages, &tables));
    assert!(picture.contains(">18 others: 89.4% clean, 153 ok, 18 partial, 0 error<"), "{picture}");
    assert!(picture.contains(">18 others: 153 B<"), "{picture}");
    assert_eq!(picture.matches("<g>").count(), 2 * 13);
    assert!(picture.contains(">lang18<") && !picture.contains(">lang17<"), "the others are the smallest: {picture}");
}

#[test]
fn a_picture_of_nothing_is_a_picture() {
    let picture = svg(&report(&[], &[]));
    assert!(roxmltree::Document::parse(&picture).is_ok(), "{picture}");
    assert!(picture.contains("Parse health: 100% clean (0/0)") && picture.contains("Size by table: 0 B"), "{picture}");
}

/// Names as no tree has them, and some that XML cares about.
fn names() -> impl Strategy<Value = Vec<String>> {
    let odd = prop_oneof![".*", "[<>&\"'\\]\u{0}-\u{1f}\u{fffe}\u{202e}-]{0,9}", Just("]]>".to_owned())];
    proptest::collection::vec(odd, 0..20)
}

proptest! {
    #[test]
    fn any_name_is_a_text_and_never_markup(names in names(), n in any::<u32>()) {
        let n = u64::from(n);
        let languages: Vec<_> = names.iter().map(|name| (name.as_str(), counts(n, n % 7, n % 3, n % 2))).collect();
        let tables: Vec<_> = names.iter().map(|name| (name.as_str(), name.as_str(), n)).collect();
        let picture = svg(&report(&languages, &tables));
        let document = roxmltree::Document::parse(&picture);
        prop_assert!(document.is_ok(), "{:?} {picture}", document.err());
        for node in document.unwrap().descendants().filter(roxmltree::Node::is_element) {
            let known = ["svg", "title", "desc", "style", "rect", "g", "text"].contains(&node.tag_name().name());
            prop_assert!(known, "{picture}");
            prop_assert!(!node.attributes().any(|a| a.name().starts_with("on") || a.name().contains("href")));
        }
    }

    #[test]
    fn bars_and_names_stay_within_their_room(names in names()) {
        let languages: Vec<_> = names.iter().map(|name| (name.as_str(), counts(9_999_999, 999_999, 99_999, 1))).collect();
        let picture = svg(&report(&languages, &[]));
        let document = roxmltree::Document::parse(&picture).unwrap();
        for node in document.descendants().filter(|node| node.tag_name().name() == "text") {
            let x: i64 = node.attribute("x").unwrap().parse().unwrap();
            let face = if node.attribute("class") == Some("title") { Face::Title } else { Face::Plain };
            let wide = face.width(node.text().unwrap_or_default());
            let (from, to) = if node.attribute("text-anchor") == Some("end") { (x - wide, x) } else { (x, x + wide) };
            prop_assert!(from >= 0 && to <= WIDTH, "{from} {to} {:?}", node.text());
        }
    }

    #[test]
    fn a_bar_is_always_full_and_every_part_of_it_seen(parts in proptest::array::uniform3(0u64..5_000_000)) {
        let widths = shares(parts);
        prop_assert_eq!(widths.iter().sum::<i64>(), if parts == [0; 3] { 0 } else { BAR });
        for (part, width) in parts.iter().zip(widths) {
            prop_assert!(if *part == 0 { width == 0 } else { width >= LEAST }, "{parts:?} {widths:?}");
        }
    }

    #[test]
    fn what_is_asked_for_is_compared_as_fractions_are(ok in 0u64..2000, more in 0u64..2000, tenths in 0u64..=1000) {
        let files = ok + more;
        let text = format!("{}.{}", tenths / 10, tenths % 10);
        let reached = files == 0 || ok * 1000 >= tenths * files;
        prop_assert_eq!(least(&text).missed(&health(ok, files), &[]).is_none(), reached);
        // The percentage that is shown is one that is reached.
        let shown = health(ok, files).percent().to_string();
        prop_assert!(least(shown.trim_end_matches('%')).missed(&health(ok, files), &[]).is_none());
    }
}
