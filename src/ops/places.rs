//! Where things are on this machine: for people who want to open a file, never for an answer or a record.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use crate::base::RelPath;
use crate::base::path::BadPath;
use crate::base::vfs::Vfs;

use super::at::At;
use super::context::Context;
use super::error::OpsError;

/// The root of each repository of the workspace, disabled ones included, by name. Of another store's moment none: what
/// it was made of is not known to be here.
pub fn roots(context: &Context) -> Result<BTreeMap<String, PathBuf>, OpsError> {
    if context.at.as_ref().is_some_and(At::is_elsewhere) {
        return Ok(BTreeMap::new());
    }
    Ok(context.workspace()?.repos.into_iter().map(|repo| (repo.name, repo.root)).collect())
}

/// The path within the repository at `root` (resolved) that someone who stands in `from` means by `given`.
///
/// An absolute path lies beneath the root, by whatever name the root is reached. A relative one is taken from the
/// root where something is there by that name; else, or where it starts with a dot, from `from`, if that lies in
/// the repository; else from the root again. Nothing within the repository is followed.
pub fn path_in(vfs: &dyn Vfs, root: &Path, from: &Path, given: &Path) -> Result<RelPath, OpsError> {
    let refused = |why: &'static str| OpsError::NoPathOfRepository { path: given.display().to_string(), why };
    let as_path = |path: &Path| {
        let named = path.as_os_str().as_bytes();
        RelPath::from_bytes(named).map_err(|bad| match bad {
            BadPath::Empty => refused("it is the repository's root"),
            BadPath::Absolute | BadPath::Part => refused("it lies outside the repository"),
            BadPath::Nul => refused("it has a NUL byte"),
        })
    };
    let starts_with_dot = matches!(given.components().next(), Some(Component::CurDir | Component::ParentDir));
    if given.is_relative() && !starts_with_dot {
        let path = normal(given).ok_or_else(|| refused("it lies outside the repository"))?;
        let is_there = vfs.stat(&root.join(&path)).is_ok();
        if is_there || beneath(vfs, root, from).is_none() {
            return as_path(&path);
        }
    }
    let whole = normal(&from.join(given)).ok_or_else(|| refused("it lies outside the repository"))?;
    as_path(&beneath(vfs, root, &whole).ok_or_else(|| refused("it lies outside the repository"))?)
}

/// The repository of `roots` in which the place lies that someone who stands in `from` means by `given`, and its path
/// there, empty for the root; the innermost where one lies in another.
pub(super) fn repository_of(
    vfs: &dyn Vfs,
    roots: &BTreeMap<String, PathBuf>,
    from: &Path,
    given: &Path,
) -> Option<(String, PathBuf)> {
    let whole = normal(&from.join(given))?;
    let within = roots.iter().filter_map(|(name, root)| Some((name, beneath(vfs, root, &whole)?)));
    let innermost = within.min_by_key(|(_, path)| path.components().count());
    innermost.map(|(name, path)| (name.clone(), path))
}

/// `path` without `.` and `..`, by its letters alone; `None` where it climbs above its start.
pub(super) fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if out.pop() => {}
            Component::ParentDir => return None,
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => out.push(part),
        }
    }
    Some(out)
}

/// What is left of `path` beneath the topmost directory above it that is the root.
pub(super) fn beneath(vfs: &dyn Vfs, root: &Path, path: &Path) -> Option<PathBuf> {
    let above: Vec<&Path> = path.ancestors().collect();
    let is_root = |dir: &&&Path| **dir == root || vfs.canonicalize(dir).is_ok_and(|dir| dir == root);
    let top = above.iter().rev().find(is_root)?;
    path.strip_prefix(top).ok().map(Path::to_path_buf)
}

/// `text` with every path of this machine that lies near `from` written as seen from there: `/w/shop/api/a.py` is
/// `api/a.py` from `/w/shop` and `../shop/api/a.py` from `/w/web`. What shares nothing but the root stays.
pub fn seen_from(text: &str, from: &Path) -> String {
    let mut text = text.to_owned();
    for (up, dir) in from.ancestors().enumerate() {
        let Some(dir) = dir.to_str().filter(|dir| dir.trim_end_matches('/').len() > 1) else { break };
        let here = if up == 0 { ".".to_owned() } else { vec![".."; up].join("/") };
        text = replaced(&text, dir, &here);
    }
    text
}

