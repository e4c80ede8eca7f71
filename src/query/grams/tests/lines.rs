//! Which lines match, and that no plan loses one.

use std::collections::BTreeSet;
use std::ops::Range;

use proptest::prelude::*;

use super::super::{Budget, Case, Gram, LineMatch, Pattern, grams, required};
use super::patterns::{file, matched, regex};

fn found(pattern: &str, bytes: &[u8]) -> Vec<u64> {
    let matcher = regex(pattern, Case::Yes).unwrap().matcher(&mut Budget::default()).unwrap();
    matcher.lines(bytes).iter().map(|line| line.number).collect()
}

#[test]
fn lines_are_those_of_ripgrep() {
    for (pattern, bytes, expected) in [
        ("^$", &b""[..], &[][..]),
        ("^$", b"\n", &[1]),
        ("^$", b"a\n", &[]),
        ("^$", b"a\n\nb", &[2]),
        (".*", b"a\n\nb", &[1, 2, 3]),
        ("x*", b"a\nb\n", &[1, 2]),
        ("a$", b"a\r\na\na", &[2, 3]),
        (r"a\s$", b"a\r\na\na", &[1]),
        (r"a\s", b"a\na\t\n", &[2]),
        ("[^b]a", b"a\na\nca", &[3]),
        (".", b"\xff\n\xc3\xa9\n\0\n", &[2, 3]),
        (r"(?-u:\xff)", b"\xff\n\xc3\xa9\n", &[1]),
        (r"\Ab", b"a\nb\nb", &[2, 3]),
        (r"(?s)a.b", b"a\nb\na-b", &[3]),
        (r"\Bx", b"x\nax\n", &[2]),
        (r"^\B$", b"\n\na", &[1, 2]),
        (r"(?Rm)a$", b"a\r\na\n\r", &[1, 2]),
        ("\u{feff}x", b"\xef\xbb\xbfx", &[1]),
    ] {
        assert_eq!(found(pattern, bytes), expected, "{pattern} in {bytes:?}");
    }
}

#[test]
fn a_line_comes_with_its_place_and_its_matches() {
    let matcher = Pattern::literal("ab", Case::No).unwrap().matcher(&mut Budget::default()).unwrap();
    let lines = matcher.lines(b"x\nab AB\n\ncab");
    let line = |number, line, spans| LineMatch { number, line, spans };
    assert_eq!(lines, [line(2, 2..7, vec![0..2, 3..5]), line(4, 9..12, vec![Range { start: 1, end: 3 }])]);
    assert!(matcher.is_match(b"\n\nAb") && !matcher.is_match(b"a\nb"));
}

#[test]
fn long_lines_and_many_lines_are_searched_in_one_pass() {
    let long = [&b"a".repeat(200_000)[..], b"x\n", &b"b".repeat(200_000)].concat();
    assert_eq!(found("ax$", &long), [1]);
    assert_eq!(found("^b+$", &long), [2]);
    // A class that could leave its line would be tried from every line to the end.
    let many = b"abc\n".repeat(100_000);
    assert!(found(r"[^x]*foo|\s+foo", &many).is_empty());
    assert_eq!(found("c$", &many).len(), 100_000);
}

#[test]
fn the_longest_literal_of_every_match_is_required() {
    for (pattern, case, expected) in [
        (r"\w+\s(ab)+\s+\w+", Case::Yes, Some("ab")),
        (r"\w+\s(?:(abc){2,}|x)?.*ab\s\w", Case::Yes, Some("ab")),
        (r"\w+\s+(abc)*\w", Case::Yes, None),
        (r"\w+\s(abc|abd)\s\w", Case::Yes, None),
        (r"\w+\s(abc|xyz)\s\w", Case::Yes, None),
        (r"ab.*cd.*e", Case::Yes, Some("ab")),
        (r"a.*bcd(ef|gh)", Case::Yes, Some("bcd")),
        (r"\w+\s+ab==c\s+\w", Case::No, Some("==")),
    ] {
        let read = regex(pattern, case).unwrap();
        let found = required::literal(&read.hir).map(String::from_utf8_lossy);
        assert_eq!(found.as_deref(), expected, "{pattern}");
    }
}

#[test]
fn a_required_literal_is_looked_for_first_where_the_pattern_has_nothing_quicker() {
    for (pattern, expected) in [
        (r"\b\w+\b.*\b\w+\b.*zz", Some(&b"zz"[..])),
        (r"(?Rm)^\w+=x$", Some(b"=x")),
        ("zz", None),
        ("zz.*a", None),
        (r"\b\w+\b.*\b\w+\b", None),
    ] {
        let matcher = regex(pattern, Case::Yes).unwrap().matcher(&mut Budget::default()).unwrap();
        assert_eq!(matcher.required(), expected, "{pattern}");
    }
}

