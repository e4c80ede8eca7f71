//! Parameters of nodes, checked by their kinds.

use super::codes;
use crate::config::{Mistake, Pipeline, PipelineNode, Settings, list};
use crate::nodes::schemars::Schema;
use crate::nodes::serde_json::{Map, Value};
use crate::nodes::{HistoryKind, Kind, ParamError, Params, WorkspaceKind};

/// What has parameters: a kind of node or of step.
pub trait Parametric {
    /// `node` or `step`.
    const WHAT: &'static str;
    fn name(&self) -> &'static str;
    fn schema(&self) -> Schema;
    fn check(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>>;
}

impl Parametric for &'static dyn Kind {
    const WHAT: &'static str = "node";

    fn name(&self) -> &'static str {
        Kind::name(*self)
    }

    fn schema(&self) -> Schema {
        self.param_schema()
    }

    fn check(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        self.params(given)
    }
}

impl Parametric for &'static dyn WorkspaceKind {
    const WHAT: &'static str = "node";

    fn name(&self) -> &'static str {
        WorkspaceKind::name(*self)
    }

    fn schema(&self) -> Schema {
        self.param_schema()
    }

    fn check(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        self.params(given)
    }
}

impl Parametric for &'static HistoryKind {
    const WHAT: &'static str = "step";

    fn name(&self) -> &'static str {
        self.name
    }

    fn schema(&self) -> Schema {
        (self.param_schema)()
    }

    fn check(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        (self.params)(given)
    }
}

/// The typed parameters, or every mistake at its key: in the pipeline, or in the workspace file where a
/// repository sets it.
pub fn params<K: Parametric>(
    kind: K,
    pipeline: &Pipeline,
    node: &PipelineNode,
    settings: &Settings,
) -> Result<Params, Vec<Mistake>> {
    let given = settings
        .iter()
        .filter(|(_, setting)| !setting.reported)
        .map(|(key, setting)| (key.clone(), setting.value.clone()))
        .collect();
    kind.check(&given).map_err(|errors| errors.iter().map(|e| mistake(&kind, pipeline, node, settings, e)).collect())
}

fn mistake<K: Parametric>(
    kind: &K,
    pipeline: &Pipeline,
    node: &PipelineNode,
    settings: &Settings,
    error: &ParamError,
) -> Mistake {
    let unknown = !error.known.is_empty();
    let code = if unknown { &codes::UNKNOWN_PARAM } else { &codes::BAD_PARAM };
    let label = if unknown { "not a parameter" } else { "not accepted" };
    let help = match &error.suggestion {
        Some(near) => format!("did you mean `{near}`?"),
        None if unknown => format!("parameters of kind `{}`: {}", kind.name(), list(&error.known)),
        None => told(kind, &error.key),
    };
    let message = format!("{} `{}`: {}", K::WHAT, node.name.value, error.message);
    match settings.get(&error.key) {
        Some(setting) => {
            let place = if unknown { &setting.key } else { &setting.place };
            Mistake::at(code, message, &place.file, place.span, label).help(help)
        }
        None => Mistake::at(code, message, &pipeline.file, node.name.span, label).help(help),
    }
}

/// What the kind says about a parameter.
fn told<K: Parametric>(kind: &K, key: &str) -> String {
    let schema = kind.schema().to_value();
    let of_key = schema.get("properties").and_then(|properties| properties.get(key));
    match of_key.and_then(|shape| shape.get("description")).and_then(|description| description.as_str()) {
        Some(description) => format!("`{key}`: {}", description.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => format!("`sawmill schema pipeline` lists the parameters of kind `{}`", kind.name()),
    }
}
