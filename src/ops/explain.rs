//! Why a path is part of a repository, or is not.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Tier;
use crate::engine::{self, Failure};
pub use crate::source::PathVerdict;

use super::context::Context;
use super::error::OpsError;
use super::places::path_in;

/// What the next scan decides about one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathReport {
    pub repo: String,
    /// Nothing of a disabled repository is scanned until it is asked for by name.
    pub enabled: bool,
    pub verdict: PathVerdict,
}

/// Explains `path` of the repository called `repo` to someone who stands in the directory `from`; see [`path_in`] for
/// how `path` may be written. Nothing needs to be built; nothing is written.
pub fn of(context: &Context, repo: &str, path: &Path, from: &Path) -> Result<PathReport, OpsError> {
    let workspace = context.workspace()?;
    if let Some(lost) = workspace.unavailable.iter().find(|lost| lost.name == repo) {
        return Err(Failure::of(&lost.mistake, Tier::User, &lost.mistake.place()).into());
    }
    let plan = context.plan(&workspace)?;
    let planned = plan.repos.iter().find(|planned| planned.name == repo);
    let declared = workspace.repos.iter().find(|declared| declared.name == repo);
    let (Some(planned), Some(declared)) = (planned, declared) else {
        let lost = workspace.unavailable.iter().map(|lost| lost.name.as_str());
        let known = workspace.repos.iter().map(|repo| repo.name.as_str()).chain(lost);
        return Err(OpsError::unknown_repository(repo, known));
    };
    let path = path_in(&*context.vfs, &planned.root, from, path)?;
    let services = context.services(context.store(&workspace)?, Arc::new(|_| {}));
    let verdict = engine::explain(&services, planned, &path)?;
    Ok(PathReport { repo: repo.to_owned(), enabled: declared.enabled, verdict })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::base::Cancel;
    use crate::base::clock::{FixedClock, Timestamp};
    use crate::ops::check::tests::{PIPELINE, machine};

    const WORKSPACE: &str = "version: 1\nname: w\npipeline: code\nlanguages: { map: { '*.tpl': html } }\nrepos:\n\
        \x20 - { name: api, root: api, exclude: ['*.log'] }\n\
        \x20 - { name: web, root: web, enabled: false }\n\
        \x20 - { name: gone, root: nowhere }\n";

    fn told(repo: &str, path: &str) -> Result<Vec<String>, OpsError> {
        let files = [
            ("workspace.yaml", WORKSPACE),
            ("pipelines/code.yaml", PIPELINE),
            ("api/a.tpl", "<p>"),
            ("api/x.log", ""),
            ("api/.gitignore", "target/\n"),
        ];
        let fs = machine(&files);
        let clock = Arc::new(FixedClock(Timestamp(0)));
        let context = Context::new(Arc::new(fs), clock, Cancel::new(), PathBuf::from("/w/workspace.yaml"));
        let report = of(&context, repo, Path::new(path), Path::new("/w/api"))?;
        assert_eq!((report.repo.as_str(), report.enabled), (repo, repo != "web"));
        Ok(report.verdict.sentences())
    }

    #[test]
    fn a_path_is_explained_with_the_repository_s_own_rules() {
        let expected = [
            "included: no rule excludes it",
            "language html: `*.tpl` in `languages: map:`",
            "mode code: that of html",
            "role source: no rule knows another",
        ];
        assert_eq!(told("api", "/w/api/a.tpl").unwrap(), expected);
        assert_eq!(told("api", "x.log").unwrap(), ["excluded by \"*.log\" in `exclude`"]);
    }

    #[test]
    fn a_repository_that_is_not_there_is_an_error_with_a_next_step() {
        let error = told("apj", "a.tpl").unwrap_err();
        assert_eq!(miette::Diagnostic::help(&error).unwrap().to_string(), "did you mean `api`?");
        let lost = told("gone", "a.tpl").unwrap_err();
        assert!(matches!(lost, OpsError::Engine(_)), "{lost}");
        assert_eq!(told("web", "a.tpl").unwrap(), ["not there: `a.tpl`"]);
    }
}
