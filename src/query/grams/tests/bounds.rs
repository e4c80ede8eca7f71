//! Nothing takes long, whatever the pattern.

use super::super::{BadPattern, Budget, Case, Pattern};
use super::patterns::regex;
use crate::base::clock::{Clock, SystemClock};

fn bad(pattern: &str) -> BadPattern {
    match regex(pattern, Case::Smart).and_then(|read| read.matcher(&mut Budget::default()).map(|_| read)) {
        Ok(read) => panic!("{pattern:.40} is {}", read.plan()),
        Err(error) => error,
    }
}

#[test]
fn mistakes_tell_their_place() {
    for (pattern, span) in
        [("ab(c", 2..3), ("a{2,1}", 1..6), (r"x\pQ", 1..4), ("[z-a]", 1..4), ("", 0..0), (r"ab\nc", 2..4)]
    {
        assert_eq!(bad(pattern).span, span, "{pattern}");
    }
    assert!(Pattern::literal("", Case::Smart).is_err());
    assert_eq!(Pattern::literal("a\nb", Case::Smart).unwrap_err().span, 1..2);
}

#[test]
fn bombs_are_refused_or_read_within_their_bounds() {
    let wide: Vec<String> = (0..1000).map(|n| format!("w{n}x")).collect();
    for (name, pattern, fits) in [
        ("repetitions of repetitions", "a{1000}{1000}".to_owned(), false),
        ("deep repetitions", format!("a{}", "{3}".repeat(60)), false),
        ("deeper repetitions", format!("a{}", "{2}".repeat(2000)), false),
        ("deep groups", format!("{}a{}", "(".repeat(4000), ")".repeat(4000)), false),
        ("groups within the bound", format!("{}a{}", "(".repeat(60), ")".repeat(60)), true),
        ("a wide alternation", format!("({})", wide.join("|")), true),
        ("a wide alternation, twice", format!("({0})({0})", wide[..600].join("|")), true),
        ("classes", r"\pL".repeat(2700), false),
        ("large classes within the bound", r"\pL".repeat(250), false),
        ("words", r"\w{900}".to_owned(), false),
        ("fewer words", r"\w{50}".to_owned(), true),
        ("folded classes", "[b-\u{10000}]".repeat(1000), false),
        ("many grams", "foo.bar.".repeat(1000), true),
        ("nested choices", format!("{}a{}", "(b|".repeat(60), ")".repeat(60)), false),
        ("choices in sequence", "(foo|bar|baz)".repeat(600), true),
        ("optional parts", "(abc)?".repeat(1300), true),
        ("classes in sequence", "[abc]".repeat(250), true),
        ("nonsense", "(?i)[\\w--\\pL&&[^x]]|".repeat(300), false),
        ("a literal", "x".repeat(8192), true),
    ] {
        for case in [Case::Yes, Case::No] {
            let (start, mut budget) = (SystemClock.now(), Budget::default());
            let read = Pattern::regex(&pattern, case, &mut budget);
            let built = read.as_ref().is_ok_and(|read| read.matcher(&mut budget).is_ok());
            let size = read.as_ref().map_or(0, |read| read.plan().size());
            let took = SystemClock.now().since(start);
            assert_eq!(built, fits, "{name}");
            assert!(size <= 1025, "{name}: {size}");
            // Ten times the promise: the test runs without optimisation on a busy machine.
            assert!(took.as_millis() < 1000, "{name}: {took:?}");
        }
    }
}

#[test]
fn the_patterns_of_a_query_share_one_budget() {
    let mut budget = Budget::default();
    let read = |budget: &mut Budget| Pattern::regex(r"\w{40}x", Case::Yes, budget)?.matcher(budget);
    let fit = (0..64).take_while(|_| read(&mut budget).is_ok()).count();
    assert!((1..32).contains(&fit), "{fit} fit");
    let mut budget = Budget::default();
    let read = |budget: &mut Budget| Pattern::regex(&"[ab]".repeat(100), Case::Yes, budget);
    assert!(read(&mut budget).is_ok() && read(&mut budget).is_ok() && read(&mut budget).is_err());
}
