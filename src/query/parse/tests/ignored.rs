//! Words that no index knows: left out where that changes nothing, and told.

use proptest::prelude::*;

use super::super::{Mistake, Query, parse};

fn ignored(query: &Query) -> Vec<&str> {
    query.ignored.iter().map(|word| word.text.as_str()).collect()
}

#[test]
fn a_sentence_is_read_without_the_words_that_no_index_knows() {
    for (query, read, left_out) in [
        ("version of iOS 6", "version of iOS", &["6"][..]),
        ("returns 1 if valid", "returns if valid", &["1"]),
        ("a & b", "a b", &["&"]),
        ("a = 6 → b", "a b", &["=", "6", "→"]),
        ("a - b", "a b", &["-"]),
        ("+ a", "a", &["+"]),
        ("6 +a", "+a", &["6"]),
        ("6 a -b", "a -b", &["6"]),
        ("6 \"x\"", "\"x\"", &["6"]),
        ("6 (a OR b)", "a OR b", &["6"]),
        ("lang:rust 6 a", "lang:rust a", &["6"]),
        ("6 a AND b", "a AND b", &["6"]),
        ("a OR b 6", "a OR b", &["6"]),
        ("= (a 6) b &", "a b", &["=", "6", "&"]),
        ("6 a 6", "a", &["6", "6"]),
        ("a.6 b", "a b", &[]),
    ] {
        let found = parse(query).unwrap();
        assert_eq!(ignored(&found), left_out, "{query}");
        assert_eq!(found.to_string(), parse(read).unwrap().to_string(), "{query}");
        for word in &found.ignored {
            assert_eq!(query.get(word.span.clone()), Some(word.text.as_str()), "{query}");
            assert!(parse(&word.literal().unwrap()).is_ok(), "{query}");
        }
    }
}

#[test]
fn ignored_words_count_as_words() {
    let many = format!("a{}", " 6".repeat(128));
    assert!(matches!(parse(&many).unwrap_err().mistake, Mistake::TooManyWords { limit: 128 }));
    assert_eq!(parse(&many[..many.len() - 2]).unwrap().ignored.len(), 127);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_query_means_what_it_means_without_what_is_ignored(
        pieces in prop::collection::vec(
            prop::sample::select(
                &["6", "6", "&", "-", "+", "→", "a", "b", "+c", "-d", "\"x\"", "AND", "OR", "NOT", "(", "-(", ")", "lang:go"][..],
            ),
            1..12,
        ),
    ) {
        let text = pieces.join(" ");
        if let Ok(query) = parse(&text) {
            let mut without = text.clone();
            for word in query.ignored.iter().rev() {
                without.replace_range(word.span.clone(), "");
            }
            let again = parse(&without).unwrap_or_else(|error| panic!("{text} as {without}: {error}"));
            prop_assert_eq!(again.to_string(), query.to_string(), "{} as {}", text, without);
            prop_assert_eq!(&again.words, &query.words);
            prop_assert!(again.ignored.is_empty());
            let left = text.split(' ').filter(|piece| matches!(*piece, "6" | "&" | "-" | "+" | "→")).count();
            prop_assert_eq!(left, query.ignored.len(), "{}: each is told", text);
        }
    }
}
