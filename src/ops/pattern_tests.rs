//! The configuration's reading of patterns and the scan's are two, because neither layer may know the other. Here
//! both are known.

use proptest::prelude::*;

use crate::config::pattern::fault;
use crate::source::{BadRule, Rule, Rules, Verdict};

/// Text that is mostly the signs of the syntax.
fn pattern() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "é",
        "*",
        "**",
        "?",
        "/",
        "!",
        "#",
        "\\",
        " ",
        "\t",
        "\r",
        "[",
        "]",
        "^",
        "-",
        ":",
        "[:",
        ":]",
        "{",
        "[a-c]",
        "[!a]",
        "[[:alpha:]]",
        "[[:what:]]",
        "[]a]",
        "alpha",
        "\\ ",
        ".c",
    ]);
    prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
}

/// What the scan says in the configuration's words.
fn told(error: BadRule) -> &'static [&'static str] {
    match error {
        BadRule::Nothing => &["empty", "a comment in gitignore syntax; write `\\#` for the character"],
        BadRule::Unfinished => &["a `[` is never closed", "an unknown `[:class:]`", "a lone `\\` ends it"],
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn check_and_scan_accept_the_same_patterns_and_refuse_the_others_for_one_reason(pattern in pattern()) {
        match (fault(&pattern), Rule::parse(pattern.as_bytes())) {
            (None, Ok(_)) => {}
            (Some(why), Err(error)) => prop_assert!(told(error).contains(&why), "{pattern:?}: {why}, {error}"),
            (check, scan) => prop_assert!(false, "{pattern:?}: {check:?}, {scan:?}"),
        }
    }

    #[test]
    fn a_pattern_of_a_list_means_what_the_same_line_of_an_ignore_file_means(pattern in pattern()) {
        let Ok(list) = Rules::of_root([pattern.as_str()]) else { return Ok(()) };
        let file = Rules::of_files([pattern.as_bytes()], 0, None);
        for path in ["a", "b", "a/b", "b/a.c", "é", "a/b/c.c", " ", "alpha", "^", "{", ":", "-"] {
            for is_dir in [false, true] {
                let said = list.verdict(path.as_bytes(), is_dir);
                prop_assert_eq!(said, file.verdict(path.as_bytes(), is_dir), "{:?} on {}", &pattern, path);
                if said == Some(Verdict::Negated) {
                    prop_assert!(pattern.starts_with('!'), "{:?} on {}", &pattern, path);
                }
            }
        }
    }
}

#[test]
fn what_only_the_configuration_refuses_is_written_down() {
    // A scan reads lines, and of a line what stands before a NUL byte; nobody can mean either in a list.
    for (pattern, why) in [
        ("a\0b", "it has a line end or a NUL byte"),
        ("a\nb", "it has a line end or a NUL byte"),
        (&*"x".repeat(1025), "longer than 1024 bytes"),
    ] {
        assert_eq!(fault(pattern), Some(why));
        assert!(Rule::parse(pattern.as_bytes()).is_ok());
    }
}
