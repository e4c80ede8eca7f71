//! `inspect`: the pieces of the pinned generation, and where an Arrow tool finds them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::query::WithWorkspace;
use crate::query::scan;
pub use crate::query::scan::{InspectAnswer, Wanted};

use super::at::AtReport;
use super::context::Context;
use super::error::OpsError;
use super::show::tables;
use super::stale::{StaleRepo, Standing};

/// What was found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InspectReport {
    pub generation: String,
    #[serde(flatten)]
    pub answer: InspectAnswer,
    /// The inspected repositories and nodes of the workspace whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
    /// Table → a glob over its files, where it was asked for with `--paths`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paths: Option<BTreeMap<String, String>>,
    /// The view on this machine.
    #[serde(skip)]
    pub view: View,
}

/// A directory of links to the objects.
#[derive(Clone, Debug)]
pub struct View {
    pub dir: PathBuf,
    /// The directories between it and `table=…`, as a glob: a generation's has the repositories above the nodes.
    pub above: &'static str,
    /// What the outermost of these tell apart.
    pub outermost: &'static str,
}

impl View {
    /// Of the moment that answers: of a generation, or of one repository's build.
    fn of(standing: &Standing, context: &Context) -> Self {
        let pinned = &standing.pinned;
        let one = context.at.as_ref().is_some_and(|at| at.moment.is_of_one_repository());
        let repo = pinned.generation().repos.keys().next().filter(|_| one);
        match repo.and_then(|repo| pinned.build_view(repo)) {
            Some(dir) => Self { dir, above: "*", outermost: "node" },
            None => Self { dir: pinned.view(), above: "*/*", outermost: "repo" },
        }
    }
}

/// The pieces. The view may not stand yet ([`run_with_view`]).
pub fn run(context: &Context, wanted: &Wanted) -> Result<InspectReport, OpsError> {
    run_on(context, wanted, &Standing::of(context)?)
}

/// The pieces, and the view made whole. A generation's is made with it; that of a commit's build by who asks for it,
/// for which the store's writer is awaited.
pub fn run_with_view(context: &Context, wanted: &Wanted, wait: Duration) -> Result<InspectReport, OpsError> {
    let standing = Standing::of(context)?;
    let one = context.at.as_ref().is_some_and(|at| at.moment.is_of_one_repository());
    for (repo, build) in standing.pinned.generation().repos.iter().filter(|_| one) {
        let store = standing.pinned.store();
        if !store.has_view(repo, &build.build)? {
            store.writer(&*context.clock, wait)?.refresh_build_view(repo, &build.build)?;
        }
    }
    run_on(context, wanted, &standing)
}

fn run_on(context: &Context, wanted: &Wanted, standing: &Standing) -> Result<InspectReport, OpsError> {
    let (generation, view) = (standing.pinned.generation().id.clone(), View::of(standing, context));
    let answer = scan::inspect(&WithWorkspace(standing.pinned.clone()), &tables(context), wanted)?;
    Ok(InspectReport {
        generation,
        answer,
        stale: standing.stale_of_all(&wanted.repos),
        at: standing.at.clone(),
        paths: None,
        view,
    })
}
