//! What commands about single files stand on: HEAD where there is one, the ledger, and which file a person means.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use miette::Diagnostic;

use crate::base::suggest::nearest;
use crate::base::{RelPath, Tier};
use crate::config::Workspace;
use crate::engine::ledger;
use crate::query::Cache;
use crate::query::scan::{paths_of, rows_of};
use crate::store::{Store, StoreNotice};

use super::context::Context;
use super::error::OpsError;
use super::places::{beneath, normal};
use super::stale::Standing;

/// A file as a person names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileAsked {
    /// A path on this machine or in a repository, or `REPO:PATH`. The file may be gone.
    pub text: String,
    /// What a relative path starts from.
    pub from: PathBuf,
    /// Where not empty, one of these repositories is meant.
    pub repos: Vec<String>,
}

/// Why no file is meant.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum FileError {
    #[error("no build has seen a file `{file}`")]
    #[diagnostic(code(sawmill::file::unknown))]
    Unknown {
        file: String,
        #[help]
        help: String,
    },
    #[error("`{file}` is a file of more than one repository")]
    #[diagnostic(code(sawmill::file::ambiguous))]
    Ambiguous {
        file: String,
        #[help]
        help: String,
    },
}

impl FileError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Unknown { .. } | Self::Ambiguous { .. } => Tier::User,
        }
    }
}

/// A file that a build has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileMeant {
    pub repo: String,
    /// As the tables have it.
    pub path: String,
}

/// The workspace, its store, and what stands.
pub(super) struct Ground {
    pub workspace: Workspace,
    pub store: Store,
    /// None before the first build.
    pub standing: Option<Standing>,
    pub cache: Cache,
}

impl Ground {
    pub fn of(context: &Context) -> Result<Self, OpsError> {
        let workspace = context.workspace()?;
        let store = context.store(&workspace)?;
        let standing = match Standing::of(context) {
            Ok(standing) => Some(standing),
            Err(OpsError::NotBuilt) => None,
            Err(error) => return Err(error),
        };
        Ok(Self { workspace, store, standing, cache: Cache::default() })
    }

    pub fn generation(&self) -> Option<String> {
        self.standing.as_ref().map(|standing| standing.pinned.generation().id.clone())
    }

    /// The repositories that are declared or have a build.
    pub fn repos(&self) -> BTreeSet<String> {
        let declared = self.workspace.repos.iter().map(|repo| repo.name.clone());
        let lost = self.workspace.unavailable.iter().map(|lost| lost.name.clone());
        let built = self.standing.iter().flat_map(|standing| standing.pinned.generation().repos.keys().cloned());
        declared.chain(lost).chain(built).collect()
    }

    /// Refuses a name that no repository has.
    pub fn check_repos(&self, wanted: &[String]) -> Result<(), OpsError> {
        let known = self.repos();
        match wanted.iter().find(|name| !known.contains(*name)) {
            Some(name) => Err(OpsError::unknown_repository(name, known.iter().map(String::as_str))),
            None => Ok(()),
        }
    }

    /// Where the repository is on this machine, if it is declared and there.
    pub fn root(&self, repo: &str) -> Option<&Path> {
        self.workspace.repos.iter().find(|known| known.name == repo).map(|known| known.root.as_path())
    }

