//! The request and its report.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::stale::{StaleRepo, Standing};
use super::place::standpoint;
use crate::query::Cache;
use crate::query::deps::{self, DepsAnswer, DepsRequest};

/// The answer, and whether its repository is stale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepsReport {
    #[serde(flatten)]
    pub answer: DepsAnswer,
    /// The repository, where its old build answers.
    pub stale: Vec<StaleRepo>,
}

/// Answers from HEAD's generation, to somebody who stands in the directory `from`: how the target relates to the paths of
/// repositories, and how many threads answer, is filled in here.
pub fn run(context: &Context, from: &Path, request: DepsRequest) -> Result<DepsReport, OpsError> {
    let standing = Standing::of(context)?;
    let workspace = context.workspace()?;
    let from = standpoint(context, &workspace, &request.target, from, request.repo.as_deref())?;
    let request = DepsRequest { from, threads: crate::base::parallel::available(), ..request };
    let answer = deps::deps(&standing, &Cache::default(), &request)?;
    let stale = standing.stale(|name| name == answer.repo);
    Ok(DepsReport { answer, stale })
}
