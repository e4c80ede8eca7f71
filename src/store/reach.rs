//! What is referred to: every object and action that a generation or a commit's build of any registered workspace
//! names.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::Arc;

use super::error::{StoreError, io_at};
use super::model::SegmentList;
use super::open::{Store, StoreDirs};
use super::writer::WorkspaceRecord;
use crate::base::Digest;

/// What is referred to.
#[derive(Debug, Default)]
pub(super) struct Reach {
    pub objects: BTreeSet<Digest>,
    pub actions: BTreeSet<Digest>,
    /// Were all records read? If not, something more may be referred to.
    pub complete: bool,
    /// Other workspaces that use this cache.
    pub others: usize,
}

impl Reach {
    pub(super) fn add(&mut self, list: &SegmentList) {
        for piece in list.shards.iter().flat_map(|shard| &shard.pieces).chain(&list.pieces) {
            self.objects.insert(piece.artifact);
            self.actions.insert(piece.action);
        }
    }
}

impl Store {
    /// Walks every generation of this workspace, but not the builds of the repositories `without`, and every generation
    /// of the other workspaces that are registered in the cache.
    pub(super) fn reach(&self, without: Option<&BTreeSet<String>>) -> Reach {
        let mut reach = Reach { complete: true, ..Reach::default() };
        self.reach_of_state(&mut reach, without);
        match self.other_workspaces() {
            Ok(others) => {
                reach.others = others.len();
                for other in others {
                    match other.and_then(|dirs| Self::open(Arc::clone(self.vfs_shared()), dirs)) {
                        Ok(store) => store.reach_of_state(&mut reach, None),
                        Err(_) => reach.complete = false,
                    }
                }
            }
            Err(_) => reach.complete = false,
        }
        reach
    }

    fn reach_of_state(&self, reach: &mut Reach, without: Option<&BTreeSet<String>>) {
        let Ok(ids) = self.generation_ids() else {
            reach.complete = false;
            return;
        };
        let mut builds: BTreeSet<(String, String)> = BTreeSet::new();
        for id in ids {
            match self.generation(&id) {
                Ok(generation) => {
                    let kept = generation.repos.into_iter();
                    let kept = kept.filter(|(repo, _)| without.is_none_or(|without| !without.contains(repo)));
                    builds.extend(kept.map(|(repo, build)| (repo, build.build)));
                }
                Err(_) => reach.complete = false,
            }
        }
        self.add_git_builds(&mut builds, reach, without);
        for (repo, build) in builds {
            let Ok(root) = self.build_root(&repo, &build) else {
                reach.complete = false;
                continue;
            };
            for segment in &root.segments {
                match self.segment_list(&repo, &segment.list) {
                    Ok(list) => reach.add(&list),
                    Err(_) => reach.complete = false,
                }
            }
        }
    }

    /// Adds the builds of commits.
    fn add_git_builds(
        &self,
        builds: &mut BTreeSet<(String, String)>,
        reach: &mut Reach,
        without: Option<&BTreeSet<String>>,
    ) {
        let Ok(repos) = self.git_repos() else {
            reach.complete = false;
            return;
        };
        for repo in repos.into_iter().filter(|repo| without.is_none_or(|without| !without.contains(repo))) {
            let Ok(commits) = self.git_commits(&repo) else {
                reach.complete = false;
                continue;
            };
            for commit in commits {
                match self.git_build(&repo, &commit) {
                    Ok(Some(record)) => {
                        builds.insert((repo.clone(), record.build));
                    }
                    Ok(None) => {}
                    Err(_) => reach.complete = false,
                }
            }
        }
    }

    /// The other workspaces that are registered in this cache and are still there. One whose registration is damaged
    /// is among them: it may be anybody's.
    pub(super) fn other_workspaces(&self) -> Result<Vec<Result<StoreDirs, StoreError>>, StoreError> {
        let ours = self.vfs().canonicalize(&self.layout().state).unwrap_or_else(|_| self.layout().state.clone());
        let mut others = Vec::new();
        for path in self.files_in(&self.layout().roots())? {
            match self.record::<WorkspaceRecord>(&path) {
                Ok(Some(record)) => {
                    let state = match &record.state_bytes {
                        Some(bytes) => PathBuf::from(OsStr::from_bytes(bytes)),
                        None => PathBuf::from(&record.state),
                    };
                    let there = self.vfs().exists(&state).map_err(io_at("look at", &state))?;
                    if state != ours && there {
                        others.push(Ok(StoreDirs { cache: self.layout().cache.clone(), state }));
                    }
                }
                Ok(None) => {}
                Err(e) => others.push(Err(e)),
            }
        }
        Ok(others)
    }
}
