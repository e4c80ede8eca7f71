//! A tree full of files that mean harm, built as anybody would.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::corpus::{GOOD, plant};
use super::hostile::in_every_way;
use super::world::World;

const HEAD: &str = "version: 1\nname: yard\npipeline: code\nrepos:\n  - { name: good, root: good }\n";

/// A workspace of two repositories with the same good files; the second is `mixed` with what is hostile, or not.
fn yard(mixed: bool) -> World {
    let world = World::shop();
    world.write("workspace.yaml", format!("{HEAD}  - {{ name: mixed, root: mixed }}\n"));
    std::fs::create_dir(world.path("canaries")).unwrap();
    for repo in ["good", "mixed"] {
        for (path, text) in GOOD {
            let path = world.path(repo).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
    }
    if mixed {
        plant(&world.path("mixed"), &world.path("canaries"));
    }
    world
}

fn rows(world: &World, table: &str, more: &[&str]) -> Vec<Value> {
    let ran = world.ok(&[&["show", table, "--all", "--format", "jsonl"], more].concat());
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The rows of good files, of both repositories.
fn of_good(rows: &[Value]) -> Vec<&Value> {
    rows.iter().filter(|row| GOOD.iter().any(|(path, _)| row["path"] == *path)).collect()
}

fn text<'a>(row: &'a Value, column: &str) -> &'a str {
    row[column].as_str().unwrap_or_default()
}

/// What is told of a file is enough to know why there is nothing more to tell.
fn has_reason(row: &Value) -> bool {
    let errs = row["error_lines"].as_array().is_some_and(|lines| !lines.is_empty());
    match text(row, "parse_status") {
        "ok" => true,
        "partial" => errs || !text(row, "error_message").is_empty(),
        "error" => !text(row, "error_message").is_empty(),
        "unsupported" => {
            let is_wide = text(row, "encoding").starts_with("utf-16");
            !text(row, "skip_reason").is_empty() || row["language"].is_null() || is_wide
        }
        _ => false,
    }
}

#[test]
fn a_tree_that_means_harm_costs_its_own_rows_and_nothing_else() {
    let (clean, world) = (yard(false), yard(true));
    clean.ok(&["build"]);
    let start = Instant::now();
    let built = world.ok(&["build"]);
    let taken = start.elapsed();
    println!("{taken:?}\n{}{}", built.out, built.err);

    let files = rows(&world, "files", &[]);
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    for row in &files {
        *seen.entry((text(row, "repo").to_owned(), text(row, "path").to_owned())).or_default() += 1;
    }
    let without: Vec<&Value> = files.iter().filter(|row| !has_reason(row)).collect();
    assert!(
        without.is_empty(),
        "{:?}",
        without.iter().map(|row| (&row["path"], &row["parse_status"])).collect::<Vec<_>>()
    );
    assert!(seen.values().all(|count| *count == 1), "a file has one row");
    let again = tempfile::tempdir().unwrap();
    let planted = plant(again.path(), &world.path("canaries"));
    let mixed = files.iter().filter(|row| text(row, "repo") == "mixed").count();
    // `.gitattributes` and the sparse file are files, too; `inner` and `elsewhere` are repositories of their own.
    assert_eq!(mixed, planted.len() + GOOD.len() + 2, "one row for each file");
    assert!(planted.len() > 280, "{}", planted.len());

    for table in ["files", "outline", "chunks", "symbols"] {
        let (here, there) = (rows(&world, table, &[]), rows(&clean, table, &[]));
        assert_eq!(of_good(&here), of_good(&there), "{table} of neighbours");
        assert!(!of_good(&here).is_empty());
    }
    let there: BTreeSet<String> = artifacts_of_good(&clean);
    let here: BTreeSet<String> = artifacts_of_good(&world);
    assert_eq!(here, there, "the artifacts of a repository without hostile files");

    assert_eq!(std::fs::read_dir(world.path("canaries")).unwrap().count(), 0, "nothing was run");
    assert!(
        rows(&world, "chunks", &["--columns", "path,text"]).iter().all(|row| !text(row, "text").contains("root:x:0:"))
    );
    let again = world.json(&["build"]);
    assert_eq!(again["nothing_to_do"], true, "{again}");
    let start = Instant::now();
    for command in COMMANDS {
        in_every_way(&world, &command.iter().map(OsStr::new).collect::<Vec<_>>(), &[&[], &["--json"]]);
    }
    let each = start.elapsed() / (2 * COMMANDS.len() as u32);
    assert!(each < Duration::from_secs(5), "{each:?} a command");
    world.ok(&["verify", "--deep"]);
}

const COMMANDS: &[&[&str]] = &[
    &["build", "--verbose"],
    &["status"],
    &["search", "order"],
    &["search", "owned", "--context", "9"],
    &["show", "files", "--all"],
    &["show", "chunks", "--limit", "500", "--columns", "path,text"],
    &["show", "outline", "--limit", "5000"],
    &["stats"],
    &["stats", "--failures"],
    &["why", "extract"],
    &["verify", "--deep"],
    &["retry", "--help"],
];

/// Names of the artifacts of the repository that has no hostile file, by what the store says of it.
fn artifacts_of_good(world: &World) -> BTreeSet<String> {
    let alone = World::shop();
    alone.write("workspace.yaml", HEAD);
    copy(&world.path("good"), &alone.path("good"));
    alone.ok(&["build"]);
    let names: BTreeSet<String> = alone.artifacts().into_keys().collect();
    let all: BTreeSet<String> = world.artifacts().into_keys().collect();
    assert!(names.is_subset(&all), "{:?}", names.difference(&all).collect::<Vec<_>>());
    names
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
