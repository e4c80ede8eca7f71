//! What git 2.47 ignores, recorded.

use super::*;

const FILES: [&str; 27] = [
    "a",
    "b",
    "ab",
    "a.c",
    "ab.c",
    "x{a,b}",
    "xa",
    "a b",
    "a ",
    "#a",
    "!a",
    "a\\b",
    "é",
    "éa",
    "sub/a",
    "sub/ab",
    "sub/a.c",
    "sub/deep/a",
    "sub/deep/b.c",
    "sub/deep/x/a.c",
    "other/a",
    "other/sub/b",
    "a-b",
    "A",
    "[a]",
    "aab",
    "abb",
];

const ONLY: bool = true;
const ALL_BUT: bool = false;

/// A rule, and the files of [`FILES`] that it ignores (or all but those), as `git ls-files -o
/// --exclude-per-directory=.gitignore` listed them for an ignore file of that one line.
#[rustfmt::skip]
const RECORDED: &[(&str, bool, &str)] = &[
    ("*.{c,h}", ONLY, ""),
    ("{a,b}", ONLY, ""),
    ("a\\ ", ONLY, "a "),
    ("a ", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("a\t", ONLY, ""),
    ("\\#a", ONLY, "#a"),
    ("\\!a", ONLY, "!a"),
    ("!a", ONLY, ""),
    ("/a", ONLY, "a"),
    ("a/", ONLY, ""),
    ("sub/", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c|other/sub/b"),
    ("/sub/", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("sub/**", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("**/a", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("**/deep", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("sub/**/a", ONLY, "sub/a|sub/deep/a"),
    ("sub/*/a", ONLY, "sub/deep/a"),
    ("**", ALL_BUT, ""),
    ("*", ALL_BUT, ""),
    ("/*", ALL_BUT, ""),
    ("!sub/", ONLY, ""),
    ("sub**", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c|other/sub/b"),
    ("a**", ALL_BUT, "b|x{a,b}|xa|#a|!a|é|éa|sub/deep/b.c|other/sub/b|A|[a]"),
    ("**b", ONLY, "b|ab|a b|a\\b|sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c|other/sub/b|a-b|aab|abb"),
    ("[!a]", ONLY, "b|sub/deep/x/a.c|other/sub/b|A"),
    ("s[!a]b/a", ONLY, "sub/a"),
    ("sub[!a]a", ONLY, ""),
    ("[[:alpha:]]b", ONLY, "ab|sub/ab"),
    ("x{a,b}", ONLY, "x{a,b}"),
    ("\\", ONLY, ""),
    ("a\\", ONLY, ""),
    ("[", ONLY, ""),
    ("[a", ONLY, ""),
    ("[]", ONLY, ""),
    ("é", ONLY, "é"),
    ("?", ONLY, "a|b|sub/a|sub/deep/a|sub/deep/x/a.c|other/a|other/sub/b|A"),
    ("??", ONLY, "ab|xa|a |#a|!a|é|sub/ab"),
    ("[é]", ONLY, ""),
    ("sub//a", ONLY, ""),
    ("//", ONLY, ""),
    ("/", ONLY, ""),
    ("./a", ONLY, ""),
    ("sub/.", ONLY, ""),
    ("a/**", ONLY, ""),
    ("**/", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c|other/a|other/sub/b"),
    ("***", ALL_BUT, ""),
    ("***/a", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("sub/***/a", ONLY, "sub/a|sub/deep/a"),
    ("*/a", ONLY, "sub/a|other/a"),
    ("sub/deep", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("deep/", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("deep", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("/deep", ONLY, ""),
    ("foo**/a", ONLY, ""),
    ("sub/d**", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("a\r", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("[A-Z]", ONLY, "A"),
    ("[\\a]", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("\\[a]", ONLY, "[a]"),
    ("[[]a]", ONLY, "[a]"),
    ("[a-]b", ONLY, "ab|sub/ab"),
    ("[-a]b", ONLY, "ab|sub/ab"),
    ("sub\\/a", ONLY, "sub/a"),
    ("*\\", ONLY, ""),
    ("**\\/a", ONLY, "sub/a|sub/deep/a|other/a"),
    ("?\\!", ONLY, ""),
    ("**.cxb.", ONLY, ""),
    ("[ab]b*{a,b}{a,b}", ONLY, ""),
    ("b[ax**", ONLY, ""),
    ("!!", ONLY, ""),
    ("bxx\\b", ONLY, ""),
    ("b*", ONLY, "b|sub/deep/b.c|other/sub/b"),
    ("[a-c]{a,b}", ONLY, ""),
    ("[a-c]*[a /", ONLY, ""),
    ("x", ONLY, "sub/deep/x/a.c"),
    ("![ab].c***", ONLY, ""),
    ("#", ONLY, ""),
    ("deep ", ONLY, "sub/deep/a|sub/deep/b.c|sub/deep/x/a.c"),
    ("{a,b}[\\]a][[:alpha:]]subx", ONLY, ""),
    (".c[a-c][!a]other", ONLY, ""),
    ("é[\\]a]", ONLY, "éa"),
    ("/deep\\*", ONLY, ""),
    ("[]a]sub[a-c]", ONLY, ""),
    ("***/{a,b}/", ONLY, ""),
    ("b *[\\]a]", ONLY, ""),
    ("xother\\*[a[[:alpha:]]", ONLY, ""),
    ("[^b]", ONLY, "a|sub/a|sub/deep/a|sub/deep/x/a.c|other/a|A"),
    ("[a-c]é\\\\*", ONLY, ""),
    ("#**", ONLY, ""),
    ("b[ab][\\]a][a-c]", ONLY, ""),
    ("[]a][!a]", ONLY, "ab|a |sub/ab"),
    ("\\.\\adeep", ONLY, ""),
    ("\\*[^b]\\*", ONLY, ""),
    ("[a{a,b}", ONLY, ""),
    ("[^b]é{a,b}.c ", ONLY, ""),
    ("[!a]?*/", ONLY, "sub/a|sub/ab|sub/a.c|sub/deep/a|sub/deep/b.c|sub/deep/x/a.c|other/a|other/sub/b"),
    ("[!a] ", ONLY, "b|sub/deep/x/a.c|other/sub/b|A"),
    ("/[^b][a-c]a?", ONLY, ""),
    ("?é\\a", ONLY, ""),
    ("#! []a]b", ONLY, ""),
    ("\\*\\a[\\]a]\\a", ONLY, ""),
    ("\\\\\\\\**", ONLY, ""),
    ("!\\b[ab]", ONLY, ""),
    ("[ab]", ONLY, "a|b|sub/a|sub/deep/a|other/a|other/sub/b"),
    ("/**[[:alpha:]]#", ONLY, ""),
    ("#\\", ONLY, ""),
    ("![^b]", ONLY, ""),
    ("subdeepdeep[a-c]", ONLY, ""),
    ("[]a]", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("[]a][^b]deep", ONLY, ""),
    ("[\\]a]", ONLY, "a|sub/a|sub/deep/a|other/a"),
    ("[a-c]!\\a*é", ONLY, ""),
    (".c[\\]a]", ONLY, ""),
    ("[[:alpha:]]![!a]#other", ONLY, ""),
    ("other[!a]", ONLY, ""),
    ("[]a]other[!a][ab]", ONLY, ""),
    ("deep.c[]a]aa", ONLY, ""),
    ("deep[^b][ab]", ONLY, ""),
    (".csubother.[]a]", ONLY, ""),
    (".c*[!a]", ONLY, ""),
    ("[ab][[:alpha:]][ab]deep", ONLY, ""),
    ("\\*#[aadeep", ONLY, ""),
    ("otheré[\\]a][ab]", ONLY, ""),
    ("\\*/{a,b}other", ONLY, ""),
    ("*other[]a]", ONLY, ""),
];

/// As a walk does: a directory that is ignored is not entered.
fn ignored(rules: &Rules, path: &[u8]) -> bool {
    let slashes = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| &path[..at]);
    slashes
        .map(|dir| (dir, true))
        .chain([(path, false)])
        .any(|(path, dir)| rules.verdict(path, dir) == Some(Verdict::Matched))
}

#[test]
fn each_rule_ignores_what_git_ignores() {
    for (rule, only, files) in RECORDED {
        let rules = Rules::of_files([rule.as_bytes()], 0, None);
        let listed: Vec<&str> = files.split('|').filter(|f| !f.is_empty()).collect();
        for file in FILES {
            let expected = listed.contains(&file) == *only;
            assert_eq!(ignored(&rules, file.as_bytes()), expected, "{rule:?} on {file:?}");
        }
    }
}

#[test]
fn the_last_rule_decides_and_a_deeper_file_decides_first() {
    use std::sync::Arc;
    let above = Arc::new(Rules::of_files([&b"*.log\n!keep.log\n/only-here\n"[..]], 0, None));
    let below = Rules::of_files([&b"!debug.log\nkeep.log\n/here\n"[..]], 4, Some(Arc::clone(&above)));
    assert_eq!(above.verdict(b"a.log", false), Some(Verdict::Matched));
    assert_eq!(above.verdict(b"keep.log", false), Some(Verdict::Negated));
    assert_eq!(below.verdict(b"sub/debug.log", false), Some(Verdict::Negated));
    assert_eq!(below.verdict(b"sub/keep.log", false), Some(Verdict::Matched));
    assert_eq!(below.verdict(b"sub/here", false), Some(Verdict::Matched));
    assert_eq!(below.verdict(b"sub/x/here", false), None);
    assert_eq!(below.verdict(b"sub/only-here", false), None);
    assert_eq!(below.verdict(b"sub/a.log", false), Some(Verdict::Matched));
}

#[test]
fn names_and_rules_need_not_be_utf8() {
    let rules = Rules::of_files([&b"\xef\xbb\xbf\xff*.rs\r\n[\xe0-\xef]\n"[..]], 0, None);
    assert_eq!(rules.verdict(b"a/\xffx.rs", false), Some(Verdict::Matched));
    assert_eq!(rules.verdict(b"\xe9", false), Some(Verdict::Matched));
    assert_eq!(rules.verdict(b"\xfe.rs", false), None);
}

#[test]
fn a_configured_rule_that_can_match_nothing_is_refused() {
    assert_eq!(Rules::of_root(["*.rs", "a[b"]).unwrap_err(), ("a[b", BadRule::Unfinished));
    assert_eq!(Rules::of_root(["x\\"]).unwrap_err(), ("x\\", BadRule::Unfinished));
    assert_eq!(Rules::of_root([""]).unwrap_err(), ("", BadRule::Nothing));
    assert_eq!(Rules::of_root(["# note"]).unwrap_err(), ("# note", BadRule::Nothing));
}

#[test]
fn a_hostile_rule_costs_no_more_than_its_length_times_the_path() {
    let text = "aa/".repeat(1300) + "c";
    let rules = ["**/*a/".repeat(600) + "b", "**/".repeat(5000) + "*", "*a".repeat(2000) + "b", "*".repeat(9000)];
    // Exponential matchers do not end here; this one needs some ten million steps.
    let verdicts: Vec<_> = rules
        .iter()
        .map(|rule| Rules::of_files([rule.as_bytes()], 0, None).verdict(text.as_bytes(), false).is_some())
        .collect();
    assert_eq!(verdicts, [false, true, false, true]);
}
