//! Every room has its furniture, and nothing has a forbidden name.

use super::{hold, text, tree};

const FORBIDDEN_NAMES: &[&str] = &["util", "utils", "helpers", "common", "misc", "manager", "core", "types"];

/// `mod.rs` files with logic that are not split yet.
const MOD_WITH_LOGIC: &[&str] = &[];

/// Furniture that a node's room still lacks: (kind, piece).
const MISSING_FURNITURE: &[(&str, &str)] = &[("extract", "read.rs")];

/// What a node's room has.
const FURNITURE: &[&str] = &["mod.rs", "params.rs", "schema.rs", "run.rs", "read.rs", "tests.rs", "cases/"];

/// Rooms of kinds that run after a build: a store does what they say.
const STEPS: &[&str] = &["diff", "snapshot"];

/// What the room of such a kind has.
const STEP_FURNITURE: &[&str] = &["mod.rs", "params.rs"];

/// Rooms of kinds that take many repositories.
const OF_WORKSPACE: &[&str] = &["federate"];

/// What the room of such a kind has.
const WORKSPACE_FURNITURE: &[&str] = &["mod.rs", "params.rs", "run.rs", "tests.rs"];

/// What stands in the visible root, and nothing else.
const ROOT: &[&str] =
    &["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "docs/", "pipelines/", "src/", "tests/", "workspace.yaml"];

#[test]
fn modules_have_names_that_say_something() {
    let mut findings = Vec::new();
    for source in tree::sources() {
        for part in source.path.trim_end_matches(".rs").split('/') {
            if FORBIDDEN_NAMES.contains(&part) {
                findings.push(format!("{}: `{part}` says nothing about what is inside", source.path));
            }
        }
    }
    hold("a module's name says what is inside", &findings);
}

#[test]
fn a_mod_file_is_a_table_of_contents() {
    let mut findings = Vec::new();
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/") && s.file_name() == "mod.rs") {
        if !source.text.starts_with("//!") {
            findings.push(format!("{}: begins without an essay (`//!`)", source.path));
        }
        let bodies = text::functions(&source.code);
        let excepted = MOD_WITH_LOGIC.contains(&source.path.as_str());
        if let Some((at, name, _)) = bodies.first().filter(|_| !excepted) {
            findings.push(format!("{}: `{name}` has a body; move it into a file", source.place(*at)));
        }
        if bodies.is_empty() && excepted {
            findings.push(format!("{}: no exception is needed", source.path));
        }
    }
    hold("`mod.rs` holds no logic", &findings);
}

#[test]
fn every_node_room_has_its_furniture() {
    let mut findings = Vec::new();
    let list = tree::read("src/nodes/mod.rs");
    for kind in tree::names("src/nodes").iter().filter_map(|name| name.strip_suffix('/')) {
        let there = tree::names(&format!("src/nodes/{kind}"));
        let is_step = STEPS.contains(&kind);
        let is_of_workspace = OF_WORKSPACE.contains(&kind);
        let pieces = match (is_step, is_of_workspace) {
            (true, _) => STEP_FURNITURE,
            (_, true) => WORKSPACE_FURNITURE,
            _ => FURNITURE,
        };
        let has = |piece: &str| there.iter().any(|name| name == piece || *name == piece.replace(".rs", "/"));
        for &piece in pieces {
            match (has(piece), MISSING_FURNITURE.contains(&(kind, piece))) {
                (false, false) => findings.push(format!("src/nodes/{kind}: lacks {piece}")),
                (true, true) => findings.push(format!("src/nodes/{kind}: has {piece}; no exception is needed")),
                _ => {}
            }
        }
        if !list.contains(&format!("&{kind}::KIND")) {
            let list = match (is_step, is_of_workspace) {
                (true, _) => "HISTORY",
                (_, true) => "WORKSPACE",
                _ => "KINDS",
            };
            findings.push(format!("src/nodes/mod.rs: {list} lacks &{kind}::KIND"));
        }
    }
    hold("every node's room has the same furniture", &findings);
}

#[test]
fn a_lint_is_expected_with_a_reason_and_never_allowed() {
    let mut findings = Vec::new();
    for source in tree::sources() {
        for at in text::words(&source.code, "allow") {
            if source.code[..at].trim_end().ends_with('[') {
                findings.push(format!("{}: say #[expect(…, reason = \"…\")]", source.place(at)));
            }
        }
        for at in text::words(&source.code, "expect").filter(|at| source.code[..*at].trim_end().ends_with('[')) {
            let end = text::matching(&source.code, at + "expect".len());
            if text::words(&source.code[at..end], "reason").next().is_none() {
                findings.push(format!("{}: an expectation without a reason", source.place(at)));
            }
        }
    }
    hold("`#[expect(lint, reason)]`, never `#[allow]`", &findings);
}

#[test]
fn no_integration_test_is_forgotten() {
    let main = tree::read("tests/it/main.rs");
    for name in tree::names("tests/it").iter().filter(|name| *name != "main.rs") {
        let module = name.trim_end_matches('/').trim_end_matches(".rs");
        assert!(main.contains(&format!("\nmod {module};")), "tests/it/main.rs does not declare `mod {module};`");
    }
}

#[test]
fn the_visible_root_is_as_agreed() {
    let there: Vec<String> = tree::names(".")
        .into_iter()
        .filter(|name| !name.starts_with('.') && name != "target/" && name != "proptest-regressions/")
        .collect();
    assert_eq!(there, ROOT);
}