#[test]
fn a_literal_in_most_lines_is_given_up_and_no_line_is_lost() {
    let pattern = r"\b\w+\b.*\b[0-9]+;";
    let few = [&b"a b 1;\n".repeat(3)[..], &b"nothing here\n".repeat(500), b"x 2;\n;\n"].concat();
    assert_eq!(found(pattern, &few), [1, 2, 3, 504]);
    let most = b"a;\nb 1;\n".repeat(1000);
    assert_eq!(found(pattern, &most), (1..=1000).map(|n| n * 2).collect::<Vec<u64>>());
}

#[test]
fn smart_case_minds_upper_case_letters_that_are_written() {
    let regex = |pattern: &str| regex(pattern, Case::Smart).unwrap().any_case();
    assert!(regex("abc") && regex(r"a\S") && regex(r"a\pL") && regex("é"));
    assert!(!regex("aBc") && !regex("[A-Z]x") && !regex("É") && !regex(r"\x41"));
    assert!(!regex(r"\p{Lu}"), "no letter is written that could ignore case");
    let literal = |text: &str| Pattern::literal(text, Case::Smart).unwrap().any_case();
    assert!(literal("a(b") && !literal("aB") && literal("+"));
}

/// Line by line, as the definition says.
fn naive(pattern: &Pattern, bytes: &[u8]) -> Vec<LineMatch> {
    let regex = regex_automata::meta::Builder::new()
        .configure(regex_automata::meta::Config::new().utf8_empty(false))
        .build_from_hir(&pattern.hir)
        .unwrap();
    let mut out = Vec::new();
    let mut start = 0;
    for (at, whole) in bytes.split_inclusive(|b| *b == b'\n').enumerate() {
        let line = whole.strip_suffix(b"\n").unwrap_or(whole);
        let spans: Vec<Range<usize>> = regex.find_iter(line).map(|m| m.range()).collect();
        if !spans.is_empty() {
            out.push(LineMatch { number: at as u64 + 1, line: start..start + line.len(), spans });
        }
        start += whole.len();
    }
    out
}

/// The pattern without the change for whole files: what each line alone is matched against.
fn untouched(pattern: &str, any_case: bool) -> regex_automata::meta::Regex {
    let syntax = regex_automata::util::syntax::Config::new().utf8(false).case_insensitive(any_case);
    regex_automata::meta::Builder::new()
        .syntax(syntax)
        .configure(regex_automata::meta::Config::new().utf8_empty(false))
        .build(pattern)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn a_plan_admits_every_file_that_matches((pattern, sample, any_case) in matched(), around in file(), cut in any::<prop::sample::Index>()) {
        let case = if any_case { Case::No } else { Case::Yes };
        let read = regex(&pattern, case).unwrap();
        let (plan, matcher) = (read.plan(), read.matcher(&mut Budget::default()).unwrap());
        let at = cut.index(around.len() + 1);
        let inside = [&around[..at], sample.as_bytes(), &around[at..]].concat();
        let alone = [&around[..at], b"\n", sample.as_bytes(), b"\n", &around[at..]].concat();
        let often = [&alone[..], b"\n", &inside[..]].concat().repeat(12);
        for text in [sample.as_bytes(), &inside, &alone, &around, &often] {
            let held: BTreeSet<Gram> = grams(text).collect();
            let expected = naive(&read, text);
            prop_assert_eq!(&matcher.lines(text), &expected, "{} in {:?}", pattern, text);
            prop_assert!(expected.is_empty() || plan.admits(|g| held.contains(&g)), "{}: {} of {:?}", pattern, plan, text);
            let plain = untouched(&pattern, any_case);
            let lines = text.split_inclusive(|b| *b == b'\n').map(|l| l.strip_suffix(b"\n").unwrap_or(l));
            prop_assert_eq!(lines.filter(|line| plain.is_match(line)).count(), expected.len(), "{}", pattern);
        }
    }

    #[test]
    fn a_literal_is_found_as_by_the_regex_of_its_text(text in "[abkKſ.é(]{1,4}", file in file(), any_case in any::<bool>()) {
        let case = if any_case { Case::No } else { Case::Yes };
        let literal = Pattern::literal(&text, case).unwrap();
        let regex = regex(&regex_syntax::escape(&text), case).unwrap();
        let file = [&file[..], text.as_bytes(), b"\n", &file[..]].concat();
        let of = |pattern: &Pattern| pattern.matcher(&mut Budget::default()).unwrap().lines(&file);
        prop_assert_eq!(of(&literal), of(&regex));
        let held: BTreeSet<Gram> = grams(&file).collect();
        prop_assert!(literal.plan().admits(|g| held.contains(&g)));
    }
}
