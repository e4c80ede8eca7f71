//! Snapshots, builds of commits and diffs: what is kept beside HEAD and its generations.

use std::path::Path;

use super::super::error::StoreError;
use super::super::open::Store;
use super::super::snapshot::{FrozenState, SnapshotRecord};
use super::finding::{Finding, Record};
use super::survey::Survey;
use super::walk::Walk;
use crate::base::cancel::{Cancel, Cancelled};
use crate::base::parallel;

impl Walk<'_> {
    /// The records of all snapshots; with `all` the builds that pointers name.
    pub(super) fn snapshots(&mut self, all: bool, cancel: &Cancel) -> Result<(), Cancelled> {
        let layout = self.store.layout();
        let ids = match self.store.snapshot_ids() {
            Ok(ids) => ids,
            Err(e) => {
                self.find(Record::Snapshot, &layout.snapshots(), &e);
                return Ok(());
            }
        };
        for id in ids {
            cancel.check()?;
            match self.store.snapshot(&id) {
                Ok(snapshot) => {
                    self.survey.records += 1;
                    if !all && snapshot.frozen.is_some() {
                        self.frozen(&snapshot.record);
                    }
                    if all && snapshot.frozen.is_none() {
                        for (repo, build) in snapshot.record.generation().builds() {
                            self.build_once(None, &repo, &build.build, cancel)?;
                        }
                    }
                }
                Err(e) => {
                    let path = path_of(&e).unwrap_or_else(|| layout.snapshot_record(&id));
                    self.find(Record::Snapshot, &path, &e);
                }
            }
        }
        Ok(())
    }

    /// Does the copy stand? What is in it is looked at with all the rest ([`survey_frozen`](Store::survey_frozen)).
    fn frozen(&mut self, record: &SnapshotRecord) {
        let dir = self.store.layout().frozen(&record.id);
        let error = match self.store.frozen_state(record) {
            Ok(FrozenState::Whole) => return,
            Ok(FrozenState::Missing) => StoreError::Missing { path: dir.clone() },
            Ok(FrozenState::Damaged(error)) | Err(error) => error,
        };
        self.find(Record::Frozen, &path_of(&error).unwrap_or(dir), &error);
    }

    /// The records of all commits that were built; with `all` their builds.
    pub(super) fn commits(&mut self, all: bool, cancel: &Cancel) -> Result<(), Cancelled> {
        let layout = self.store.layout();
        let repos = match self.store.git_repos() {
            Ok(repos) => repos,
            Err(e) => {
                self.find(Record::Commit, &layout.git_builds(), &e);
                return Ok(());
            }
        };
        for repo in repos {
            let commits = match self.store.git_commits(&repo) {
                Ok(commits) => commits,
                Err(e) => {
                    self.find(Record::Commit, &layout.git_commits(&repo), &e);
                    continue;
                }
            };
            for commit in commits {
                cancel.check()?;
                match self.store.git_build(&repo, &commit) {
                    Ok(Some(record)) => {
                        self.survey.records += 1;
                        if all {
                            self.build_once(None, &repo, &record.build, cancel)?;
                        }
                    }
                    // It was removed meanwhile.
                    Ok(None) => {}
                    Err(e) => self.find(Record::Commit, &layout.git_commit(&repo, &commit), &e),
                }
            }
        }
        Ok(())
    }
}

/// The file that an error is about.
fn path_of(error: &StoreError) -> Option<std::path::PathBuf> {
    match error {
        StoreError::Io { path, .. }
        | StoreError::Damaged { path, .. }
        | StoreError::Missing { path }
        | StoreError::Newer { path, .. } => Some(path.clone()),
        _ => None,
    }
}

