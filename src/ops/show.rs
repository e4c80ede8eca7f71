//! `show`: rows of any table of the pinned generation, all at once or piece by piece.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::query::Cache;
use crate::query::scan::{self, TableScan};
pub use crate::query::scan::{ShowAnswer, ShowRequest};
use crate::store::Pinned;

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
    let answer = scan::show(&standing.pinned, &Cache::default(), &context.tables(), request)?;
    Ok(ShowReport { answer, stale: standing.stale_among(&request.repos), at: standing.at })
}

/// The rows that were asked for, a piece at a time: memory holds one piece however long the table is.
#[derive(Debug)]
pub struct Rows {
    pinned: Pinned,
    cache: Cache,
    scan: TableScan,
    /// The repositories asked for whose old build answers.
    pub stale: Vec<StaleRepo>,
}

/// Checks the request; reads no table yet.
pub fn rows(context: &Context, request: &ShowRequest) -> Result<Rows, OpsError> {
    let standing = Standing::of(context)?;
    let stale = standing.stale_among(&request.repos);
    let scan = TableScan::new(&standing.pinned, &context.tables(), request)?;
    Ok(Rows { pinned: standing.pinned, cache: Cache::default(), scan, stale })
}

impl Rows {
    /// `repo`, `node`, then the table's.
    pub fn columns(&self) -> Vec<&'static str> {
        scan::with_place(&self.scan.columns)
    }

    /// The next rows as JSON objects; `None` at the end.
    pub fn next_rows(&mut self) -> Result<Option<Vec<Map<String, Value>>>, OpsError> {
        let scanned = self.scan.next(&self.pinned, &self.cache)?;
        Ok(scanned.map(|scanned| scanned.json()).transpose()?)
    }

    /// Hands each part of the Arrow IPC stream of the rows to `sink`, in order, until it returns `false`.
    pub fn arrow(mut self, mut sink: impl FnMut(&[u8]) -> bool) -> Result<(), OpsError> {
        let mut stream = scan::ipc(&self.scan)?;
        while let Some(scanned) = self.scan.next(&self.pinned, &self.cache)? {
            if !sink(&scan::ipc_part(&mut stream, &scanned)?) {
                return Ok(());
            }
        }
        sink(&stream.finish().map_err(crate::query::QueryError::from)?);
        Ok(())
    }
}
