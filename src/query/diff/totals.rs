//! The summary.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::request::{DiffSummary, TouchedFile};
use crate::nodes::diff::{Change, EVENTS};

/// Most files that a summary names.
const NAMED: usize = 20;

/// Counts while repositories go by.
#[derive(Debug, Default)]
pub struct Totals {
    summary: DiffSummary,
    touched: BTreeMap<(String, String), u64>,
}

impl Totals {
    pub fn see(&mut self, repo: &str, change: &Change) {
        let event = EVENTS.get(change.rank()).copied().unwrap_or_default();
        let counts = &mut self.summary;
        counts.events += 1;
        let by_mode = counts.by_mode.entry(change.mode().to_owned()).or_default();
        let by_repo = counts.by_repo.entry(repo.to_owned()).or_default();
        for of in [&mut counts.by_event, by_mode, by_repo] {
            *of.entry(event.to_owned()).or_default() += 1;
        }
        if let Some(path) = change.chunk_path() {
            *self.touched.entry((repo.to_owned(), path.to_owned())).or_default() += 1;
        }
    }

    pub fn done(self) -> DiffSummary {
        let mut files: Vec<_> = self.touched.into_iter().collect();
        files.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
        files.truncate(NAMED);
        let largest = files.into_iter().map(|((repo, path), chunks)| TouchedFile { repo, path, chunks });
        DiffSummary { largest: largest.collect(), ..self.summary }
    }
}
