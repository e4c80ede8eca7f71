//! Limits, and input that means harm.

use proptest::prelude::*;

use crate::base::Limits;
use crate::nodes::extract::languages::LANGUAGES;
use crate::nodes::extract::lines::READERS;
use crate::table::schema::outline::OutlineRow;

use super::room;

#[test]
fn limits_decide_by_counting() {
    let text = "fn a() {}\n".repeat(100);
    let slot = [room::slot("a.rs", Some("rust"), text.as_bytes())];
    let within = |limits: Limits| {
        let (files, outline) = room::rows_within(&limits, &slot);
        (files[0].parse_status.clone(), files[0].skip_reason.clone(), outline.len())
    };
    let all = Limits::default();
    assert_eq!(within(all), ("ok".into(), None, 100));
    let size = Some("parse-size".to_owned());
    assert_eq!(within(Limits { parse_bytes: 999, ..all }), ("unsupported".into(), size, 0));
    let line = Some("long-line".to_owned());
    assert_eq!(within(Limits { line_bytes: 8, ..all }), ("unsupported".into(), line, 0));
    let (status, _, few) = within(Limits { tree_nodes: 100, ..all });
    assert!(status == "partial" && 0 < few && few < 100, "{few}");
    assert_eq!(within(Limits { tree_depth: 0, ..all }), ("partial".into(), None, 0));
}

#[test]
fn deep_nesting_costs_no_stack_and_bounded_names() {
    let deep = format!("{}{}", "mod a_name_of_some_length { ".repeat(4000), "}".repeat(4000));
    let (file, outline) = room::one("rust", &deep.replace(" { ", " {\n"));
    assert_eq!(file.parse_status, "partial");
    assert!(file.error_message.is_some_and(|m| m.contains("deeper than 5000")));
    assert!(outline.len() > 2000);
    assert!(outline.iter().all(|r| r.qualified_name.len() < 2048));
    for (language, open) in [("json", "["), ("c", "("), ("javascript", "(a,"), ("python", "(")] {
        let (file, _) = room::one(language, &open.repeat(15_000));
        assert!(["partial", "error"].contains(&file.parse_status.as_str()), "{language}");
    }
}

#[test]
fn a_scanner_that_reads_on_for_every_token_or_calls_itself_is_stopped() {
    // Every length of a character that the end of a piece cuts.
    for character in [")", "\u{e9}", "\u{20ac}", "\u{1d11e}"] {
        let text = format!("){character}\n").repeat(30_000);
        let (file, _) = room::one("julia", &text);
        assert_eq!(file.parse_status, "error");
        assert!(file.error_message.is_some_and(|m| m.contains("scanner read more than")), "{character}");
    }
    for language in ["ocaml", "ocaml-interface"] {
        let (file, _) = room::one(language, &"(*\n".repeat(200_000));
        assert!(file.error_message.is_some_and(|m| m.contains("block comments")), "{language}");
    }
}

/// What every outline holds, whatever the bytes were.
fn check(bytes: &[u8], outline: &[OutlineRow]) {
    let text = std::str::from_utf8(bytes).ok();
    let key = |r: &OutlineRow| (r.start_byte, std::cmp::Reverse(r.end_byte));
    assert!(outline.is_sorted_by_key(key));
    for (at, row) in outline.iter().enumerate() {
        assert_eq!(row.ordinal as usize, at);
        assert!(row.start_byte <= row.end_byte, "{row:?}");
        assert!(row.body_start.is_none_or(|body| row.start_byte <= body && body < row.end_byte), "{row:?}");
        assert!(row.end_byte as usize <= bytes.len(), "{row:?}");
        assert_eq!(row.doc_start.is_some(), row.doc_end.is_some());
        assert!(row.signature.chars().count() <= 300 && !row.signature.contains('\n'));
        if let Some(parent) = row.parent.map(|p| &outline[p as usize]) {
            assert!(parent.ordinal < row.ordinal && parent.role != "reference");
            assert!(parent.start_byte <= row.start_byte && row.end_byte <= parent.end_byte, "{row:?} in {parent:?}");
        }
        if let Some(text) = text {
            let offsets = [Some(row.start_byte), Some(row.end_byte), row.doc_start, row.doc_end];
            assert!(offsets.into_iter().flatten().all(|at| text.is_char_boundary(at as usize)), "{row:?}");
        }
    }
}

/// Words of many languages, and of what holds them.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "fn ", "def ", "class ", "struct ", "a", "B", "é", "(", ")", "{", "}", "[", "]", "<", ">", ";", ":", "::",
    ",", "=", "=>", "\"", "'", "`", "#", "# ", "## ", "//", "///", "/*", "*/", "\n", "\n\n", "  ", "\t", "@x\n",
    "#[a]\n", "impl ", "function ", "const ", "export ", "module.exports", ".prototype", "namespace ",
    "template<", "typedef ", "operator", "end\n", "module ", "- ", "a: ", "[t]\n", "<h1>", "</h1>",
    "<div id=x>", "enum ", "macro!{", "```\n", "```rust\n", "> ", "<script>", "</script>", "<style>",
    "[source,rust]\n----\n", ".. code:: python\n\n   ", "=====\n",
    "{\"cells\": [{\"cell_type\": \"code\", \"source\": [\"", "\\n\",\"",
];

