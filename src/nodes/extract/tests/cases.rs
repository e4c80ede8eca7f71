//! Literate cases: a Markdown file per language with source fences and the outlines expected of them.
//!
//! `UPDATE_CASES=1 cargo test extract::tests::cases` writes the outlines anew; read the difference before keeping it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::nodes::extract::languages::LANGUAGES;
use crate::nodes::extract::lines::READERS;
use crate::table::schema::files::FileRow;
use crate::table::schema::outline::OutlineRow;

use super::room;

const EXPECTED: &str = "outline";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nodes/extract/cases")
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

/// Line of `at`, 1-based.
fn line(source: &str, at: u32) -> usize {
    1 + memchr::memchr_iter(b'\n', &source.as_bytes()[..at as usize]).count()
}

/// A row as one line: lines, kind, qualified name, then what it has of visibility, documentation and parent.
fn shown(source: &str, row: &OutlineRow) -> String {
    let (first, last) = (line(source, row.start_byte), line(source, row.end_byte.max(row.start_byte + 1) - 1));
    let qualified = if row.qualified_name.is_empty() { &row.name } else { &row.qualified_name };
    let mut out = format!("{first:>3}-{last:<3} {} {} | {qualified}", row.role, row.kind);
    if let Some(language) = &row.language {
        let _ = write!(out, " | {} {language}", row.region);
    }
    if row.name != *qualified {
        let _ = write!(out, " | name {}", row.name);
    }
    if !row.signature.is_empty() {
        let _ = write!(out, " | {}", row.signature);
    }
    if let Some(visibility) = &row.visibility {
        let _ = write!(out, " | {visibility}");
    }
    if let (Some(start), Some(end)) = (row.doc_start, row.doc_end) {
        let _ = write!(out, " | doc {}-{}", line(source, start), line(source, end - 1));
    }
    if let Some(body) = row.body_start {
        let _ = write!(out, " | body {}", line(source, body));
    }
    if let Some(parent) = row.parent {
        let _ = write!(out, " | in {parent}");
    }
    out
}

fn told(source: &str, file: &FileRow, rows: &[OutlineRow]) -> String {
    let mut out = String::new();
    if file.parse_status != "ok" {
        let _ = writeln!(out, "{} {:?}", file.parse_status, file.error_lines);
    }
    for row in rows {
        assert_eq!(row.ordinal as usize, rows.iter().position(|r| r == row).unwrap());
        let _ = writeln!(out, "{}", shown(source, row));
    }
    out
}

/// The text with every outline fence made new.
fn renewed(language: &str, text: &str) -> String {
    let (mut out, mut source, mut fence) = (String::new(), String::new(), None::<(String, bool)>);
    for text_line in text.split_inclusive('\n') {
        let marker = text_line.trim_end();
        match &fence {
            None if marker.starts_with("```") => {
                let ticks = marker.chars().take_while(|c| *c == '`').collect::<String>();
                let expected = marker.ends_with(EXPECTED);
                if expected {
                    let (file, rows) = room::one(language, &source);
                    out.push_str(text_line);
                    out.push_str(&told(&source, &file, &rows));
                } else {
                    source.clear();
                    out.push_str(text_line);
                }
                fence = Some((ticks, expected));
            }
            Some((ticks, _)) if marker == ticks => {
                fence = None;
                out.push_str(text_line);
            }
            Some((_, true)) => {}
            Some((_, false)) => {
                source.push_str(text_line);
                out.push_str(text_line);
            }
            None => out.push_str(text_line),
        }
    }
    out
}

#[test]
fn every_literate_case_gives_its_outline() {
    let mut wrong = Vec::new();
    let names = LANGUAGES.iter().map(|spec| spec.name).chain(READERS.iter().map(|reader| reader.name));
    for name in names {
        let path = folder().join(format!("{name}.md"));
        let text = load(&path);
        assert!(text.contains(&format!("```{EXPECTED}\n")), "{} expects nothing", path.display());
        let new = renewed(name, &text);
        if new == text {
            continue;
        }
        if updating() {
            store(&path, &new);
            continue;
        }
        let differing = text.lines().zip(new.lines()).find(|(a, b)| a != b);
        wrong.push(format!("{}: {differing:#?}", path.display()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
