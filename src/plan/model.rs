//! What a plan is. The engine takes it as a plain value; petgraph stays inside this folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::base::Digest;
use crate::config::Mistake;
use crate::nodes::{HistoryKind, Kind, Params, Selects, WorkspaceKind};

/// What a workspace will make, checked.
#[derive(Clone, Debug)]
pub struct Plan {
    pub workspace: String,
    /// Enabled repositories, by name.
    pub repos: Vec<RepoPlan>,
    /// Nodes of the pipelines of workspace scope, by pipeline, then by name.
    pub workspace_nodes: Vec<WorkspaceNode>,
    /// Steps of the pipelines of workspace scope, by pipeline, then by name.
    pub after: Vec<PlannedStep>,
    /// Remarks that stop nothing.
    pub warnings: Vec<Mistake>,
}

/// One repository's copy of its pipeline.
#[derive(Clone, Debug)]
pub struct RepoPlan {
    pub name: String,
    /// On this machine; enters no key.
    pub root: PathBuf,
    pub pipeline: String,
    /// gitignore syntax.
    pub include: Vec<String>,
    /// gitignore syntax; wins over `include`.
    pub exclude: Vec<String>,
    /// Glob over the path → language name, from `languages: map:`; sorted.
    pub languages: Vec<(String, String)>,
    /// In topological order, ties by name.
    pub nodes: Vec<PlannedNode>,
    /// Steps after promotion, by name. They are no part of any digest.
    pub after: Vec<PlannedStep>,
    /// Digest of everything that affects this repository's outputs, and of nothing else.
    pub config_digest: Digest,
    /// The node of kind `index` that search uses by default, where there is one.
    pub serve: Option<usize>,
}

/// One node of a repository's graph.
#[derive(Clone, Debug)]
pub struct PlannedNode {
    pub name: String,
    pub kind: &'static dyn Kind,
    pub params: Params,
    pub inputs: Vec<PlannedInput>,
    /// Digest of (kind, format, parameters, limits) of this node and of all nodes above it.
    pub chain: Digest,
}

/// One node of a pipeline of workspace scope.
#[derive(Clone, Debug)]
pub struct WorkspaceNode {
    pub pipeline: String,
    pub name: String,
    pub kind: &'static dyn WorkspaceKind,
    pub params: Params,
    /// Which repositories it takes, of those whose pipeline feeds it.
    pub selects: Selects,
    /// Pipeline → its node that feeds this one.
    pub feeds: BTreeMap<String, String>,
    /// The repositories that it takes, by name; those that cannot be worked on now are not among them.
    pub members: Vec<PlannedMember>,
    /// Digest of (kind, format, parameters, feeds, limits).
    pub chain: Digest,
}

impl WorkspaceNode {
    /// `pipeline/node`.
    pub fn id(&self) -> String {
        format!("{}/{}", self.pipeline, self.name)
    }
}

/// A repository that feeds a node of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedMember {
    pub repo: String,
    /// Of the repository's pipeline.
    pub node: String,
}

/// A step after promotion.
#[derive(Clone, Debug)]
pub struct PlannedStep {
    pub name: String,
    pub kind: &'static HistoryKind,
    pub params: Params,
}

/// An edge: port ← node.
#[derive(Clone, Copy, Debug)]
pub struct PlannedInput {
    pub port: &'static str,
    /// Index into [`RepoPlan::nodes`], smaller than the node's own.
    pub node: usize,
}
