//! What was selected.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::model::{Plan, RepoPlan};

/// Nodes of a plan, by repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Repository → indices into [`RepoPlan::nodes`]: exactly what was selected, closures included; never empty.
    pub repos: BTreeMap<String, BTreeSet<usize>>,
    /// Selected repositories that are declared but have no plan now.
    pub unavailable: BTreeSet<String>,
    /// Indices into [`Plan::workspace_nodes`].
    pub of_workspace: BTreeSet<usize>,
}

impl Selection {
    /// Every node of every repository of `plan`.
    pub fn all(plan: &Plan) -> Self {
        Self { of_workspace: (0..plan.workspace_nodes.len()).collect(), ..Self::of(plan, |_, _| true) }
    }

    pub(super) fn of(plan: &Plan, wanted: impl Fn(&RepoPlan, usize) -> bool) -> Self {
        let repos = plan.repos.iter().filter_map(|repo| {
            let nodes: BTreeSet<usize> = (0..repo.nodes.len()).filter(|node| wanted(repo, *node)).collect();
            (!nodes.is_empty()).then(|| (repo.name.clone(), nodes))
        });
        Self { repos: repos.collect(), ..Self::default() }
    }

    /// The repositories with a selected node, in order; the unavailable ones are not among them.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.repos.keys().map(String::as_str)
    }

    pub fn contains(&self, repo: &str, node: usize) -> bool {
        self.repos.get(repo).is_some_and(|nodes| nodes.contains(&node))
    }

    /// Are nodes of the workspace selected, and nothing of any repository?
    pub fn is_of_workspace_alone(&self) -> bool {
        self.repos.is_empty() && self.unavailable.is_empty() && !self.of_workspace.is_empty()
    }

    /// What must be there for the selected nodes of `repo` to be made: they and everything above them.
    pub fn needed(&self, plan: &Plan, repo: &str) -> BTreeSet<usize> {
        let planned = plan.repos.iter().find(|planned| planned.name == repo);
        let (Some(planned), Some(nodes)) = (planned, self.repos.get(repo)) else { return BTreeSet::new() };
        above(planned, nodes)
    }

    /// Do the selected nodes of `repo` need all of its nodes?
    pub fn is_whole(&self, plan: &Plan, repo: &str) -> bool {
        let planned = plan.repos.iter().find(|planned| planned.name == repo);
        planned.is_some_and(|planned| self.needed(plan, repo).len() == planned.nodes.len())
    }

    fn feeders(&self, plan: &Plan) -> Vec<(String, usize)> {
        let fed = self.of_workspace.iter().flat_map(|at| feeds(plan, *at));
        fed.map(|(repo, node)| (repo.to_owned(), node)).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.repos.is_empty() && self.unavailable.is_empty() && self.of_workspace.is_empty()
    }

    pub(super) fn add(&mut self, other: Self) {
        for (repo, nodes) in other.repos {
            self.repos.entry(repo).or_default().extend(nodes);
        }
        self.unavailable.extend(other.unavailable);
        self.of_workspace.extend(other.of_workspace);
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let repos = self.repos.iter().filter_map(|(repo, nodes)| {
            let both: BTreeSet<usize> = nodes & other.repos.get(repo)?;
            (!both.is_empty()).then(|| (repo.clone(), both))
        });
        Self {
            repos: repos.collect(),
            unavailable: &self.unavailable & &other.unavailable,
            of_workspace: &self.of_workspace & &other.of_workspace,
        }
    }

    /// Each repository's nodes and what lies above or below them; a node of the workspace lies below those that feed it.
    pub(super) fn grow(&mut self, plan: &Plan, up: bool, down: bool) {
        let fed = if up { self.feeders(plan) } else { Vec::new() };
        for (repo, node) in fed {
            self.repos.entry(repo).or_default().insert(node);
        }
        for repo in &plan.repos {
            let Some(nodes) = self.repos.get_mut(&repo.name) else { continue };
            let upper = if up { above(repo, nodes) } else { BTreeSet::new() };
            let lower = if down { below(repo, nodes) } else { BTreeSet::new() };
            nodes.extend(upper.into_iter().chain(lower));
        }
        if down {
            let is_fed = |at: &usize| feeds(plan, *at).any(|(repo, node)| self.contains(repo, node));
            let found: Vec<usize> = (0..plan.workspace_nodes.len()).filter(is_fed).collect();
            self.of_workspace.extend(found);
        }
    }
}

/// The nodes of repositories that feed a node of the workspace.
fn feeds(plan: &Plan, at: usize) -> impl Iterator<Item = (&str, usize)> {
    let members = plan.workspace_nodes.get(at).map(|node| node.members.as_slice()).unwrap_or_default();
    members.iter().filter_map(|member| {
        let repo = plan.repos.iter().find(|repo| repo.name == member.repo)?;
        Some((repo.name.as_str(), repo.nodes.iter().position(|node| node.name == member.node)?))
    })
}

/// `nodes` and everything that they need. Inputs stand before their node, so one pass from the end is enough.
fn above(repo: &RepoPlan, nodes: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut found = nodes.clone();
    for (at, node) in repo.nodes.iter().enumerate().rev() {
        if found.contains(&at) {
            found.extend(node.inputs.iter().map(|input| input.node));
        }
    }
    found
}

/// `nodes` and everything that needs them, by one pass from the start.
fn below(repo: &RepoPlan, nodes: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut found = nodes.clone();
    for (at, node) in repo.nodes.iter().enumerate() {
        if node.inputs.iter().any(|input| found.contains(&input.node)) {
            found.insert(at);
        }
    }
    found
}
