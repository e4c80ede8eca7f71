//! Printing and reading again, and any text at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::super::{Exact, ExactKind, Expr, Filter, FilterKind, Item, Leaf, Query, Sign, WordLeaf, parse};
use crate::nodes::index::tokenize;
use crate::query::grams::{Budget, Case, Gram, Pattern, grams};

fn word() -> impl Strategy<Value = Expr> {
    prop::sample::select(&["parse", "Config", "x9", "größe", "or", "fooBar", "日"][..]).prop_map(|text| {
        let mut terms = Vec::new();
        tokenize::terms(text, &mut terms);
        Expr::Leaf(Leaf::Word(WordLeaf { text: text.to_owned(), terms, span: 0..0 }))
    })
}

fn exact() -> impl Strategy<Value = Expr> {
    let literal = prop::collection::vec(prop::sample::select(&["a", "\"", "\\", " ", "/", "(", "é", "OR"][..]), 1..6);
    let regex =
        prop::collection::vec(prop::sample::select(&["a", "/", r"\\", " ", r"\(", "[b/]", "é+", r"\d"][..]), 1..6);
    let of = |kind| {
        move |pieces: Vec<&str>| {
            let text = pieces.concat();
            let budget = &mut Budget::default();
            let pattern = match kind {
                ExactKind::Literal => Pattern::literal(&text, Case::Smart),
                ExactKind::Regex => Pattern::regex(&text, Case::Smart, budget),
            };
            let pattern = pattern.unwrap();
            let matcher = Arc::new(pattern.matcher(budget).unwrap());
            Expr::Leaf(Leaf::Exact(Exact { kind, text, span: 0..0, pattern: Arc::new(pattern), matcher }))
        }
    };
    prop_oneof![literal.prop_map(of(ExactKind::Literal)), regex.prop_map(of(ExactKind::Regex))]
}

fn sign() -> impl Strategy<Value = Sign> {
    prop::sample::select(&[Sign::Any, Sign::Required, Sign::Excluded][..])
}

