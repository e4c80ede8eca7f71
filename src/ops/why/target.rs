//! What a person means by one word: a repository, a node, or a file.

use std::path::{Path, PathBuf};

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::places::{beneath, normal};
use super::ask::AskedPath;

/// The file that `text` names to someone who stands in `from`; none where it is a selector, as [`select`](crate::plan::select)
/// reads it.
///
/// `REPO:PATH` is a file where `REPO` is a repository of the workspace. What is there by that name, beneath a repository's
/// root, is a file too, unless a repository or one of its nodes is called so. Of overlapping roots the deepest is meant.
pub fn file(context: &Context, text: &str, from: &Path) -> Result<Option<AskedPath>, OpsError> {
    let workspace = context.workspace()?;
    let asked = |repo: &str, path: PathBuf| Some(AskedPath { repo: repo.to_owned(), path, from: from.to_owned() });
    if let Some((repo, path)) = text.split_once(':').filter(|(repo, _)| workspace.repos.iter().any(|r| r.name == *repo))
    {
        return Ok(asked(repo, PathBuf::from(path)));
    }
    let (repo, node) = text.split_once('/').unwrap_or((text, ""));
    let plan = context.plan(&workspace)?;
    let is_node = |known: &crate::plan::RepoPlan| node.is_empty() || known.nodes.iter().any(|n| n.name == node);
    if plan.repos.iter().any(|known| known.name == repo && is_node(known)) {
        return Ok(None);
    }
    let Some(place) = normal(&from.join(text)).filter(|place| context.vfs.stat(place).is_ok()) else { return Ok(None) };
    let inside = workspace.repos.iter().filter_map(|known| {
        let path = beneath(&*context.vfs, &known.root, &place)?;
        (!path.as_os_str().is_empty()).then(|| (known.root.components().count(), &known.name))
    });
    Ok(inside.max_by_key(|(depth, _)| *depth).and_then(|(_, repo)| asked(repo, place.clone())))
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

    fn means(text: &str, from: &str) -> Option<(String, String)> {
        let files = [
            ("workspace.yaml", WORKSPACE),
            ("pipelines/code.yaml", PIPELINE),
            ("api/extract", ""),
            ("api/src/a.py", ""),
            ("api/inner/b.py", ""),
            ("notes.txt", ""),
        ];
        let clock = Arc::new(FixedClock(Timestamp(0)));
        let context = Context::new(Arc::new(machine(&files)), clock, Cancel::new(), PathBuf::from("/w/workspace.yaml"));
        let asked = file(&context, text, Path::new(from)).unwrap()?;
        Some((asked.repo, asked.path.display().to_string()))
    }

    #[test]
    fn a_file_is_known_by_its_repository_or_by_where_it_lies() {
        let api = |path: &str| Some(("api".to_owned(), path.to_owned()));
        assert_eq!(means("api:src/a.py", "/w"), api("src/a.py"));
        assert_eq!(means("api:src/gone.py", "/w"), api("src/gone.py"));
        assert_eq!(means("api/src/a.py", "/w"), api("/w/api/src/a.py"));
        assert_eq!(means("./src/a.py", "/w/api"), api("/w/api/src/a.py"));
        assert_eq!(means("a.py", "/w/api/src"), api("/w/api/src/a.py"));
        assert_eq!(means("api/inner/b.py", "/w"), Some(("inner".into(), "/w/api/inner/b.py".into())));
    }

    #[test]
    fn repositories_nodes_and_selectors_are_no_files() {
        for text in ["api", "api/extract", "inner", "tag:x", "repo:api", "notes.txt", "nowhere.py", "*"] {
            assert_eq!(means(text, "/w"), None, "{text}");
        }
    }
}
