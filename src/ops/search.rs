//! `search`: ranked words over the pinned generation.

mod kept;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::vfs::Vfs;
use crate::query::QueryError;
pub use crate::query::search::{
    Asked, Breakdown, CacheUse, ExactExplained, ExactTotals, Explain, FileHit, FusedList, Fusion, Hit, Intent,
    IntentKind, MatchSpan, Meant, Merge, RepoStatus, Routing, SearchAnswer, SearchRequest, SearchedRepo,
    SegmentsExplained, Snippet, Spent, Timings, UnitExplained, Warning, WrittenPath,
};

use crate::ops::at::{At, AtReport};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::places::{repository_of, roots};
use crate::ops::stale::{StaleRepo, Standing};

/// The answer, and which of the searched repositories are stale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SearchReport {
    #[serde(flatten)]
    pub answer: SearchAnswer,
    /// The searched repositories whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
    /// What became of the kept answers.
    #[serde(skip)]
    pub cache: CacheUse,
    /// Why the answer could not be kept.
    #[serde(skip)]
    pub trouble: Option<String>,
}

/// Answers a query from HEAD's generation. Needs no engine and takes no lock but a lease.
pub fn run(context: &Context, request: &SearchRequest) -> Result<SearchReport, OpsError> {
    answered(context, request, false)
}

fn answered(context: &Context, request: &SearchRequest, keep: bool) -> Result<SearchReport, OpsError> {
    let standing = Standing::of(context)?;
    let kept::Given { answer, cache, trouble } = kept::answer(context, &standing, request, keep)?;
    let stale = standing.stale(|name| answer.repos.iter().any(|repo| repo.name == name));
    Ok(SearchReport { answer, stale, at: standing.at, cache, trouble })
}

/// The same for someone who stands in `from`: a path in the query that leads from there into a repository means that
/// place, and one that leads elsewhere is told. With `keep` an equal answer of before is given, and a new one is kept.
pub fn run_from(context: &Context, from: &Path, request: &SearchRequest, keep: bool) -> Result<SearchReport, OpsError> {
    let written = crate::query::search::written_paths(&request.query).map_err(QueryError::from)?;
    if context.at.as_ref().is_some_and(At::is_elsewhere) {
        return elsewhere(context, request, written);
    }
    let mut request = request.clone();
    let mut outside = Vec::new();
    if !written.is_empty() {
        let roots = roots(context)?;
        for path in written {
            match understood(&*context.vfs, &roots, from, &path.path) {
                Understood::In(meant) => {
                    request.places.insert(path.path, meant);
                }
                Understood::Outside => outside.push(path),
                Understood::Text => {}
            }
        }
    }
    let mut report = answered(context, &request, keep)?;
    let hints = hints(&report.answer, &request.places, &outside);
    report.answer.hints.extend(hints);
    Ok(report)
}

/// In another store every path is text: where it was made, nobody stands.
fn elsewhere(context: &Context, request: &SearchRequest, written: Vec<WrittenPath>) -> Result<SearchReport, OpsError> {
    let mut report = run(context, request)?;
    let leads = written.into_iter().filter(|path| leads_from_here(&path.path));
    report.answer.hints.extend(leads.map(|path| {
        let path = path.path;
        format!("`{path}` leads nowhere in another store; write paths as they are within its repositories")
    }));
    Ok(report)
}

/// What a written path is to someone who stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Understood {
    In(Meant),
    /// It leads from here, but into no repository.
    Outside,
    /// A part of paths, wherever one stands.
    Text,
}

/// A path that begins at the root or with a dot leads from here. One with a slash does where something is there; a bare
/// name is only text.
fn understood(vfs: &dyn Vfs, roots: &BTreeMap<String, PathBuf>, from: &Path, written: &str) -> Understood {
    let leads = leads_from_here(written);
    if !leads && !written.trim_end_matches('/').contains('/') {
        return Understood::Text;
    }
    match repository_of(vfs, roots, from, Path::new(written)) {
        Some((repo, path)) if leads || (!path.as_os_str().is_empty() && vfs.stat(&from.join(written)).is_ok()) => {
            match path.to_str() {
                Some(path) => Understood::In(Meant { repo, path: path.to_owned() }),
                None => Understood::Text,
            }
        }
        None if leads => Understood::Outside,
        _ => Understood::Text,
    }
}

fn leads_from_here(written: &str) -> bool {
    matches!(written, "." | "..") || ["/", "./", "../"].iter().any(|start| written.starts_with(start))
}

/// What is worth knowing of the paths of a query.
fn hints(answer: &SearchAnswer, places: &BTreeMap<String, Meant>, outside: &[WrittenPath]) -> Vec<String> {
    let searched = |repo: &str| answer.repos.iter().any(|known| known.name == repo);
    let elsewhere = places.iter().filter(|(_, meant)| !searched(&meant.repo)).map(|(written, meant)| {
        let repo = &meant.repo;
        format!("`{written}` lies in the repository `{repo}`, which was not searched; `--select {repo}` searches it")
    });
    // As text, a filter may have found what was meant: `path:/src/`.
    let told = outside.iter().filter(|path| !path.filter || path.path.starts_with('.') || answer.hits.is_empty());
    let outside = told
        .map(|path| format!("`{}` lies in no repository of this workspace; `sawmill status` lists them", path.path));
    elsewhere.chain(outside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::vfs::memory::MemoryFs;

    #[test]
    fn a_path_is_understood_from_where_one_stands() {
        let fs = MemoryFs::new();
        for file in ["/w/api/src/a.py", "/w/api/vendor/lib/b.py", "/w/web/c.ts", "/srv/d.c"] {
            fs.put(file, "").unwrap();
        }
        fs.symlink(Path::new("/w"), Path::new("/home")).unwrap();
        let roots = [("api", "/w/api"), ("lib", "/w/api/vendor/lib"), ("web", "/w/web")];
        let roots: BTreeMap<String, PathBuf> = roots.map(|(name, root)| (name.to_owned(), root.into())).into();
        for (from, written, expected) in [
            ("/w", "api/src/a.py", "api: src/a.py"),
            ("/w/web", "../api/src/a.py", "api: src/a.py"),
            ("/w/web", "../api/src/", "api: src"),
            ("/w/web", "../api", "api: "),
            ("/w/web", "..", "outside"),
            ("/w/api/src", "./a.py", "api: src/a.py"),
            ("/w/api/src", "../gone.py", "api: gone.py"),
            ("/w/api/src", ".", "api: src"),
            ("/", "/w/web/c.ts", "web: c.ts"),
            ("/", "/home/web/c.ts", "web: c.ts"),
            ("/w", "api/vendor/lib/b.py", "lib: b.py"),
            ("/w", "a.py", "text"),
            ("/w", "api/", "text"),
            ("/w/api", ".github", "text"),
            ("/w/api", "vendor/lib/b.py", "lib: b.py"),
            ("/w/api", "src/gone.py", "text"),
            ("/w", "srv/d.c", "text"),
            ("/w", "/srv/d.c", "outside"),
            ("/w", "../../../x", "outside"),
        ] {
            let told = match understood(&fs, &roots, Path::new(from), written) {
                Understood::In(Meant { repo, path }) => format!("{repo}: {path}"),
                Understood::Outside => "outside".to_owned(),
                Understood::Text => "text".to_owned(),
            };
            assert_eq!(told, expected, "{written} from {from}");
        }
    }
}
