//! `${name}`: who sets it, and what it becomes.

use serde_json::{Value, json};

use super::machine::{loaded, machine, short};

const PIPELINE: &str = r#"
version: 1
name: code
params: { size: 2400, word: auto, ratio: 0.5, on: true, list: [a, b], any: }
nodes:
  n:
    kind: extract
    with:
      typed: "${size}"
      text: "${word}-${size}/${on}"
      deep: { list: ["${ratio}", ["${list}"]], map: { k: "${any}" } }
      escaped: "$${size} costs $5"
"#;

fn with(repo: &str, params: &[(&str, &str)]) -> Result<Value, Vec<&'static str>> {
    let text = format!("version: 1\nname: w\npipeline: code\nrepos: [{{ name: own, root: own{repo} }}]\n");
    let fs = machine(&[("workspace.yaml", &text), ("pipelines/code.yaml", PIPELINE)]);
    let workspace = loaded(&fs, params).map_err(|e| short(&e.mistakes))?;
    let settings = &workspace.repos[0].with["n"];
    Ok(settings.iter().map(|(key, setting)| (key.clone(), setting.value.clone())).collect())
}

#[test]
fn a_whole_value_keeps_its_type_and_text_is_filled_in() {
    let expected = json!({
        "typed": 2400,
        "text": "auto-2400/true",
        "deep": { "list": [0.5, [["a", "b"]]], "map": { "k": null } },
        "escaped": "${size} costs $5",
    });
    assert_eq!(with("", &[]).unwrap(), expected);
}

#[test]
fn a_repository_stands_over_the_pipeline_and_the_command_line_over_both() {
    assert_eq!(with(", params: { size: 7 }", &[]).unwrap()["typed"], 7);
    assert_eq!(with(", params: { size: 7 }", &[("size", "8")]).unwrap()["typed"], 8);
    assert_eq!(with("", &[("size", "8"), ("size", "9")]).unwrap()["text"], "auto-9/true");
    assert_eq!(with(", with: { n: { typed: 1, more: '${word}' } }", &[("word", "x")]).unwrap()["more"], "x");
    assert_eq!(with(", with: { n: { typed: 1 } }", &[("size", "8")]).unwrap()["typed"], 1);
}

#[test]
fn a_value_from_the_command_line_has_the_type_of_the_default() {
    assert_eq!(with("", &[("word", "1.10")]).unwrap()["text"], "1.10-2400/true");
    assert_eq!(with("", &[("list", "[c]")]).unwrap()["deep"]["list"][1][0], json!(["c"]));
    assert_eq!(with("", &[("any", "3")]).unwrap()["deep"]["map"]["k"], 3);
    for (name, value) in [("size", "many"), ("size", "1.5"), ("on", "yes"), ("list", "a"), ("size", "{")] {
        assert_eq!(with("", &[(name, value)]).unwrap_err(), ["bad_type"], "{name}={value}");
    }
}

#[test]
fn a_parameter_that_no_pipeline_declares_is_an_error() {
    assert_eq!(with("", &[("sizes", "1")]).unwrap_err(), ["unknown_param"]);
    assert_eq!(with(", params: { sizes: 1 }", &[]).unwrap_err(), ["unknown_param"]);
    assert_eq!(with(", with: { n: { typed: '${sizes}' } }", &[]).unwrap_err(), ["unknown_param"]);
}
