//! The record of a commit's build, `git/<repo>/<commit>.json`.

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::store::error::StoreError;
use crate::store::layout::{is_commit, is_part};
use crate::store::model::RepoProvenance;
use crate::store::open::Store;
use crate::store::writer::Writer;

/// A commit that was built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GitBuild {
    pub format: u32,
    pub repo: String,
    /// Hexadecimal, whole.
    pub commit: String,
    pub build: String,
    pub created_at: Timestamp,
    pub provenance: RepoProvenance,
}

impl Store {
    /// Names of the repositories of which commits were built.
    pub fn git_repos(&self) -> Result<Vec<String>, StoreError> {
        self.names_under(&self.layout().git_builds(), |name| is_part(name).then(|| name.to_owned()))
    }

    /// The commits of a repository that were built, sorted.
    pub fn git_commits(&self, repo: &str) -> Result<Vec<String>, StoreError> {
        if !is_part(repo) {
            return Err(StoreError::refused(format!("`{repo}` names no repository")));
        }
        let commit = |name: &str| name.strip_suffix(".json").filter(|commit| is_commit(commit)).map(str::to_owned);
        self.names_under(&self.layout().git_commits(repo), commit)
    }

    /// The build of a commit; `None` where it was never built.
    pub fn git_build(&self, repo: &str, commit: &str) -> Result<Option<GitBuild>, StoreError> {
        if !is_part(repo) || !is_commit(commit) {
            return Err(StoreError::refused(format!("`{repo}` and `{commit}` name no commit")));
        }
        let path = self.layout().git_commit(repo, commit);
        match self.record::<GitBuild>(&path)? {
            Some(record) if record.repo != repo || record.commit != commit => {
                Err(StoreError::Damaged { path, what: "it describes another commit" })
            }
            found => Ok(found),
        }
    }
}

impl Writer {
    /// Notes the build of a commit, durably. The build must stand.
    pub fn put_git_build(&self, record: &GitBuild) -> Result<(), StoreError> {
        self.check_healthy()?;
        if !is_part(&record.repo) || !is_commit(&record.commit) {
            return Err(StoreError::refused(format!("`{}` and `{}` name no commit", record.repo, record.commit)));
        }
        self.store().build_root(&record.repo, &record.build)?;
        let layout = self.store().layout();
        self.make_dir(&layout.git_commits(&record.repo))?;
        self.make_lease(&layout.git_lease(&record.repo, &record.commit))?;
        // The build's root and lists first: what a record names is durable.
        self.sync_everything(true)?;
        self.replace_record(&layout.git_commit(&record.repo, &record.commit), record)?;
        self.sync_everything(true)
    }
}
