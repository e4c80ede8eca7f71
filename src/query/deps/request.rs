//! What to ask, and the answer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::node::NodeKind;
use crate::nodes::Relation;

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct DepsRequest {
    /// A path, `path::symbol`, or a symbol's name, qualified or not; each may stand behind `repository:`.
    pub target: String,
    pub from: Standpoint,
    /// Only this repository.
    pub repo: Option<String>,
    /// What depends on the target, and not what it depends on.
    pub reverse: bool,
    /// Levels; 0: all. `None`: 1 for a file or directory, 2 for a symbol.
    pub depth: Option<u32>,
    /// Only these; empty: all.
    pub relations: Vec<Relation>,
    /// List the references that lead nowhere certain.
    pub list: bool,
    /// Most edges, and most listed references.
    pub limit: usize,
    /// Changes no answer.
    pub threads: usize,
}

/// How the target's text relates to the paths of repositories.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standpoint {
    /// No repository is near.
    #[default]
    Outside,
    /// Whoever asks stands in no repository; seen from there the text is this path of this repository.
    Above { repo: String, path: String },
    /// Whoever asks stands in this repository, in this directory of it (empty: its root).
    Inside { repo: String, directory: String },
    /// The text is a path of the machine, which is this path of this repository; it names nothing else.
    Exact { repo: String, path: String },
}

/// The answer: nodes in the order in which they were found, the target first, and the edges between them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepsAnswer {
    pub repo: String,
    pub build: String,
    /// `id` of the node that was asked about.
    pub target: String,
    /// The walk went to what depends on the target.
    pub reverse: bool,
    /// Levels that were asked for; 0: all.
    pub depth: u32,
    pub nodes: Vec<DepNode>,
    pub edges: Vec<DepEdge>,
    pub counts: Counts,
    /// There is more: edges or listed references were left out for the limit.
    pub truncated: bool,
}

/// A file, a directory or a symbol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepNode {
    /// `path`, `path/` of a directory, `path::symbol` of a symbol: what the command takes as its target.
    pub id: String,
    pub kind: NodeKind,
    pub path: String,
    /// Qualified name of a symbol.
    pub symbol: Option<String>,
    /// Its kind, as in the table `symbols`.
    pub symbol_kind: Option<String>,
    /// First line of its first definition.
    pub line: Option<u32>,
    /// Edges from the target to here, at least.
    pub depth: u32,
    /// Edges that there are on from here, shown or not; absent where the walk did not go on.
    pub edges: Option<u64>,
    /// References of this node that may mean several things; in reverse, those by this symbol's name.
    pub ambiguous: u64,
    /// References of this node to what the repository does not define; in reverse 0.
    pub outside: u64,
    /// These references, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub references: Option<Vec<Loose>>,
}

/// One node depends on another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepEdge {
    /// `id` of the node that depends.
    pub from: String,
    /// `id` of the node that it depends on.
    pub to: String,
    /// Type of relation → references.
    pub types: BTreeMap<&'static str, u64>,
    /// The first places where it refers to it.
    pub at: Vec<Site>,
    /// It leads back to a node on the way here.
    pub cycle: bool,
    /// The walk came to its far end by this edge first; without the other edges the nodes are a tree.
    pub first: bool,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Site {
    pub path: String,
    /// 1-based.
    pub line: u32,
}

/// A reference that leads to nothing certain.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Loose {
    pub path: String,
    pub line: u32,
    #[serde(rename = "type")]
    pub relation: &'static str,
    /// As written.
    pub name: String,
    /// `ambiguous` or `unresolved`.
    pub status: &'static str,
}

/// Sums over the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Counts {
    pub nodes: u64,
    pub edges: u64,
    /// Edges that the walk found, with those that were left out for the limit.
    pub found: u64,
    /// References behind the edges.
    pub references: u64,
    pub ambiguous: u64,
    pub outside: u64,
}
