//! Where things are on this machine: for people who want to open a file, never for an answer or a record.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::context::Context;
use super::error::OpsError;

/// The root of each repository of the workspace, disabled ones included, by name.
pub fn roots(context: &Context) -> Result<BTreeMap<String, PathBuf>, OpsError> {
    Ok(context.workspace()?.repos.into_iter().map(|repo| (repo.name, repo.root)).collect())
}