impl Store {
    /// The records of all diffs, and the sizes of their events; with `deep` all bytes of these.
    pub fn survey_diffs(&self, survey: &mut Survey, deep: bool, cancel: &Cancel) -> Result<(), Cancelled> {
        let layout = self.layout();
        let mut push =
            |path: &Path, e: &StoreError| survey.findings.push(Finding::of_error(self, Record::Diff, path, e));
        let ids = match self.diff_ids() {
            Ok(ids) => ids,
            Err(e) => {
                push(&layout.diffs(), &e);
                return Ok(());
            }
        };
        let mut whole = 0;
        for id in ids {
            cancel.check()?;
            let events = layout.diff_events(&id);
            match self.diff(&id) {
                // Not kept to its end: the next one removes it.
                Ok(None) => {}
                Ok(Some(record)) => {
                    whole += 2;
                    let found = if deep { self.diff_events(&record).map(drop) } else { self.has_events(&id, &events) };
                    found.unwrap_or_else(|e| push(&events, &e));
                }
                Err(e) => push(&path_of(&e).unwrap_or_else(|| layout.diff_inputs(&id)), &e),
            }
        }
        survey.records += whole;
        Ok(())
    }

    fn has_events(&self, id: &str, events: &Path) -> Result<(), StoreError> {
        if self.has_diff(id)? {
            return Ok(());
        }
        Err(match self.vfs().exists(events) {
            Ok(true) => {
                StoreError::Damaged { path: events.to_owned(), what: "it has another size than its summary says" }
            }
            _ => StoreError::Missing { path: events.to_owned() },
        })
    }

    /// The frozen copies, each a store of its own: records, links and the sizes of objects; with `deep` all bytes of
    /// these. Nothing is written to them, not even a note.
    pub fn survey_frozen(&self, survey: &mut Survey, deep: bool, cancel: &Cancel) -> Result<(), Cancelled> {
        // What cannot be listed or read is told with the records.
        for id in self.snapshot_ids().unwrap_or_default() {
            cancel.check()?;
            if self.snapshot(&id).is_ok_and(|snapshot| snapshot.frozen.is_some()) {
                let dir = self.layout().frozen(&id);
                if self.vfs().exists(&dir).is_ok_and(|there| !there) {
                    let missing = StoreError::Missing { path: dir.clone() };
                    survey.findings.push(Finding::of_error(self, Record::Frozen, &dir, &missing));
                    continue;
                }
                match self.frozen_store(&id) {
                    Ok(frozen) => frozen.survey_copy(survey, &id, deep, cancel)?,
                    Err(e) => {
                        let path = path_of(&e).unwrap_or_else(|| self.layout().frozen(&id));
                        survey.findings.push(Finding::of_error(self, Record::Frozen, &path, &e));
                    }
                }
            }
        }
        Ok(())
    }

    /// This store is the copy of the snapshot `id`; `survey` is of the one that it belongs to.
    fn survey_copy(&self, survey: &mut Survey, id: &str, deep: bool, cancel: &Cancel) -> Result<(), Cancelled> {
        let mut copy = self.survey(false, cancel)?;
        let named: Vec<_> = copy.named.iter().collect();
        let found = parallel::map(parallel::available(), &named, |(hash, named)| {
            if cancel.is_cancelled() { None } else { self.check_object(hash, named.bytes, deep) }
        });
        cancel.check()?;
        copy.findings.extend(found.into_iter().flatten());
        if copy.generation.is_none() {
            let missing = StoreError::Missing { path: self.layout().head() };
            copy.findings.push(Finding::of_error(self, Record::Head, &self.layout().head(), &missing));
        }
        survey.records += copy.records;
        survey.findings.extend(copy.findings.into_iter().map(|finding| Finding {
            record: Record::Frozen,
            name: format!("state/snapshots/{id}/frozen/{}", inside(&finding.name)),
            // It is the copy's, and not this store's.
            generation: None,
            artifact: None,
            ..finding
        }));
        Ok(())
    }
}

/// A name inside a frozen store, from its directory on.
fn inside(name: &str) -> String {
    match name.strip_prefix("state/") {
        Some(rest) => rest.to_owned(),
        None => name.to_owned(),
    }
}
