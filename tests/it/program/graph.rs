//! `graph`: what a person sees of the plan.

use super::world::World;

#[test]
fn repositories_of_one_pipeline_are_one_drawing() {
    let world = World::shop();
    let ran = world.ok(&["graph"]);
    assert_eq!(
        ran.out,
        "\
code × 3 repositories  api, handbook, web
●   extract  extract  files, outline
├─╮   outline ← extract: files, outline
│ ● chunk    chunk    chunks, symbols
│ │   outline ← extract: files, outline
├─╯   chunks ← chunk: chunks
●   index    index    postings, chunk_stats, trigrams, indexed_files, definitions, mentions, relations
"
    );
    assert_eq!(world.ok(&["graph", "--expand"]).out.matches("●   extract").count(), 3);
}

#[test]
fn a_selection_is_drawn_alone() {
    let world = World::shop();
    let object = world.json(&["graph", "+chunk,tag:backend", "kind:index,web"]);
    let ids = |list: &str, key: &str| -> Vec<String> {
        object[list].as_array().unwrap().iter().map(|v| v[key].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids("nodes", "id"), ["code/extract", "code/chunk", "code#2/index"]);
    assert_eq!(ids("repos", "name"), ["api", "web"]);
    assert_eq!(object["edges"].as_array().unwrap().len(), 1);
    let edge = &object["edges"][0];
    assert_eq!((edge["from"].as_str(), edge["to"].as_str()), (Some("code/extract"), Some("code/chunk")));
    assert_eq!((edge["port"].as_str(), &edge["tables"]), (Some("outline"), &serde_json::json!(["files", "outline"])));
}

#[test]
fn what_selects_nothing_is_the_users_mistake() {
    let world = World::shop();
    for (selector, code) in [
        ("apj", "sawmill::select::unknown"),
        ("repo:api,repo:web", "sawmill::select::empty"),
        ("rep:api", "sawmill::select::unknown_method"),
        ("api,", "sawmill::select::malformed"),
    ] {
        let ran = world.run(&["graph", selector, "--json"]);
        assert_eq!(ran.code, 2, "{selector}");
        assert_eq!(ran.object()["error"]["code"], code, "{selector}");
    }
    assert!(world.run(&["graph", "apj"]).err.contains("did you mean `api`?"));
}

#[test]
fn counts_and_states_are_those_of_the_last_build() {
    let world = World::shop();
    assert_eq!(world.ok(&["graph", "--counts"]).out.matches("not built").count(), 3);
    world.ok(&["build"]);
    let object = world.json(&["graph", "--counts", "node:chunk"]);
    let node = &object["nodes"][0];
    assert_eq!(node["states"], serde_json::json!({ "api": "built", "handbook": "built", "web": "built" }));
    let inspected = world.json(&["inspect"]);
    let of_chunk = |key: &str| -> u64 {
        let pieces = inspected["pieces"].as_array().unwrap().iter().filter(|piece| piece["node"] == "chunk");
        pieces.map(|piece| piece[key].as_u64().unwrap()).sum()
    };
    assert_eq!(node["counts"]["rows"], of_chunk("rows"));
    assert_eq!(node["counts"]["bytes"], of_chunk("bytes"));
    // Other parameters of a node are other ones for everything below it, and for nothing above.
    world.write("pipelines/code.yaml", world.read("pipelines/code.yaml").replace("2400", "1200"));
    let object = world.json(&["graph", "--counts", "repo:api"]);
    let states: Vec<&str> =
        object["nodes"].as_array().unwrap().iter().map(|node| node["states"]["api"].as_str().unwrap()).collect();
    assert_eq!(states, ["built", "changed", "changed"]);
}

#[test]
fn every_form_is_plain_data_and_always_the_same() {
    let world = World::built();
    for (format, first) in [("dot", "digraph \"shop\" {"), ("mermaid", "flowchart TD"), ("svg", "<svg xmlns=")] {
        let arguments = ["graph", "--counts", "--format", format];
        let ran = world.ok(&arguments);
        assert!(ran.out.starts_with(first) && ran.err.is_empty(), "{format}: {}", ran.out);
        assert_eq!(ran.out, world.ok(&arguments).out, "{format}");
        assert!(!ran.out.contains(&*world.root().to_string_lossy()), "{format}");
    }
    let svg = world.ok(&["graph", "--format", "svg"]).out;
    assert!(svg.contains("prefers-color-scheme:dark") && svg.ends_with("</svg>\n"), "{svg}");
    assert!(!svg.contains("<script") && !svg.contains("@import") && !svg.contains("url("), "{svg}");
}

#[test]
fn a_repository_whose_tree_is_gone_is_named_and_not_drawn() {
    let world = World::shop();
    std::fs::remove_dir_all(world.path("web")).unwrap();
    let ran = world.ok(&["graph"]);
    assert!(ran.out.starts_with("code × 2 repositories  api, handbook\n"), "{}", ran.out);
    assert!(ran.err.contains("`web` is not drawn"), "{}", ran.err);
    let object = world.json(&["graph", "repo:web"]);
    assert_eq!(
        object["repos"],
        serde_json::json!([
            { "available": false, "drawing": null, "name": "web", "nodes": [], "pipeline": null }
        ])
    );
}
