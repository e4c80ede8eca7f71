//! What each command prints under `--json` is what its schema says: answers and failures, with no key beside.

use std::collections::BTreeSet;

use sawmill::ops::shapes::SHAPES;
use serde_json::Value;

use super::schemas::Documents;
use super::world::World;

/// The top-level keys that scripts may rely on, by command.
const KEYS: &[(&str, &[&str])] = &[
    ("search", &["hits", "candidates", "repos", "stale"]),
    ("status", &["workspace", "generation", "repos"]),
    ("stats", &["ok", "repos", "tables", "health", "stale"]),
    ("inspect", &["generation", "pieces", "tables", "stale"]),
    ("show", &["table", "columns", "rows", "total", "truncated", "stale"]),
    ("build", &["ok", "generation", "nothing_to_do", "ran", "reused", "failed", "repos"]),
    ("check", &["ok", "summary", "mistakes", "warnings"]),
    ("why", &["generation", "run", "actions", "failed", "runs"]),
    ("failures", &["generation", "repo", "path", "failures", "now", "notices", "stale"]),
    ("history", &["generation", "repo", "path", "now", "history", "notices", "stale"]),
    ("deps", &["repo", "target", "reverse", "depth", "nodes", "edges", "counts", "truncated", "stale"]),
    ("graph", &["nodes", "edges", "repos"]),
    ("preview", &["columns", "rows"]),
    ("retry", &["retried", "build"]),
    ("tag", &["ok", "snapshot"]),
    ("verify", &["ok", "findings"]),
    ("doctor", &["checks"]),
    ("init", &["ok", "written", "kept", "repos"]),
    ("completions", &["ok", "shell", "script"]),
    ("man", &["ok", "page"]),
];

/// Ways to ask that answer, in a built workspace.
const ANSWERS: &[&[&str]] = &[
    &["check"],
    &["build"],
    &["build", "--timings", "api"],
    &["status"],
    &["status", "--no-scan"],
    &["status", "--manifest"],
    &["search", "order total"],
    &["search", "--explain", "lang:python order -total"],
    &["search", "--merge", "rrf", "--explain", "order total"],
    &["search", "--repo-filter", "a*,w*", "--strict", "order"],
    &["search", "--cohort", "code:c1", "--no-cache", "order"],
    &["search", "zzyzx"],
    &["search", "order 6"],
    &["search", "--explain", "--timings", "\"order\" total"],
    &["search", "--budget", "200", "order total"],
    &["search", "-l", "/ord.r/"],
    &["show", "files"],
    &["show", "outline", "--limit", "3"],
    &["show", "chunks", "--columns", "path,text", "--all"],
    &["show", "symbols"],
    &["show", "postings"],
    &["show", "chunk_stats"],
    &["show", "trigrams"],
    &["show", "indexed_files"],
    &["inspect"],
    &["inspect", "--paths", "--schema"],
    &["stats"],
    &["stats", "--failures"],
    &["stats", "--min-health", "1"],
    &["build", "--dry-run"],
    &["why"],
    &["why", "api/chunk"],
    &["why", "--next"],
    &["why", "api", "app/retry.py"],
    &["deps", "app/orders.py"],
    &["deps", "with_retries", "--reverse", "--depth", "0", "--ambiguous"],
    &["deps", "web:src/", "--limit", "1", "--type", "calls,imports"],
    &["failures"],
    &["failures", "--all", "--repo", "api"],
    &["failures", "api:app/broken.py", "--all", "--save-case", "cases"],
    &["history", "api/app/orders.py"],
    &["history", "api:app/broken.py", "--node", "extract"],
    &["graph"],
    &["graph", "--counts", "--next", "--expand"],
    &["preview", "api:app/orders.py"],
    &["retry"],
    &["snapshot", "create", "--tag", "v1", "--label", "first", "--notes", "one\ntwo", "--freeze"],
    &["snapshot", "create", "--at", "latest"],
    &["snapshot", "list"],
    &["snapshot", "show", "tag:v1"],
    &["snapshot", "freeze", "tag:v1"],
    &["tag", "tag:v1", "v2", "v3"],
    &["tag", "tag:v1", "v3", "--remove"],
    &["search", "--at", "tag:v1", "order"],
    &["snapshot", "prune", "--dry-run"],
    &["snapshot", "prune"],
    &["snapshot", "rm", "--force", "tag:v2"],
    &["diff", "compute", "--from", "latest"],
    &["diff", "compute", "--from", "latest", "--format", "table"],
    &["diff", "compute", "--from", "latest", "--repo", "api", "--format", "report"],
    &["diff", "list"],
    &["diff", "show"],
    &["diff", "show", "--format", "table", "--event", "chunk"],
    &["diff", "prune", "--dry-run"],
    &["diff", "prune"],
    &["export", "chunks"],
    &["export", "chunks", "--since", "latest"],
    &["export", "chunks", "--out", "feed.parquet", "--format", "parquet"],
    &["verify"],
    &["verify", "--deep", "--all"],
    &["clear", "--dry-run"],
    &["gc", "--dry-run"],
    &["gc", "--grace", "0"],
    &["gc", "--why", ".sawmill/latest/repo=api/node=extract/table=files/part-00000.parquet"],
    &["doctor"],
    &["completions", "bash"],
    &["completions", "elvish"],
    &["man"],
    &["man", "search"],
    &["schema", "workspace"],
    &["schema", "pipeline"],
    &["schema", "build"],
];

