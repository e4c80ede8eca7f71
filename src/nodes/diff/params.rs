//! Parameters of `diff`.

use serde::{Deserialize, Deserializer, Serialize};

use super::super::history::HistoryKind;
use super::super::kind::Params;

/// What is compared with what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DiffParams {
    /// The moment that the build is compared with: `previous` is the generation before it; any other ref of the
    /// workspace is one, too.
    #[serde(deserialize_with = "from")]
    #[schemars(length(min = 1))]
    pub from: String,
    /// Only what these nodes made. Empty: every node.
    #[serde(deserialize_with = "nodes")]
    pub nodes: Vec<String>,
}

impl Default for DiffParams {
    fn default() -> Self {
        Self { from: "previous".to_owned(), nodes: Vec::new() }
    }
}

fn from<'de, D: Deserializer<'de>>(given: D) -> Result<String, D::Error> {
    let text = String::deserialize(given)?.trim().to_owned();
    if text.is_empty() {
        Err(serde::de::Error::custom("a moment is named: `previous`, or another ref"))
    } else {
        Ok(text)
    }
}

/// Sorted, each once.
fn nodes<'de, D: Deserializer<'de>>(given: D) -> Result<Vec<String>, D::Error> {
    let mut nodes = Vec::<String>::deserialize(given)?;
    nodes.sort();
    nodes.dedup();
    Ok(nodes)
}

/// The kind.
pub static KIND: HistoryKind = HistoryKind {
    name: "diff",
    summary: "compares every build with an earlier moment: files, chunks, relations, health",
    param_schema: || schemars::schema_for!(DiffParams),
    params: Params::parse::<DiffParams>,
};

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn a_diff_is_with_the_moment_before_and_of_every_node_unless_something_else_is_said() {
        let read = |value: Value| {
            let given: Map<String, Value> = value.as_object().cloned().unwrap();
            (KIND.params)(&given).map(|params| params.get::<DiffParams>().unwrap().clone())
        };
        assert_eq!(read(json!({})).unwrap(), DiffParams::default());
        let given = read(json!({"from": " tag:v1 ", "nodes": ["chunk", "chunk", "a"]})).unwrap();
        assert_eq!(given, DiffParams { from: "tag:v1".into(), nodes: vec!["a".into(), "chunk".into()] });
        assert_eq!(read(json!({"from": ""})).unwrap_err()[0].key, "from");
    }
}
