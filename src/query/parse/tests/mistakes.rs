//! Mistakes and where they are.

use miette::Diagnostic as _;

use super::super::{Mistake, ParseError, parse};
use crate::base::clock::{Clock as _, SystemClock};

fn error(query: &str) -> ParseError {
    parse(query).expect_err(query)
}

#[test]
fn a_mistake_is_shown_where_it_is() {
    for (query, code, at) in [
        ("  ", "empty", ""),
        ("a ->", "no_word", "->"),
        ("+", "no_word", "+"),
        ("6", "no_word", "6"),
        ("6 & 7", "no_word", "6"),
        ("lang:rust 6", "no_word", "6"),
        ("6 -a", "no_word", "6"),
        ("-a 6 NOT b", "no_word", "6"),
        ("6 (-a)", "no_word", "6"),
        ("a +6", "no_word", "+6"),
        ("a -6", "no_word", "-6"),
        ("a ++ b", "no_word", "++"),
        ("a NOT 6", "no_word", "6"),
        ("a NOT NOT 6", "no_word", "6"),
        ("a AND 6", "no_word", "6"),
        ("6 OR a b", "no_word", "6"),
        ("a (6)", "no_word", "6"),
        ("a -(6 b)", "no_word", "6"),
        ("a NOT (b AND (6 c))", "no_word", "6"),
        ("a NOT -", "two_signs", "NOT -"),
        ("lang:", "bad_value", ""),
        ("mode:cod", "bad_value", "cod"),
        ("path:[a", "bad_value", "[a"),
        ("x case:maybe", "bad_value", "maybe"),
        ("x -case:yes", "bad_value", "-case:yes"),
        ("x NOT case:yes", "bad_value", "case:yes"),
        ("case:yes x case:no", "two_cases", "case:no"),
        ("a \"b", "unclosed", "\""),
        ("a \"b\\\"", "unclosed", "\""),
        ("a /b", "unclosed", "/"),
        ("a (b", "unclosed", "("),
        ("a (b OR (c)", "unclosed", "("),
        ("(f(a, b) OR c)", "unclosed", "("),
        ("a b)", "unopened", ")"),
        ("f(a, b)", "unopened", ")"),
        ("a ()", "nothing_inside", "()"),
        ("\"\"", "nothing_inside", "\"\""),
        ("//", "nothing_inside", "//"),
        ("a \"b\"c", "glued", "c"),
        ("/usr/i", "glued", "i"),
        ("/a b/c", "glued", "c"),
        ("/usr", "unclosed", "/"),
        ("foo:bar", "unknown_filter", "foo"),
        ("lang: rust", "bad_value", ""),
        ("say\"hi\"", "quote_inside", "\""),
        ("a OR", "no_operand", "OR"),
        ("AND a", "no_operand", "AND"),
        ("a AND OR b", "no_operand", "AND"),
        ("(a OR) b", "no_operand", "OR"),
        ("a NOT", "no_operand", "NOT"),
        ("NOT AND b", "no_operand", "NOT"),
        ("NOT -a", "two_signs", "NOT -a"),
        ("\"a\nb\"", "bad_literal", "a\nb"),
        ("x /a(b/", "bad_regex", "("),
        (r"x /é\/a{2,1}/", "bad_regex", "{2,1}"),
        (r"/a\nb/", "bad_regex", r"\n"),
        (r"/\pQ/", "bad_regex", r"\pQ"),
        ("/a{1000}{1000}/", "bad_regex", "a{1000}{1000}"),
    ] {
        let error = error(query);
        assert_eq!(error.code().unwrap().to_string(), format!("sawmill::query::{code}"), "{query}: {error}");
        assert_eq!(query.get(error.span.clone()), Some(at), "{query}: {error}");
        assert!(error.help().is_some(), "{query}");
    }
}

#[test]
fn an_unknown_filter_is_reported_with_a_suggestion() {
    let error = error("x -lnag:rust");
    let Mistake::UnknownFilter { help, .. } = &error.mistake else { panic!("{error:?}") };
    let text = "did you mean `lang:`? `\"lnag:rust\"` searches for the text itself";
    assert_eq!((help.as_str(), error.span), (text, 3..7));
}

