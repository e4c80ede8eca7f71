//! Claims about the query language.

use proptest::prelude::*;

use super::super::{FilterKind, ParseError};
use super::{Sign, parse};

fn words(query: &str) -> Vec<(String, Sign)> {
    parse(query).unwrap().words.into_iter().map(|w| (w.text, w.sign)).collect()
}

#[test]
fn words_keep_their_signs_and_repeat_once() {
    let expected = [("parse", Sign::Any), ("config", Sign::Required), ("test", Sign::Excluded)];
    assert_eq!(words("parse +config -test Parse"), expected.map(|(w, s)| (w.to_owned(), s)));
    assert_eq!(words("config +config"), [("config".to_owned(), Sign::Required)]);
}

#[test]
fn code_is_words_and_not_filters() {
    assert_eq!(words("std::fs::read main() https://x.org").len(), 7);
    assert_eq!(words("foo.bar")[1].0, "bar");
}

#[test]
fn a_filter_is_a_name_a_colon_and_a_value() {
    let query = parse("x lang:rust -path:\"my dir/*\" lang:go").unwrap();
    assert_eq!(query.filters.len(), 3);
    assert!(query.admits(FilterKind::Lang, &["go"]) && query.admits(FilterKind::Lang, &["Rust"]));
    assert!(!query.admits(FilterKind::Lang, &["c"]));
    assert!(!query.admits(FilterKind::Path, &["my dir/a.rs"]));
    assert!(query.admits(FilterKind::Path, &["my dir/deep/a.rs"]), "`*` stays within a directory");
}

#[test]
fn a_path_matches_by_part_or_by_glob() {
    for (value, path, expected) in [
        ("src/query", "a/src/query/mod.rs", true),
        ("*.rs", "a/src/query/mod.rs", true),
        ("src/**/*.rs", "src/query/mod.rs", true),
        ("src/**/*.rs", "a/src/query/mod.rs", false),
        ("SRC", "src/lib.rs", false),
        ("readme", "docs/README.md", true),
    ] {
        let query = parse(&format!("path:{value}")).unwrap();
        assert_eq!(query.admits(FilterKind::Path, &[path]), expected, "{value} {path}");
    }
}

#[test]
fn what_comes_later_is_an_error_with_its_place() {
    for (query, at, len) in [
        ("x \"exact phrase\" y", 2, 14),
        ("a OR b", 2, 2),
        ("/re[gx]/", 0, 8),
        ("(a", 0, 2),
        ("x b)", 2, 2),
        ("x case:yes", 2, 8),
    ] {
        match parse(query) {
            Err(ParseError::NotAvailable { span, .. }) => assert_eq!((span.offset(), span.len()), (at, len), "{query}"),
            other => panic!("{query}: {other:?}"),
        }
    }
}

#[test]
fn an_unknown_filter_is_reported_with_a_suggestion() {
    let Err(ParseError::UnknownFilter { help, span, .. }) = parse("x -lnag:rust") else { panic!("no error") };
    assert_eq!(help, "did you mean `lang:`?");
    assert_eq!((span.offset(), span.len()), (3, 4));
}

#[test]
fn mistakes_are_never_words() {
    assert!(matches!(parse("  "), Err(ParseError::Empty)));
    assert!(matches!(parse("a ->"), Err(ParseError::NoWord { .. })));
    assert!(matches!(parse("+ a"), Err(ParseError::NoWord { .. })));
    assert!(matches!(parse("lang:"), Err(ParseError::BadValue { .. })));
    assert!(matches!(parse("mode:cod"), Err(ParseError::BadValue { .. })));
    assert!(matches!(parse("path:[a"), Err(ParseError::BadValue { .. })));
    assert!(matches!(parse("a \"b"), Err(ParseError::Unclosed { .. })));
    assert!(matches!(parse(&"a ".repeat(5000)), Err(ParseError::TooLong { .. })));
    let many: Vec<String> = (0..200).map(|n| format!("w{n}x")).collect();
    assert!(matches!(parse(&many.join(" ")), Err(ParseError::TooManyWords { .. })));
}

proptest! {
    #[test]
    fn any_text_is_a_query_or_an_error_whose_place_is_inside(text in "[-+a-z:\"/() *\\[é.]{0,40}") {
        match parse(&text) {
            Ok(query) => prop_assert!(query.words.iter().all(|w| !w.terms.is_empty())),
            Err(ParseError::NotAvailable { span, .. } | ParseError::UnknownFilter { span, .. }
                | ParseError::BadValue { span, .. } | ParseError::NoWord { span, .. }
                | ParseError::Unclosed { span, .. }) => {
                prop_assert!(text.get(span.offset()..span.offset() + span.len()).is_some());
            }
            Err(_) => {}
        }
    }
}
