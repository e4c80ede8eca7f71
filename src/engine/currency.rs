//! Have the trees moved on since they were built? What a dry run says of it, in a word.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::store::{Pinned, workspace_name};

use super::dry::{Outlook, RepoOutlook};
use super::federation::WorkspaceOutlook;
use super::reason::{Forecast, Reason};

/// A repository's build beside its tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Currency {
    /// A build would find nothing to do.
    Current,
    /// Files, parameters or definitions have moved: a build would run something.
    Changed,
    /// A record or an object of the build is missing, or has another size: a build would make it again.
    Damaged,
    /// There is no build.
    NeverBuilt,
    /// The tree cannot be scanned.
    Unreadable,
    /// Nobody looked.
    Unknown,
}

/// As [`currency()`], of the nodes of the workspace, by `pipeline/node`.
pub fn node_currency(outlook: &Outlook, head: Option<&Pinned>) -> BTreeMap<String, Currency> {
    outlook.workspace.iter().map(|node| (node.node.clone(), of_node(node, outlook, head))).collect()
}

fn of_node(node: &WorkspaceOutlook, outlook: &Outlook, head: Option<&Pinned>) -> Currency {
    let Some((head, build)) = head.and_then(|h| Some((h, h.generation().workspace.get(&node.node)?))) else {
        return Currency::NeverBuilt;
    };
    if node.current {
        return Currency::Current;
    }
    let name = workspace_name(&node.node);
    let mut due = outlook.actions.iter().filter(|a| a.repo == name && a.forecast != Forecast::Hit).peekable();
    let nothing = due.peek().is_none();
    let is_lost = due.any(|action| matches!(action.reason, Some(Reason::Lost { .. })));
    if is_lost || head.verify_manifest(&name).is_err() {
        return Currency::Damaged;
    }
    if nothing && !build.stale { Currency::Current } else { Currency::Changed }
}

/// What a dry run says of each repository beside HEAD. No object's bytes are read for it: `verify` does that.
pub fn currency(outlook: &Outlook, head: Option<&Pinned>) -> BTreeMap<String, Currency> {
    outlook.repos.iter().map(|repo| (repo.name.clone(), of(repo, outlook, head))).collect()
}

fn of(repo: &RepoOutlook, outlook: &Outlook, head: Option<&Pinned>) -> Currency {
    if repo.failure.is_some() {
        return Currency::Unreadable;
    }
    let Some((head, build)) = head.and_then(|h| Some((h, h.generation().repos.get(&repo.name)?))) else {
        return Currency::NeverBuilt;
    };
    if repo.current {
        return Currency::Current;
    }
    let known = head.provenance().repos.get(&repo.name).and_then(|p| p.root_key);
    let same = known.is_some() && known == repo.root_key && !build.stale;
    let mut due = outlook.actions.iter().filter(|a| a.repo == repo.name && a.forecast != Forecast::Hit).peekable();
    // Objects of this cache may have come and gone without touching this build.
    let nothing = due.peek().is_none();
    if due.any(|action| matches!(action.reason, Some(Reason::Lost { .. }))) {
        return Currency::Damaged;
    }
    match same {
        true if head.verify_manifest(&repo.name).is_err() => Currency::Damaged,
        true if nothing => Currency::Current,
        _ => Currency::Changed,
    }
}
