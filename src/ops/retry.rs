//! `retry`: files that workers failed on are read once more.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::vfs::FileKind;
use crate::base::{Digest, Limits, Tier};
use crate::config::Workspace;
use crate::engine::{Decision, Listener};

use super::build::{self, BuildReport, BuildRequest};
use super::context::Context;
use super::error::OpsError;
use super::places::path_in;
use super::why;

/// Which files to read again.
#[derive(Clone, Debug, Default)]
pub struct RetryRequest {
    /// `REPO:PATH`, or a path as seen from `from`. Empty: all that are not read.
    pub paths: Vec<String>,
    pub from: PathBuf,
    pub build: BuildRequest,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RetryReport {
    /// By repository and path, as they were met first.
    pub retried: Vec<Retried>,
    /// The build that read them.
    pub build: BuildReport,
}

/// A file that was read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Retried {
    pub repo: String,
    pub path: String,
    pub language: String,
    /// Why it was not read.
    pub reason: String,
    pub message: String,
    /// Why it is not read now; none where it is, or is not there any more.
    pub again: Option<String>,
}

/// Why nothing was tried.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RetryError {
    #[error("workers have not failed on `{path}`")]
    #[diagnostic(
        code(sawmill::retry::nothing),
        help("`sawmill failures` lists what fails; a file that does not parse is read again once it has changed")
    )]
    Nothing { path: String },
}

impl RetryError {
    pub fn tier(&self) -> Tier {
        Tier::User
    }
}

/// Revokes what was decided about the files, and builds.
pub fn run(context: &Context, request: &RetryRequest, listen: Listener) -> Result<RetryReport, OpsError> {
    let workspace = context.workspace()?;
    let services = context.services(context.store(&workspace)?, std::sync::Arc::new(|_| {}));
    services.read_decisions().or_else(|error| if error.is_damage() { Ok(()) } else { Err(error) })?;
    let known = services.decisions.all();
    let mut contents: BTreeSet<Digest> = BTreeSet::new();
    for text in &request.paths {
        let meant = meant(context, &workspace, text, &request.from)?;
        let found: BTreeSet<Digest> = known.iter().filter(|d| meant.is(d)).map(|d| d.content).collect();
        if found.is_empty() {
            return Err(RetryError::Nothing { path: text.clone() }.into());
        }
        contents.extend(found);
    }
    if request.paths.is_empty() {
        contents.extend(known.iter().map(|decision| decision.content));
    }
    let tried: Vec<&Decision> = known.iter().filter(|decision| contents.contains(&decision.content)).collect();
    let (build, decisions) = build::revoking(context, &request.build, &contents, listen)?;
    let again = decisions.standing();
    let retried = tried.into_iter().map(|decision| Retried {
        repo: decision.repo.clone(),
        path: decision.path.clone(),
        language: decision.language.clone(),
        reason: decision.reason.clone(),
        message: decision.message.clone(),
        again: again
            .iter()
            .find(|new| (new.content, &new.language) == (decision.content, &decision.language))
            .map(|new| new.message.clone()),
    });
    let mut retried: Vec<Retried> = retried.collect();
    retried.sort_by(|a, b| (&a.repo, &a.path).cmp(&(&b.repo, &b.path)));
    retried.dedup();
    Ok(RetryReport { retried, build })
}

/// The file that a word names.
struct Meant {
    repo: Option<String>,
    path: String,
    /// Of what is there by that name now.
    content: Option<Digest>,
}

impl Meant {
    fn is(&self, decision: &Decision) -> bool {
        let same_place = decision.path == self.path && self.repo.as_ref().is_none_or(|repo| *repo == decision.repo);
        same_place || self.content == Some(decision.content)
    }
}

fn meant(context: &Context, workspace: &Workspace, text: &str, from: &Path) -> Result<Meant, OpsError> {
    let asked = why::file(context, text, from)?;
    let known = asked.and_then(|asked| Some((workspace.repos.iter().find(|r| r.name == asked.repo)?, asked)));
    let Some((repo, asked)) = known else { return Ok(Meant { repo: None, path: text.to_owned(), content: None }) };
    let path = path_in(&*context.vfs, &repo.root, &asked.from, &asked.path)?;
    let place = path.under(&repo.root);
    let limit = Limits::default().read_bytes;
    let is_file = context.vfs.stat(&place).is_ok_and(|stat| stat.kind == FileKind::File && stat.size <= limit);
    // One that is gone or cannot be read is known by its name.
    let bytes = if is_file { context.vfs.read(&place).ok() } else { None };
    let content = bytes.map(|bytes| Digest::of(&bytes));
    Ok(Meant { repo: Some(asked.repo), path: path.text().to_owned(), content })
}
