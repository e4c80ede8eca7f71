//! From builds to objects.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::error::StoreNotice;
use super::super::model::SegmentList;
use super::super::open::Store;
use super::held::{Held, Holder, Keeps, unread};
use super::workspaces::Registration;
use crate::base::Digest;

/// By whom an object is kept: the first of these that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    Latest,
    Generations,
    Snapshots,
    Commits,
    OtherWorkspaces,
}

/// What is referred to.
#[derive(Debug, Default)]
pub struct Reach {
    pub objects: BTreeMap<Digest, Kept>,
    pub actions: BTreeSet<Digest>,
    /// Of this workspace: repository and id.
    pub builds: BTreeSet<(String, String)>,
    /// Of this workspace: repository and hash.
    pub lists: BTreeSet<(String, Digest)>,
    /// Records of this workspace that cannot be read: they may refer to anything.
    pub unread: Vec<StoreNotice>,
    /// What cannot be read of other workspaces: it may refer to any object.
    pub unread_elsewhere: Vec<StoreNotice>,
    /// Other workspaces that use this cache.
    pub others: usize,
}

impl Reach {
    pub fn add(&mut self, list: &SegmentList, kept: Kept) {
        for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
            self.objects.entry(piece.artifact).and_modify(|by| *by = kept.min(*by)).or_insert(kept);
            self.actions.insert(piece.action);
        }
    }

    /// Were all records read? If not, something more may be referred to.
    pub fn is_complete(&self) -> bool {
        self.unread.is_empty() && self.unread_elsewhere.is_empty()
    }
}

impl Store {
    /// Walks what counts of this workspace, and everything of the other workspaces that are registered in the cache.
    pub(in super::super) fn reach(&self, keeps: &Keeps<'_>) -> Reach {
        let mut reach = Reach::default();
        self.reach_of_held(&mut reach, &self.held(keeps));
        self.reach_of_others(&mut reach);
        reach
    }

    /// Adds what builds of this workspace refer to.
    pub(in super::super) fn reach_of_held(&self, reach: &mut Reach, held: &Held) {
        let head = self.head().ok().flatten();
        reach.unread.extend(held.unread.iter().cloned());
        let mut builds: Vec<(Kept, &str, &str)> = held
            .builds
            .iter()
            .map(|((repo, build), holders)| {
                let kept = holders.iter().map(|holder| kept_by(holder, head.as_deref())).min();
                (kept.unwrap_or(Kept::Generations), repo.as_str(), build.as_str())
            })
            .collect();
        // A list that several builds share is read once, for the first of their keepers.
        builds.sort_unstable();
        for (kept, repo, build) in builds {
            reach.builds.insert((repo.to_owned(), build.to_owned()));
            if let Err(notice) = self.reach_of_build(reach, kept, repo, build) {
                reach.unread.push(notice);
            }
        }
    }

    fn reach_of_build(&self, reach: &mut Reach, kept: Kept, repo: &str, build: &str) -> Result<(), StoreNotice> {
        let layout = self.layout();
        let root = self.build_root(repo, build).map_err(|e| unread(&layout.build_root(repo, build), &e))?;
        reach.lists.extend(root.workspace_manifest.map(|manifest| (repo.to_owned(), manifest)));
        for segment in &root.segments {
            if reach.lists.insert((repo.to_owned(), segment.list)) {
                let list = self.segment_list(repo, &segment.list);
                reach.add(&list.map_err(|e| unread(&layout.list(repo, &segment.list), &e))?, kept);
            }
        }
        Ok(())
    }

    fn reach_of_others(&self, reach: &mut Reach) {
        let others = match self.other_workspaces() {
            Ok(others) => others,
            Err(e) => {
                reach.unread_elsewhere.push(unread(&self.layout().roots(), &e));
                return;
            }
        };
        reach.others = others.len();
        for other in others {
            match self.open_other(&other) {
                Ok(store) => {
                    let mut theirs = Reach::default();
                    store.reach_of_held(&mut theirs, &store.held(&|_, _| true));
                    theirs.unread.append(&mut store.loose_leases().1);
                    reach.unread_elsewhere.append(&mut theirs.unread);
                    reach.actions.append(&mut theirs.actions);
                    for hash in theirs.objects.into_keys() {
                        reach.objects.entry(hash).or_insert(Kept::OtherWorkspaces);
                    }
                }
                Err(notice) => reach.unread_elsewhere.push(notice),
            }
        }
    }

    /// The store of another workspace; what is told where it cannot be read.
    pub(in super::super) fn open_other(&self, other: &Registration) -> Result<Self, StoreNotice> {
        let dirs = other.state.as_ref().map_err(|e| unread(&other.record, e))?.clone();
        let state = dirs.state.clone();
        Self::open(Arc::clone(self.vfs_shared()), dirs).map_err(|e| unread(&state, &e))
    }
}

fn kept_by(holder: &Holder, head: Option<&str>) -> Kept {
    match holder {
        Holder::Generation(id) if head == Some(id.as_str()) => Kept::Latest,
        Holder::Generation(_) => Kept::Generations,
        Holder::Snapshot(_) => Kept::Snapshots,
        Holder::Commit { .. } => Kept::Commits,
    }
}