fn fragment() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(WORDS).prop_map(|w| w.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_rows_that_hold_together(bytes in fragment()) {
        let names = LANGUAGES.iter().map(|spec| spec.name).chain(READERS.iter().map(|reader| reader.name));
        for name in names {
            let slot = [room::slot("file", Some(name), &bytes)];
            let (files, outline) = room::rows(&slot);
            prop_assert_eq!(files.len(), 1);
            check(&bytes, &outline);
            prop_assert_eq!(room::rows(&slot), (files, outline), "equal tasks give equal rows");
        }
    }
}

#[test]
fn a_name_that_is_missing_at_the_end_is_no_reference() {
    let bytes = b"module fn )\xcfA)\xc3\xa9=:";
    for spec in LANGUAGES {
        let (_, outline) = room::rows(&[room::slot("file", Some(spec.name), bytes)]);
        check(bytes, &outline);
        assert!(outline.iter().all(|row| row.role != "reference" || !row.name.is_empty()), "{}", spec.name);
    }
}

/// The language of a hostile file by its ending; files without one are tried in every language.
fn languages(name: &str) -> Vec<Option<&'static str>> {
    let ending = name.rsplit('.').next().unwrap_or_default();
    let by_ending = [
        ("rs", "rust"),
        ("py", "python"),
        ("js", "javascript"),
        ("ts", "typescript"),
        ("java", "java"),
        ("c", "c"),
        ("rb", "ruby"),
        ("json", "json"),
        ("yaml", "yaml"),
        ("md", "markdown"),
        ("html", "html"),
        ("ipynb", "jupyter"),
        ("vue", "vue"),
        ("svelte", "svelte"),
        ("rst", "rst"),
        ("adoc", "asciidoc"),
        ("txt", "text"),
    ];
    match by_ending.iter().find(|(e, _)| *e == ending) {
        Some((_, language)) => vec![Some(language)],
        None => LANGUAGES.iter().map(|l| Some(l.name)).chain([None]).collect(),
    }
}

/// `SAWMILL_CORPUS=/tmp/hostile cargo test --release --lib -- --ignored hostile --nocapture`
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --release --lib -- --ignored hostile_files --nocapture"]
fn hostile_files_cost_seconds_at_most_and_never_more_than_their_own_row() {
    for (path, bytes) in super::measure::corpus(64 << 20) {
        for language in languages(&path) {
            let start = super::measure::processor_seconds();
            let slot = [room::slot("file", language, &bytes)];
            let (files, outline) = room::rows(&slot);
            check(&bytes, &outline);
            let seconds = super::measure::processor_seconds() - start;
            if seconds > 0.5 {
                let row = &files[0];
                println!("{seconds:6.2} s {path} as {language:?}: {} {:?}", row.parse_status, row.error_message);
            }
            assert!(seconds < 10.0, "{path} as {language:?} took {seconds} s");
        }
    }
}

#[test]
fn rows_that_repeat_long_paths_or_names_end_where_their_texts_take_too_much() {
    let calls = "f()\n".repeat(20_000);
    let path = vec!["d".repeat(250); 13].join("/");
    let (files, outline) = room::rows(&[room::slot(&path, Some("python"), calls.as_bytes())]);
    let most = Limits::default().outline_bytes(calls.len());
    let texts: usize = outline.iter().map(|row| row.path.len() + row.name.len() + row.qualified_name.len()).sum();
    assert!(texts <= most && texts + path.len() + 10 > most, "{texts} of {most}");
    assert_eq!(files[0].parse_status, "partial");
    assert!(files[0].error_message.as_ref().unwrap().contains("what comes behind is not listed"));
    let (files, outline) = room::rows(&[room::slot("short.py", Some("python"), calls.as_bytes())]);
    assert_eq!((files[0].parse_status.as_str(), outline.len()), ("ok", 20_000));
    let spaces: Vec<String> = (0..32).map(|n| format!("namespace n{n}_{} {{\n", "x".repeat(500))).collect();
    let nested = spaces.concat() + &"void f();\n".repeat(5_000) + &"}".repeat(32);
    let (files, outline) = room::rows(&[room::slot("deep.cpp", Some("cpp"), nested.as_bytes())]);
    let most = Limits::default().outline_bytes(nested.len());
    assert!(outline.iter().map(|row| row.qualified_name.len()).sum::<usize>() <= most);
    assert_eq!(files[0].parse_status, "partial");
}
