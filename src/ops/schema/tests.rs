use std::path::Path;

use serde_json::Value;

use super::{Which, refresh, schema, text};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::plan::doubles::DOUBLES;

fn at<'v>(schema: &'v Value, pointer: &str) -> &'v Value {
    schema.pointer(pointer).unwrap_or_else(|| panic!("{pointer} in {schema:#}"))
}

#[test]
fn the_workspace_schema_knows_every_key_and_refuses_others() {
    let schema = schema(Which::Workspace, DOUBLES);
    assert_eq!(at(&schema, "/required"), &serde_json::json!(["version", "name", "repos"]));
    assert_eq!(at(&schema, "/additionalProperties"), false);
    let keys: Vec<&String> = at(&schema, "/properties").as_object().unwrap().keys().collect();
    let expected = [
        "builds",
        "cache",
        "defaults",
        "diffs",
        "git",
        "languages",
        "name",
        "pipeline",
        "pipelines",
        "repos",
        "snapshots",
        "version",
    ];
    assert_eq!(keys, expected);
    let repository = at(&schema, "/$defs/RepositoryWritten");
    assert_eq!(at(repository, "/additionalProperties"), false);
    let keys: Vec<&String> = at(repository, "/properties").as_object().unwrap().keys().collect();
    let expected =
        ["enabled", "exclude", "glob", "include", "name", "params", "pipeline", "priority", "root", "tags", "with"];
    assert_eq!(keys, expected);
}

#[test]
fn every_key_has_a_description() {
    for which in Which::ALL {
        let schema = schema(which, DOUBLES);
        let mut objects: Vec<&Value> = at(&schema, "/$defs").as_object().unwrap().values().collect();
        objects.push(&schema);
        for object in objects {
            for (key, value) in object.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(value.get("description").is_some(), "{key} in {object:#}");
            }
        }
    }
}

#[test]
fn the_pipeline_schema_knows_the_parameters_of_each_kind() {
    let schema = schema(Which::Pipeline, DOUBLES);
    let node = at(&schema, "/$defs/NodeWritten");
    assert_eq!(
        at(node, "/properties/kind/enum"),
        &serde_json::json!(["extract", "chunk", "index", "join", "federate"])
    );
    let chunk = at(node, "/allOf/1");
    assert_eq!(at(chunk, "/if/properties/kind/const"), "chunk");
    let size = at(chunk, "/then/properties/with/properties/max_chars");
    assert_eq!(at(size, "/description"), "Most characters of a chunk.");
    assert_eq!(at(size, "/anyOf/0/type"), "integer");
    assert_eq!(at(size, "/anyOf/1/pattern"), "\\$\\{[^}]+\\}");
}

#[test]
fn schemas_are_written_once_and_again_only_when_they_differ() {
    let fs = MemoryFs::new();
    fs.create_dir_all("/w".as_ref()).unwrap();
    let dir = Path::new("/w");
    assert_eq!(refresh(&fs, dir, DOUBLES).unwrap().len(), 2);
    assert!(refresh(&fs, dir, DOUBLES).unwrap().is_empty());
    let changed = refresh(&fs, dir, &DOUBLES[..1]).unwrap();
    assert_eq!(changed, [Path::new("/w/.sawmill/schema/pipeline.json")]);
    let there = String::from_utf8(fs.read(&changed[0]).unwrap()).unwrap();
    assert_eq!(there, text(Which::Pipeline, &DOUBLES[..1]));
    assert!(there.ends_with("}\n"));
    let names: Vec<_> = fs.list(Path::new("/w/.sawmill/schema")).unwrap();
    assert_eq!(names.len(), 2, "no half-written file stays: {names:?}");
}
