//! Files with regions, read and cut as in a build: ids survive what happens elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proptest::collection::vec;
use proptest::prelude::*;

use super::harness::{joined, params, params_with_prose};
use crate::base::{Cancel, Digest, Limits, Mode, RelPath};
use crate::nodes::{Content, FileSlot, Kind, Params, Task, chunk, extract};
use crate::table::schema::ChunkRow;
use crate::table::{Batch, validate};

/// The chunks of a file, read by `extract` and cut by `chunk`.
fn chunks_of(language: &str, mode: Mode, bytes: &[u8], params: &Params) -> Vec<ChunkRow> {
    let slot = [FileSlot {
        path: RelPath::new("a").unwrap(),
        size: bytes.len() as u64,
        content: Content::Bytes(Digest::of(bytes), bytes.into()),
        language: Some(language.into()),
        mode,
        role: "source".into(),
    }];
    let run = |kind: &dyn Kind, params: &Params, inputs: &BTreeMap<&'static str, Vec<Batch>>| -> Vec<Batch> {
        let task = Task {
            params,
            limits: &Limits::default(),
            files: &slot,
            inputs,
            references: None,
            sandbox: None,
            cancel: &Cancel::new(),
        };
        kind.run(&task).unwrap().into_iter().map(|output| output.batch).collect()
    };
    let read = run(&extract::KIND, &Params::new(extract::ExtractParams::default()).unwrap(), &BTreeMap::new());
    let made = run(&chunk::KIND, params, &BTreeMap::from([("outline", read)]));
    for batch in &made {
        validate(batch).unwrap();
    }
    let chunks: Vec<ChunkRow> = made[0].rows().unwrap();
    assert_eq!(joined(&chunks), bytes, "the chunks put together are the file");
    chunks
}

/// A function in a region: its number of lines, and their indentation.
type Function = (usize, usize);

/// What a document is: for each region its functions.
#[derive(Clone, Debug)]
struct Document(Vec<Vec<Function>>);

fn document() -> impl Strategy<Value = Document> {
    vec(vec((1..6usize, 1..5usize), 1..4), 1..6).prop_map(Document)
}

const FORMS: [(&str, Mode); 6] = [
    ("markdown", Mode::Prose),
    ("html", Mode::Code),
    ("vue", Mode::Code),
    ("jupyter", Mode::Code),
    ("rst", Mode::Prose),
    ("asciidoc", Mode::Prose),
];

/// The document as a file of `language`, behind `above`.
fn written(document: &Document, language: &str, above: &str) -> Vec<u8> {
    let mut out = String::new();
    let mut cells: Vec<serde_json::Value> = Vec::new();
    let cell = |kind: &str, source: &str| {
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        serde_json::json!({ "cell_type": kind, "metadata": {}, "source": lines })
    };
    match language {
        "jupyter" => cells.push(cell("markdown", above)),
        "html" | "vue" => writeln!(out, "<!-- {above} -->").unwrap(),
        _ => writeln!(out, "{above}\n").unwrap(),
    }
    for (at, functions) in document.0.iter().enumerate() {
        let mut code = String::new();
        for (number, (lines, indent)) in functions.iter().enumerate() {
            writeln!(code, "function f{at}_{number}(a, b) {{").unwrap();
            for line in 0..*lines {
                writeln!(code, "{:indent$}console.log(a, b, {line})", "").unwrap();
            }
            code.push_str("}\n\n");
        }
        let indented = || format!("   {}", code.trim_end().replace('\n', "\n   "));
        let title = format!("Section {at}");
        match language {
            "markdown" => writeln!(out, "## {title}\n\nText.\n\n```js\n{code}```\n"),
            "html" => writeln!(out, "<h2>{title}</h2>\n<script>\n{code}</script>\n"),
            "vue" => writeln!(out, "<script>\n{code}</script>\n"),
            "rst" => writeln!(out, "{title}\n=========\n\nText.\n\n.. code-block:: js\n\n{}\n", indented()),
            "asciidoc" => writeln!(out, "== {title}\n\nText.\n\n[source,js]\n----\n{code}----\n"),
            _ => {
                cells.push(cell("markdown", &format!("## {title}\n")));
                cells.push(cell("code", &code));
                Ok(())
            }
        }
        .unwrap();
    }
    if language == "jupyter" {
        let metadata = serde_json::json!({ "language_info": { "name": "javascript" } });
        let notebook = serde_json::json!({ "cells": cells, "metadata": metadata, "nbformat": 4 });
        out = serde_json::to_string_pretty(&notebook).unwrap();
    }
    out.into_bytes()
}

