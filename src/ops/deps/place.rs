//! How what a person wrote relates to the paths of repositories.

use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

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
    let place = if is_exact { normal(&from.join(given)) } else { Some(from.to_path_buf()) };
    let outside = || refused("it lies in no repository of this workspace");
    let place = place.ok_or_else(outside)?;
    let wanted = workspace.repos.iter().filter(|known| repo.is_none_or(|repo| repo == known.name));
    let inside = wanted.filter_map(|known| {
        let path: PathBuf = beneath(&*context.vfs, &known.root, &place)?;
        Some((known.root.components().count(), known.name.clone(), path))
    });
    let found = inside.max_by_key(|(depth, ..)| *depth);
    let Some((_, repo, path)) = found else {
        return if is_exact { Err(outside()) } else { Ok(Standpoint::Outside) };
    };
    let path = match RelPath::from_bytes(path.as_os_str().as_bytes()) {
        Ok(path) => path.text().to_owned(),
        Err(BadPath::Empty) => String::new(),
        Err(_) => return Err(refused("it is no path that a repository can have")),
    };
    Ok(if is_exact { Standpoint::Exact { repo, path } } else { Standpoint::Inside { repo, directory: path } })
}