/// Ways to ask that fail, in a built workspace.
const FAILURES: &[&[&str]] = &[
    &["init"],
    &["init", "nowhere"],
    &["check", "--frob"],
    &["schema", "nothing"],
    &["diff", "compute", "--from", "gen:zzz"],
    &["diff", "show", "diff_zzz"],
    &["diff", "compute", "--from", "latest", "--format", "jsonl", "--event", "chunk.modifed"],
    &["export", "chunks", "--since", "yesterday"],
    &["export", "chunks", "--format", "parquet"],
    &["failures", "nowhere.py"],
    &["failures", "--save-case", "elsewhere"],
    &["failures", "api:app/orders.py", "--save-case", "cases"],
    &["history", "nowhere.py"],
    &["history", "api:app/orders.py", "--node", "chnk"],
    &["build", "nobody"],
    &["build", "--jobs", "0"],
    &["status", "--frob"],
    &["status", "-C", "nowhere"],
    &["search"],
    &["search", "\"open"],
    &["search", "--cohort", "code:zzz", "order"],
    &["search", "--repo-filter", "nobody*", "order"],
    &["search", "lagn:python x"],
    &["show", "tables"],
    &["show", "files", "--columns", "pth"],
    &["inspect", "--node", "nobody"],
    &["stats", "--repo", "nobody"],
    &["stats", "--min-health", "100"],
    &["stats", "--format", "svg"],
    &["build", "--dry-run", "nobody"],
    &["why", "nobody"],
    &["deps", "nobody"],
    &["deps", "total"],
    &["graph", "nobody"],
    &["preview", "nobody:a.rs"],
    &["retry", "app/retry.py"],
    &["snapshot"],
    &["snapshot", "show", "tag:none"],
    &["snapshot", "create", "--tag", "not a tag"],
    &["snapshot", "create", "--at", "gne:x"],
    &["snapshot", "rm", "latest"],
    &["tag", "snap-2020", "v1"],
    &["verify", "--frob"],
    &["clear", "nobody"],
    &["gc", "--why", "nothing"],
    &["doctor", "--frob"],
    &["completions", "cmd"],
    &["man", "nothing"],
];

fn asked(world: &World, arguments: &[&str], failed: bool, documents: &Documents) -> Value {
    let ran = world.run(&[arguments, &["--json"]].concat());
    let object = ran.object();
    assert_eq!(ran.code != 0, failed, "{arguments:?}: {object}");
    assert_eq!(object.get("error").is_some(), failed, "`error` is there where the command failed: {object}");
    // A build tells people how far it is; what failed stands in the object alone.
    assert!(arguments[0] == "build" || ran.err.is_empty(), "{arguments:?}: {}", ran.err);
    documents.hold(arguments[0], &object);
    object
}

