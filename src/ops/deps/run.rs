//! The wish and its report.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::stale::{StaleRepo, Standing};
use super::place::standpoint;
use crate::nodes::Relation;
use crate::query::Cache;
use crate::query::deps::{self, DepsAnswer, DepsRequest};

/// What a person wants to know.
#[derive(Clone, Debug)]
pub struct DepsWish {
    /// A path, `PATH::SYMBOL` or a symbol's name, each perhaps behind `REPO:`.
    pub target: String,
    /// Where the person stands.
    pub from: PathBuf,
    pub repo: Option<String>,
    /// What depends on the target.
    pub reverse: bool,
    /// Levels; 0: all; `None`: 1 for a file or directory, 2 for a symbol.
    pub depth: Option<u32>,
    /// Empty: all.
    pub relations: Vec<Relation>,
    /// List the references that lead nowhere certain.
    pub list: bool,
    /// Most edges, and most listed references.
    pub limit: usize,
}

/// The answer, and whether its repository is stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepsReport {
    #[serde(flatten)]
    pub answer: DepsAnswer,
    /// The repository, where its old build answers.
    pub stale: Vec<StaleRepo>,
}

/// Answers from HEAD's generation.
pub fn run(context: &Context, wish: &DepsWish) -> Result<DepsReport, OpsError> {
    let standing = Standing::of(context)?;
    let workspace = context.workspace()?;
    let from = standpoint(context, &workspace, &wish.target, &wish.from, wish.repo.as_deref())?;
    let request = DepsRequest {
        target: wish.target.clone(),
        from,
        repo: wish.repo.clone(),
        reverse: wish.reverse,
        depth: wish.depth,
        relations: wish.relations.clone(),
        list: wish.list,
        limit: wish.limit,
        threads: crate::base::parallel::available(),
    };
    let answer = deps::deps(&standing, &Cache::default(), &request)?;
    let stale = standing.stale(|name| name == answer.repo);
    Ok(DepsReport { answer, stale })
}
