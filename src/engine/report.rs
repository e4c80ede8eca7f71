//! What a run gives back.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::source::Notice;

use super::failure::Failure;
use super::federation::WorkspaceOutcome;

/// A run that came to its end.
#[derive(Clone, Debug, Default)]
pub struct BuildOutcome {
    /// HEAD's generation now; none where nothing was ever promoted.
    pub generation: Option<String>,
    /// Every repository was as its build: nothing ran and nothing was written but times.
    pub nothing_to_do: bool,
    /// By name.
    pub repos: Vec<RepoOutcome>,
    /// Nodes of the workspace, in the order of the plan; none where only parts of pipelines were asked for.
    pub workspace: Vec<WorkspaceOutcome>,
    /// Artifacts that memos named and that had to be made again.
    pub healed: usize,
}

/// One repository's part.
#[derive(Clone, Debug)]
pub struct RepoOutcome {
    pub name: String,
    /// The build that stands now; none where the first one failed.
    pub build: Option<String>,
    /// Only a part of its pipeline was asked for: what it made is remembered, and the build stays.
    pub partial: bool,
    /// Its inputs were those of the build that stands.
    pub current: bool,
    pub files: u64,
    pub bytes: u64,
    pub notices: Vec<Notice>,
    /// Why the old build was kept.
    pub failure: Option<Failure>,
}

/// Counts of actions by node, as a subscriber of the engine's events collects them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub ran: BTreeMap<String, u64>,
    pub reused: BTreeMap<String, u64>,
    /// Files whose rows were made anew, by node.
    pub fresh_files: BTreeMap<String, u64>,
    pub bytes_written: u64,
    /// What worked (a repository, or a node of the workspace as `pipeline@node`) → (ran, reused).
    pub by_repo: BTreeMap<String, (u64, u64)>,
}

impl Tally {
    /// Adds an event.
    pub fn see(&mut self, event: &super::event::Event) {
        use super::event::{Event, Outcome};
        if let Event::ActionFinished(action) = event {
            let counts = match action.outcome {
                Outcome::Ran => &mut self.ran,
                Outcome::Reused => &mut self.reused,
            };
            *counts.entry(action.node.to_string()).or_default() += 1;
            let of_repo = self.by_repo.entry(action.repo.to_string()).or_default();
            if action.outcome == Outcome::Ran {
                of_repo.0 += 1;
                *self.fresh_files.entry(action.node.to_string()).or_default() += action.fresh as u64;
                self.bytes_written += action.bytes;
            } else {
                of_repo.1 += 1;
            }
        }
    }
}