/// As [`seen_from`], with every path that stands in backticks, as messages write them: what shares nothing but the
/// root with `from` is seen from there too. For JSON, which names no absolute path.
pub fn relative_to(text: &str, from: &Path) -> String {
    let up = from.components().filter(|part| matches!(part, Component::Normal(_))).count();
    let root = vec![".."; up].join("/");
    seen_from(text, from).replace("`/", &if root.is_empty() { "`./".to_owned() } else { format!("`{root}/") })
}

/// `text` with `here` for the directory `dir`, where that name begins and ends as a path does.
fn replaced(text: &str, dir: &str, here: &str) -> String {
    let in_a_name = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(dir) {
        let (before, behind) = (rest.get(..at).unwrap_or_default(), rest.get(at + dir.len()..).unwrap_or_default());
        out.push_str(before);
        let starts = !out.ends_with(in_a_name);
        match behind.strip_prefix('/') {
            Some(inner) if starts && here == "." && inner.starts_with(in_a_name) => rest = inner,
            _ if starts && (behind.starts_with('/') || !behind.starts_with(in_a_name)) => {
                out.push_str(here);
                rest = behind;
            }
            _ => {
                out.push_str(dir);
                rest = behind;
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::vfs::memory::MemoryFs;

    #[test]
    fn a_path_is_understood_from_the_root_and_from_where_one_stands() {
        let fs = MemoryFs::new();
        for file in ["/w/api/src/a.py", "/w/api/b.py", "/w/api/src/b.py", "/w/web/c.ts"] {
            fs.put(file, "").unwrap();
        }
        fs.symlink(Path::new("/w"), Path::new("/home")).unwrap();
        fs.symlink(Path::new("/w/api"), Path::new("/w/api/self")).unwrap();
        let path = |from: &str, given: &str| {
            let told = path_in(&fs, Path::new("/w/api"), Path::new(from), Path::new(given));
            told.map_or_else(|error| error.to_string(), |path| path.text().to_owned())
        };
        for (from, given, expected) in [
            ("/", "src/a.py", "src/a.py"),
            ("/w/api/src", "a.py", "src/a.py"),
            ("/w/api/src", "src/a.py", "src/a.py"),
            ("/w/api/src", "b.py", "b.py"),
            ("/w/api/src", "./b.py", "src/b.py"),
            ("/w/api/src", "../b.py", "b.py"),
            ("/w/api/src", "gone.py", "src/gone.py"),
            ("/w/web", "gone.py", "gone.py"),
            ("/w/web", "../api//src/./a.py", "src/a.py"),
            ("/home/api/src", "a.py", "src/a.py"),
            ("/", "/home/api/src/a.py", "src/a.py"),
            ("/", "/w/api/self/b.py", "self/b.py"),
            ("/", "src/", "src"),
            ("/w/api/src", "..", "`..` is no path of the repository: it is the repository's root"),
            ("/", "src/../..", "`src/../..` is no path of the repository: it lies outside the repository"),
            ("/w/api", "../web/c.ts", "`../web/c.ts` is no path of the repository: it lies outside the repository"),
            ("/", "/w/web/c.ts", "`/w/web/c.ts` is no path of the repository: it lies outside the repository"),
        ] {
            assert_eq!(path(from, given), expected, "{given} from {from}");
        }
    }

    #[test]
    fn paths_in_words_are_seen_from_where_one_stands() {
        let seen = |text: &str| seen_from(text, Path::new("/w/shop"));
        assert_eq!(seen("cannot read `/w/shop/api/a.py`"), "cannot read `api/a.py`");
        assert_eq!(seen("cannot read `/w/shop`: denied"), "cannot read `.`: denied");
        assert_eq!(seen("`/w/web/b.ts`, `/w/shop/c`"), "`../web/b.ts`, `c`");
    }

    #[test]
    fn what_only_looks_alike_stays() {
        let seen = |text: &str| seen_from(text, Path::new("/w/shop"));
        assert_eq!(seen("/w/shopping"), "../shopping");
        assert_eq!(seen("a/w/shop/b and /etc/passwd"), "a/w/shop/b and /etc/passwd");
        assert_eq!(seen_from("/tmp/x", Path::new("/")), "/tmp/x");
    }

    #[test]
    fn for_a_record_every_path_is_relative() {
        let seen = |text: &str| relative_to(text, Path::new("/w/shop"));
        assert_eq!(seen("`/srv/x` and `/w/shop/y`"), "`../../srv/x` and `y`");
        assert_eq!(relative_to("`/tmp/x`", Path::new("/")), "`./tmp/x`");
    }
}
