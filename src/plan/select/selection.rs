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
}

impl Selection {
    /// Every node of every repository of `plan`.
    pub fn all(plan: &Plan) -> Self {
        Self::of(plan, |_, _| true)
    }

    pub(super) fn of(plan: &Plan, wanted: impl Fn(&RepoPlan, usize) -> bool) -> Self {
        let repos = plan.repos.iter().filter_map(|repo| {
            let nodes: BTreeSet<usize> = (0..repo.nodes.len()).filter(|node| wanted(repo, *node)).collect();
            (!nodes.is_empty()).then(|| (repo.name.clone(), nodes))
        });
        Self { repos: repos.collect(), unavailable: BTreeSet::new() }
    }

    /// The repositories with a selected node, in order; the unavailable ones are not among them.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.repos.keys().map(String::as_str)
    }

    pub fn contains(&self, repo: &str, node: usize) -> bool {
        self.repos.get(repo).is_some_and(|nodes| nodes.contains(&node))
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

    pub(super) fn is_empty(&self) -> bool {
        self.repos.is_empty() && self.unavailable.is_empty()
    }

    pub(super) fn add(&mut self, other: Self) {
        for (repo, nodes) in other.repos {
            self.repos.entry(repo).or_default().extend(nodes);
        }
        self.unavailable.extend(other.unavailable);
    }

    pub(super) fn and(&self, other: &Self) -> Self {
        let repos = self.repos.iter().filter_map(|(repo, nodes)| {
            let both: BTreeSet<usize> = nodes & other.repos.get(repo)?;
            (!both.is_empty()).then(|| (repo.clone(), both))
        });
        Self { repos: repos.collect(), unavailable: &self.unavailable & &other.unavailable }
    }

    /// Each repository's nodes and what lies above or below them.
    pub(super) fn grow(&mut self, plan: &Plan, up: bool, down: bool) {
        for repo in &plan.repos {
            let Some(nodes) = self.repos.get_mut(&repo.name) else { continue };
            let upper = if up { above(repo, nodes) } else { BTreeSet::new() };
            let lower = if down { below(repo, nodes) } else { BTreeSet::new() };
            nodes.extend(upper.into_iter().chain(lower));
        }
    }
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
