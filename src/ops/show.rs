//! `show`: rows of any table of the pinned generation, all at once or piece by piece.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::query::scan::{self, TableScan};
pub use crate::query::scan::{ShowAnswer, ShowRequest};
use crate::query::{Cache, OfWorkspace, Pieces};
use crate::store::Pinned;
use crate::table::{self, TableSchema};

use super::at::AtReport;
use super::context::Context;
use super::error::OpsError;
use super::stale::{StaleRepo, Standing};

/// The rows, and which of the repositories they may be from are stale.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ShowReport {
    #[serde(flatten)]
    pub answer: ShowAnswer,
    /// The repositories asked for whose old build answers.
    pub stale: Vec<StaleRepo>,
    /// The moment that answers, where one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<AtReport>,
}

/// The rows that were asked for, in memory.
pub fn run(context: &Context, request: &ShowRequest) -> Result<ShowReport, OpsError> {
    let standing = Standing::of(context)?;
    let pieces = pieces(&standing.pinned, &request.table);
    let answer = scan::show(&*pieces, &Cache::default(), &tables(context), request)?;
    Ok(ShowReport { answer, stale: standing.stale_among(&request.repos), at: standing.at })
}

/// Where the rows of a table are: what a node of the workspace writes is beside the repositories.
fn pieces(pinned: &Pinned, table: &str) -> Box<dyn Pieces> {
    if table::WORKSPACE.iter().any(|of_workspace| of_workspace.name == table) {
        Box::new(OfWorkspace(pinned.clone()))
    } else {
        Box::new(pinned.clone())
    }
}

/// The tables of repositories and of the workspace.
pub(super) fn tables(context: &Context) -> Vec<&'static TableSchema> {
    context.tables().into_iter().chain(table::WORKSPACE.iter().copied()).collect()
}

/// The rows that were asked for, a piece at a time: memory holds one piece however long the table is.
pub struct Rows {
    pinned: Box<dyn Pieces>,
    cache: Cache,
    scan: TableScan,
    /// The repositories asked for whose old build answers.
    pub stale: Vec<StaleRepo>,
}

/// Checks the request; reads no table yet.
pub fn rows(context: &Context, request: &ShowRequest) -> Result<Rows, OpsError> {
    let standing = Standing::of(context)?;
    let stale = standing.stale_among(&request.repos);
    let pinned = pieces(&standing.pinned, &request.table);
    let scan = TableScan::new(&*pinned, &tables(context), request)?;
    Ok(Rows { pinned, cache: Cache::default(), scan, stale })
}

impl Rows {
    /// `repo`, `node`, then the table's.
    pub fn columns(&self) -> Vec<&'static str> {
        scan::with_place(&self.scan.columns)
    }

    /// The next rows as JSON objects; `None` at the end.
    pub fn next_rows(&mut self) -> Result<Option<Vec<Map<String, Value>>>, OpsError> {
        let scanned = self.scan.next(&*self.pinned, &self.cache)?;
        Ok(scanned.map(|scanned| scanned.json()).transpose()?)
    }

    /// Hands each part of the Arrow IPC stream of the rows to `sink`, in order, until it returns `false`.
    pub fn arrow(mut self, mut sink: impl FnMut(&[u8]) -> bool) -> Result<(), OpsError> {
        let mut stream = scan::ipc(&self.scan)?;
        while let Some(scanned) = self.scan.next(&*self.pinned, &self.cache)? {
            if !sink(&scan::ipc_part(&mut stream, &scanned)?) {
                return Ok(());
            }
        }
        sink(&stream.finish().map_err(crate::query::QueryError::from)?);
        Ok(())
    }
}
