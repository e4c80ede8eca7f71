//! The two digests of a plan: what makes a node's outputs, and what makes a repository's.
//!
//! | ingredient | chain | config |
//! |---|---|---|
//! | kind, its format, canonical parameters | yes | through chains |
//! | limits | yes | yes |
//! | chains of the nodes above, by port | yes | through chains |
//! | name of a node | no: two nodes alike share their work | yes: it names the outputs |
//! | `include`, `exclude`, `languages` | no: they decide the files, which are ingredients themselves | yes |
//! | names of workspace, repository, pipeline; root, tags, priority, `enabled`, `serve`, comments, key order | no | no |

use std::collections::BTreeMap;

use crate::base::{Digest, KeyHasher, Limits};
use crate::nodes::{Kind, Params, WorkspaceKind};

use super::model::{PlannedNode, RepoPlan};

/// `inputs`: (port, chain of the node above), sorted by port.
pub fn chain(kind: &dyn Kind, params: &Params, limits: &Limits, inputs: &[(&str, Digest)]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.chain.v1");
    hasher.add(kind.name()).add(&kind.format()).add(params.canonical()).add(&limits.digest());
    hasher.add(inputs);
    hasher.finish()
}

/// `feeds`: pipeline → node.
pub fn of_workspace(
    kind: &dyn WorkspaceKind,
    params: &Params,
    feeds: &BTreeMap<String, String>,
    limits: &Limits,
) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.workspace-chain.v1");
    hasher.add(kind.name()).add(&kind.format()).add(params.canonical()).add(feeds).add(&limits.digest());
    hasher.finish()
}

/// Of everything that affects a repository's outputs. Node order does not: the nodes are taken by name.
pub fn config(repo: &RepoPlan, limits: &Limits) -> Digest {
    let mut nodes: Vec<&PlannedNode> = repo.nodes.iter().collect();
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hasher = KeyHasher::new("sawmill.config.v1");
    hasher.int(nodes.len() as u64);
    for node in nodes {
        let name = |at: usize| repo.nodes.get(at).map_or("", |n| n.name.as_str());
        let inputs: Vec<(&str, &str)> = node.inputs.iter().map(|i| (i.port, name(i.node))).collect();
        hasher.add(&node.name).add(&node.chain).add(&inputs);
    }
    hasher.add(&repo.include).add(&repo.exclude).add(&repo.languages).add(&limits.digest());
    hasher.finish()
}
