//! From a request to rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use super::error::PreviewError;
use super::find::{place, scanned};
use crate::base::Limits;
use crate::base::suggest::nearest;
use crate::engine::preview::{Bench, preview};
use crate::nodes::Kind;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::plan::{RepoPlan, Selection};
use crate::query::scan::json_rows;
use crate::source::FileContent;

/// What to preview.
#[derive(Clone, Debug, Default)]
pub struct PreviewRequest {
    /// A path on this machine, or `REPO:PATH`.
    pub file: String,
    /// What a relative path starts from.
    pub from: PathBuf,
    /// Chooses among overlapping roots.
    pub repo: Option<String>,
    /// Where not given, the node that feeds the index that search uses.
    pub node: Option<String>,
    /// Where not given, the node's first table.
    pub table: Option<String>,
    /// Most rows; `None`: all.
    pub limit: Option<u64>,
}

/// The rows that a node gives a file.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PreviewReport {
    pub repo: String,
    /// In the repository.
    pub path: String,
    pub language: Option<String>,
    pub mode: String,
    pub role: String,
    pub bytes: u64,
    /// BLAKE3 of the bytes.
    pub content_hash: String,
    pub node: String,
    pub table: String,
    /// In the order of the table.
    pub columns: Vec<String>,
    pub rows: Vec<Map<String, Value>>,
    /// Rows that there are.
    pub total: u64,
    pub truncated: bool,
    /// What else can be asked, in topological order.
    pub choices: Vec<PreviewChoice>,
}

/// A node and its tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviewChoice {
    pub node: String,
    pub kind: String,
    pub tables: Vec<String>,
}

/// Runs the nodes that are needed over the file, in memory.
pub fn run(context: &Context, request: &PreviewRequest) -> Result<PreviewReport, OpsError> {
    let workspace = context.workspace()?;
    let plan = context.plan(&workspace)?;
    let (repo, path) = place(context, &workspace, &plan, request)?;
    let at = node(repo, request.node.as_deref())?;
    let Some(node) = repo.nodes.get(at) else { return Err(no_node(repo, "").into()) };
    let tables = tables(node.kind);
    let table = match &request.table {
        None => tables.first().cloned().unwrap_or_default(),
        Some(table) if tables.contains(table) => table.clone(),
        Some(table) => {
            let help = suggestion(table, &tables);
            let (node, table) = (node.name.clone(), table.clone());
            return Err(PreviewError::UnknownTable { node, table, help }.into());
        }
    };
    let file = scanned(context, &workspace, repo, &path)?;
    let chosen = BTreeMap::from([(repo.name.clone(), BTreeSet::from([at]))]);
    let needed = Selection { repos: chosen, ..Selection::default() }.needed(&plan, &repo.name);
    let limits = Limits::default();
    let pool = context.pool();
    let bench = Bench { vfs: &*context.vfs, limits: &limits, cancel: &context.cancel, workers: pool.as_deref() };
    let made = preview(&bench, repo, &file, &needed)?;
    let batch = made.get(&at).and_then(|tables| tables.iter().find(|batch| batch.schema().name == table));
    let (mut rows, mut columns) = (Vec::new(), Vec::new());
    if let Some(batch) = batch {
        rows = json_rows(batch.records())?;
        columns = batch.schema().columns.iter().map(|column| column.name.to_owned()).collect();
    }
    let total = rows.len() as u64;
    rows.truncate(request.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX)));
    let hash = match file.content {
        FileContent::Hash(hash) => hash.to_string(),
        FileContent::Withheld(_) => String::new(),
    };
    Ok(PreviewReport {
        repo: repo.name.clone(),
        path: path.text().to_owned(),
        language: file.language.as_deref().map(str::to_owned),
        mode: file.mode.name().to_owned(),
        role: file.role.to_string(),
        bytes: file.size,
        content_hash: hash,
        node: node.name.clone(),
        table,
        columns,
        truncated: (rows.len() as u64) < total,
        rows,
        total,
        choices: choices(repo),
    })
}

/// The node that is asked for.
fn node(repo: &RepoPlan, name: Option<&str>) -> Result<usize, PreviewError> {
    if let Some(name) = name {
        return repo.nodes.iter().position(|node| node.name == name).ok_or_else(|| no_node(repo, name));
    }
    let index = repo.serve.and_then(|at| repo.nodes.get(at));
    let feeds = index.and_then(|index| index.inputs.first()).map(|input| input.node);
    let by_file = || repo.nodes.iter().rposition(|node| node.kind.per_file());
    let found = feeds.or_else(by_file).or_else(|| repo.nodes.len().checked_sub(1));
    found.ok_or_else(|| no_node(repo, ""))
}

fn no_node(repo: &RepoPlan, name: &str) -> PreviewError {
    let names: Vec<String> = repo.nodes.iter().map(|node| node.name.clone()).collect();
    PreviewError::UnknownNode { repo: repo.name.clone(), node: name.to_owned(), help: suggestion(name, &names) }
}

fn suggestion(given: &str, known: &[String]) -> String {
    match nearest(given, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", known.join(", ")),
    }
}

/// The tables of a node as a build keeps them.
fn tables(kind: &dyn Kind) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for table in kind.outputs().iter().chain(kind.merged()).chain(kind.resolved()) {
        if names.iter().all(|known| known != table.name) {
            names.push(table.name.to_owned());
        }
    }
    names
}

fn choices(repo: &RepoPlan) -> Vec<PreviewChoice> {
    let choice = |node: &crate::plan::PlannedNode| PreviewChoice {
        node: node.name.clone(),
        kind: node.kind.name().to_owned(),
        tables: tables(node.kind),
    };
    repo.nodes.iter().map(choice).collect()
}
