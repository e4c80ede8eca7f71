//! `check`: configuration only. Every mistake of all files, and what the workspace would make.

mod cohorts;

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::vfs::Vfs;
use crate::base::{Limits, Tier};
use crate::config::{self, ConfigErrors, Mistake, Workspace};
use crate::nodes::{Kind, WorkspaceKind};
use crate::plan::{self, Plan};

use super::context::Context;
use super::problem::Problem;

/// What to check.
#[derive(Debug)]
pub struct CheckRequest<'a> {
    pub vfs: &'a dyn Vfs,
    pub workspace_file: PathBuf,
    /// `--param K=V`.
    pub params: Vec<(String, String)>,
    pub kinds: &'a [&'static dyn Kind],
    /// Those of pipelines of workspace scope.
    pub workspace_kinds: &'a [&'static dyn WorkspaceKind],
    /// Every language that the source layer knows.
    pub languages: &'a [&'a str],
}

/// What was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckReport {
    /// No mistake; remarks do not count.
    pub ok: bool,
    /// `None` when the workspace file itself cannot be understood.
    pub summary: Option<Summary>,
    /// By file and place.
    pub mistakes: Vec<Mistake>,
    /// Remarks that stop nothing.
    pub warnings: Vec<Mistake>,
    /// The mistakes in one, where there are any: what every command says that fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
}

impl CheckReport {
    /// Whose problem the worst mistake is.
    pub fn tier(&self) -> Tier {
        ConfigErrors::new(self.mistakes.clone()).tier()
    }
}

/// The workspace in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    pub workspace: String,
    /// Enabled repositories whose root is there.
    pub repositories: usize,
    /// Switched off.
    pub disabled: usize,
    /// Names of repositories whose root is not there.
    pub unavailable: Vec<String>,
    /// Pipeline → its nodes in topological order, as `name (kind)`; empty where the pipeline has mistakes.
    pub pipelines: BTreeMap<String, Vec<String>>,
}

/// Checks the workspace of `context`.
pub fn of(context: &Context) -> CheckReport {
    let languages: Vec<&str> = crate::source::known_languages().collect();
    run(&CheckRequest {
        vfs: &*context.vfs,
        workspace_file: context.workspace_file.clone(),
        params: context.params.clone(),
        kinds: &context.kinds,
        workspace_kinds: &context.workspace_kinds,
        languages: &languages,
    })
}

/// Reads everything, compiles everything, runs nothing.
pub fn run(request: &CheckRequest<'_>) -> CheckReport {
    let (workspace, mut mistakes) = config::load_all(request.vfs, &request.workspace_file, &request.params);
    let mut warnings = Vec::new();
    let summary = workspace.map(|workspace| {
        mistakes.extend(workspace.unknown_languages(request.languages));
        mistakes.extend(workspace.unavailable.iter().map(|u| u.mistake.clone()));
        let plan = match plan::compile(&workspace, request.kinds, request.workspace_kinds, &Limits::default()) {
            Ok(plan) => Some(plan),
            Err(errors) => {
                mistakes.extend(errors.mistakes);
                None
            }
        };
        warnings.extend(workspace.warnings.iter().cloned());
        warnings.extend(plan.iter().flat_map(|p| p.warnings.iter().cloned()));
        let priorities = workspace.repos.iter().map(|repo| (repo.name.as_str(), i64::from(repo.priority))).collect();
        warnings.extend(plan.iter().flat_map(|plan| cohorts::warnings(plan, &priorities)));
        summary(&workspace, plan.as_ref())
    });
    let mistakes = config::in_order(mistakes);
    let error = (!mistakes.is_empty()).then(|| Problem {
        code: "sawmill::config::invalid".to_owned(),
        message: config::headline(&mistakes),
        help: Some("each mistake has its own place and help in `mistakes`".to_owned()),
        labels: Vec::new(),
        related: Vec::new(),
    });
    CheckReport { ok: mistakes.is_empty(), summary, mistakes, warnings: config::in_order(warnings), error }
}

fn summary(workspace: &Workspace, plan: Option<&Plan>) -> Summary {
    let nodes = |name: &String| {
        let repo = plan.and_then(|p| p.repos.iter().find(|r| r.pipeline == *name));
        let of_repo = repo.iter().flat_map(|r| &r.nodes).map(|n| format!("{} ({})", n.name, n.kind.name()));
        let of_workspace = plan.iter().flat_map(|p| &p.workspace_nodes).filter(|n| n.pipeline == *name);
        of_repo.chain(of_workspace.map(|n| format!("{} ({})", n.name, n.kind.name()))).collect()
    };
    Summary {
        workspace: workspace.name.clone(),
        repositories: workspace.enabled().count(),
        disabled: workspace.repos.len() - workspace.enabled().count(),
        unavailable: workspace.unavailable.iter().map(|u| u.name.clone()).collect(),
        pipelines: workspace.pipelines.keys().map(|name| (name.clone(), nodes(name))).collect(),
    }
}

#[cfg(test)]
pub(super) mod tests;
