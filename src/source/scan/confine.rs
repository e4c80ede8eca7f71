//! Where a scan may go: the root, resolved, and what beneath it is never entered.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::base::vfs::{FileKind, Vfs};

use crate::source::failure::{is_gone, is_loop};

use super::error::SourceError;

/// The directory that `root` names. Links in the root's own path are the user's and are followed, once, here.
pub(super) fn resolve_root(vfs: &dyn Vfs, root: &Path) -> Result<PathBuf, SourceError> {
    let shown = || root.display().to_string();
    let resolved = vfs.canonicalize(root).and_then(|resolved| Ok((vfs.stat(&resolved)?.kind, resolved)));
    match resolved {
        Ok((FileKind::Dir, resolved)) => Ok(resolved),
        Ok(_) => Err(SourceError::RootNotADirectory { root: shown() }),
        Err(e) => Err(match e.kind() {
            io::ErrorKind::NotFound => SourceError::RootMissing { root: shown() },
            io::ErrorKind::NotADirectory => SourceError::RootNotADirectory { root: shown() },
            _ if is_loop(&e) => SourceError::RootLoop { root: shown() },
            _ => SourceError::RootUnreadable { root: shown(), source: e },
        }),
    }
}

/// The directories of `never` that lie beneath the resolved root, relative to it. One that holds the root is not
/// among them: a checkout within the state directory is scanned when it is asked for.
pub(super) fn never_entered(vfs: &dyn Vfs, root: &Path, never: &[PathBuf]) -> Result<BTreeSet<Vec<u8>>, SourceError> {
    let mut beneath = BTreeSet::new();
    for dir in never {
        let resolved = match vfs.canonicalize(dir) {
            Ok(resolved) => resolved,
            // A directory that is not there yet cannot be resolved, nor entered.
            Err(e) if is_gone(&e) => dir.clone(),
            // Going on could make artifacts of our own files.
            Err(source) => return Err(SourceError::RootUnreadable { root: dir.display().to_string(), source }),
        };
        if let Ok(inside) = resolved.strip_prefix(root)
            && !inside.as_os_str().is_empty()
        {
            beneath.insert(inside.as_os_str().as_bytes().to_vec());
        }
    }
    Ok(beneath)
}
