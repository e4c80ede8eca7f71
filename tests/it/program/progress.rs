//! The progress protocol: what a program hears on standard error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas::Documents;
use super::world::{Ran, World};

pub fn lines(ran: &Ran) -> Vec<Value> {
    assert!(ran.err.lines().all(|line| line.len() < 1 << 20));
    ran.err.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

pub fn hold_together(lines: &[Value]) {
    let documents = Documents::read();
    let mut next: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines {
        documents.hold("progress", line);
        assert_eq!(line["run_id"], lines[0]["run_id"]);
        let expected = next.entry(line["job_id"].as_str().unwrap_or_default()).or_default();
        assert_eq!(line["seq"], *expected, "{line}");
        *expected += 1;
    }
    assert_eq!(lines[0]["event"], "hello");
    assert_eq!(lines.last().unwrap()["event"], "job:end");
    for (start, end) in [("job:start", "job:end"), ("task:start", "task:end")] {
        let of = |event| lines.iter().filter(|line| line["event"] == event).count();
        assert_eq!(of(start), of(end), "everything that starts ends");
    }
}

#[test]
fn a_build_is_told_line_by_line_and_nothing_else_is_said() {
    let world = World::shop();
    std::os::unix::fs::symlink(".", world.path("api/loop")).unwrap();
    let ran = world.ok(&["build", "--progress", "jsonl"]);
    assert_eq!(ran.object()["ok"], true, "the option stands for --json");
    let first = lines(&ran);
    hold_together(&first);
    let of = |event: &str| first.iter().filter(|line| line["event"] == event).collect::<Vec<_>>();
    assert_eq!(of("job:spawn").len(), 3, "one a repository");
    let actions = of("task:end").into_iter().filter(|line| line["task"] == "actions").collect::<Vec<_>>();
    assert!(actions.iter().all(|line| line["done"] == line["total"] && line["done"].as_u64() > Some(0)));
    assert_eq!(of("job:artifacts")[0]["generation"], ran.object()["generation"]);

    let null = lines(&world.ok(&["build", "--progress", "jsonl"]));
    hold_together(&null);
    assert_eq!(null.last().unwrap()["nothing_to_do"], true);
    assert!(null.iter().all(|line| line["event"] != "job:spawn"), "no work, no job");
}

#[test]
fn a_failure_ends_the_job_and_is_the_object_on_standard_output() {
    let world = World::shop();
    world.write("workspace.yaml", "version: 1\nrepos: 7\n");
    let ran = world.run(&["build", "--progress=jsonl"]);
    assert_eq!(ran.code, 2);
    let told = lines(&ran);
    hold_together(&told);
    assert_eq!(told.last().unwrap()["error"], ran.object()["error"]);
    let usage = world.run(&["build", "--progress=jsonl", "--jbos", "2"]);
    assert_eq!((usage.code, usage.err.as_str()), (2, ""));
    assert_eq!(usage.object()["error"]["code"], "sawmill::cli::usage");
}

#[test]
fn a_repository_that_fails_is_told_in_lines_too() {
    let world = World::built();
    std::fs::rename(world.path("web"), world.path("away")).unwrap();
    world.write("api/app/later.py", "def order_later(): pass\n");
    let ran = world.run(&["build", "--progress", "jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.out);
    let told = lines(&ran);
    hold_together(&told);
    assert_eq!(told.last().unwrap()["status"], "failed");
    assert_eq!(told.last().unwrap().get("error"), None, "the build itself did not fail");
}

#[test]
fn other_commands_have_no_progress_and_say_nothing_beside_their_object() {
    let world = World::built();
    std::fs::rename(world.path("web"), world.path("away")).unwrap();
    for arguments in [&["status"][..], &["search", "order"], &["stats"], &["show", "files"], &["inspect"], &["check"]] {
        let ran = world.run(&[arguments, &["--progress", "jsonl"]].concat());
        ran.object();
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}

#[test]
fn the_document_names_every_event_and_key_of_the_schema() {
    let document = crate::tidy::tree::read("docs/progress.md");
    let schema: Value = serde_json::from_str(&crate::tidy::tree::read("docs/schema/progress.json")).unwrap();
    let events = schema["properties"]["event"]["enum"].as_array().unwrap().iter().map(|e| e.as_str().unwrap());
    for word in events.chain(schema["properties"].as_object().unwrap().keys().map(String::as_str)) {
        assert!(document.contains(&format!("`{word}`")), "docs/progress.md does not tell of `{word}`");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_leaves_nothing_but_lines_and_one_object() {
    let world = World::shop();
    let ran = world.run(&["build", "--progress", "jsonl", "--panic"]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.err);
    assert_eq!(ran.object()["error"]["code"], "sawmill::cli::panic");
    let told = lines(&ran);
    hold_together(&told);
    let log = told.iter().find(|line| line["event"] == "log" && line["level"] == "error").unwrap();
    assert!(log["message"].as_str().unwrap().contains("asked to"), "{log}");
    assert_eq!(told.last().unwrap()["error"], ran.object()["error"]);

    let people = world.run(&["build", "--panic"]);
    assert_eq!((people.code, people.out.as_str()), (4, ""), "{}", people.err);
    assert!(people.err.contains("bug: asked to ␛[2Jpanic") && people.err.contains("report it"), "{}", people.err);
    assert!(!people.err.contains('\u{1b}'), "{}", people.err);
    world.ok(&["build"]);
}
