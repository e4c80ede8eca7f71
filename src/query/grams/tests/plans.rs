//! What is required.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::{Case, Gram, Pattern, Plan, grams};
use super::patterns::regex;

fn plan(pattern: &str) -> String {
    regex(pattern, Case::Yes).unwrap().plan().to_string()
}

fn any_case(pattern: &str) -> String {
    regex(pattern, Case::No).unwrap().plan().to_string()
}

#[test]
fn the_classic_examples_require_what_the_literature_says() {
    for (pattern, expected) in [
        ("abc", r#""abc""#),
        ("abc|def", r#""abc" OR "def""#),
        ("a.*bcd", r#""bcd""#),
        ("(abc)+", r#""abc""#),
        ("(abc){2}", r#""abc" AND "bca" AND "cab""#),
        ("[ab]cd", r#""acd" OR "bcd""#),
        ("ab", "all"),
        ("e", "all"),
        (".*", "all"),
        ("abc?", "all"),
        ("(abc)*", "all"),
        ("return", r#""etu" AND "ret" AND "tur" AND "urn""#),
        ("foo.*bar", r#""bar" AND "foo""#),
        ("^foo$", r#""foo""#),
        (r"\bfoo\b", r#""foo""#),
        ("ab[cd]e", r#"("abc" AND "bce") OR ("abd" AND "bde")"#),
        ("(foo|bar)baz", r#"("arb" AND "bar" AND "baz" AND "rba") OR ("baz" AND "foo" AND "oba" AND "oob")"#),
        ("(foo|foobar)", r#""foo""#),
        ("(foo|.)x", "all"),
        ("abc[^x]", r#""abc""#),
    ] {
        assert_eq!(plan(pattern), expected, "{pattern}");
    }
}

#[test]
fn a_pattern_that_no_line_can_match_admits_no_file() {
    for pattern in [r"[\n]", r"a[\n]b", "[a&&b]", "(abc[a&&b])+"] {
        assert_eq!(plan(pattern), "none", "{pattern}");
    }
    assert_eq!(plan(r"abc|x[\n]"), r#""abc""#);
}

#[test]
fn letters_that_fold_beyond_ascii_are_alternatives_of_bytes() {
    assert_eq!(any_case("abc"), r#""abc""#, "index and pattern fold alike");
    assert_eq!(any_case("kab"), r#""kab" OR ("\x84\xaaa" AND "\xaaab" AND "\xe2\x84\xaa")"#);
    assert_eq!(any_case("stra"), r#"("str" AND "tra") OR ("tra" AND "\xbftr" AND "\xc5\xbft")"#);
    assert_eq!(any_case("é"), "all");
    assert_eq!(plan("élan"), r#""lan" AND "\xa9la" AND "\xc3\xa9l""#);
    assert_eq!(plan("(?i)ABC"), r#""abc""#);
    assert_eq!(plan("ABC"), r#""abc""#, "candidates ignore the case of ASCII letters");
}

#[test]
fn a_literal_is_its_grams() {
    let plan = |text: &str, case| Pattern::literal(text, case).unwrap().plan().to_string();
    assert_eq!(plan("a.*b", Case::Yes), r#"".*b" AND "a.*""#);
    assert_eq!(plan("fn(", Case::No), r#""fn(""#);
    assert_eq!(plan("x", Case::Smart), "all");
}

#[test]
fn a_plan_is_flat_sorted_and_without_what_follows_from_the_rest() {
    let gram = |text: &str| Plan::Gram(Gram::new(text.as_bytes().try_into().unwrap()));
    let (a, b, c) = (gram("aaa"), gram("bbb"), gram("ccc"));
    let both = Plan::and([b.clone(), a.clone()]);
    assert_eq!(both, Plan::And(vec![a.clone(), b.clone()]));
    assert_eq!(Plan::and([both.clone(), b.clone()]), both);
    assert_eq!(Plan::and([a.clone(), Plan::or([a.clone(), c.clone()])]), a);
    assert_eq!(Plan::or([a.clone(), both.clone()]), a);
    assert_eq!(Plan::and([a.clone(), b.clone(), Plan::or([both.clone(), c.clone()])]), both);
    assert_eq!(Plan::and([Plan::All, Plan::All]), Plan::All);
    assert_eq!(Plan::or([Plan::None, a.clone()]), a);
    assert_eq!(Plan::or([Plan::All, a.clone()]), Plan::All);
    assert_eq!(Plan::and([Plan::None, a]), Plan::None);
}

#[test]
fn the_cheapest_grams_are_the_rarest() {
    let plan = regex("return|queue", Case::Yes).unwrap().plan();
    let files = |gram: Gram| u64::from(gram.bytes()[0]);
    assert_eq!(plan.cheapest(1, &files).to_string(), r#""etu" OR "eue""#);
    assert_eq!(plan.cost(&files), u64::from(b'e') * 2);
    assert_eq!(Plan::All.cost(&files), u64::MAX);
    assert_eq!(Plan::None.cost(&files), 0);
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let leaf = prop_oneof![
        1 => Just(Plan::All),
        1 => Just(Plan::None),
        8 => (0u8..5).prop_map(|n| Plan::Gram(Gram::new([b'a' + n; 3]))),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let parts = prop::collection::vec(inner, 0..4);
        (any::<bool>(), parts).prop_map(|(and, parts)| if and { Plan::And(parts) } else { Plan::Or(parts) })
    })
}

/// The same plan through the constructors that simplify.
fn simplified(plan: &Plan) -> Plan {
    match plan {
        Plan::And(parts) => Plan::and(parts.iter().map(simplified)),
        Plan::Or(parts) => Plan::or(parts.iter().map(simplified)),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn simplifying_changes_no_answer_and_the_cheapest_admit_no_less(plan in any_plan(), held in 0u8..32, most in 1usize..3) {
        let has = |gram: Gram| held & (1 << (gram.bytes()[0] - b'a')) != 0;
        let simple = simplified(&plan);
        prop_assert_eq!(simple.admits(has), plan.admits(has));
        prop_assert!(simple.size() <= plan.size());
        let cheap = simple.cheapest(most, &|gram| u64::from(gram.number() % 7));
        prop_assert!(!simple.admits(has) || cheap.admits(has));
    }

    #[test]
    fn grams_are_the_folded_windows(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let folded = bytes.to_ascii_lowercase();
        let expected: BTreeSet<[u8; 3]> = folded.windows(3).map(|w| [w[0], w[1], w[2]]).collect();
        let found: BTreeSet<[u8; 3]> = grams(&bytes).map(Gram::bytes).collect();
        prop_assert_eq!(found, expected);
    }
}