#[test]
fn every_answer_and_every_failure_has_the_documented_shape() {
    let documents = Documents::read();
    let world = World::shop();
    asked(&world, &["search", "too early"], true, &documents);
    asked(&world, &["status"], false, &documents);
    asked(&world, &["build"], false, &documents);
    world.write("api/app/broken.py", "def broken(:\n  ((((\n");
    asked(&world, &["build"], false, &documents);
    let mut seen = BTreeSet::new();
    for arguments in ANSWERS {
        let object = asked(&world, arguments, false, &documents);
        let is_other = ["--dry-run", "--manifest"].iter().any(|option| arguments.contains(option));
        let keys = KEYS
            .iter()
            .filter(|_| !is_other)
            .find(|(command, _)| command == &arguments[0])
            .map_or(&[][..], |(_, keys)| keys);
        for key in keys {
            assert!(object.get(key).is_some(), "{arguments:?} lacks `{key}`: {object}");
        }
        seen.insert(arguments[0]);
    }
    let mut failed = BTreeSet::new();
    for arguments in FAILURES {
        asked(&world, arguments, true, &documents);
        failed.insert(arguments[0]);
    }
    let fresh = World::empty();
    asked(&fresh, &["init"], false, &documents);
    seen.insert("init");
    for shape in SHAPES {
        assert!(seen.contains(shape.command), "no answer of `{}` is tried here", shape.command);
        assert!(failed.contains(shape.command), "no failure of `{}` is tried here", shape.command);
    }
}

#[test]
fn what_is_told_of_nodes_of_the_workspace_has_the_documented_shape() {
    let (documents, world) = (Documents::read(), super::across::shop());
    let blocked = world.path(".sawmill/builds/everyone@everyone");
    std::fs::create_dir_all(blocked.parent().unwrap()).unwrap();
    std::fs::write(&blocked, "").unwrap();
    let failed = world.run(&["build", "--json"]);
    documents.hold("build", &failed.object());
    assert_eq!((failed.code, failed.object()["workspace_nodes"].is_array()), (1, true));
    for command in ["status", "why"] {
        asked(&world, &[command], false, &documents);
    }
    std::fs::remove_file(&blocked).unwrap();
    for arguments in [
        &["build", "--dry-run"][..],
        &["build"],
        &["build"],
        &["status"],
        &["status", "--no-scan"],
        &["graph", "--counts", "--next"],
        &["inspect"],
        &["stats", "--repo", "everyone@everyone"],
        &["why", "everyone/everyone"],
        &["show", "links"],
    ] {
        asked(&world, arguments, false, &documents);
    }
    asked(&world, &["build", "everyone/everyone"], true, &documents);
}

#[test]
fn mistakes_in_the_configuration_have_the_documented_shape() {
    let documents = Documents::read();
    let world = World::built();
    let text = world.read("workspace.yaml").replace("tags:", "tgas:").replace("root: web", "root: wbe");
    world.write("workspace.yaml", text);
    let checked = asked(&world, &["check"], true, &documents);
    assert!(checked["mistakes"].as_array().unwrap().len() > 1, "{checked}");
    asked(&world, &["build"], true, &documents);
    world.write("workspace.yaml", "version: 1\nrepos: 7\n");
    asked(&world, &["check"], true, &documents);
    asked(&world, &["status"], true, &documents);
}

#[test]
fn the_program_prints_the_schemas_that_are_in_the_documents() {
    let world = World::empty();
    for shape in SHAPES {
        let document = crate::tidy::tree::read(&format!("docs/schema/{}.json", shape.command));
        assert_eq!(world.ok(&["schema", shape.command]).out, document, "{}", shape.command);
    }
}

#[test]
fn the_keys_that_scripts_rely_on_are_required_and_described() {
    for (command, keys) in KEYS {
        let shape = SHAPES.iter().find(|shape| shape.command == *command).unwrap();
        let schema = shape.schema();
        let name = schema["anyOf"][0]["$ref"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let report = &schema["$defs"][&name];
        for key in *keys {
            let required = report["required"].as_array().unwrap();
            assert!(required.iter().any(|k| k == key), "{command}: `{key}` is not required");
        }
        assert!(report["description"].is_string(), "{command} says nothing of its answer");
    }
}

#[test]
fn rows_stream_as_json_lines() {
    let world = World::built();
    let lines = world.ok(&["show", "files", "--format", "jsonl"]).out;
    let rows = world.json(&["show", "files", "--all"])["rows"].clone();
    let streamed: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(Value::from(streamed), rows, "a line is a row of the object");
}
