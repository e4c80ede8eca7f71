//! The environment, read once and in this file only.
//!
//! | variable | what it does |
//! |---|---|
//! | `SAWMILL_WORKSPACE` | the workspace file, where `--workspace` is not given |
//! | `SAWMILL_CACHE` | the cache directory, whatever `cache:` in the workspace file says; relative to the current directory |
//! | `NO_COLOR` | set and not empty: no colours, unless `--color always` |
//! | `SAWMILL_PAGER`, `PAGER` | the program that long answers go through on a terminal, the first that is set; `cat` or empty turns it off |
//! | `LESS` | where it is set, `less` is started without options of ours |
//! | `TERM`, `COLUMNS`, `LC_ALL`, `LC_CTYPE`, `LANG` | what the terminal can show |
//!
//! None of them reaches an artifact or a key.

use std::ffi::OsString;
use std::path::PathBuf;

/// What the process was started in.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of its own")]
pub struct Env {
    /// The current directory; empty where it cannot be told (it was removed).
    pub cwd: PathBuf,
    pub workspace: Option<PathBuf>,
    pub cache: Option<PathBuf>,
    pub no_color: bool,
    pub sawmill_pager: Option<OsString>,
    pub pager: Option<OsString>,
    /// The person has chosen how `less` behaves.
    pub less: bool,
    /// A terminal without cursor movement.
    pub dumb: bool,
    pub columns: Option<u16>,
    /// The locale promises UTF-8.
    pub utf8: bool,
}

impl Env {
    pub fn read() -> Self {
        #[expect(clippy::disallowed_methods, reason = "this is the door to the environment")]
        Self::from(|name| std::env::var_os(name), std::env::current_dir().unwrap_or_default())
    }

    /// From any source of variables; an empty variable counts as unset.
    pub fn from(get: impl Fn(&str) -> Option<OsString>, cwd: PathBuf) -> Self {
        let set = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| set(name).map(|value| value.to_string_lossy().into_owned());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| text(name)).unwrap_or_default();
        let locale = locale.to_lowercase();
        Self {
            cwd,
            workspace: set("SAWMILL_WORKSPACE").map(PathBuf::from),
            cache: set("SAWMILL_CACHE").map(PathBuf::from),
            no_color: set("NO_COLOR").is_some(),
            sawmill_pager: get("SAWMILL_PAGER"),
            pager: get("PAGER"),
            less: get("LESS").is_some(),
            dumb: text("TERM").is_some_and(|term| term == "dumb"),
            columns: text("COLUMNS").and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0),
            utf8: locale.contains("utf-8") || locale.contains("utf8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Env {
        let find = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
        Env::from(find, PathBuf::from("/"))
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let env = env(&[("NO_COLOR", ""), ("SAWMILL_WORKSPACE", ""), ("COLUMNS", "")]);
        assert!(!env.no_color);
        assert_eq!((env.workspace, env.columns), (None, None));
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(env(&[("LANG", "de_DE.UTF-8")]).utf8);
        assert!(!env(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]).utf8);
        assert!(env(&[("LC_CTYPE", "C.utf8")]).utf8);
    }
}
