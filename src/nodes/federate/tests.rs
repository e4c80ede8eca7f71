use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::KIND;
use super::ecosystem::Ecosystem;
use super::links::{known, link};
use super::packages::packages;
use crate::nodes::{Selects, WorkspaceKind};
use crate::table::schema::{ImportRow, PackageRow, ProvideRow};

#[test]
fn an_import_may_name_its_own_path_and_what_lies_above_it() {
    let none: [&str; 0] = [];
    assert_eq!(Ecosystem::Go.names("a.b/c/d"), ["a.b/c/d", "a.b/c", "a.b"]);
    assert_eq!(Ecosystem::Python.names("a.b.c"), ["a.b.c", "a.b", "a"]);
    assert_eq!(Ecosystem::Crate.names("::serde::de::Visitor"), ["serde"]);
    assert_eq!(Ecosystem::Node.names("@a/b/c/d"), ["@a/b"]);
    assert_eq!(Ecosystem::Node.names("a/b"), ["a"]);
    for (ecosystem, target) in [
        (Ecosystem::Crate, "std::fmt"),
        (Ecosystem::Crate, "crate::a"),
        (Ecosystem::Node, "./a"),
        (Ecosystem::Node, "node:fs"),
        (Ecosystem::Node, "fs/promises"),
        (Ecosystem::Node, "@a"),
        (Ecosystem::Node, ""),
        (Ecosystem::Python, "json.decoder"),
        (Ecosystem::Python, ".a"),
        (Ecosystem::Go, "/a"),
    ] {
        assert_eq!(ecosystem.names(target), none, "{ecosystem:?} {target}");
    }
}

#[test]
fn the_nearest_module_and_the_nearest_root_name_a_directory() {
    let row = |ecosystem: &str, kind: &str, name: &str, path: &str| ProvideRow {
        ecosystem: ecosystem.into(),
        kind: kind.into(),
        name: name.into(),
        path: path.into(),
    };
    let rows = [
        row("go", "module", "x.y/outer", "go.mod"),
        row("go", "module", "x.y/inner", "in/go.mod"),
        row("go", "directory", "", "."),
        row("go", "directory", "", "in"),
        row("go", "directory", "", "in/a/b"),
        row("go", "directory", "", "inside"),
        row("python", "directory", "", "src/pkg/sub"),
        row("python", "directory", "", "apps/one/src/own"),
        row("python", "directory", "", "."),
        row("python", "root", "", "apps/one"),
    ];
    let found: BTreeSet<String> =
        packages("r", &rows).iter().map(|row| format!("{} {} {}", row.kind, row.name, row.path)).collect();
    let expected = [
        "module x.y/inner in",
        "module x.y/outer .",
        "package own apps/one/src/own",
        "package pkg.sub src/pkg/sub",
        "package x.y/inner in",
        "package x.y/inner/a/b in/a/b",
        "package x.y/outer .",
        "package x.y/outer/inside inside",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}

#[test]
fn the_own_repository_wins_and_two_declarations_lead_nowhere() {
    let package = |repository: &str, path: &str| PackageRow {
        name: "ui".into(),
        ecosystem: "node".into(),
        repository: repository.into(),
        path: path.into(),
        kind: "package".into(),
        manifest: None,
    };
    let import = ImportRow { path: "a.ts".into(), line: 1, target_name: "ui/x".into(), ecosystem: "node".into() };
    let rows = [package("one", "a"), package("one", "b")];
    let twice = link("app", &import, &known(&rows)).unwrap();
    assert_eq!(
        (twice.status.as_str(), twice.target_repository.as_deref(), twice.target_path),
        ("ambiguous", Some("one"), None)
    );
    assert_eq!(link("one", &import, &known(&rows)), None);
    assert_eq!(link("app", &import, &known(&[])), None);
    // The same name in another world of packages is another package.
    let other = ImportRow { ecosystem: "crate".into(), target_name: "ui".into(), ..import };
    assert_eq!(link("app", &other, &known(&rows)), None);
}

#[test]
fn repositories_are_taken_by_name_or_tag() {
    let read = |value: Value| {
        let given: Map<String, Value> = value.as_object().cloned().unwrap();
        KIND.params(&given).map(|params| KIND.selects(&params))
    };
    assert_eq!(read(json!({})).unwrap(), Selects::default());
    assert!(Selects::default().takes("any", &[]));
    let some = read(json!({"select": {"tags": [" Backend "], "names": ["web"]}})).unwrap();
    assert!(some.takes("web", &[]) && some.takes("api", &["backend".to_owned()]) && !some.takes("api", &[]));
    assert_eq!(read(json!({"select": {"tag": []}})).unwrap_err()[0].key, "select");
    assert_eq!(read(json!({"selct": {}})).unwrap_err()[0].suggestion.as_deref(), Some("select"));
}
