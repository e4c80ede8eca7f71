//! Filters and `case:`.

use super::super::{FilterKind, Meant, Mistake, parse};
use crate::query::grams::Case;

#[test]
fn a_filter_is_a_name_a_colon_and_a_value() {
    let query = parse("x lang:rust -path:\"my dir/*\" lang:go").unwrap();
    assert_eq!(query.filters.len(), 3);
    assert!(query.admits(FilterKind::Lang, &["go"]) && query.admits(FilterKind::Lang, &["Rust"]));
    assert!(!query.admits(FilterKind::Lang, &["c"]));
    assert!(!query.admits_path("one", "my dir/a.rs"));
    assert!(query.admits_path("one", "my dir/deep/a.rs"), "`*` stays within a directory");
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
        assert_eq!(query.admits_path("one", path), expected, "{value} {path}");
    }
}

#[test]
fn a_path_of_a_filter_is_understood_as_hits_are_written() {
    for (value, path, expected) in [
        ("src/dict.c:42", "src/dict.c", true),
        ("src/dict.c:42:7", "src/dict.c", true),
        ("src/dict.c:40-44", "src/dict.c", true),
        ("redis/src/dict.c", "src/dict.c", true),
        ("Redis/src/dict.c", "src/dict.c", true),
        ("redis/src/dict.c:3", "src/dict.c", true),
        ("redis/src", "src/dict.c", true),
        ("redis/src/", "src/dict.c", true),
        ("redis/src", "lib/src/dict.c", false),
        ("redis/src/dict", "src/dict.c", false),
        ("redis/src/*.c", "src/dict.c", true),
        ("redis/*.c", "src/dict.c", false),
        ("lua/src/dict.c", "src/dict.c", false),
        ("redis", "src/dict.c", false),
    ] {
        let query = parse(&format!("path:{value}")).unwrap();
        assert_eq!(query.admits_path("redis", path), expected, "{value} {path}");
    }
}

#[test]
fn a_path_of_a_filter_matches_the_place_that_it_means_as_well() {
    let meant = |path: &str| Meant { repo: "redis".into(), path: path.into() };
    for (value, written, place, repo, path, expected) in [
        ("../src/dict.c:42", Some("../src/dict.c"), "src/dict.c", "redis", "src/dict.c", true),
        ("../src/dict.c", Some("../src/dict.c"), "src/dict.c", "lua", "src/dict.c", false),
        ("../src", Some("../src"), "src", "redis", "src/a/b.c", true),
        ("../src", Some("../src"), "src", "redis", "src2/b.c", false),
        ("../src/*.c", Some("../src"), "src", "redis", "src/b.c", true),
        ("../src/*.c", Some("../src"), "src", "redis", "src/a/b.c", false),
        ("../src/**/*.c", Some("../src"), "src", "redis", "src/a/b.c", true),
        ("./*.c", Some("."), "s[r]c", "redis", "s[r]c/b.c", true),
        ("..", Some(".."), "", "redis", "src/b.c", true),
        ("../*.C", Some(".."), "", "redis", "b.c", false),
        ("/w/r/src", Some("/w/r/src"), "src", "redis", "src/b.c", true),
        ("/*/x", Some("/"), "", "redis", "a/x", true),
        ("*.c", None, "", "redis", "src/b.c", true),
    ] {
        let mut query = parse(&format!("path:{value}")).unwrap();
        assert_eq!(query.filters[0].written_path(), written, "{value}");
        if written.is_some() {
            query.filters[0].mean(meant(place));
        }
        assert_eq!(query.admits_path(repo, path), expected, "{value} {repo} {path}");
    }
}

#[test]
fn a_word_with_a_colon_that_is_no_filter_is_text() {
    for query in
        ["error: cannot open", "(error: x)", "error:", "(error:)", "-error: x", "localhost:8080", "makefile:12:3"]
    {
        let read = parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        assert!(read.filters.is_empty() && !read.words.is_empty(), "{query}");
    }
    assert_eq!(parse("error: cannot open").unwrap().expr.unwrap().to_string(), "error cannot open");
    assert_eq!(parse("-warning: x").unwrap().expr.unwrap().to_string(), "-warning x");
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
