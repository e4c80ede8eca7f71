//! Building again: what runs, what does not, and that history does not matter.

use super::world::World;

#[test]
fn a_build_with_nothing_to_do_answers_in_one_line() {
    let world = World::built();
    let before = world.artifacts();
    let ran = world.ok(&["build"]);
    assert_eq!((ran.out.lines().count(), ran.err.as_str()), (1, ""), "{}", ran.out);
    assert!(ran.out.contains("nothing to do"), "{}", ran.out);
    assert_eq!(world.artifacts(), before);
}

#[test]
fn a_touched_file_is_no_change() {
    let world = World::built();
    let text = world.read("api/app/orders.py");
    world.write("api/app/orders.py", text);
    assert_eq!(world.json(&["build"])["nothing_to_do"], true);
}

#[test]
fn an_edit_reads_one_file_again_and_no_other_repository() {
    let world = World::built();
    let builds = |world: &World| {
        let repos = world.json(&["status"])["repos"].clone();
        repos.as_array().unwrap().iter().map(|r| r["build"].to_string()).collect::<Vec<_>>()
    };
    let before = builds(&world);
    let text = world.read("api/app/orders.py").replace("before tax", "without tax");
    world.write("api/app/orders.py", text);
    let report = world.json(&["build"]);
    assert_eq!(report["fresh_files"]["extract"], 1, "{report}");
    assert_eq!(report["ran"]["extract"], 1, "{report}");
    let after = builds(&world);
    assert_ne!(before[0], after[0], "api has a new build");
    assert_eq!(before[1..], after[1..], "the others keep theirs");
    assert!(world.ok(&["search", "sum of lines without tax"]).out.contains("orders.py:"));
}

#[test]
fn history_does_not_matter() {
    let edited = World::built();
    edited.write("web/src/extra.ts", "export function extra(): number { return 1; }\n");
    edited.ok(&["build"]);
    std::fs::rename(edited.path("web/src/extra.ts"), edited.path("web/src/later.ts")).unwrap();
    edited.write("api/app/orders.py", edited.read("api/app/orders.py") + "\nX = 1\n");
    edited.ok(&["build", "--jobs", "1"]);

    let clean = World::shop();
    clean.write("web/src/later.ts", "export function extra(): number { return 1; }\n");
    clean.write("api/app/orders.py", clean.read("api/app/orders.py") + "\nX = 1\n");
    clean.ok(&["build", "--jobs", "8"]);

    assert_eq!(edited.json(&["status"])["generation"], clean.json(&["status"])["generation"]);
    let all = edited.artifacts();
    for (name, bytes) in clean.artifacts() {
        assert!(all.get(&name) == Some(&bytes), "{name} differs from that of a clean build");
    }
}

#[test]
fn a_comment_in_the_configuration_runs_nothing() {
    let world = World::built();
    world.write("workspace.yaml", world.read("workspace.yaml") + "\n# a remark\n");
    world.write("pipelines/code.yaml", world.read("pipelines/code.yaml") + "\n# another\n");
    assert_eq!(world.json(&["build"])["nothing_to_do"], true);
}

#[test]
fn a_parameter_runs_its_node_and_what_follows_and_nothing_before() {
    let world = World::built();
    let pipeline = world.read("pipelines/code.yaml");
    assert!(pipeline.contains("max_chars: 2400"));
    world.write("pipelines/code.yaml", pipeline.replace("max_chars: 2400", "max_chars: 400"));
    let report = world.json(&["build"]);
    assert_eq!(report["ran"].get("extract").and_then(serde_json::Value::as_u64).unwrap_or(0), 0, "{report}");
    assert!(report["ran"]["chunk"].as_u64() > Some(0), "{report}");
}

#[test]
fn one_bad_file_costs_one_row() {
    let world = World::shop();
    world.write("api/app/broken.py", "def broken(:\n  ((((\n");
    world.write("api/app/bytes.py", b"\xff\xfe\x00\x80 def\n");
    world.write("api/app/empty.py", "");
    std::os::unix::fs::symlink(".", world.path("api/app/loop")).unwrap();
    let report = world.json(&["build"]);
    assert_eq!(report["ok"], true, "{report}");
    let files = world.json(&["show", "files", "--repo", "api", "--columns", "path,parse_status,skip_reason"]);
    let rows = files["rows"].as_array().unwrap();
    let status = |path: &str| rows.iter().find(|r| r["path"] == path).unwrap_or_else(|| panic!("{path}: {files}"));
    assert_eq!(status("app/broken.py")["parse_status"], "partial");
    assert_eq!(status("app/orders.py")["parse_status"], "ok");
    assert!(world.ok(&["search", "place order"]).out.contains("orders.py:"));
}

#[test]
fn a_repository_that_cannot_be_read_leaves_the_others_standing() {
    let world = World::built();
    std::fs::remove_dir_all(world.path("handbook")).unwrap();
    let ran = world.run(&["build"]);
    assert_ne!(ran.code, 0);
    assert!(ran.err.contains("handbook") || ran.out.contains("handbook"), "{}{}", ran.out, ran.err);
    assert!(world.ok(&["search", "order total"]).out.contains("orders.py:"));
}

#[test]
fn a_schema_that_cannot_be_written_is_told_and_stops_no_build() {
    let world = World::built();
    std::fs::remove_dir_all(world.path(".sawmill/schema")).unwrap();
    world.write(".sawmill/schema", "a file stands where the directory goes");
    let text = world.read("api/app/orders.py").replace("before tax", "without tax");
    world.write("api/app/orders.py", text);
    let ran = world.ok(&["build"]);
    assert!(ran.err.contains("the schema `.sawmill/schema/workspace.json` cannot be written"), "{}", ran.err);
    assert!(world.ok(&["search", "sum of lines without tax"]).out.contains("orders.py:"));
}
