//! What snapshots keep from a clear: they cannot be made again.

use std::collections::BTreeSet;

use super::super::error::StoreError;
use super::super::gc::Item;
use super::super::open::Store;
use super::super::reach::{Holder, Reach};

/// What the pointers of this workspace name.
#[derive(Debug, Default)]
pub(super) struct Pointed {
    pub snapshots: usize,
    pub reach: Reach,
}

impl Store {
    pub(super) fn pointed(&self) -> Pointed {
        let held = self.held(&|holder, _| matches!(holder, Holder::Snapshot(_)));
        let snapshots: BTreeSet<&Holder> = held.builds.values().flatten().collect();
        let mut pointed = Pointed { snapshots: snapshots.len() + held.unread.len(), reach: Reach::default() };
        self.reach_of_held(&mut pointed.reach, &held);
        pointed
    }
}

impl Pointed {
    /// Which builds and lists of `repos` go, of all repositories where none is named. `None`: all that there are.
    pub(super) fn surplus(&self, store: &Store, repos: &BTreeSet<String>) -> Result<Option<Vec<Item>>, StoreError> {
        if !self.reach.unread.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let concerns = |repo: &String| repos.is_empty() || repos.contains(repo);
        if !self.reach.builds.iter().any(|(repo, _)| concerns(repo)) {
            return Ok(None);
        }
        let goes = |item: &Item| match item {
            Item::Build(repo, id) => concerns(repo) && !self.reach.builds.contains(&(repo.clone(), id.clone())),
            Item::List(repo, hash) => concerns(repo) && !self.reach.lists.contains(&(repo.clone(), *hash)),
            _ => false,
        };
        Ok(Some(store.manifests_there()?.into_iter().filter(goes).collect()))
    }
}
