//! `deps`: what depends on what, as a person asks.

use serde_json::Value;

use super::world::World;

fn edges(object: &Value) -> Vec<String> {
    let text = |edge: &Value, end: &str| edge[end].as_str().unwrap().to_owned();
    let edges = object["edges"].as_array().unwrap().iter();
    edges.map(|edge| format!("{} -> {} {}", text(edge, "from"), text(edge, "to"), edge["types"])).collect()
}

#[test]
fn a_file_is_followed_both_ways() {
    let world = World::built();
    let ran = world.ok(&["deps", "app/orders.py"]);
    assert_eq!(
        ran.out, "app/orders.py    api · 14 outside\n└─ app/retry.py  calls, imports · at 9, 53\n",
        "{}",
        ran.err
    );
    assert!(ran.err.contains("1 node by 2 references, to depth 1"), "{}", ran.err);
    let back = world.json(&["deps", "app/retry.py", "--reverse", "--depth", "0"]);
    let expected = [
        r#"app/orders.py -> app/retry.py {"calls":1,"imports":1}"#,
        r#"tests/test_orders.py -> app/orders.py {"calls":3,"imports":1}"#,
    ];
    assert_eq!(edges(&back), expected);
}

#[test]
fn who_uses_a_type_is_told_by_definition() {
    let world = World::built();
    let object = world.json(&["deps", "app/orders.py::Status", "--reverse", "--depth", "1", "--type", "uses"]);
    assert_eq!(edges(&object), [r#"app/orders.py::Order -> app/orders.py::Status {"uses":1}"#]);
    let object = world.json(&["deps", "OrderRepository.place", "--depth", "1", "--type", "uses"]);
    assert_eq!(edges(&object), [r#"app/orders.py::OrderRepository.place -> app/orders.py::Order {"uses":1}"#]);
}

#[test]
fn a_symbol_is_named_alone_or_with_its_file() {
    let world = World::built();
    let expected = [r#"app/orders.py::OrderRepository.place -> app/retry.py::with_retries {"calls":1}"#];
    for target in ["with_retries", "app/retry.py::with_retries", "api:app/retry.py::with_retries"] {
        assert_eq!(edges(&world.json(&["deps", target, "--reverse"])), expected, "{target}");
    }
    let error = world.run(&["deps", "total"]);
    assert_eq!(error.code, 2);
    for candidate in ["`api:app/orders.py::Line.total`", "`api:app/orders.py::Order.total`"] {
        assert!(error.err.contains(candidate), "{}", error.err);
    }
}

#[test]
fn a_path_is_seen_from_where_one_stands() {
    let world = World::built();
    let target = |directory: &str, path: &str| {
        let ran = world.ok(&["deps", "-C", directory, path, "--json"]);
        ran.object()["target"].as_str().unwrap().to_owned()
    };
    assert_eq!(target("web/src/components", "../money.ts"), "src/money.ts");
    assert_eq!(target("web/src", "money.ts"), "src/money.ts");
    assert_eq!(target("web/src", "."), "src/");
    assert_eq!(target(".", "web/src/money.ts"), "src/money.ts");
    assert_eq!(target(".", "src/money.ts"), "src/money.ts");
    let root = world.run(&["deps", "-C", "web", ".", "--json"]);
    assert_eq!(root.object()["error"]["code"], "sawmill::deps::root");
}

#[test]
fn what_was_renamed_is_followed_after_the_next_build() {
    let world = World::built();
    let orders = world.read("api/app/orders.py");
    world.write("api/app/orders.py", orders.replace("from .retry", "from .again"));
    std::fs::rename(world.path("api/app/retry.py"), world.path("api/app/again.py")).unwrap();
    world.ok(&["build"]);
    let reached = world.json(&["deps", "app/again.py", "--reverse"]);
    assert_eq!(edges(&reached), [r#"app/orders.py -> app/again.py {"calls":1,"imports":1}"#]);
    assert_eq!(world.run(&["deps", "app/retry.py"]).code, 2);
}

#[test]
fn every_form_is_data_without_a_place_of_this_machine() {
    let world = World::built();
    for arguments in [&["deps", "web:src"][..], &["deps", "web:src/money.ts", "-r", "--ambiguous"]] {
        for format in ["text", "dot", "json"] {
            let ran = world.ok(&[arguments, &["--format", format]].concat());
            assert_eq!(ran.out, world.ok(&[arguments, &["--format", format]].concat()).out);
            assert!(!ran.out.contains(&*world.root().to_string_lossy()), "{}", ran.out);
        }
    }
    let dot = world.ok(&["deps", "web:src/money.ts", "-r", "--format", "dot"]).out;
    assert!(dot.starts_with("digraph \"src/money.ts\" {\n") && dot.ends_with("}\n"), "{dot}");
    assert!(dot.contains("  \"tests/money.test.js\" -> \"src/money.ts\" [label=\"calls 3\\nimports\"];"), "{dot}");
}

#[test]
fn without_relations_it_says_what_to_write() {
    let world = World::shop();
    assert_eq!(world.run(&["deps", "app/orders.py", "--json"]).object()["error"]["code"], "sawmill::ops::not_built");
    let pipeline = world.read("pipelines/code.yaml");
    for (from, to, code) in [
        ("inputs: { chunks: chunk, outline: extract }", "inputs: { chunks: chunk }", "sawmill::deps::no_outline"),
        (", outline: extract } }\n", ", outline: extract }, with: { relations: false } }\n", "sawmill::deps::off"),
    ] {
        let changed = pipeline.replace(from, to);
        assert_ne!(changed, pipeline);
        world.write("pipelines/code.yaml", changed);
        world.ok(&["build"]);
        let error = world.run(&["deps", "app/orders.py", "--repo", "api", "--json"]).object()["error"].clone();
        assert_eq!(error["code"], code);
        assert!(error["help"].as_str().unwrap().contains("`sawmill build`"), "{error}");
    }
    world.write("pipelines/code.yaml", pipeline);
    world.ok(&["build"]);
    world.ok(&["deps", "app/orders.py"]);
}
