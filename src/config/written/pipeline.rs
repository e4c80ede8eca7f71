//! `pipelines/<name>.yaml` as written.

use super::value::AnyValue;
use crate::config::read::{Entries, Read, Reader, Written, written};
use crate::config::tree::{Node, Value};

written! {
    /// A Sawmill pipeline: a graph of nodes.
    PipelineFile is "the pipeline" required ["version", "name", "nodes"] {
        /// Version of this format: 1.
        #[schemars(extend("const" = 1))]
        version: u32,
        /// Name of the pipeline, as in the file's name.
        #[schemars(regex(pattern = "^[a-z0-9][a-z0-9._-]{0,63}$"))]
        name: String,
        /// `repository`: runs over each repository; `workspace`: runs once over all. Default: `repository`.
        #[schemars(extend("enum" = ["repository", "workspace"]))]
        scope: String,
        /// Named values with their defaults, used as `${name}` in `with`. A repository or `--param` may set them.
        params: Entries<AnyValue>,
        /// The nodes by name.
        nodes: Entries<NodeWritten>,
        /// The node of kind `index` that search uses by default.
        serve: String,
        /// Steps that run after a build was promoted; no part of the build or its id.
        after: Entries<AfterWritten>,
    }
}

written! {
    /// One node.
    NodeWritten is "a node" required ["kind"] {
        /// What the node does.
        kind: String,
        /// Port → node; or a list of nodes, where each fits exactly one port.
        inputs: InputsWritten,
        /// The node's parameters.
        with: Entries<AnyValue>,
    }
}

written! {
    /// One step after promotion.
    AfterWritten is "a step of `after`" required ["kind"] {
        /// What the step does.
        kind: String,
        /// The step's parameters.
        with: Entries<AnyValue>,
    }
}

/// `inputs:` in either form.
#[derive(Clone, Debug, PartialEq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum InputsWritten {
    /// Port → node.
    Named(Entries<SourcesWritten>),
    /// Nodes; each fits exactly one port.
    Short(Vec<Written<String>>),
}

impl Read for InputsWritten {
    const EXPECTS: &'static str = "a list of nodes or a mapping of ports";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let before = reader.mistakes.len();
        let inputs = match &node.value {
            Value::Map(_) => Read::read(node, reader).map(Self::Named),
            Value::List(_) => Read::read(node, reader).map(Self::Short),
            _ => reader.bad_type(node, Self::EXPECTS),
        };
        // Half of a node's inputs would only lead to more reports.
        inputs.filter(|_| reader.mistakes.len() == before)
    }
}

/// What a port is fed by: one node, or several.
#[derive(Clone, Debug, PartialEq, schemars::JsonSchema)]
#[schemars(untagged)]
pub enum SourcesWritten {
    One(String),
    Many(Vec<Written<String>>),
}

impl Read for SourcesWritten {
    const EXPECTS: &'static str = "the name of a node";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(name) => Some(Self::One(name.clone())),
            Value::List(_) => Read::read(node, reader).map(Self::Many),
            _ => reader.bad_type(node, Self::EXPECTS),
        }
    }
}