/// Ids of what has a name, by that name; functions in a region and sections.
fn ids(chunks: &[ChunkRow]) -> BTreeMap<String, String> {
    chunks.iter().filter(|c| !c.name.is_empty()).map(|c| (c.qualified_name.clone(), c.chunk_id.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ids_survive_shifts_and_edits_of_bodies(document in document(), prose in any::<bool>(), edit in any::<prop::sample::Index>()) {
        let params = if prose { params_with_prose(2400, 60) } else { params(2400, 60) };
        let at = edit.index(document.0.len());
        let mut edited = document.clone();
        // Another indentation and more lines: a region reformatted, and bodies edited.
        edited.0[at].iter_mut().for_each(|(lines, indent)| (*lines, *indent) = (*lines + 2, *indent + 1));
        for (language, mode) in FORMS {
            let make = |document: &Document, above: &str| {
                chunks_of(language, mode, &written(document, language, above), &params)
            };
            let before = make(&document, "Some text.");
            let known = ids(&before);
            let functions: usize = document.0.iter().map(Vec::len).sum();
            let of_code = |c: &&ChunkRow| c.language.as_deref() == Some("javascript") && c.kind == "function";
            prop_assert_eq!(before.iter().filter(of_code).count(), functions, "{}", language);
            prop_assert_eq!(ids(&make(&document, "Some text.\n\nMore of it,\nin several lines.")), known.clone());
            let after = make(&edited, "Some text.");
            prop_assert_eq!(ids(&after), known, "{}", language);
            let texts = |chunks: &[ChunkRow]| -> BTreeSet<(String, String)> {
                let elsewhere = |c: &&ChunkRow| of_code(c) && !c.name.starts_with(&format!("f{at}_"));
                chunks.iter().filter(elsewhere).map(|c| (c.chunk_id.clone(), c.content_hash.clone())).collect()
            };
            prop_assert_eq!(texts(&after), texts(&before), "{}: other regions are as they were", language);
        }
    }

    #[test]
    fn a_new_region_moves_no_id_of_the_others(document in document(), place in any::<prop::sample::Index>()) {
        for (language, mode) in FORMS {
            let params = params(2400, 60);
            let mut more = document.clone();
            more.0.push(vec![(3, 2)]);
            let last = more.0.len() - 1;
            // Behind the others, the names of which go by their places; above them is a text of its own.
            let before = ids(&chunks_of(language, mode, &written(&document, language, "Text."), &params));
            let above = format!("Text.\n\n```js\nfunction g() {{\n{}}}\n```", "  g()\n".repeat(1 + place.index(4)));
            let above = if matches!(language, "markdown" | "jupyter") { above.as_str() } else { "Text." };
            let mut after = ids(&chunks_of(language, mode, &written(&more, language, above), &params));
            after.retain(|name, _| !name.contains(&format!("f{last}_")) && !name.contains(&format!("Section {last}")) && name != "g");
            prop_assert_eq!(after, before, "{}", language);
        }
    }
}

#[test]
fn text_of_a_cell_is_what_its_strings_hold_and_its_bytes_are_those_of_the_file() {
    let source = "def cut(log):\n    print(\"cut \\u00e9\")\n    return log\n";
    let notebook = serde_json::json!({
        "cells": [{ "cell_type": "code", "source": source.split_inclusive('\n').collect::<Vec<_>>(),
            "outputs": [{ "text": "def no(): pass" }] }],
        "metadata": { "kernelspec": { "language": "python" } },
    });
    let bytes = serde_json::to_string_pretty(&notebook).unwrap().into_bytes();
    let chunks = chunks_of("jupyter", Mode::Code, &bytes, &params(2400, 0));
    let code: Vec<&ChunkRow> = chunks.iter().filter(|c| c.language.as_deref() == Some("python")).collect();
    assert_eq!(code.iter().map(|c| c.text.as_str()).collect::<String>(), source);
    for chunk in &code {
        let raw = &bytes[chunk.start_byte as usize..chunk.end_byte as usize];
        assert_eq!(chunk.text_bytes.as_deref(), Some(raw), "the JSON as it stands");
    }
    let rest: Vec<&ChunkRow> = chunks.iter().filter(|c| c.kind == "rest").collect();
    assert_eq!(rest.len() + code.len(), chunks.len(), "outputs are in rows that no search ranks");
    assert!(rest.iter().any(|c| c.text.contains("def no")));
}

/// Files that mean harm to whoever looks for regions in them: `size` bytes and a little more of each.
fn hostile(size: usize) -> Vec<(&'static str, String)> {
    let many = |unit: &str| unit.repeat(size / unit.len() + 1);
    let cell = |source: &str| format!("{{\"cell_type\": \"code\", \"source\": [{source}]}}");
    let notebook = |cells: &str| {
        format!("{{\"cells\": [{cells}], \"metadata\": {{\"language_info\": {{\"name\": \"python\"}}}}}}")
    };
    vec![
        ("markdown", many("```rust\nfn f() {}\n```\n\n")),
        ("markdown", many("```rust\n")),
        ("markdown", many("> > ```js\n> > f()\n> > ```\n\n")),
        ("markdown", format!("> ```js\n{}", many("> f()\n"))),
        (
            "markdown",
            (0..100).flat_map(|at| ["`".repeat(103 - at), "markdown\n".to_owned()]).collect::<String>() + &many("x\n"),
        ),
        ("markdown", format!("---\n{}", many("a: b\n"))),
        ("markdown", many("```html\n<script>f()</script>\n```\n")),
        ("html", many("<script>function f() {}</script>")),
        ("html", many("<script>")),
        ("vue", many("<script>\nf()\n</script>\n")),
        ("vue", many("<template>")),
        ("vue", many("<template lang=pug></templat")),
        ("svelte", many("<style></styl")),
        ("jupyter", notebook(&(many(&(cell("\"x = 1\\n\"") + ",\n")) + &cell("")))),
        ("jupyter", notebook(&cell(&(many("\"f()\\n\",\n") + "\"\"")))),
        ("jupyter", notebook(&cell(&format!("\"{}\"", many("\\u0041\\n"))))),
        ("rst", many(".. code-block:: python\n\n   def f(): pass\n\n")),
        ("asciidoc", many("[source,js]\n----\nf()\n----\n")),
        ("rust", many(&format!("// {}\n\n", "x".repeat(90)))),
        ("rust", many(&format!("/// {}\n{}fn f() {{}}\n", "x".repeat(90), "\n".repeat(900)))),
    ]
}

#[test]
fn hostile_regions_are_read_and_cut_within_bounds() {
    for (language, text) in hostile(40_000) {
        for params in [params(2400, 400), params_with_prose(400, 0)] {
            chunks_of(language, Mode::Code, text.as_bytes(), &params);
        }
    }
}

/// `cargo test --release --lib -- --ignored twice_the_hostile --nocapture`
#[test]
#[ignore = "cargo test --release --lib -- --ignored twice_the_hostile --nocapture"]
fn twice_the_hostile_text_costs_about_twice() {
    let params = params_with_prose(2400, 400);
    let mut slow = Vec::new();
    for (small, large) in hostile(400_000).into_iter().zip(hostile(800_000)) {
        let cost = |text: &str| {
            let start = extract::processor_seconds();
            chunks_of(small.0, Mode::Code, text.as_bytes(), &params);
            extract::processor_seconds() - start
        };
        let (once, twice) = (cost(&small.1), cost(&large.1));
        let head: String = small.1.chars().take(24).collect();
        println!("{once:7.3} s {twice:7.3} s {} {head:?}", small.0);
        if twice > 3.0 * once + 0.2 {
            slow.push((small.0, head));
        }
    }
    assert_eq!(slow, []);
}
