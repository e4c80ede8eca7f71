//! What is drawn.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// A plan, ready to be drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GraphReport {
    pub workspace: String,
    pub drawings: Vec<Drawing>,
    /// By drawing, in topological order.
    pub nodes: Vec<GraphNode>,
    /// By the node that takes, then by port.
    pub edges: Vec<GraphEdge>,
    /// By name.
    pub repos: Vec<GraphRepo>,
}

/// One picture of a pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drawing {
    /// The pipeline's name; the repository's where each copy is drawn; with `#2` … where repositories of one
    /// pipeline are drawn with different nodes.
    pub id: String,
    pub pipeline: String,
    /// Those that have such nodes; of a pipeline of workspace scope those that feed its nodes.
    pub repos: Vec<String>,
}

/// A node, with what is known of its copies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GraphNode {
    /// `<drawing>/<name>`.
    pub id: String,
    pub drawing: String,
    pub name: String,
    pub kind: String,
    /// Tables that it writes.
    pub tables: Vec<String>,
    /// Over all repositories of the drawing; only where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Amount>,
    /// Table → its part of the counts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub table_counts: BTreeMap<String, Amount>,
    /// Repository → what stands of this node; only where counts were asked for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, NodeState>,
    /// Repository → what a build would do with this node; only where a dry run was made.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub would: BTreeMap<String, String>,
}

/// `to` takes `tables` of `from` through `port`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GraphEdge {
    pub from: String,
    pub to: String,
    pub port: String,
    pub tables: Vec<String>,
}

/// A selected repository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GraphRepo {
    pub name: String,
    /// Is its tree there? Where not, nothing of it is drawn.
    pub available: bool,
    pub pipeline: Option<String>,
    pub drawing: Option<String>,
    /// The selected nodes, in topological order.
    pub nodes: Vec<String>,
}

/// Artifacts, their rows and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Amount {
    pub pieces: u64,
    pub rows: u64,
    pub bytes: u64,
}

impl Amount {
    pub(super) fn add(&mut self, other: Self) {
        self.pieces += other.pieces;
        self.rows += other.rows;
        self.bytes += other.bytes;
    }
}

/// What the last build left of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NodeState {
    /// It was built as the plan has it.
    Built,
    /// Its repository's last build failed; the one before stands.
    Stale,
    /// It was built with other parameters, or another format, of itself or of a node above it.
    Changed,
    NotBuilt,
}

impl NodeState {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Built => "built",
            Self::Stale => "stale",
            Self::Changed => "parameters changed",
            Self::NotBuilt => "not built",
        }
    }
}

impl GraphNode {
    /// Itself in a drawing that is not its own: known by its whole id, and nothing else is said twice.
    pub(super) fn guest(&self) -> Self {
        let (counts, table_counts) = (None, BTreeMap::new());
        let (states, would) = (BTreeMap::new(), BTreeMap::new());
        Self { name: self.id.clone(), counts, table_counts, states, would, ..self.clone() }
    }
}

impl GraphReport {
    /// The nodes of a drawing with their place in [`nodes`](Self::nodes).
    pub(super) fn nodes_of<'a>(&'a self, drawing: &'a Drawing) -> impl Iterator<Item = (usize, &'a GraphNode)> {
        self.nodes.iter().enumerate().filter(|(_, node)| node.drawing == drawing.id)
    }

    /// Edges as places in [`nodes`](Self::nodes): (from, to, edge).
    pub(super) fn links(&self) -> Vec<(usize, usize, &GraphEdge)> {
        let places: BTreeMap<&str, usize> =
            self.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        let place = |id: &str| places.get(id).copied();
        self.edges.iter().filter_map(|edge| Some((place(&edge.from)?, place(&edge.to)?, edge))).collect()
    }
}
