use proptest::prelude::*;

use super::shape::{Shape, shape};
use super::{Intent, IntentKind, keep_words_of, written_path};
use crate::query::parse::parse;

fn intent(query: &str) -> Intent {
    Intent::of(&parse(query).unwrap_or_else(|error| panic!("{query}: {error}")))
}

#[test]
fn what_people_type_has_the_intent_that_they_have() {
    use IntentKind::{Listing, Literal, NaturalLanguage, Path, Symbol};
    let mut wrong = Vec::new();
    for (query, kind, reason) in [
        // Names of code.
        ("parseConfig", Symbol, "one name: a capital stands inside"),
        ("HTTPServer", Symbol, "one name: a capital stands inside"),
        ("parse_config", Symbol, "one name: it has an underscore"),
        ("MAX_RETRIES", Symbol, "one name: it has an underscore"),
        ("_private", Symbol, "one name: it has an underscore"),
        ("a::b::C", Symbol, "one name: its parts are joined as in code"),
        ("std::fs", Symbol, "one name: its parts are joined as in code"),
        ("Foo.bar", Symbol, "one name: its parts are joined as in code"),
        ("os.path.join", Symbol, "one name: its parts are joined as in code"),
        ("response.json()", Symbol, "one name: its parts are joined as in code"),
        ("sk->sk_prot", Symbol, "one name: its parts are joined as in code"),
        ("Array#flatten", Symbol, "one name: its parts are joined as in code"),
        ("App\\Models\\User", Symbol, "one name: its parts are joined as in code"),
        ("foo()", Symbol, "one name: it has brackets behind"),
        ("Vec<T>", Symbol, "one name: it has brackets behind"),
        ("@Override", Symbol, "one name: it has a sign in front"),
        ("#define", Symbol, "one name: it has a sign in front"),
        ("border-radius", Symbol, "one name: it has a hyphen"),
        ("sha256", Symbol, "one name: letters and digits"),
        ("malloc", Symbol, "one word"),
        ("Config", Symbol, "one word"),
        ("größe", Symbol, "one word"),
        ("+parse_config -test", Symbol, "one name: it has an underscore"),
        ("lang:rust (parse_config)", Symbol, "one name: it has an underscore"),
        ("mutex.lock", Symbol, "one name: its parts are joined as in code"),
        // Files and directories.
        ("src/net/tcp.c", Path, "one path"),
        ("./src/net/tcp.c:42", Path, "one path"),
        ("net/ipv4", Path, "one path"),
        ("docs/", Path, "one path"),
        ("@angular/core", Path, "one path"),
        ("tcp.c", Path, "one file name"),
        ("tcp.c:17:3", Path, "one file name"),
        ("README.md", Path, "one file name"),
        ("Makefile", Path, "one file name"),
        ("Cargo.lock", Path, "one file name"),
        (".gitignore", Path, "one file name"),
        // Exact text.
        ("\"unsafe impl\"", Literal, "it has 1 literal"),
        ("/fn \\w+_unchecked/", Literal, "it has 1 regular expression"),
        ("\"a\" \"b\" retry", Literal, "it has 2 literals"),
        ("parse_config -\"test\" /x+y/", Literal, "it has 1 literal and 1 regular expression"),
        // Words.
        ("parse config file", NaturalLanguage, "3 words"),
        ("how does retry work?", NaturalLanguage, "4 words, of which some join others"),
        ("where is the config parsed", NaturalLanguage, "5 words, of which some join others"),
        ("TcpStream connect", NaturalLanguage, "2 words"),
        ("why does setup.py fail", NaturalLanguage, "4 words, of which some join others"),
        ("read OR write", NaturalLanguage, "2 words"),
        ("the", NaturalLanguage, "one word that joins others"),
        ("404", NaturalLanguage, "one number"),
        ("0x1f", NaturalLanguage, "one number"),
        ("日本語の検索", NaturalLanguage, "several words in one piece"),
        ("https://example.com/a", NaturalLanguage, "several words in one piece"),
        // Nothing wanted.
        ("kind:function lang:go", Listing, "it has filters alone"),
        ("-test", Listing, "it only says what must not be there"),
    ] {
        let found = intent(query);
        if (found.kind, found.reason.as_str()) != (kind, reason) {
            wrong.push((query, found.kind, found.reason));
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn what_leads_from_where_one_stands_is_a_path() {
    for (query, path) in
        [("../redis/src/dict.c", "redis/src/dict.c"), ("/usr/include/x.h:3", "usr/include/x.h"), ("../tcp", "tcp")]
    {
        let found = intent(query);
        assert_eq!((found.kind, found.paths), (IntentKind::Path, vec![path.to_owned()]), "{query}");
    }
}

#[test]
fn the_examples_of_the_page_have_the_intents_that_it_says() {
    let page = include_str!("../../../../docs/query.md");
    let mut seen = 0;
    let rows = page.lines().skip_while(|line| *line != "| intent | when | examples |").skip(2);
    for row in rows.take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [kind, _, examples] = cells.as_slice() else { panic!("{row}") };
        for example in examples.split("`, `") {
            assert_eq!(intent(example.trim_matches('`')).kind.name(), kind.trim_matches('`'), "{example}");
            seen += 1;
        }
    }
    assert!(seen >= 12, "{seen}");
}

#[test]
fn names_and_paths_among_words_are_told() {
    let found = intent("why does ./setup.py:12 call parse_config the TcpStream way");
    assert_eq!(found.kind, IntentKind::NaturalLanguage);
    assert_eq!(found.paths, ["setup.py"]);
    assert_eq!(found.names, ["parse_config", "TcpStream"]);
    assert_eq!((found.pieces, found.joining), (8, 3), "why, does, the");
}

#[test]
fn the_line_behind_a_path_and_what_leads_to_it_are_told_and_are_no_words() {
    for (query, written, line, words) in [
        ("src/networking.c:42", Some("src/networking.c"), Some(42), &["src", "networking", "c"][..]),
        ("interval.rs:100:5", Some("interval.rs"), Some(100), &["interval", "rs"]),
        ("interval.rs:100-120", Some("interval.rs"), Some(100), &["interval", "rs"]),
        ("./v42/42/a.c:42 lang:c", Some("./v42/42/a.c"), Some(42), &["v42", "42", "a", "c"]),
        ("../../w/a.c:7:", Some("../../w/a.c"), Some(7), &["w", "a", "c"]),
        ("/usr/lib/a.c:7", Some("/usr/lib/a.c"), Some(7), &["usr", "lib", "a", "c"]),
        ("makefile:12", Some("makefile"), Some(12), &["makefile"]),
        ("a.c:99999999999", Some("a.c"), None, &["a", "c"]),
        ("src/networking.c -net", Some("src/networking.c"), None, &["src", "networking", "c", "net"]),
        ("why does a.c:42", None, None, &["why", "does", "a", "c", "42"]),
    ] {
        let mut read = parse(query).unwrap();
        let intent = Intent::of(&read);
        assert_eq!((written_path(&read), intent.line), (written, line), "{query}");
        if let (Some(_), Some(path)) = (written, intent.paths.first()) {
            keep_words_of(&mut read, path);
        }
        assert_eq!(read.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>(), words, "{query}");
    }
}

#[test]
fn the_lists_are_sorted_for_the_search_in_them() {
    for extension in ["adoc", "c", "rs", "zsh"] {
        assert_eq!(shape(&format!("a.{extension}")), Shape::Path(&format!("a.{extension}")));
    }
    assert_eq!(shape("build.bazel"), Shape::Path("build.bazel"));
    assert_eq!(shape("yarn.lock"), Shape::Path("yarn.lock"));
    assert!(super::shape::lists_are_sorted());
}

/// Pieces of queries, and what changes none of them.
fn query() -> impl Strategy<Value = Vec<String>> {
    let known = prop::sample::select(
        &["parse_config", "src/a.rs", "tcp.c", "the", "how", "a::b", "\"x y\"", "/a+b/", "+w", "-w", "f()", "404"][..],
    );
    let any = "[ -~äß日本]{1,12}";
    prop::collection::vec(prop_oneof![3 => known.prop_map(str::to_owned), 1 => any.prop_map(String::from)], 1..6)
}

proptest! {
    #[test]
    fn every_query_has_an_intent_and_what_is_around_its_pieces_changes_nothing(pieces in query(), how in 0usize..5) {
        let plain = pieces.join(" ");
        let Ok(read) = parse(&plain) else { return Ok(()) };
        let found = Intent::of(&read);
        let around = match how {
            0 => pieces.join(" \t\n "),
            1 => format!("  {plain}  "),
            2 => format!("lang:rust -path:x {plain}"),
            3 => format!("case:no {plain}"),
            _ => format!("({plain})"),
        };
        if let Ok(read) = parse(&around) {
            prop_assert_eq!(Intent::of(&read), found, "{}", around);
        }
    }

    #[test]
    fn any_piece_has_a_shape_and_a_path_is_of_its_text(piece in "\\PC{0,40}") {
        if let Shape::Path(path) = shape(&piece) {
            prop_assert!(piece.contains(path) && !path.is_empty());
        }
    }
}
