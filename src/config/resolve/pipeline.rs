//! One pipeline file, resolved.

use std::collections::BTreeMap;

use super::params::{Overrides, Substitution};
use super::settings::{check_name, version};
use crate::base::suggest::nearest;
use crate::config::codes;
use crate::config::mistake::{Mistake, Place, Span};
use crate::config::model::{Input, Inputs, Pipeline, PipelineNode, Scope, Setting, Settings};
use crate::config::read::{Entries, Reader, Written};
use crate::config::written::{AfterWritten, AnyValue, InputsWritten, NodeWritten, PipelineFile, SourcesWritten};

/// `name` is the name by which the pipeline was asked for: that of its file.
pub fn pipeline(name: &str, file: PipelineFile, overrides: &mut Overrides<'_>, reader: &mut Reader<'_>) -> Pipeline {
    version(file.version.as_ref(), reader);
    let written_name = pipeline_name(name, file.name, reader);
    let scope = scope(file.scope.as_ref(), reader);
    let nothing = Substitution { pipeline: name, params: &BTreeMap::new() };
    let mut params = BTreeMap::new();
    for (key, value) in file.params.iter().flat_map(|p| p.value.iter()) {
        check_name(key, "a parameter", reader);
        params.insert(key.value.clone(), nothing.fill(&value.value, reader));
    }
    overrides.apply(&mut params, reader.mistakes);

    let fill = Substitution { pipeline: name, params: &params };
    let mut nodes = Vec::new();
    for (node_name, node) in file.nodes.into_iter().flat_map(|n| n.value.0) {
        check_name(&node_name, "a node", reader);
        let inputs = inputs(&node.value);
        let NodeWritten { kind, with, .. } = node.value;
        nodes.push(node_of(node_name, kind, inputs, with, &fill, reader));
    }
    let mut after = Vec::new();
    for (step_name, step) in file.after.into_iter().flat_map(|n| n.value.0) {
        check_name(&step_name, "a step", reader);
        let AfterWritten { kind, with, .. } = step.value;
        after.push(node_of(step_name, kind, Inputs::Named(Vec::new()), with, &fill, reader));
    }
    nodes.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    after.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    Pipeline { name: written_name, file: reader.file.clone(), scope, params, nodes, serve: file.serve, after }
}

fn node_of(
    name: Written<String>,
    kind: Option<Written<String>>,
    inputs: Inputs,
    with: Option<Written<Entries<AnyValue>>>,
    fill: &Substitution<'_>,
    reader: &mut Reader<'_>,
) -> PipelineNode {
    let written = with.map(|w| w.value).unwrap_or_default();
    let with = settings(&written, fill, reader);
    PipelineNode { name, kind, inputs, with, written }
}

fn pipeline_name(asked: &str, written: Option<Written<String>>, reader: &mut Reader<'_>) -> Written<String> {
    let Some(written) = written else {
        return Written { value: asked.to_owned(), key: Span::default(), span: Span::default() };
    };
    if check_name(&written, "a pipeline", reader) && written.value != asked {
        let message = format!("the pipeline is called `{}`, but its file `{asked}`", written.value);
        reader.report(
            Mistake::at(&codes::BAD_NAME, message, reader.file, written.span, "another name than the file's")
                .help(format!("write `name: {asked}`, or rename the file to `{}.yaml`", written.value)),
        );
    }
    Written { value: asked.to_owned(), ..written }
}

fn scope(written: Option<&Written<String>>, reader: &mut Reader<'_>) -> Scope {
    let Some(written) = written else { return Scope::Repository };
    match written.value.as_str() {
        "repository" => Scope::Repository,
        "workspace" => Scope::Workspace,
        other => {
            let help = match nearest(other, ["repository", "workspace"]) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write `repository` or `workspace`".to_owned(),
            };
            let message = format!("`{}` is no scope", other.escape_debug());
            reader.report(Mistake::at(&codes::BAD_VALUE, message, reader.file, written.span, "not known").help(help));
            Scope::Repository
        }
    }
}

fn inputs(node: &NodeWritten) -> Inputs {
    match node.inputs.as_ref().map(|w| &w.value) {
        None if node.has("inputs") => Inputs::Unread,
        None => Inputs::Named(Vec::new()),
        Some(InputsWritten::Short(nodes)) => Inputs::Short(nodes.clone()),
        Some(InputsWritten::Named(ports)) => {
            let mut inputs: Vec<Input> = ports.iter().map(|(port, from)| input(port, from)).collect();
            inputs.sort_by(|a, b| a.port.value.cmp(&b.port.value));
            Inputs::Named(inputs)
        }
    }
}

fn input(port: &Written<String>, from: &Written<SourcesWritten>) -> Input {
    let nodes = match &from.value {
        SourcesWritten::One(name) => vec![Written { value: name.clone(), key: from.key, span: from.span }],
        SourcesWritten::Many(names) => names.clone(),
    };
    Input { port: port.clone(), nodes }
}

/// The parameters of one node with their places, `${…}` filled in.
pub fn settings(with: &Entries<AnyValue>, fill: &Substitution<'_>, reader: &mut Reader<'_>) -> Settings {
    let place = |span| Place { file: reader.file.clone(), span };
    let placed: Vec<_> = with.iter().map(|(key, value)| (key, value, place(key.span), place(value.span))).collect();
    let mut out = Settings::new();
    for (key, value, key_place, place) in placed {
        let before = reader.mistakes.len();
        let value = fill.fill(&value.value, reader);
        let reported = reader.mistakes.len() > before;
        out.insert(key.value.clone(), Setting { value, reported, key: key_place, place });
    }
    out
}
