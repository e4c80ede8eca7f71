//! Literate cases: Markdown files of parameters, a source, a sketch of its outline, and the chunks expected of it.
//!
//! A fence is known by its first word: `params` (`name: value` lines), `source MODE`, `outline` (as in
//! [`harness::outline`](super::harness::outline)), `chunks`. `UPDATE_CASES=1 cargo test chunk::tests::cases` writes the
//! chunks anew; read the difference before keeping it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::harness::{File, outline, params, params_with_prose, run_with};
use crate::base::Mode;

const CASES: [&str; 6] = ["code.md", "comments.md", "containers.md", "prose.md", "records.md", "regions.md"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nodes/chunk/cases").join(name)
}

#[expect(clippy::disallowed_methods, reason = "literate cases are files")]
fn load(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "literate cases are regenerated on request")]
fn store(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "literate cases are regenerated on request")]
fn updating() -> bool {
    std::env::var_os("UPDATE_CASES").is_some()
}

#[derive(Default)]
struct Case {
    limits: [Option<u32>; 2],
    mode: Option<Mode>,
    extracted_prose: bool,
    source: String,
    sketch: String,
}

impl Case {
    fn take(&mut self, info: &str, body: &str) {
        let words: Vec<&str> = info.split_whitespace().collect();
        match words.as_slice() {
            ["params"] => {
                for line in body.lines() {
                    let (name, value) = line.split_once(": ").unwrap();
                    if name == "extracted_prose" {
                        self.extracted_prose = value.parse().unwrap();
                        continue;
                    }
                    let slot = ["max_chars", "min_chars"].iter().position(|n| *n == name).unwrap();
                    self.limits[slot] = Some(value.parse().unwrap());
                }
            }
            ["source", mode] => {
                self.mode = Some(mode.parse().unwrap());
                body.clone_into(&mut self.source);
            }
            ["outline"] => body.clone_into(&mut self.sketch),
            other => panic!("a fence of {other:?}"),
        }
    }

    fn chunks(&self) -> String {
        let file = File {
            path: "a".into(),
            mode: self.mode.unwrap(),
            language: None,
            encoding: "utf-8",
            bytes: self.source.clone().into_bytes(),
            outline: outline("a", self.source.as_bytes(), &self.sketch),
        };
        let make = if self.extracted_prose { params_with_prose } else { params };
        let params = make(self.limits[0].unwrap_or(2400), self.limits[1].unwrap_or(400));
        let (chunks, symbols) = run_with(&file, &params);
        let mut out = String::new();
        for (at, chunk) in chunks.iter().enumerate() {
            write!(out, "{at} {}-{} {}", chunk.start_line, chunk.end_line, chunk.kind).unwrap();
            if chunk.region > 0 {
                write!(out, " ({} {})", chunk.region, chunk.language.as_deref().unwrap_or_default()).unwrap();
            }
            if chunk.mode != file.mode.name() {
                write!(out, " [{}]", chunk.mode).unwrap();
            }
            for (what, value) in [
                ("", &chunk.qualified_name),
                ("heads ", &chunk.signature),
                ("in ", &chunk.breadcrumb),
                ("doc ", &chunk.doc),
            ] {
                if !value.is_empty() {
                    write!(out, " | {what}{}", value.escape_debug()).unwrap();
                }
            }
            if let Some(parent) = chunks.iter().position(|c| Some(&c.chunk_id) == chunk.parent_id.as_ref()) {
                write!(out, " | of {parent}").unwrap();
            }
            let held: Vec<&str> =
                symbols.iter().filter(|s| s.chunk_id == chunk.chunk_id).map(|s| s.name.as_str()).collect();
            if !held.is_empty() {
                write!(out, " | holds {}", held.join(" ")).unwrap();
            }
            out.push('\n');
        }
        out
    }
}

/// The text with every fence of chunks made new.
fn renewed(text: &str) -> String {
    let mut out = String::new();
    let mut case = Case::default();
    let mut fence: Option<(String, String, String)> = None;
    for line in text.split_inclusive('\n') {
        match fence.take() {
            None => {
                out.push_str(line);
                let ticks: String = line.chars().take_while(|c| *c == '`').collect();
                if ticks.len() >= 3 {
                    let info = line.trim_end().trim_start_matches('`').to_owned();
                    fence = Some((ticks, info, String::new()));
                }
            }
            Some((ticks, info, body)) if line.trim_end() == ticks => {
                if info == "chunks" {
                    out.push_str(&std::mem::take(&mut case).chunks());
                } else {
                    case.take(&info, &body);
                    out.push_str(&body);
                }
                out.push_str(line);
            }
            Some((ticks, info, body)) => fence = Some((ticks, info, body + line)),
        }
    }
    assert!(fence.is_none(), "a fence stays open");
    out
}

#[test]
fn every_literate_case_gives_its_chunks() {
    let mut wrong = Vec::new();
    for name in CASES {
        let text = load(&path(name));
        assert!(text.contains("```chunks\n"), "{name} expects nothing");
        let new = renewed(&text);
        if new == text {
            continue;
        }
        if updating() {
            store(&path(name), &new);
        } else {
            wrong.push(format!("{name}:\n{new}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
