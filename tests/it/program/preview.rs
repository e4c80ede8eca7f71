//! `preview`: one file, as a build would have it.

use serde_json::{Value, json};

use super::world::World;

#[test]
fn a_file_is_cut_without_a_build() {
    let world = World::shop();
    let object = world.json(&["preview", "api/app/orders.py"]);
    assert_eq!((object["repo"].as_str(), object["path"].as_str()), (Some("api"), Some("app/orders.py")));
    assert_eq!((object["node"].as_str(), object["table"].as_str()), (Some("chunk"), Some("chunks")));
    assert_eq!(object["language"], "python");
    assert!(object["total"].as_u64().unwrap() > 0);
    assert_eq!(object, world.json(&["preview", "api:app/orders.py"]));
    assert!(!world.path(".sawmill/cache").exists(), "a preview wrote a store");
    let choices: Vec<&str> =
        object["choices"].as_array().unwrap().iter().map(|choice| choice["node"].as_str().unwrap()).collect();
    assert_eq!(choices, ["extract", "chunk", "index"]);
}

/// The rows of `show` that belong to a file, without their place.
fn built(world: &World, node: &str, table: &str, path: &str) -> Vec<Value> {
    let shown = world.json(&["show", table, "--all", "--repo", "api", "--node", node]);
    let rows = shown["rows"].as_array().unwrap().iter().filter(|row| row["path"] == path).cloned();
    rows.map(|mut row| {
        let map = row.as_object_mut().unwrap();
        map.remove("repo");
        map.remove("node");
        row
    })
    .collect()
}

#[test]
fn a_preview_is_what_a_build_makes() {
    let world = World::built();
    for (node, table) in [("extract", "files"), ("extract", "outline"), ("chunk", "chunks"), ("chunk", "symbols")] {
        let previewed = world.json(&["preview", "api:app/orders.py", "--node", node, "--table", table]);
        let built = built(&world, node, table, "app/orders.py");
        assert!(!built.is_empty(), "{node}/{table}");
        assert_eq!(previewed["rows"], Value::Array(built), "{node}/{table}");
    }
    let postings = world.json(&["preview", "api:app/orders.py", "--node", "index"]);
    assert_eq!(postings["table"], "postings");
    assert!(postings["rows"].as_array().unwrap().iter().any(|row| row["term"] == "order"));
}

#[test]
fn rows_come_as_a_table_as_csv_and_limited() {
    let world = World::shop();
    let ran = world.ok(&["preview", "api:app/orders.py", "--limit", "1"]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
    assert!(ran.err.contains("api:app/orders.py · python · code"), "{}", ran.err);
    assert!(ran.err.contains("extract: files, outline"), "{}", ran.err);
    let csv = world.ok(&["preview", "api:app/orders.py", "--table", "symbols", "--format", "csv"]).out;
    assert!(csv.lines().next().unwrap().contains("qualified_name") && csv.lines().count() > 2, "{csv}");
    let limited = world.json(&["preview", "api:app/orders.py", "--limit", "1"]);
    assert_eq!((limited["rows"].as_array().unwrap().len(), &limited["truncated"]), (1, &json!(true)));
}

#[test]
fn the_deepest_root_has_the_file_unless_another_is_named() {
    let world = World::shop();
    let yaml = world.read("workspace.yaml") + "  - { name: app, root: api/app }\n";
    world.write("workspace.yaml", yaml);
    assert_eq!(world.json(&["preview", "api/app/orders.py"])["repo"], "app");
    assert_eq!(world.json(&["preview", "api/app/orders.py", "--repo", "api"])["path"], "app/orders.py");
    let ran = world.run(&["preview", "api/app/orders.py", "--repo", "web", "--json"]);
    assert_eq!((ran.code, &ran.object()["error"]["code"]), (2, &json!("sawmill::preview::outside")));
}

#[test]
fn what_a_build_leaves_out_is_refused_with_the_reason() {
    let world = World::shop();
    std::fs::create_dir_all(world.path("api/build/.git")).unwrap();
    std::fs::create_dir_all(world.path("api/inner/.git")).unwrap();
    for (path, text) in [
        ("api/.gitignore", "*.log\n/build/\n"),
        ("api/a.log", "x"),
        ("api/build/b.py", "x"),
        ("api/.env", "KEY=1"),
        ("api/inner/c.py", "x"),
    ] {
        world.write(path, text);
    }
    std::fs::File::create(world.path("api/large.txt")).unwrap().set_len((64 << 20) + 1).unwrap();
    std::os::unix::fs::symlink("app/orders.py", world.path("api/link.py")).unwrap();
    let yaml = world.read("workspace.yaml").replace("root: web", "root: web, include: ['*.md'], exclude: ['/old/']");
    world.write("workspace.yaml", yaml);
    std::fs::create_dir(world.path("web/old")).unwrap();
    world.write("web/old/a.md", "x");
    world.write("web/plain.txt", "x");
    for (file, reason) in [
        ("api/a.log", "excluded by \"*.log\" in .gitignore:1"),
        ("api:build/b.py", "excluded by \"/build/\" in .gitignore:2, which matches the directory `build`"),
        ("api/.env", "secrets"),
        ("api/large.txt", "more than 67108864 bytes"),
        ("api/link.py", "symbolic link"),
        ("api/inner/c.py", "`inner`"),
        ("api/app", "directory"),
        ("web/old/a.md", "`exclude`"),
        ("web:plain.txt", "`include`"),
    ] {
        let ran = world.run(&["preview", file, "--json"]);
        let error = &ran.object()["error"];
        assert_eq!((ran.code, &error["code"]), (2, &json!("sawmill::preview::left_out")), "{file}: {error}");
        assert!(error["message"].as_str().unwrap().contains(reason), "{file}: {error}");
        assert!(!error["help"].as_str().unwrap().is_empty(), "{file}");
    }
}

#[test]
fn names_that_nothing_has_get_a_suggestion() {
    let world = World::shop();
    for (arguments, code, help) in [
        (&["preview", "api:app/none.py"][..], "not_there", "name a file"),
        (&["preview", "nowhere.py"], "not_there", "name a file"),
        (&["preview", "workspace.yaml"], "outside", "api, handbook, web"),
        (&["preview", "api:../x"], "bad_path", "behind the colon"),
        (&["preview", "api:app/orders.py", "--node", "chunks"], "unknown_node", "`chunk`"),
        (&["preview", "api:app/orders.py", "--table", "symbol"], "unknown_table", "`symbols`"),
    ] {
        let ran = world.run(&[arguments, &["--json"]].concat());
        let error = &ran.object()["error"];
        assert_eq!((ran.code, &error["code"]), (2, &json!(format!("sawmill::preview::{code}"))), "{arguments:?}");
        assert!(error["help"].as_str().unwrap().contains(help), "{arguments:?}: {error}");
    }
}

#[test]
fn names_with_signs_of_rules_are_found() {
    let world = World::shop();
    for name in
        ["a b .py", "[x].py", "!wow.py", "#1.py", "star*.py", "que?.py", "back\\slash.py", "odd\\x41.py", "é.py"]
    {
        world.write(format!("api/{name}"), "def f():\n    return 1\n");
        let object = world.json(&["preview", &format!("api:{name}")]);
        assert_eq!(object["rows"].as_array().unwrap().len(), 1, "{name}");
    }
}
