//! Steps of `after:`, as a build runs them.

use std::collections::BTreeSet;

use super::model::{Plan, PlannedStep};

/// A step, and whom it is for.
#[derive(Clone, Debug)]
pub struct WantedStep<'p> {
    pub step: &'p PlannedStep,
    /// The repositories whose pipelines have it; all, where a pipeline of the workspace does.
    pub repos: BTreeSet<&'p str>,
}

impl Plan {
    /// The steps of all pipelines. What keeps or compares is of the workspace: two steps of one kind with equal parameters
    /// are one step, by the name that comes first.
    pub fn steps(&self) -> Vec<WantedStep<'_>> {
        let all: BTreeSet<&str> = self.repos.iter().map(|repo| repo.name.as_str()).collect();
        let of_workspace = self.after.iter().map(|step| (step, all.clone()));
        let of_repos = self
            .repos
            .iter()
            .flat_map(|repo| repo.after.iter().map(|step| (step, BTreeSet::from([repo.name.as_str()]))));
        let mut wanted: Vec<WantedStep<'_>> = Vec::new();
        for (step, repos) in of_workspace.chain(of_repos) {
            let same = |known: &&mut WantedStep<'_>| {
                known.step.kind.name == step.kind.name && known.step.params.canonical() == step.params.canonical()
            };
            match wanted.iter_mut().find(same) {
                Some(known) => known.repos.extend(repos),
                None => wanted.push(WantedStep { step, repos }),
            }
        }
        wanted
    }
}