#[test]
fn the_help_of_an_unknown_filter_says_how_to_quote_it() {
    for (query, literal) in [("foo:bar", "\"foo:bar\""), ("-foo:b\\c", "\"foo:b\\\\c\"")] {
        let help = error(query).help().unwrap().to_string();
        assert!(help.contains(&format!("`{literal}`")) && parse(literal).is_ok(), "{help}");
    }
    for query in ["foo:\"b c\"", &format!("foo:{}", "b".repeat(90))] {
        let help = error(query).help().unwrap().to_string();
        assert!(help.contains("Quotation marks") && help.len() < 200, "{help}");
    }
}

#[test]
fn a_word_that_is_too_long_is_named_by_its_beginning() {
    let Mistake::NoWord { text, .. } = error(&"a".repeat(8000)).mistake else { panic!("not refused") };
    assert_eq!(text, format!("{}…", "a".repeat(40)));
}

#[test]
fn a_query_has_bounds() {
    let many: Vec<String> = (0..200).map(|n| format!("w{n}x")).collect();
    assert!(matches!(error(&many.join(" ")).mistake, Mistake::TooManyWords { limit: 128 }));
    let long = "é ".repeat(5000);
    let error_of_long = error(&long);
    assert!(matches!(error_of_long.mistake, Mistake::TooLong { .. }) && error_of_long.source_code().is_some());
    assert!(long.get(error_of_long.span).is_some());
    assert!(matches!(error(&"\"a\" ".repeat(40)).mistake, Mistake::TooManyPatterns { .. }));
    assert!(parse(&format!("{}a{}", "(".repeat(64), ")".repeat(64))).is_ok());
    assert_eq!(error(&"(".repeat(65)).span, 64..65);
    assert!(parse(&format!("{}a", "NOT ".repeat(2000))).is_ok());
}

#[test]
fn hostile_queries_answer_at_once_with_a_place() {
    let words: Vec<String> = (0..900).map(|n| format!("w{n}")).collect();
    for query in [
        format!("/({})/", words.join("|")),
        "/a{1000}{1000}/".to_owned(),
        format!("/{}/", "(?:".repeat(2000)),
        format!("/a{}/", "{2}".repeat(2000)),
        format!("/{}/", r"\pL".repeat(2700)),
        format!("/{}/ ", r"\w{50}").repeat(30),
        format!("/{}/ ", r"\pL".repeat(80)).repeat(30),
        format!("/{}/ case:no", r"[^\w\s]".repeat(1000)),
        format!("/{}/", "(a|b|".repeat(1000)),
        "(".repeat(8000),
        ")".repeat(8000),
        "\"".repeat(8001),
        "/".repeat(8001),
        "NOT ".repeat(2000),
        "a OR ".repeat(1500),
        "+-/\\\"()".repeat(1000),
    ] {
        let start = SystemClock.now();
        let read = parse(&query);
        let took = SystemClock.now().since(start);
        // Ten times the promise: the test runs without optimisation on a busy machine.
        assert!(took.as_millis() < 1000, "{query:.40}: {took:?}");
        if let Err(error) = read {
            assert!(query.get(error.span.clone()).is_some(), "{query:.40}: {error}");
        }
    }
}

#[test]
fn a_word_that_cannot_be_left_out_comes_with_the_literal_that_finds_it() {
    for (query, literal) in [
        ("6", "`\"6\"`"),
        ("a +6", "`+\"6\"`"),
        ("a ->", "`-\">\"`"),
        ("-", "`\"-\"`"),
        ("a NOT \\", "`\"\\\\\"`"),
        ("→", "`\"→\"`"),
    ] {
        let help = error(query).help().unwrap().to_string();
        assert!(help.contains(literal), "{query}: {help}");
        assert!(parse(literal.trim_matches('`')).is_ok(), "{literal}");
    }
    let long = error(&"=".repeat(5000)).help().unwrap().to_string();
    assert!(long.contains("quotation marks") && long.len() < 300, "{long}");
}
