//! Queries that are wrong, or mean harm: an answer, or an error with its code and its place; never a raw byte back.

use serde_json::Value;

use super::world::{Ran, World};

/// Query → the error's code and the byte at which it stands.
fn mistakes() -> Vec<(String, &'static str, u64)> {
    let deep = format!("{}a{}", "(".repeat(65), ")".repeat(65));
    let owned = |query: &str, code, at| (query.to_owned(), code, at);
    vec![
        owned("(a b", "unclosed", 0),
        owned("a (b", "unclosed", 2),
        owned("a)", "unopened", 1),
        owned("ä \"open", "unclosed", 3),
        owned("/open", "unclosed", 0),
        owned("f(\"x\")", "quote_inside", 2),
        owned("\"a\"b", "glued", 3),
        owned("/a(/", "bad_regex", 2),
        owned("/[z-a]/", "bad_regex", 2),
        owned("/(?P<x/", "bad_regex", 6),
        owned("/a{1000}{1000}/", "bad_regex", 1),
        owned("/(((a{1000}){1000}){1000})/", "bad_regex", 1),
        owned("x /a\\nb/", "bad_regex", 4),
        owned("a AND", "no_operand", 2),
        owned("OR a", "no_operand", 0),
        owned("NOT", "no_operand", 0),
        owned("a ()", "nothing_inside", 2),
        owned("\"\"", "nothing_inside", 0),
        owned("a lagn:rust", "unknown_filter", 2),
        owned("(lang:rust a)", "filter_inside", 1),
        owned("a case:maybe", "bad_value", 7),
        owned("+", "no_word", 0),
        owned("lang:python 6", "no_word", 12),
        owned("order -6", "no_word", 6),
        owned("order AND &", "no_word", 10),
        ("x".repeat(8193), "too_long", 8192),
        (deep, "too_deep", 64),
        ("(".repeat(8000), "too_deep", 64),
        ("\"".repeat(8001), "glued", 2),
        ("NOT ".repeat(2000), "no_operand", 7996),
        ("a OR ".repeat(1500), "too_many_words", 640),
        (format!("/{}/", "(a|b|".repeat(1000)), "bad_regex", 4996),
        (format!("/{}/", "(?:".repeat(2000)), "bad_regex", 5998),
        (format!("/{}/", r"\pL".repeat(2700)), "bad_regex", 769),
    ]
}

