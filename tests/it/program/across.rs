//! Nodes of the workspace, as people and scripts meet them.

use serde_json::Value;

use super::world::World;

const EVERYONE: &str = "\
version: 1
name: everyone
scope: workspace
nodes:
  everyone: { kind: federate, inputs: { indexes: [code/index] } }
";

/// The fixture with a node over all of its repositories, not built.
pub fn shop() -> World {
    let world = World::shop();
    world.write("pipelines/everyone.yaml", EVERYONE);
    world.write("workspace.yaml", world.read("workspace.yaml").replace("repos:\n", "pipelines: [everyone]\nrepos:\n"));
    world
}

fn texts<'v>(object: &'v Value, list: &str, key: &str) -> Vec<&'v str> {
    object[list].as_array().unwrap().iter().map(|v| v[key].as_str().unwrap()).collect()
}

#[test]
fn a_node_of_the_workspace_that_fails_is_told_with_code_and_help_and_the_exit_code_of_a_failure() {
    let world = shop();
    // Its builds have no place: a file stands there.
    std::fs::create_dir_all(world.path(".sawmill/builds")).unwrap();
    world.write(".sawmill/builds/everyone@everyone", "");
    let ran = world.run(&["build"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for words in ["failed everyone@everyone: ", "sawmill::", "3 repositories advanced, 1 node of the workspace did not"]
    {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let ran = world.run(&["build", "--json"]);
    let object = ran.object();
    assert_eq!((ran.code, &object["ok"]), (1, &Value::Bool(false)));
    let failed = &object["failed"][0];
    assert_eq!(failed["repo"], "everyone@everyone");
    assert!(failed["code"].is_string() && failed["help"].is_string(), "{failed}");
    let node = &object["workspace_nodes"][0];
    assert_eq!(
        (&node["name"], &node["stale"], &node["build"]),
        (&"everyone/everyone".into(), &true.into(), &Value::Null)
    );
    let status = world.run(&["status"]);
    assert!(status.out.contains("everyone/everyone") && status.out.contains("not built"), "{}", status.out);
    assert!(status.err.contains("failed everyone/everyone: "), "{}", status.err);
    world.ok(&["search", "order"]);
    std::fs::remove_file(world.path(".sawmill/builds/everyone@everyone")).unwrap();
    let built = world.ok(&["build"]);
    assert!(built.out.contains("across  everyone/everyone: "), "{}", built.out);
    let status = world.ok(&["status"]);
    assert!(!status.err.contains("everyone") && !status.out.contains("not built"), "{}{}", status.out, status.err);
}

#[test]
fn a_dry_run_lists_the_actions_of_nodes_of_the_workspace() {
    let world = shop();
    let first = world.json(&["build", "--dry-run"]);
    let listed = |object: &Value| {
        let all = ["will", "may"]
            .map(|list| texts(object, list, "repo").iter().filter(|r| **r == "everyone@everyone").count());
        all.iter().sum::<usize>() as u64
    };
    let told = |object: &Value| {
        let node = &object["workspace_nodes"][0];
        node["will"].as_u64().unwrap() + node["may"].as_u64().unwrap()
    };
    assert!(listed(&first) > 5, "{first}");
    assert_eq!(listed(&first), told(&first));
    world.ok(&["build"]);
    let then = world.json(&["build", "--dry-run"]);
    assert_eq!((listed(&then), &then["workspace_nodes"][0]["current"]), (0, &Value::Bool(true)));
}

#[test]
fn the_graph_draws_what_feeds_a_node_of_the_workspace_in_every_form() {
    let world = shop();
    let text = world.ok(&["graph"]).out;
    let (_, across) = text.split_once("\n\n").unwrap();
    let expected = "\
everyone × 3 repositories  api, handbook, web
      indexes ← code/index: definitions, relations
●   everyone  federate  provides, imports, members, packages, links
";
    assert_eq!(across, expected);
    let object = world.json(&["graph"]);
    assert_eq!(texts(&object, "nodes", "id"), ["code/extract", "code/chunk", "code/index", "everyone/everyone"]);
    let edge = object["edges"].as_array().unwrap().last().unwrap();
    assert_eq!((&edge["from"], &edge["to"]), (&"code/index".into(), &"everyone/everyone".into()));
    let form = |format: &str| world.ok(&["graph", "--format", format]).out;
    assert!(
        form("dot").contains("\"code/index\" -> \"everyone/everyone\" [label=\"indexes: definitions, relations\"]")
    );
    assert!(form("mermaid").contains("n2 -->|\"indexes: definitions, relations\"| n3"), "{}", form("mermaid"));
    let svg = form("svg");
    assert!(svg.contains("code/index → everyone/everyone · indexes"), "{svg}");
    let copies = world.json(&["graph", "--expand"]);
    let feeders: Vec<&str> = copies["edges"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|e| e["port"] == "indexes")
        .map(|e| e["from"].as_str().unwrap())
        .collect();
    assert_eq!(feeders, ["api/index", "handbook/index", "web/index"]);
    world.ok(&["build"]);
    let counted = world.json(&["graph", "--counts", "--next", "everyone"]);
    let node = &counted["nodes"][0];
    assert_eq!(node["states"]["everyone@everyone"], "built");
    assert_eq!(node["would"]["everyone@everyone"], "nothing to run");
    assert!(node["table_counts"]["members"]["rows"].as_u64().unwrap() > 2, "{node}");
}

#[test]
fn selectors_name_nodes_of_the_workspace() {
    let world = shop();
    let ids = |selector: &str| {
        let object = world.json(&["graph", selector]);
        texts(&object, "nodes", "id").iter().map(|id| (*id).to_owned()).collect::<Vec<_>>()
    };
    for alone in ["everyone", "node:everyone", "everyone/everyone", "everyone@everyone", "kind:federate"] {
        assert_eq!(ids(alone), ["everyone/everyone"], "{alone}");
    }
    let all = ["code/extract", "code/chunk", "code/index", "everyone/everyone"];
    assert_eq!(ids("+everyone/everyone"), all);
    assert_eq!(ids("extract+"), all);
    assert_eq!(ids("api"), all[..3]);
    let refused = |selector: &str, command: &str| world.run(&[command, selector, "--json"]).object()["error"].clone();
    assert_eq!(refused("everyone/everyon", "graph")["help"], "did you mean `everyone`?");
    let alone = refused("everyone/everyone", "build");
    assert_eq!(alone["code"], "sawmill::ops::without_repositories");
    assert!(alone["help"].as_str().unwrap().contains("sawmill build +everyone/everyone"), "{alone}");
    let built = world.json(&["build", "+everyone/everyone"]);
    assert!(built["workspace_nodes"][0]["ran"].as_u64().unwrap() > 5, "{built}");
}

#[test]
fn inspect_stats_and_why_know_what_a_node_of_the_workspace_made() {
    let world = shop();
    world.ok(&["build"]);
    let pieces = world.json(&["inspect", "--repo", "everyone@everyone"]);
    let tables = texts(&pieces, "tables", "name");
    for table in ["members", "packages", "links"] {
        assert!(tables.contains(&table), "{tables:?}");
    }
    assert!(texts(&pieces, "pieces", "repo").iter().all(|repo| *repo == "everyone@everyone"));
    assert!(texts(&world.json(&["inspect"]), "tables", "name").contains(&"links"));
    let all = world.json(&["stats"]);
    let node = all["repos"].as_array().unwrap().iter().find(|repo| repo["name"] == "everyone@everyone").unwrap();
    assert_eq!((&node["files"], &node["source_bytes"]), (&0.into(), &0.into()));
    assert!(node["stored_bytes"].as_u64().unwrap() > 0);
    assert!(texts(&all, "tables", "table").contains(&"members"));
    let alone = world.json(&["stats", "--repo", "everyone@everyone"]);
    assert_eq!(texts(&alone, "repos", "name"), ["everyone@everyone"]);
    for name in ["everyone/everyone", "everyone@everyone"] {
        let told = world.json(&["why", name]);
        let actions = told["actions"].as_array().unwrap();
        assert!(actions.len() > 5 && actions.iter().all(|a| a["repo"] == "everyone@everyone"), "{told}");
        assert!(actions.iter().all(|a| a["reason"]["because"].is_string()), "{told}");
    }
    assert_eq!(world.json(&["why", "--next", "everyone"])["actions"], serde_json::json!([]));
    world.write("api/package.json", "{ \"name\": \"fresh\" }\n");
    world.ok(&["build"]);
    let told = world.ok(&["why", "everyone"]).out;
    assert!(told.contains("@workspace") || told.contains("everyone"), "{told}");
}