fn expr() -> impl Strategy<Value = Expr> {
    prop_oneof![3 => word(), 1 => exact()].prop_recursive(5, 24, 4, |inner| {
        let parts = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            2 => prop::collection::vec((sign(), inner.clone()), 1..5)
                .prop_map(|items| Expr::bag(items.into_iter().map(|(sign, expr)| Item::new(sign, expr)).collect())),
            1 => parts.clone().prop_map(Expr::and),
            1 => parts.prop_map(Expr::or),
            1 => inner.prop_map(Expr::negated),
        ]
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    let values = &["rust", "my dir", "a(b", "\"q\"", ":x", "//y", "back\\slash x", "*.r?", "f(x)"][..];
    (prop::sample::select(values), any::<bool>())
        .prop_map(|(value, excludes)| Filter::new(FilterKind::Sym, value, excludes).unwrap())
}

/// Without places, which differ between a query and its print.
fn placeless(expr: &mut Expr) {
    match expr {
        Expr::Leaf(Leaf::Word(word)) => word.span = 0..0,
        Expr::Leaf(Leaf::Exact(exact)) => exact.span = 0..0,
        Expr::Not(inner) => placeless(inner),
        Expr::And(parts) | Expr::Or(parts) => parts.iter_mut().for_each(placeless),
        Expr::Bag(items) => items.iter_mut().for_each(|item| placeless(&mut item.expr)),
    }
}

fn read(text: &str) -> Query {
    let mut query = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    query.expr.iter_mut().for_each(placeless);
    query
}

/// The query, or an error whose place is inside the text; both print.
fn check(text: &str) -> Result<(), TestCaseError> {
    match parse(text) {
        Ok(query) => {
            prop_assert!(query.words.iter().all(|w| !w.terms.is_empty()));
            let printed = query.to_string();
            prop_assert_eq!(read(&printed).expr, read(text).expr, "{} printed as {}", text, printed);
            prop_assert_eq!(read(&printed).filters, query.filters);
            prop_assert!(read(&printed).ignored.is_empty(), "{} printed as {}", text, printed);
        }
        Err(error) => {
            prop_assert!(text.get(error.span.clone()).is_some(), "{}: {:?}", text, error);
            let report = format!("{:?}", miette::Report::new(error));
            prop_assert!(!report.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_printed_expression_reads_as_the_same(expr in expr()) {
        let printed = expr.to_string();
        prop_assert_eq!(read(&printed).expr, Some(expr), "{}", printed);
    }

    #[test]
    fn what_is_known_in_part_never_rules_out_what_holds(expr in expr(), seed in any::<u64>()) {
        // Equal leaves have equal answers; words are known, texts are not.
        let says = |leaf: &Leaf| {
            let name = match leaf {
                Leaf::Word(word) => &word.text,
                Leaf::Exact(exact) => &exact.text,
            };
            name.bytes().fold(seed, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)) >> 40 & 1 == 0
        };
        let holds = expr.holds(|leaf| says(leaf));
        prop_assert_eq!(expr.may_hold(|leaf| Some(says(leaf))), holds, "{}", expr);
        let may = expr.may_hold(|leaf| matches!(leaf, Leaf::Word(_)).then(|| says(leaf)));
        prop_assert!(may || !holds, "{}", expr);
        prop_assert!(expr.may_hold(|_| None) || !holds, "{}", expr);
    }

    #[test]
    fn a_printed_query_reads_as_the_same(
        expr in prop::option::of(expr()),
        filters in prop::collection::vec(filter(), 1..4),
        yes in any::<bool>(),
    ) {
        let case = if yes { Case::Yes } else { Case::Smart };
        let printed = Query { expr, filters, case, ..Query::default() }.to_string();
        let again = read(&printed);
        prop_assert_eq!(again.to_string(), printed);
        prop_assert_eq!(again.case, case);
    }

    #[test]
    fn words_that_say_all_hold_as_the_expression(expr in expr(), held in any::<u8>()) {
        let query = read(&expr.to_string());
        if query.words_say_all && query.words.len() > 1 {
            let known: Vec<&str> = query.words.iter().map(|w| w.terms[0].as_str()).collect();
            let has = |term: &str| known.iter().position(|k| *k == term).is_some_and(|at| held & (1 << (at % 8)) != 0);
            let any = query.words.iter().filter(|w| w.sign != Sign::Excluded).collect::<Vec<_>>();
            let signs = query.words.iter().all(|w| match w.sign {
                Sign::Any => true,
                Sign::Required => has(&w.terms[0]),
                Sign::Excluded => !has(&w.terms[0]),
            }) && (any.is_empty() || any.iter().any(|w| has(&w.terms[0])));
            let holds = query.expr.unwrap().holds(|leaf| matches!(leaf, Leaf::Word(w) if has(&w.terms[0])));
            prop_assert_eq!(signs, holds, "{}", expr);
        }
    }

    #[test]
    fn a_plan_admits_every_file_of_which_the_expression_holds(expr in expr(), held in any::<u8>(), file in "[abé\"\\\\ /(OR0\n]{0,40}") {
        let held_words = |text: &str| held & (1 << (text.len() % 8)) != 0;
        let holds = expr.holds(|leaf| match leaf {
            Leaf::Word(word) => held_words(&word.text),
            Leaf::Exact(exact) => exact.matcher.is_match(file.as_bytes()),
        });
        let in_file: BTreeSet<Gram> = grams(file.as_bytes()).collect();
        let plan = expr.plan();
        prop_assert!(!holds || plan.admits(|gram| in_file.contains(&gram)), "{}: {} of {:?}", expr, plan, file);
    }

    #[test]
    fn any_text_is_a_query_or_an_error_whose_place_is_inside(text in "[-+a-z:\"/() *\\[é.\\\\|{}ANDORNOT]{0,60}") {
        check(&text)?;
    }

    #[test]
    fn text_of_all_characters_is_a_query_or_an_error(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn a_mutated_query_is_a_query_or_an_error(
        at in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(&["", "(", ")", "\"", "/", "\\", " ", " OR ", "NOT ", "-", "case:yes", "lang:", "é", "{9}"][..])), 1..4),
        times in 1usize..30,
    ) {
        let mut text = r#"lang:rust (parse OR "a \"b\" c") -/x\/[y-z]{2,3}(q|r)/ NOT (foo.bar AND +baz) path:"a b" "#.repeat(times);
        for (index, piece) in at {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let place = places[index.index(places.len())];
            let end = place + text[place..].chars().next().map_or(0, char::len_utf8);
            text.replace_range(place..end, piece);
        }
        check(&text)?;
    }
}

#[test]
fn eight_kib_of_anything_is_a_query_or_an_error() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let pieces = prop::sample::select(
        &["(", ")", "\"", "/", " ", "a", "OR ", "NOT ", "-", "+", "[", "]", "\\", "\\w", "{9}", "é", "x:", "|", "*"][..],
    );
    runner
        .run(&prop::collection::vec(pieces, 6000), |pieces| {
            let text: String = pieces.concat();
            let mut end = text.len().min(8192);
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            check(&text[..end])
        })
        .unwrap();
}
