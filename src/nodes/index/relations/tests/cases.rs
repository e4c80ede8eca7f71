//! Literate cases: a Markdown file per language. Each case is a heading, fences with the files of a repository, and a
//! fence with the relations expected.
//!
//! `UPDATE_CASES=1 cargo test --lib index::relations` writes these anew; read the difference before keeping it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::harness::{Source, filtered, relations, shard};
use crate::table::Batch;
use crate::table::schema::RelationRow;

const EXPECTED: &str = "relations";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nodes/index/relations/cases")
}

#[expect(clippy::disallowed_methods, reason = "literate cases are files")]
fn load(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[expect(clippy::disallowed_methods, reason = "literate cases are files")]
fn files() -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "md")).collect()
}

#[expect(clippy::disallowed_methods, reason = "literate cases are regenerated on request")]
fn store(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "literate cases are regenerated on request")]
fn updating() -> bool {
    std::env::var_os("UPDATE_CASES").is_some()
}

/// `path:line type target → what it is`.
fn shown(row: &RelationRow) -> String {
    let target = match (&row.target_path, &row.target_symbol) {
        (Some(path), Some(symbol)) => format!("{path}::{symbol}"),
        (Some(path), None) => path.clone(),
        (None, _) => row.status.clone(),
    };
    format!("{}:{} {} {} → {target}", row.path, row.line, row.r#type, row.target_name.escape_debug())
}

/// The relations of a case, the same for one shard and for a shard per file.
fn told(sources: &[Source]) -> String {
    let whole = shard(sources);
    let rows = relations(&whole.references, std::slice::from_ref(&whole.definitions));
    let all = whole.definitions.rows().unwrap();
    let wanted = Batch::of(&filtered(&whole.references, &all)).unwrap();
    let filtered = relations(&whole.references, &[wanted]);
    let differing = rows.iter().zip(&filtered).find(|(a, b)| a != b);
    assert_eq!(differing, None, "only the wanted names are looked at");
    let parts: Vec<_> = sources.iter().map(|source| shard(std::slice::from_ref(source))).collect();
    let definitions: Vec<Batch> = parts.iter().map(|part| part.definitions.clone()).collect();
    let mut apart: Vec<RelationRow> = parts.iter().flat_map(|part| relations(&part.references, &definitions)).collect();
    apart.sort_by_key(|row| (row.path.clone(), row.line, row.r#type.clone(), row.target_name.clone()));
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), apart.iter().map(shown).collect::<Vec<_>>());
    let mut out = String::new();
    for row in &rows {
        let _ = writeln!(out, "{}", shown(row));
    }
    out
}

/// The text with every fence of relations made new. A fence of a file is `language path`; a path alone is a file
/// without a language. A heading begins a case.
fn renewed(text: &str) -> String {
    let (mut out, mut sources, mut fence) = (String::new(), Vec::<Source>::new(), None::<bool>);
    for text_line in text.split_inclusive('\n') {
        let line = text_line.trim_end();
        match (fence, line.strip_prefix("```")) {
            (None, Some(EXPECTED)) => {
                out.push_str(text_line);
                out.push_str(&told(&sources));
                fence = Some(true);
            }
            (None, Some(head)) => {
                let (language, path) = head.split_once(' ').map_or((None, head), |(l, p)| (Some(l.to_owned()), p));
                sources.push(Source { path: path.to_owned(), language, text: String::new() });
                out.push_str(text_line);
                fence = Some(false);
            }
            (Some(_), Some("")) => {
                fence = None;
                out.push_str(text_line);
            }
            (Some(true), _) => {}
            (Some(false), _) => {
                sources.last_mut().unwrap().text.push_str(text_line);
                out.push_str(text_line);
            }
            (None, None) => {
                if line.starts_with('#') {
                    sources.clear();
                }
                out.push_str(text_line);
            }
        }
    }
    out
}

#[test]
fn every_literate_case_gives_its_relations() {
    let mut wrong = Vec::new();
    let files = files();
    assert!(files.len() >= 9, "the cases were not found: {}", files.len());
    for path in files {
        let text = load(&path);
        assert!(text.contains(&format!("```{EXPECTED}\n")), "{} expects nothing", path.display());
        let new = renewed(&text);
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
