//! Where things are on this machine: for people who want to open a file, never for an answer or a record.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::context::Context;
use super::error::OpsError;

/// The root of each repository of the workspace, disabled ones included, by name.
pub fn roots(context: &Context) -> Result<BTreeMap<String, PathBuf>, OpsError> {
    Ok(context.workspace()?.repos.into_iter().map(|repo| (repo.name, repo.root)).collect())
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
