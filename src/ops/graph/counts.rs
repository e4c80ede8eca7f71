//! What the last build left of each node: from manifests alone, no table is opened.

use std::collections::BTreeMap;

use super::report::{Amount, GraphNode, NodeState};
use crate::base::Digest;
use crate::ops::error::OpsError;
use crate::plan::{RepoPlan, WorkspaceNode};
use crate::store::{BuildRoot, Pinned, workspace_name};

/// The generation that is HEAD, where there is one.
pub(super) struct Standing<'a> {
    pub head: Option<&'a Pinned>,
}

/// One repository's nodes, by name.
#[derive(Default)]
pub(super) struct Known {
    pub states: BTreeMap<String, NodeState>,
    /// Node → table → what there is.
    pub tables: BTreeMap<String, BTreeMap<String, Amount>>,
}

impl Known {
    /// Adds what is known of the copy that `repo` has.
    pub(super) fn enter(&self, repo: &str, node: &mut GraphNode) {
        if let Some(state) = self.states.get(&node.name) {
            node.states.insert(repo.to_owned(), *state);
        }
        let total = node.counts.get_or_insert_default();
        for (table, amount) in self.tables.get(&node.name).into_iter().flatten() {
            total.add(*amount);
            node.table_counts.entry(table.clone()).or_default().add(*amount);
        }
    }
}

impl Standing<'_> {
    pub(super) fn of(&self, repo: &RepoPlan) -> Result<Known, OpsError> {
        let build = self.head.and_then(|head| Some((head, head.generation().repos.get(&repo.name)?)));
        let Some((head, build)) = build else { return Ok(known(repo, None, false)) };
        let root = head.build(&repo.name)?;
        Ok(known(repo, Some(&root), build.stale))
    }

    /// As [`of`](Self::of), of a node of the workspace.
    pub(super) fn of_workspace(&self, node: &WorkspaceNode) -> Result<Known, OpsError> {
        let nodes = || std::iter::once((node.name.as_str(), node.chain));
        let build = self.head.and_then(|head| Some((head, head.generation().workspace.get(&node.id())?)));
        let Some((head, build)) = build else { return Ok(known_of(nodes(), None, false)) };
        let root = head.build(&workspace_name(&node.id()))?;
        Ok(known_of(nodes(), Some(&root), build.stale))
    }
}

pub(super) fn known(repo: &RepoPlan, root: Option<&BuildRoot>, stale: bool) -> Known {
    known_of(repo.nodes.iter().map(|node| (node.name.as_str(), node.chain)), root, stale)
}

/// `nodes`: by name, with the digest of what decides what they make.
fn known_of<'n>(nodes: impl Iterator<Item = (&'n str, Digest)>, root: Option<&BuildRoot>, stale: bool) -> Known {
    let mut out = Known::default();
    for (name, chain) in nodes {
        let record = root.and_then(|root| root.nodes.iter().find(|record| record.name == name));
        let state = match record {
            None => NodeState::NotBuilt,
            Some(record) if record.chain != chain => NodeState::Changed,
            Some(_) if stale => NodeState::Stale,
            Some(_) => NodeState::Built,
        };
        out.states.insert(name.to_owned(), state);
    }
    for segment in root.iter().flat_map(|root| &root.segments) {
        for (key, [rows, bytes, pieces]) in &segment.tables {
            let Some((node, table)) = key.split_once('/') else { continue };
            let amount = Amount { pieces: *pieces, rows: *rows, bytes: *bytes };
            out.tables.entry(node.to_owned()).or_default().entry(table.to_owned()).or_default().add(amount);
        }
    }
    out
}