    /// The file that is meant: one that HEAD has, or the ledger tells of.
    ///
    /// `REPO:PATH` is a path of that repository. Else a path of this machine beneath a root (of overlapping ones the
    /// deepest), or the path of a file in exactly one repository.
    pub fn file(&self, context: &Context, asked: &FileAsked) -> Result<FileMeant, OpsError> {
        self.check_repos(&asked.repos)?;
        let all = self.repos();
        let wanted: BTreeSet<&str> = match asked.repos.as_slice() {
            [] => all.iter().map(String::as_str).collect(),
            some => some.iter().map(String::as_str).collect(),
        };
        let (mut tried, mut past): (Vec<FileMeant>, _) = (Vec::new(), BTreeMap::new());
        let named = asked.text.split_once(':').filter(|(repo, _)| wanted.contains(repo));
        if let Some((repo, path)) = named {
            tried.push(FileMeant { repo: repo.to_owned(), path: path.trim_start_matches("./").to_owned() });
        } else {
            tried.extend(self.on_disk(context, asked, &wanted));
            let path = asked.text.trim_start_matches("./").to_owned();
            tried.extend(wanted.iter().map(|repo| FileMeant { repo: (*repo).to_owned(), path: path.clone() }));
        }
        // What lies where one stands comes before what only has that path somewhere.
        let here = usize::from(named.is_none() && tried.len() > wanted.len());
        if let Some(first) = tried.first().filter(|_| here == 1)
            && self.knows(first, &mut past)?
        {
            return Ok(first.clone());
        }
        let mut found = Vec::new();
        for meant in tried.iter().skip(here) {
            if self.knows(meant, &mut past)? && !found.contains(meant) {
                found.push(meant.clone());
            }
        }
        match <[FileMeant; 1]>::try_from(found) {
            Ok([one]) => Ok(one),
            Err(found) if found.is_empty() => Err(self.unknown(asked, &tried)?.into()),
            Err(found) => {
                let named: Vec<String> = found.iter().map(|one| format!("`{}:{}`", one.repo, one.path)).collect();
                let help = format!("say which one: {}", named.join(", "));
                Err(FileError::Ambiguous { file: asked.text.clone(), help }.into())
            }
        }
    }

    /// The path beneath the deepest root that it lies under.
    fn on_disk(&self, context: &Context, asked: &FileAsked, wanted: &BTreeSet<&str>) -> Option<FileMeant> {
        let place = normal(&asked.from.join(&asked.text))?;
        let inside = self.workspace.repos.iter().filter(|repo| wanted.contains(repo.name.as_str()));
        let inside = inside.filter_map(|repo| {
            use std::os::unix::ffi::OsStrExt;
            let path = beneath(&*context.vfs, &repo.root, &place)?;
            let path = RelPath::from_bytes(path.as_os_str().as_bytes()).ok()?;
            Some((repo.root.components().count(), &repo.name, path))
        });
        let (_, repo, path) = inside.max_by_key(|(depth, ..)| *depth)?;
        Some(FileMeant { repo: repo.clone(), path: path.text().to_owned() })
    }

    /// Has a build seen the file? `past` has the repositories in which the ledger tells of its path.
    fn knows(&self, meant: &FileMeant, past: &mut BTreeMap<String, BTreeSet<String>>) -> Result<bool, OpsError> {
        if let Some(standing) = &self.standing
            && !rows_of(standing, &self.cache, &meant.repo, &meant.path)?.is_empty()
        {
            return Ok(true);
        }
        if !past.contains_key(&meant.path) {
            let rows = ledger::history(&self.store, &meant.path)?.rows;
            past.insert(meant.path.clone(), rows.into_iter().map(|row| row.repo).collect());
        }
        Ok(past.get(&meant.path).is_some_and(|repos| repos.contains(&meant.repo)))
    }

    fn unknown(&self, asked: &FileAsked, tried: &[FileMeant]) -> Result<FileError, OpsError> {
        let mut near = None;
        for meant in tried {
            let Some(standing) = &self.standing else { break };
            if standing.pinned.generation().repos.contains_key(&meant.repo) {
                let paths = paths_of(standing, &self.cache, &meant.repo)?;
                // A name without its directories, above all; else a slip of the pen.
                let ending = format!("/{}", meant.path);
                let same = paths.iter().find(|path| path.ends_with(&ending)).map(String::as_str);
                let found = same.or_else(|| nearest(&meant.path, paths.iter().map(String::as_str)));
                near = found.map(|path| (meant.repo.clone(), path.to_owned()));
            }
            if near.is_some() {
                break;
            }
        }
        let help = match (near, &self.standing) {
            (Some((repo, path)), _) => format!("did you mean `{repo}:{path}`?"),
            (None, None) => "this workspace was never built: run `sawmill build`".to_owned(),
            (None, Some(_)) => {
                "name a file by its path, or by its repository and its path in it: `api:src/main.rs`".to_owned()
            }
        };
        Ok(FileError::Unknown { file: asked.text.clone(), help })
    }
}

/// A notice in words, without the path of this machine.
pub(super) fn told(notice: &StoreNotice) -> String {
    let name = notice.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    format!("`{name}` {}", notice.what)
}

/// A time of the ledger as RFC 3339.
pub(super) fn moment(millis: i64) -> String {
    crate::base::Timestamp(millis.saturating_mul(1_000_000)).to_string()
}
