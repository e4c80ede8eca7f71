//! Who may import whom.

use super::{hold, text, tree};

/// (layer, folder, what it may import). The same table stands in `docs/architecture.md`.
const LAYERS: &[(u8, &str, &[&str])] = &[
    (0, "base", &[]),
    (1, "config", &["base"]),
    (1, "table", &["base"]),
    (1, "store", &["base"]),
    (1, "source", &["base"]),
    (1, "worker", &["base"]),
    (2, "nodes", &["base", "table"]),
    (3, "plan", &["base", "config", "table", "nodes"]),
    (4, "engine", &["base", "source", "table", "store", "worker", "nodes", "plan"]),
    (4, "query", &["base", "table", "store", "nodes"]),
    (5, "ops", &["base", "config", "table", "store", "source", "worker", "nodes", "plan", "engine", "query"]),
    (6, "cli", &["base", "ops"]),
];

/// Dependencies that only their owners may name.
const OWNERS: &[(&str, &[&str])] = &[
    ("serde_yaml", &["config"]),
    ("petgraph", &["plan"]),
    ("parquet", &["table"]),
    ("arrow", &["table", "nodes", "query"]),
    ("salsa", &["engine"]),
    ("rayon", &["engine"]),
    ("landlock", &["worker"]),
    ("seccompiler", &["worker"]),
    ("libc", &["worker"]),
    ("regex_automata", &["query"]),
    ("regex_syntax", &["query"]),
    ("gix", &["source"]),
    ("ignore", &["source"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("comfy_table", &["cli"]),
    ("anstyle", &["cli"]),
    ("ctrlc", &["cli"]),
    ("tree_sitter", &["nodes", "config"]),
    ("encoding_rs", &["nodes"]),
    ("chardetng", &["nodes"]),
    ("rust_stemmers", &["nodes"]),
];

fn may_import(room: &str) -> Option<&'static [&'static str]> {
    LAYERS.iter().find(|(_, folder, _)| *folder == room).map(|(_, _, allowed)| *allowed)
}

#[test]
fn the_table_never_points_up_or_sideways() {
    for (layer, folder, allowed) in LAYERS {
        for other in *allowed {
            let below = LAYERS.iter().find(|(_, name, _)| name == other).map(|(l, _, _)| *l);
            assert!(below.is_some_and(|l| l < *layer), "{folder} (layer {layer}) may not import {other}");
        }
    }
}

#[test]
fn every_folder_of_src_has_a_row_and_every_row_a_folder() {
    let mut folders = tree::names("src");
    folders.retain(|name| name.ends_with('/'));
    let mut rows: Vec<String> = LAYERS.iter().map(|(_, folder, _)| format!("{folder}/")).collect();
    rows.sort();
    assert_eq!(folders, rows);
}

#[test]
fn the_table_is_the_one_in_the_architecture_document() {
    let document = tree::read("docs/architecture.md");
    let written: Vec<(String, String, String)> = document
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
            let layer = cells.first()?;
            layer.parse::<u8>().ok()?;
            let folder = cells.get(1)?.split('`').nth(1)?;
            Some(((*layer).to_owned(), folder.to_owned(), (*cells.get(2)?).to_owned()))
        })
        .collect();
    let expected: Vec<(String, String, String)> = LAYERS
        .iter()
        .map(|(layer, folder, allowed)| {
            let allowed = if allowed.is_empty() { "–".to_owned() } else { allowed.join(", ") };
            (layer.to_string(), (*folder).to_owned(), allowed)
        })
        .collect();
    assert_eq!(written, expected);
}

/// Top-level modules that `code` names: (position, module). `prefix` is `crate` or `sawmill`.
fn named_modules(code: &str, prefix: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in text::words(code, prefix) {
        let after = at + prefix.len();
        let Some(rest) = code[after..].strip_prefix("::") else { continue };
        if code[..at].ends_with("code(") {
            continue; // a diagnostic's code, which looks like a path
        }
        let start = code.len() - rest.len();
        if rest.starts_with('{') {
            let end = text::matching(code, start);
            found.extend(heads(&code[start + 1..end]).into_iter().map(|head| (at, head)));
        } else {
            found.push((at, text::word_at(code, start).to_owned()));
        }
    }
    found
}

/// The first identifier of each item of a `{…}` group.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut item, mut found) = (0usize, String::new(), Vec::new());
    for c in group.chars().chain([',']) {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                let head = text::word_at(item.trim_start(), 0).to_owned();
                if !head.is_empty() {
                    found.push(head);
                }
                item.clear();
                continue;
            }
            _ => {}
        }
        item.push(c);
    }
    found
}

/// Modules reached by climbing with `super::` to the root of the crate.
fn climbed_modules(source: &tree::Source) -> Vec<(usize, String)> {
    let parts = source.path.matches('/').count();
    let depth = if source.file_name() == "mod.rs" { parts - 1 } else { parts };
    let climb = "super::".repeat(depth);
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices(&climb) {
        let longer = source.code[..at].ends_with("super::") || source.code[at + climb.len()..].starts_with("super::");
        let head = text::word_at(&source.code, at + climb.len()).to_owned();
        if !longer && may_import(&head).is_some() {
            found.push((at, head));
        }
    }
    found
}

#[test]
fn imports_point_down_only() {
    let mut findings = Vec::new();
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/") && !s.room().is_empty()) {
        let room = source.room();
        let Some(allowed) = may_import(room) else { continue };
        let prefix = if room == "cli" { "sawmill" } else { "crate" };
        let mut named = named_modules(&source.code, prefix);
        named.extend(climbed_modules(source));
        for (at, module) in named {
            let known = may_import(&module).is_some();
            if module != room && !allowed.contains(&module.as_str()) {
                let what = if known { "" } else { " (no folder of src)" };
                findings.push(format!("{}: `{room}` may not import `{module}`{what}", source.place(at)));
            }
        }
    }
    hold("a folder imports only what the layer table allows", &findings);
}

#[test]
fn a_forbidden_import_would_be_found() {
    let code = "use crate::engine::Event;\nuse crate::{base::Digest, store::{A, B}};\nlet x = crate::query::y();";
    let named: Vec<String> = named_modules(code, "crate").into_iter().map(|(_, m)| m).collect();
    assert_eq!(named, ["engine", "base", "store", "query"]);
}

#[test]
fn the_library_never_names_the_rooms_of_the_binary() {
    let library = tree::read("src/lib.rs");
    for room in ["cli", "tui"] {
        assert!(!library.contains(&format!("mod {room}")), "src/lib.rs declares {room}: that wall is the compiler's");
    }
}

#[test]
fn heavy_dependencies_stay_with_their_owner() {
    let mut findings = Vec::new();
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/")) {
        for (name, owners) in OWNERS {
            for at in text::words(&source.code, name) {
                let path = source.code[at + name.len()..].starts_with("::") && !source.code[..at].ends_with("::");
                if path && !owners.contains(&source.room()) {
                    findings.push(format!("{}: `{name}` belongs to {}", source.place(at), owners.join(", ")));
                }
            }
        }
    }
    hold("a heavy dependency has one owner", &findings);
}
