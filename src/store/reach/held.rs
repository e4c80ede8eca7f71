//! The builds of one workspace that something holds.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::super::error::{StoreError, StoreNotice, io_at};
use super::super::layout::is_id;
use super::super::open::Store;
use crate::base::vfs::LockKind;

/// What holds a build.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    Generation(String),
    /// A pointer.
    Snapshot(String),
    Commit {
        repo: String,
        commit: String,
    },
}

/// Does a holder count? With a repository: for the build of that one.
pub type Keeps<'a> = dyn Fn(&Holder, Option<&str>) -> bool + 'a;

/// Builds, as repository and id, with all that holds them.
#[derive(Debug, Default)]
pub struct Held {
    pub builds: BTreeMap<(String, String), BTreeSet<Holder>>,
    /// Records that count and cannot be read: what they hold is not known.
    pub unread: Vec<StoreNotice>,
}

impl Held {
    fn add(&mut self, keeps: &Keeps<'_>, holder: &Holder, repo: &str, build: &str) {
        if keeps(holder, Some(repo)) {
            self.builds.entry((repo.to_owned(), build.to_owned())).or_default().insert(holder.clone());
        }
    }

    pub fn unread(&mut self, path: &Path, error: &StoreError) {
        self.unread.push(unread(path, error));
    }
}

/// What is told of a record that cannot be read.
pub(super) fn unread(path: &Path, error: &StoreError) -> StoreNotice {
    let what = match error {
        StoreError::Missing { .. } => "it is not there".to_owned(),
        StoreError::Damaged { what, .. } => (*what).to_owned(),
        StoreError::Io { source, .. } => source.to_string(),
        other => other.to_string(),
    };
    StoreNotice { path: path.to_owned(), what }
}

impl Store {
    /// The builds that the holders hold that count.
    pub(in super::super) fn held(&self, keeps: &Keeps<'_>) -> Held {
        let mut held = Held::default();
        self.held_by_generations(keeps, &mut held);
        self.held_by_snapshots(keeps, &mut held);
        self.held_by_commits(keeps, &mut held);
        held
    }

    fn held_by_generations(&self, keeps: &Keeps<'_>, held: &mut Held) {
        let ids = self.generation_ids().unwrap_or_else(|e| {
            held.unread(&self.layout().generations(), &e);
            Vec::new()
        });
        for id in ids {
            let holder = Holder::Generation(id.clone());
            if !keeps(&holder, None) {
                continue;
            }
            match self.generation(&id) {
                Ok(generation) => {
                    for (repo, build) in generation.builds() {
                        held.add(keeps, &holder, &repo, &build.build);
                    }
                }
                Err(e) => held.unread(&self.layout().generation(&id), &e),
            }
        }
    }

    fn held_by_snapshots(&self, keeps: &Keeps<'_>, held: &mut Held) {
        let ids = self.snapshot_ids().unwrap_or_else(|e| {
            held.unread(&self.layout().snapshots(), &e);
            Vec::new()
        });
        for id in ids {
            let holder = Holder::Snapshot(id.clone());
            if !keeps(&holder, None) {
                continue;
            }
            match self.snapshot(&id) {
                Ok(snapshot) if snapshot.frozen.is_some() => {}
                Ok(snapshot) => {
                    for (repo, build) in snapshot.record.generation().builds() {
                        held.add(keeps, &holder, &repo, &build.build);
                    }
                }
                Err(e) => held.unread(&self.layout().snapshot_record(&id), &e),
            }
        }
    }

    fn held_by_commits(&self, keeps: &Keeps<'_>, held: &mut Held) {
        let repos = self.git_repos().unwrap_or_else(|e| {
            held.unread(&self.layout().git_builds(), &e);
            Vec::new()
        });
        for repo in repos {
            let commits = self.git_commits(&repo).unwrap_or_else(|e| {
                held.unread(&self.layout().git_commits(&repo), &e);
                Vec::new()
            });
            for commit in commits {
                let holder = Holder::Commit { repo: repo.clone(), commit: commit.clone() };
                if !keeps(&holder, None) {
                    continue;
                }
                match self.git_build(&repo, &commit) {
                    Ok(Some(record)) => held.add(keeps, &holder, &repo, &record.build),
                    Ok(None) => {}
                    Err(e) => held.unread(&self.layout().git_commit(&repo, &commit), &e),
                }
            }
        }
    }

    /// The leases that no record accounts for, by name. One that a reader holds at this moment is told: what it reads
    /// is not known.
    pub(in super::super) fn loose_leases(&self) -> (Vec<String>, Vec<StoreNotice>) {
        let (mut loose, mut told) = (Vec::new(), Vec::new());
        let layout = self.layout();
        let owners = match self.lease_owners() {
            Ok(owners) => owners,
            Err(e) => return (loose, vec![unread(&layout.leases(), &e)]),
        };
        let names = self.names_under(&layout.leases(), |name| Some(name.to_owned()));
        let names = names.unwrap_or_else(|e| {
            told.push(unread(&layout.leases(), &e));
            Vec::new()
        });
        for name in names.into_iter().filter(|name| !owners.contains(name)) {
            let path = layout.lease(&name);
            match self.is_leased(&path) {
                Ok(false) => loose.push(name),
                Ok(true) => told.push(StoreNotice { path, what: "a reader holds it, and no record tells what".into() }),
                Err(e) => told.push(unread(&path, &e)),
            }
        }
        (loose, told)
    }

    fn lease_owners(&self) -> Result<BTreeSet<String>, StoreError> {
        let mut owners: BTreeSet<String> = self.generation_ids()?.into_iter().collect();
        for id in self.snapshot_ids()? {
            match self.snapshot(&id) {
                Ok(snapshot) => drop(owners.insert(snapshot.record.generation)),
                Err(e) if e.is_damage() => {}
                Err(e) => return Err(e),
            }
        }
        for repo in self.git_repos()? {
            for commit in self.git_commits(&repo)? {
                let lease = self.layout().git_lease(&repo, &commit);
                owners.extend(lease.file_name().and_then(|name| name.to_str()).map(str::to_owned));
            }
        }
        Ok(owners)
    }

    /// Does a reader hold this lease? One that is not there is held by nobody.
    pub(in super::super) fn is_leased(&self, path: &Path) -> Result<bool, StoreError> {
        if !self.vfs().exists(path).map_err(io_at("look at", path))? {
            return Ok(false);
        }
        Ok(self.vfs().try_lock(path, LockKind::Exclusive).map_err(io_at("lock", path))?.is_none())
    }

    /// The generation that `latest` shows, which a killed writer may have left behind HEAD.
    pub(in super::super) fn shown(&self) -> Result<Option<String>, StoreError> {
        let latest = self.layout().latest();
        match self.vfs().read_link(&latest) {
            Ok(target) => Ok(target.file_name().and_then(|n| n.to_str()).filter(|n| is_id("g-", n)).map(str::to_owned)),
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::InvalidInput) => Ok(None),
            Err(e) => Err(io_at("read", &latest)(e)),
        }
    }
}
