//! Parameters of nodes, checked by their kinds.

use super::codes;
use crate::config::{Mistake, Pipeline, PipelineNode, Settings, list};
use crate::nodes::{Kind, ParamError, Params};

/// The typed parameters, or every mistake at its key: in the pipeline, or in the workspace file where a
/// repository sets it.
pub fn params(
    kind: &'static dyn Kind,
    pipeline: &Pipeline,
    node: &PipelineNode,
    settings: &Settings,
) -> Result<Params, Vec<Mistake>> {
    let given = settings
        .iter()
        .filter(|(_, setting)| !setting.reported)
        .map(|(key, setting)| (key.clone(), setting.value.clone()))
        .collect();
    kind.params(&given).map_err(|errors| errors.iter().map(|e| mistake(kind, pipeline, node, settings, e)).collect())
}

fn mistake(
    kind: &'static dyn Kind,
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
    let message = format!("node `{}`: {}", node.name.value, error.message);
    match settings.get(&error.key) {
        Some(setting) => {
            let place = if unknown { &setting.key } else { &setting.place };
            Mistake::at(code, message, &place.file, place.span, label).help(help)
        }
        None => Mistake::at(code, message, &pipeline.file, node.name.span, label).help(help),
    }
}

/// What the kind says about a parameter.
fn told(kind: &'static dyn Kind, key: &str) -> String {
    let schema = kind.param_schema().to_value();
    let of_key = schema.get("properties").and_then(|properties| properties.get(key));
    match of_key.and_then(|shape| shape.get("description")).and_then(|description| description.as_str()) {
        Some(description) => format!("`{key}`: {}", description.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => format!("`sawmill schema pipeline` lists the parameters of kind `{}`", kind.name()),
    }
}
