//! What may be a cache: a directory of its own.

use std::fmt;
use std::path::{Component, Path, PathBuf};

use crate::base::vfs::{FileKind, Vfs};

/// Why a directory cannot be a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CacheTrouble {
    /// It is written for a shell.
    NotExpanded,
    NotADirectory,
    /// It is the state directory, or that lies in it.
    State,
    /// It is the root of this repository, or that lies in it.
    Root(String),
}

impl fmt::Display for CacheTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotExpanded => f.write_str("names no directory: `~` and variables are not expanded in paths"),
            Self::NotADirectory => f.write_str("is no directory"),
            Self::State => f.write_str("holds the workspace's own `.sawmill`, so it cannot be the cache"),
            Self::Root(name) => write!(f, "holds the repository `{name}`, so it cannot be the cache"),
        }
    }
}

impl CacheTrouble {
    /// What to do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotExpanded => "write the path in full, or relative: `cache: ../cache`",
            _ => "give the cache a directory of its own: `cache: ../cache`",
        }
    }
}

/// Can the directory `cache` be the cache of a workspace with this state and these roots, by repository? It need not be
/// there yet.
pub fn check<'a>(
    vfs: &dyn Vfs,
    cache: &Path,
    state: &Path,
    roots: impl IntoIterator<Item = (&'a str, &'a Path)>,
) -> Result<(), CacheTrouble> {
    let of_shell = |part: Component<'_>| {
        let text = part.as_os_str().to_string_lossy();
        text == "~" || text.starts_with('$') || text.contains("${")
    };
    if cache.components().any(of_shell) {
        return Err(CacheTrouble::NotExpanded);
    }
    let real = real(vfs, cache);
    if vfs.stat(&real).is_ok_and(|stat| stat.kind != FileKind::Dir) {
        return Err(CacheTrouble::NotADirectory);
    }
    if state.starts_with(&real) || self::real(vfs, state).starts_with(&real) {
        return Err(CacheTrouble::State);
    }
    match roots.into_iter().find(|(_, root)| root.starts_with(&real)) {
        Some((name, _)) => Err(CacheTrouble::Root(name.to_owned())),
        None => Ok(()),
    }
}

/// Canonical, as far as the path is there.
fn real(vfs: &dyn Vfs, path: &Path) -> PathBuf {
    for there in path.ancestors() {
        if let Ok(real) = vfs.canonicalize(there) {
            return path.strip_prefix(there).map_or(real.clone(), |rest| real.join(rest));
        }
    }
    path.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::vfs::memory::MemoryFs;

    fn checked(cache: &str) -> Result<(), CacheTrouble> {
        let fs = MemoryFs::new();
        for dir in ["/w/.sawmill", "/w/api", "/srv/web", "/srv/cache"] {
            fs.create_dir_all(Path::new(dir)).unwrap();
        }
        fs.put("/w/file", "").unwrap();
        fs.symlink(Path::new("/srv/web"), Path::new("/w/link")).unwrap();
        let roots = [("api", Path::new("/w/api")), ("web", Path::new("/srv/web"))];
        check(&fs, Path::new(cache), Path::new("/w/.sawmill"), roots)
    }

    #[test]
    fn a_cache_is_a_directory_of_its_own_there_or_not_yet() {
        for good in ["/w/.sawmill/cache", "/srv/cache", "/srv/new/cache", "/w/cache", "/w/api/cache", "/w/cost$"] {
            assert_eq!(checked(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn what_holds_the_state_or_a_root_is_no_cache_by_whatever_name() {
        for (bad, trouble) in [
            ("/w/.sawmill", CacheTrouble::State),
            ("/w", CacheTrouble::State),
            ("/", CacheTrouble::State),
            ("/w/api", CacheTrouble::Root("api".into())),
            ("/srv", CacheTrouble::Root("web".into())),
            ("/w/link", CacheTrouble::Root("web".into())),
            ("/w/file", CacheTrouble::NotADirectory),
        ] {
            assert_eq!(checked(bad), Err(trouble), "{bad}");
        }
    }

    #[test]
    fn what_a_shell_would_have_expanded_is_no_directory() {
        for bad in ["/w/~/cache", "/w/$HOME/cache", "/w/${HOME}/cache", "/w/a${b}"] {
            assert_eq!(checked(bad), Err(CacheTrouble::NotExpanded), "{bad}");
        }
    }
}
