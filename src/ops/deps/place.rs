//! How what a person wrote relates to the paths of repositories.

use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::places::{beneath, normal};
use crate::base::RelPath;
use crate::base::path::BadPath;
use crate::config::Workspace;
use crate::query::deps::Standpoint;

/// A target that begins with `/`, `.` or `..` is a path of this machine and nothing else; of overlapping roots the
/// deepest is meant. Any other is taken as the store has it, and `from` only says where one stands.
pub(super) fn standpoint(
    context: &Context,
    workspace: &Workspace,
    target: &str,
    from: &Path,
    repo: Option<&str>,
) -> Result<Standpoint, OpsError> {
    let refused = |why: &'static str| OpsError::NoPathOfRepository { path: target.to_owned(), why };
    let given = Path::new(target);
    let first = given.components().next();
    let is_exact = matches!(first, Some(Component::RootDir | Component::CurDir | Component::ParentDir));
    let whole = normal(&from.join(given));
    let within = |place: &Path| within(context, workspace, place, repo);
    if is_exact {
        let found = whole.as_deref().map(within).transpose()?.flatten();
        let (repo, path) = found.ok_or_else(|| refused("it lies in no repository of this workspace"))?;
        return Ok(Standpoint::Exact { repo, path });
    }
    if let Some((repo, directory)) = within(from)? {
        return Ok(Standpoint::Inside { repo, directory });
    }
    Ok(match whole.as_deref().map(within).transpose()?.flatten() {
        Some((repo, path)) => Standpoint::Above { repo, path },
        None => Standpoint::Outside,
    })
}

/// The repository in which `place` lies, and its path there; empty at the root.
fn within(
    context: &Context,
    workspace: &Workspace,
    place: &Path,
    repo: Option<&str>,
) -> Result<Option<(String, String)>, OpsError> {
    let wanted = workspace.repos.iter().filter(|known| repo.is_none_or(|repo| repo == known.name));
    let inside = wanted.filter_map(|known| {
        let path = beneath(&*context.vfs, &known.root, place)?;
        Some((known.root.components().count(), &known.name, path))
    });
    let Some((_, repo, path)) = inside.max_by_key(|(depth, ..)| *depth) else { return Ok(None) };
    match RelPath::from_bytes(path.as_os_str().as_bytes()) {
        Ok(path) => Ok(Some((repo.clone(), path.text().to_owned()))),
        Err(BadPath::Empty) => Ok(Some((repo.clone(), String::new()))),
        Err(_) => {
            let why = "it is no path that a repository can have";
            Err(OpsError::NoPathOfRepository { path: place.display().to_string(), why })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::base::Cancel;
    use crate::base::clock::{FixedClock, Timestamp};
    use crate::ops::check::tests::{PIPELINE, machine};

    const WORKSPACE: &str = "version: 1\nname: w\npipeline: code\nrepos:\n  - { name: api, root: api }\n\
        \x20 - { name: inner, root: api/inner }\n";

    fn stands(target: &str, from: &str, repo: Option<&str>) -> Result<Standpoint, OpsError> {
        let files = [
            ("workspace.yaml", WORKSPACE),
            ("pipelines/code.yaml", PIPELINE),
            ("api/src/a.py", ""),
            ("api/inner/b.py", ""),
        ];
        let clock = Arc::new(FixedClock(Timestamp(0)));
        let file = std::path::PathBuf::from("/w/workspace.yaml");
        let context = Context::new(Arc::new(machine(&files)), clock, Cancel::new(), file);
        let workspace = context.workspace().unwrap();
        standpoint(&context, &workspace, target, Path::new(from), repo)
    }

    #[test]
    fn a_target_is_understood_from_where_one_stands() {
        let (api, inner) = (|| "api".to_owned(), || "inner".to_owned());
        let exact = |repo: String, path: &str| Standpoint::Exact { repo, path: path.into() };
        let inside = |repo: String, directory: &str| Standpoint::Inside { repo, directory: directory.into() };
        let above = |repo: String, path: &str| Standpoint::Above { repo, path: path.into() };
        for (target, from, repo, expected) in [
            ("./a.py", "/w/api/src", None, exact(api(), "src/a.py")),
            ("../inner/b.py", "/w/api/src", None, exact(inner(), "b.py")),
            ("../inner/b.py", "/w/api/src", Some("api"), exact(api(), "inner/b.py")),
            ("/w/api/src/", "/", None, exact(api(), "src")),
            (".", "/w/api", None, exact(api(), "")),
            ("a.py", "/w/api/src", None, inside(api(), "src")),
            ("b.py", "/w/api/inner", None, inside(inner(), "")),
            ("api/src/a.py", "/w", None, above(api(), "src/a.py")),
            ("main", "/w", None, Standpoint::Outside),
        ] {
            assert_eq!(stands(target, from, repo).unwrap(), expected, "{target} from {from}");
        }
        for target in ["../../../..", "/etc/passwd", "./gone"] {
            let error = stands(target, "/w", None).unwrap_err();
            assert!(matches!(error, OpsError::NoPathOfRepository { .. }), "{target}: {error}");
        }
    }
}
