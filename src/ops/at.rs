//! As of when: a ref, resolved for this workspace.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::Workspace;
use crate::source;
use crate::store::{Identity, Pinned, Ref, RefError, Store, StoreDirs};

use super::context::Context;
use super::error::OpsError;
use super::places::normal;

/// The moment that a command is to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    pub moment: Ref,
    /// Which repository's, for a ref of one repository.
    pub repo: Option<String>,
    /// What a relative `path:` starts from.
    pub from: PathBuf,
}

/// The moment that an answer is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AtReport {
    /// As asked for; a directory of `path:` is not told.
    #[serde(rename = "ref")]
    pub asked: String,
    /// 16 hexadecimal characters over the builds, configurations and formats: equal ones hold equal rows.
    pub identity_hash: String,
    /// What it came to: `gen:…`, or `build:…` for a ref of one repository.
    pub resolved: String,
}

/// A moment, held.
pub(super) struct Moment {
    pub pinned: Pinned,
    pub identity: Identity,
    pub report: AtReport,
}

impl At {
    /// Is it in a store that a directory names? Nothing of a workspace is needed then, and there may be none.
    pub(super) fn is_elsewhere(&self) -> bool {
        matches!(self.moment, Ref::Path(_))
    }

    /// The moment, pinned, where it is [elsewhere](Self::is_elsewhere).
    pub(super) fn pin_elsewhere(&self, context: &Context) -> Result<Option<Moment>, OpsError> {
        let Ref::Path(dir) = &self.moment else { return Ok(None) };
        self.held(pin_other(context, &self.from, dir, &self.moment)?).map(Some)
    }

    /// The moment, pinned.
    pub(super) fn pin(&self, context: &Context, workspace: &Workspace) -> Result<Moment, OpsError> {
        if let Some(moment) = self.pin_elsewhere(context)? {
            return Ok(moment);
        }
        let store = context.store(workspace)?;
        self.held(match &self.moment {
            Ref::Latest => store.pin()?.ok_or(OpsError::NotBuilt)?,
            Ref::Git(rev) => self.pin_git(context, workspace, &store, rev)?,
            other => store.pin_at(other, self.repo.as_deref())?,
        })
    }

    fn held(&self, pinned: Pinned) -> Result<Moment, OpsError> {
        let identity = Identity::of(&pinned)?;
        let resolved = match pinned.generation().repos.first_key_value() {
            Some((_, build)) if self.moment.is_of_one_repository() => format!("build:{}", build.build),
            _ => format!("gen:{}", pinned.generation().id),
        };
        let report = AtReport { asked: self.moment.redacted(), identity_hash: identity.hash(), resolved };
        Ok(Moment { pinned, identity, report })
    }

    fn pin_git(&self, context: &Context, workspace: &Workspace, store: &Store, rev: &str) -> Result<Pinned, OpsError> {
        let (name, root) = repository(workspace, self.repo.as_deref(), &self.moment)?;
        let commit = source::commit_of(&*context.vfs, name, root, rev)?;
        Ok(store.pin_commit(&self.moment, name, &commit)?)
    }
}

/// The one repository that is meant, and its root.
pub(super) fn repository<'w>(
    workspace: &'w Workspace,
    repo: Option<&str>,
    at: &Ref,
) -> Result<(&'w str, &'w Path), OpsError> {
    let names = || workspace.repos.iter().map(|repo| repo.name.as_str());
    let found = match (repo, workspace.repos.as_slice()) {
        (Some(name), repos) => match repos.iter().find(|repo| repo.name == name) {
            Some(repo) => repo,
            None => return Err(OpsError::unknown_repository(name, names())),
        },
        (None, [one]) => one,
        (None, repos) => {
            let what = format!("the workspace has {}", repos.len());
            let names: Vec<String> = names().take(8).map(|name| format!("`{name}`")).collect();
            let help = format!("say which one with `--repo` (`--select` for a search): {}", names.join(", "));
            return Err(RefError::Repository { asked: at.redacted(), what, help }.into());
        }
    };
    Ok((&found.name, &found.root))
}

/// HEAD of a store in `dir`: a frozen export, or the state directory of another workspace, or that workspace's own.
fn pin_other(context: &Context, from: &Path, dir: &str, at: &Ref) -> Result<Pinned, OpsError> {
    let dir = normal(&from.join(dir)).unwrap_or_else(|| from.join(dir));
    for state in [dir.clone(), dir.join(".sawmill")] {
        let dirs = StoreDirs { cache: state.join("cache"), state };
        if let Some(pinned) = Store::open(Arc::clone(&context.vfs), dirs)?.pin()? {
            return Ok(pinned);
        }
    }
    let what = "there is no store in this directory, or nothing was built in it".to_owned();
    let help = "name the directory `frozen` of a snapshot, or a workspace's `.sawmill`".to_owned();
    Err(RefError::Unknown { asked: at.redacted(), what, help }.into())
}