#[test]
fn a_wrong_query_is_an_error_with_its_place() {
    let world = World::built();
    let mut wrong = Vec::new();
    for (query, code, at) in mistakes() {
        let ran = world.run(&["search", "--json", "--", &query]);
        assert_eq!(ran.code, 2, "{query:.40}: {}", ran.out);
        let error = &ran.object()["error"];
        let place = error["labels"][0]["offset"].as_u64();
        if error["code"] != format!("sawmill::query::{code}") || place != Some(at) {
            wrong.push(format!("{query:.40}: {} at {place:?}, not {code} at {at}", error["code"]));
        }
        let shown = world.run(&["search", "--", &query]);
        assert!(shown.err.contains("here") && shown.err.contains(code), "{query:.40}: {}", shown.err);
        assert!(shown.err.lines().all(|line| line.chars().count() < 300), "{query:.40}: {}", shown.err);
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_costly_query_is_answered_or_refused_with_its_place() {
    let world = World::built();
    let words: Vec<String> = (0..900).map(|n| format!("w{n}")).collect();
    for query in [
        format!("/({})/", words.join("|")),
        format!("/({})/", vec!["a|b|c"; 1500].join("|")),
        format!("/{}/", "(a|b|c|d)*".repeat(300)),
        "/(a|b|c|d|e)*(x+x+)+y/".to_owned(),
        "/(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x/".to_owned(),
        format!("/{}/ ", r"\w{50}").repeat(30),
        format!("/{}/ case:no", r"[^\w\s]".repeat(1000)),
        format!("\"{}\"", "order ".repeat(1300)),
        ["\"order\""; 32].join(" OR "),
        format!("{}order{}", "(".repeat(64), ")".repeat(64)),
        format!("{}\"order\"", "NOT ".repeat(1900)),
        "+-/\\\"()".repeat(1000),
    ] {
        let ran = world.run(&["search", "--json", "--explain", "--", &query]);
        let object = ran.object();
        match ran.code {
            0 => assert!(object["hits"].is_array()),
            2 => assert!(object["error"]["labels"][0]["offset"].is_u64(), "{query:.40}: {object}"),
            other => panic!("{query:.40}: exit code {other}\n{}", ran.err),
        }
    }
}

#[test]
fn what_acts_on_a_terminal_never_comes_back_raw() {
    let world = World::built();
    for query in [
        "\u{1b}[31mred",
        "\"a\u{7}\u{1b}]0;owned\u{7}b\"",
        "\"bell\u{7}",
        "/\u{1b}[/",
        "lang:\u{9b}2J x",
        "or\u{202e}der",
        "\u{1}\u{2}\u{3}",
        "a\u{200b}b \u{feff}",
        "sym:\"\u{1b}c\" order",
        "\r\norder\r\n",
    ] {
        for flags in [&["--explain"][..], &["--explain", "-l"], &["--budget", "90"], &["--json", "--explain"]] {
            let ran = world.run(&[&["search"], flags, &["--", query]].concat());
            for text in [&ran.out, &ran.err] {
                let raw = text
                    .chars()
                    .find(|c| (c.is_control() && *c != '\n') || matches!(c, '\u{202e}' | '\u{200b}' | '\u{feff}'));
                assert_eq!(raw, None, "{query:?} {flags:?}: {text:?}");
            }
        }
    }
}

#[test]
fn a_nul_is_a_character_of_a_query_like_others() {
    // No argument can hold one; a program that calls the library can.
    let world = World::built();
    let asked = world.json(&["search", "/\\x00/"]);
    assert_eq!(asked["exact"]["lines"], Value::from(0));
}

#[test]
fn a_sentence_is_answered_without_the_words_that_no_index_knows() {
    let world = World::built();
    let asked = world.json(&["search", "--explain", "order & total 6"]);
    assert_eq!(asked["ignored"], serde_json::json!(["&", "6"]));
    assert_eq!(asked["explain"]["parse"], "order total");
    let hint = "`6` is in no index of words and was left out; `\"6\"` finds it as text";
    assert_eq!(asked["hints"][1], hint);
    let plain = world.json(&["search", "order total"]);
    assert!(plain["ignored"].is_null() && plain["hints"].is_null());
    assert_eq!(plain["hits"].as_array().unwrap().len(), asked["hits"].as_array().unwrap().len());
    for flags in [&[][..], &["--explain"], &["-l"], &["--budget", "120"]] {
        let with = world.ok(&[&["search"], flags, &["order & total 6"]].concat());
        let without = world.ok(&[&["search"], flags, &["order total"]].concat());
        assert_eq!(with.out, without.out, "{flags:?}");
        assert!(with.err.contains(hint) && !without.err.contains("left out;"), "{flags:?}: {}", with.err);
    }
    let exact = world.ok(&["search", "\"order\" 6"]);
    assert!(exact.err.contains(hint), "{}", exact.err);
    let nothing = world.ok(&["search", "zzyzx 6"]);
    assert!(nothing.err.contains("nothing in") && nothing.err.contains(hint), "{}", nothing.err);
    let alone = world.run(&["search", "6"]);
    assert!(alone.code == 2 && alone.err.contains("`\"6\"`"), "{}", alone.err);
}

#[test]
fn lines_are_counted_of_texts_and_not_of_words() {
    let world = World::built();
    let words = world.run(&["search", "--count", "order total"]);
    assert!(words.code == 2 && words.err.contains("words alone have no lines to count"), "{}", words.err);
    let texts = world.ok(&["search", "--count", "\"order\""]);
    assert!(texts.out.lines().count() > 1 && !texts.out.contains(":0\n"), "{}", texts.out);
    let without = world.ok(&["search", "-l", "--", "-\"no such text\""]);
    assert!(without.out.lines().count() > 3, "{}", without.out);
    assert!(without.err.contains("files match") && !without.err.contains("0 lines"), "{}", without.err);
    let best = world.ok(&["search", "-l", "-n", "1", "order"]);
    assert!(best.out.lines().count() == 1 && best.err.contains("--limit gives more"), "{}", best.err);
}

#[test]
fn whole_chunks_and_lists_of_files_exclude_each_other() {
    let world = World::built();
    for list in ["--files-only", "--count"] {
        let ran = world.run(&["search", "--budget", "100", list, "order", "--json"]);
        assert_eq!(ran.code, 2);
        let error = &ran.object()["error"];
        assert_eq!(error["code"], "sawmill::cli::usage");
        assert!(error["message"].as_str().unwrap().contains(list), "{error}");
    }
    assert_eq!(world.run(&["search", "--budget", "0", "order"]).code, 2);
}

#[test]
fn whole_chunks_stand_alone_on_standard_output() {
    let world = World::built();
    let ran = world.ok(&["search", "--budget", "120", "--explain", "--timings", "order total"]);
    let first = ran.out.lines().next().unwrap();
    assert_eq!(first, "web/src/components/OrderTable.tsx:29-31  function orderTotal");
    assert!(ran.out.contains("\nfunction orderTotal(order: Order): number {\n  return order"), "{}", ran.out);
    assert!(!ran.out.contains("intent") && ran.err.contains("intent    natural-language (2 words)"), "{}", ran.err);
    assert!(ran.err.contains("of 120 tokens"), "{}", ran.err);
    let small = world.ok(&["search", "--budget", "5", "order total"]);
    assert!(small.out.is_empty() && small.err.contains("no chunk that matches fits into 5 tokens"), "{}", small.err);
}

#[test]
fn a_hit_is_headed_with_the_line_of_its_definition_and_shows_it() {
    let world = World::shop();
    let doc = "/// Says where quux_of stands.\n///\n/// quux_of and quux_of again, quux_of.\n";
    world.write("api/quux.rs", format!("{doc}#[must_use]\npub fn quux_of(\n    at: u8,\n) -> u8 {{\n    at\n}}\n"));
    let java = "/**\n * A Zyzzyva.\n */\n@Deprecated\npublic class Zyzzyva {\n  int a;\n}\n";
    world.write("api/A.java", java);
    world.write(
        "api/long.py",
        format!("{}\nLONG = \"{}| xyzzy |{}\"\n", "import os", "é ".repeat(200), " z".repeat(500)),
    );
    world.ok(&["build"]);
    for context in ["0", "1", "2", "9"] {
        for (query, place, shown) in [
            ("quux_of", "api/quux.rs:5 ", "pub fn quux_of("),
            ("zyzzyva", "api/A.java:5 ", "public class Zyzzyva {"),
            ("\"quux_of and\"", "api/quux.rs:3 ", "/// quux_of and"),
            ("xyzzy", "api/long.py:2 ", "| xyzzy |"),
            ("\"xyzzy |\"", "api/long.py:2 ", "| xyzzy |"),
        ] {
            let ran = world.ok(&["search", "-n", "1", "-c", context, query]);
            assert!(ran.out.starts_with(place), "{query} -c {context}: {}", ran.out);
            assert!(ran.out.contains(shown), "{query} -c {context}: {}", ran.out);
            let hit = &world.json(&["search", "-n", "1", "-c", context, query])["hits"][0];
            let at = hit["line"].as_u64().unwrap() - hit["snippet"]["start_line"].as_u64().unwrap();
            let line = hit["snippet"]["lines"][at as usize].as_str().unwrap();
            assert!(line.contains(shown), "{query} -c {context}: {hit}");
            if query.contains("xyzzy") {
                assert!(line.starts_with('…') && line.ends_with('…') && ran.out.contains(line), "{line}\n{}", ran.out);
                let span = &hit["snippet"]["spans"][0];
                let part = span["start"].as_u64().unwrap() as usize..span["end"].as_u64().unwrap() as usize;
                assert!(line[part].starts_with("xyzzy"), "{hit}");
            }
        }
    }
}

#[test]
fn a_path_that_was_printed_is_understood_where_it_was_printed() {
    let world = World::built();
    let found = "web/src/components/OrderTable.tsx";
    for (from, printed) in
        [("", found), ("api", "../web/src/components/OrderTable.tsx"), ("web/src", "components/OrderTable.tsx")]
    {
        let ran = |arguments: &[&str]| {
            let arguments = [&["search", "-n", "1"], arguments].concat();
            Ran::of(&world.command(&arguments).current_dir(world.path(from)).output().unwrap())
        };
        assert_eq!(ran(&["-l", "orderTotal"]).out, format!("{printed}\n"));
        let absolute = world.path(found).to_str().unwrap().to_owned();
        for path in [printed, &format!("./{printed}"), &absolute, found] {
            let whole = ran(&[&format!("{path}:30:2")]);
            assert!(
                whole.out.starts_with(&format!("{printed}:29  ")),
                "{path} from {from}: {}{}",
                whole.out,
                whole.err
            );
            let filter = ran(&[&format!("total path:{path}:30")]);
            assert!(filter.out.starts_with(printed), "{path} from {from}: {}{}", filter.out, filter.err);
        }
    }
    let outside = world.ok(&["search", "total path:../elsewhere/a.ts"]);
    assert!(
        outside.out.is_empty() && outside.err.contains("`../elsewhere/a.ts` lies in no repository"),
        "{}",
        outside.err
    );
    let left_out = world.json(&["search", "--select", "api", "web/src/components/OrderTable.tsx"]);
    let hint = "`web/src/components/OrderTable.tsx` lies in the repository `web`, which was not searched; `--select web` searches it";
    assert_eq!(left_out["hints"], serde_json::json!([hint]));
}
