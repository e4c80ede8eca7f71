//! Parameters of `snapshot`.

use serde::{Deserialize, Serialize};

use super::super::history::HistoryKind;
use super::super::kind::Params;

/// When a build makes a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SnapshotParams {
    /// When a build makes a snapshot.
    pub on: On,
}

/// Which builds make one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum On {
    /// Every build that comes to another generation.
    #[default]
    Always,
    /// A build of a repository whose commit bears a git tag, all of its files committed. The snapshot bears the tag; for
    /// one tag and generation there is one.
    Tag,
    /// None: `sawmill snapshot create` does.
    Manual,
}

/// The kind.
pub static KIND: HistoryKind = HistoryKind {
    name: "snapshot",
    summary: "keeps what was built by a name: after every build, or when a commit bears a git tag",
    param_schema: || schemars::schema_for!(SnapshotParams),
    params: Params::parse::<SnapshotParams>,
};

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;

    fn given(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn a_snapshot_is_made_always_unless_something_else_is_said() {
        let on = |value| (KIND.params)(&given(value)).map(|params| params.get::<SnapshotParams>().unwrap().on);
        assert_eq!(on(json!({})).unwrap(), On::Always);
        assert_eq!(on(json!({"on": "tag"})).unwrap(), On::Tag);
        assert_eq!(on(json!({"on": "manual"})).unwrap(), On::Manual);
        assert_eq!(on(json!({"on": "never"})).unwrap_err()[0].key, "on");
        assert_eq!(on(json!({"no": "tag"})).unwrap_err()[0].suggestion.as_deref(), Some("on"));
    }
}
