//! The progress protocol: what a program hears on standard error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::world::{Ran, World};

fn lines(ran: &Ran) -> Vec<Value> {
    assert!(ran.err.lines().all(|line| line.len() < 1 << 20));
    ran.err.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"))).collect()
}

fn schema() -> Value {
    serde_json::from_str(&crate::tidy::tree::read("docs/schema/progress.json")).unwrap()
}

/// What of the schema language the schema uses: required keys, known keys, types, constants, choices and lower bounds.
fn hold_to_the_schema(line: &Value, schema: &Value) {
    for key in schema["required"].as_array().unwrap() {
        assert!(line.get(key.as_str().unwrap()).is_some(), "{key} is missing: {line}");
    }
    for (key, value) in line.as_object().unwrap() {
        let rule = schema["properties"].get(key).unwrap_or_else(|| panic!("`{key}` is in no schema: {line}"));
        let types = match &rule["type"] {
            Value::Array(types) => types.clone(),
            Value::Null => Vec::new(),
            one => vec![one.clone()],
        };
        let is = |name: &Value| match name.as_str().unwrap() {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            "boolean" => value.is_boolean(),
            "null" => value.is_null(),
            "object" => value.is_object(),
            other => panic!("the test does not know the type {other}"),
        };
        assert!(types.is_empty() || types.iter().any(is), "`{key}` is none of {types:?}: {line}");
        assert!(rule.get("const").is_none_or(|constant| constant == value), "`{key}`: {line}");
        assert!(rule.get("enum").is_none_or(|choice| choice.as_array().unwrap().contains(value)), "`{key}`: {line}");
    }
}

fn hold_together(lines: &[Value]) {
    let schema = schema();
    let mut next: BTreeMap<&str, u64> = BTreeMap::new();
    for line in lines {
        hold_to_the_schema(line, &schema);
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
