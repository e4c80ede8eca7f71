//! Directories of repositories: one by its path, many by a pattern.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::base::vfs::{FileKind, Vfs};

/// Longest pattern, in bytes.
const GLOB_BYTES: usize = 1024;

/// Most directories that one pattern may match on its way.
const GLOB_DIRS: usize = 20_000;

/// Why a root is no root.
#[derive(Debug)]
pub enum Trouble {
    Missing,
    NotADirectory,
    Unreadable(io::Error),
}

/// The canonical directory that `root` names, seen from `dir`.
pub fn directory(vfs: &dyn Vfs, dir: &Path, root: &str) -> Result<PathBuf, Trouble> {
    let missing = |e: io::Error| match e.kind() {
        io::ErrorKind::NotFound => Trouble::Missing,
        io::ErrorKind::NotADirectory => Trouble::NotADirectory,
        _ => Trouble::Unreadable(e),
    };
    if root.contains('\0') {
        return Err(Trouble::Missing);
    }
    let real = vfs.canonicalize(&dir.join(root)).map_err(missing)?;
    match vfs.stat(&real).map_err(missing)?.kind {
        FileKind::Dir => Ok(real),
        _ => Err(Trouble::NotADirectory),
    }
}

/// A next step for a root that is not there, by what was probably meant.
pub fn hint(root: &str) -> &'static str {
    if root.starts_with('~') {
        return "`~` is not expanded; write the path relative to the workspace file";
    }
    if root.contains("${") || root.starts_with('$') {
        return "variables are not expanded in paths; write the path relative to the workspace file";
    }
    if root.contains("://") || root.contains("::") || (root.contains('@') && root.contains(':')) {
        return "repositories are directories of this machine; clone it, and write the path of the clone";
    }
    "the path is relative to the workspace file; create the directory, correct the path, or set `enabled: false`"
}

/// A path on the way of a pattern, and what it really is where a listing has told.
struct Found {
    path: PathBuf,
    real: Option<PathBuf>,
}

/// Directories that `pattern` matches, seen from `dir`: sorted, canonical. Hidden ones only where the pattern
/// says the dot.
pub fn matching(vfs: &dyn Vfs, dir: &Path, pattern: &str) -> Result<Vec<(String, PathBuf)>, String> {
    if pattern.len() > GLOB_BYTES {
        return Err(format!("longer than {GLOB_BYTES} bytes"));
    }
    let start = if pattern.starts_with('/') { PathBuf::from("/") } else { dir.to_path_buf() };
    let mut found = vec![Found { path: start, real: None }];
    let parts: Vec<&str> = pattern.split('/').filter(|p| !p.is_empty() && *p != ".").collect();
    for part in parts {
        if part.contains("**") {
            return Err("`**` is not read here: write one `*` for each level".to_owned());
        }
        if !part.contains(['*', '?', '[', '{']) {
            found = found.into_iter().map(|found| Found { path: found.path.join(part), real: None }).collect();
            continue;
        }
        let matcher = component(part)?;
        let mut next = Vec::new();
        for parent in found {
            next.extend(children(vfs, &parent.path, part, &matcher)?);
            if next.len() > GLOB_DIRS {
                return Err(format!("it matches more than {GLOB_DIRS} directories"));
            }
        }
        found = next;
    }
    Ok(named(vfs, found))
}

fn component(part: &str) -> Result<globset::GlobSet, String> {
    let glob = globset::GlobBuilder::new(part).literal_separator(true).backslash_escape(true).build();
    let glob = glob.map_err(|e| e.kind().to_string())?;
    globset::GlobSet::builder().add(glob).build().map_err(|e| e.kind().to_string())
}

/// Entries of `parent` that match. A directory in a directory whose real path is known needs no second look; where a
/// link leads is seen at the end.
fn children(vfs: &dyn Vfs, parent: &Path, part: &str, matcher: &globset::GlobSet) -> Result<Vec<Found>, String> {
    let listed = vfs.canonicalize(parent).and_then(|real| Ok((vfs.list(&real)?, real)));
    let (entries, real) = match listed {
        Ok(listed) => listed,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(Vec::new()),
        Err(e) => return Err(format!("a directory on the way cannot be listed: {e}")),
    };
    let hidden = |name: &OsString| name.as_encoded_bytes().starts_with(b".") && !part.starts_with('.');
    let may_be_dir = |kind: FileKind| matches!(kind, FileKind::Dir | FileKind::Symlink);
    Ok(entries
        .into_iter()
        .filter(|e| may_be_dir(e.kind) && !hidden(&e.name) && matcher.is_match(Path::new(&e.name)))
        .map(|e| Found { path: parent.join(&e.name), real: (e.kind == FileKind::Dir).then(|| real.join(&e.name)) })
        .collect())
}

/// The directories among `found`, each with the name by which it was found.
fn named(vfs: &dyn Vfs, found: Vec<Found>) -> Vec<(String, PathBuf)> {
    let mut out = Vec::with_capacity(found.len());
    for Found { path, real } in found {
        let Some(real) = real.or_else(|| directory(vfs, &path, "").ok()) else { continue };
        let name = path.file_name().or_else(|| real.file_name()).unwrap_or_default();
        out.push((name.to_string_lossy().into_owned(), real));
    }
    out.sort();
    out
}

/// `root` as it is reached from `dir`; both are canonical.
pub fn seen_from(dir: &Path, root: &Path) -> String {
    let shared = dir.components().zip(root.components()).take_while(|(a, b)| a == b).count();
    let up = dir.components().skip(shared).map(|_| std::path::Component::ParentDir);
    let path: PathBuf = up.chain(root.components().skip(shared)).collect();
    if path.as_os_str().is_empty() { ".".to_owned() } else { path.to_string_lossy().into_owned() }
}

/// `path` seen from `dir` without asking the disk: `.` and `..` folded.
pub fn lexical(dir: &Path, path: &str) -> PathBuf {
    let mut out = PathBuf::new();
    for part in dir.join(path).components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::CurDir => {}
            other => out.push(other),
        }
    }
    out
}
