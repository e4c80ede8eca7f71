//! What the last build left of each node: from manifests alone, no table is opened.

use std::collections::BTreeMap;

use super::report::{Amount, NodeState};
use crate::ops::error::OpsError;
use crate::plan::RepoPlan;
use crate::store::{BuildRoot, Pinned};

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

impl Standing<'_> {
    pub(super) fn of(&self, repo: &RepoPlan) -> Result<Known, OpsError> {
        let build = self.head.and_then(|head| Some((head, head.generation().repos.get(&repo.name)?)));
        let Some((head, build)) = build else { return Ok(known(repo, None, false)) };
        let root = head.build(&repo.name)?;
        Ok(known(repo, Some(&root), build.stale))
    }
}

pub(super) fn known(repo: &RepoPlan, root: Option<&BuildRoot>, stale: bool) -> Known {
    let mut out = Known::default();
    for node in &repo.nodes {
        let record = root.and_then(|root| root.nodes.iter().find(|record| record.name == node.name));
        let state = match record {
            None => NodeState::NotBuilt,
            Some(record) if record.chain != node.chain => NodeState::Changed,
            Some(_) if stale => NodeState::Stale,
            Some(_) => NodeState::Built,
        };
        out.states.insert(node.name.clone(), state);
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
