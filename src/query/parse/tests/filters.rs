//! Filters and `case:`.

use super::super::{FilterKind, Mistake, parse};
use crate::query::grams::Case;

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
        ("\"say \\\"hi\\\"\"", "a/say \"hi\".txt", true),
        ("f(1)", "a/f(1).txt", true),
    ] {
        let query = parse(&format!("path:{value}")).unwrap();
        assert_eq!(query.admits(FilterKind::Path, &[path]), expected, "{value} {path}");
    }
}

#[test]
fn not_and_minus_exclude_alike() {
    for query in ["x -lang:js", "x NOT lang:js", "NOT lang:js AND x", "x AND -lang:js"] {
        let query = parse(query).unwrap();
        assert!(!query.admits(FilterKind::Lang, &["js"]) && query.admits(FilterKind::Lang, &["go"]));
        assert_eq!(query.expr.unwrap().to_string(), "x");
    }
    assert!(parse("NOT NOT lang:js").unwrap().admits(FilterKind::Lang, &["js"]));
}

#[test]
fn filters_narrow_the_whole_query_and_stand_outside_or_and_parentheses() {
    for (query, at, within) in [
        ("lang:rust a OR b", 0, "an `OR`"),
        ("a OR b lang:rust", 7, "an `OR`"),
        ("a OR b AND lang:rust", 11, "an `OR`"),
        ("lang:rust OR lang:go", 0, "an `OR`"),
        ("(lang:rust a) b", 1, "parentheses"),
        ("a case:yes OR b", 2, "an `OR`"),
    ] {
        let error = parse(query).unwrap_err();
        assert_eq!(error.mistake, Mistake::FilterInside { within }, "{query}");
        assert_eq!(error.span.start, at, "{query}");
    }
    for query in ["lang:rust (a OR b)", "(a OR b) lang:rust", "lang:rust AND (a OR b)"] {
        assert_eq!(parse(query).unwrap().expr.unwrap().to_string(), "a OR b", "{query}");
    }
}

#[test]
fn case_is_for_the_whole_query() {
    let any_case = |query: &str| -> Vec<bool> {
        parse(query).unwrap().expr.unwrap().exacts().iter().map(|(exact, _)| exact.pattern.any_case()).collect()
    };
    assert_eq!(any_case("\"ab\" \"aB\" /x/ /[A-Z]/"), [true, false, true, false]);
    assert_eq!(any_case("\"ab\" /X/ case:yes"), [false, false]);
    assert_eq!(any_case("case:no \"aB\" /X/"), [true, true]);
    assert_eq!(parse("a case:yes case:yes").unwrap().case, Case::Yes);
}
