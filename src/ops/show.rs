//! `show`: rows of any table of the pinned generation, all at once or piece by piece.

use serde_json::{Map, Value};

use crate::query::Cache;
use crate::query::scan::{self, TableScan};
pub use crate::query::scan::{ShowAnswer, ShowRequest};
use crate::store::Pinned;

use super::context::Context;
use super::error::OpsError;

/// The rows that were asked for, in memory.
pub fn run(context: &Context, request: &ShowRequest) -> Result<ShowAnswer, OpsError> {
    Ok(scan::show(&context.pinned()?, &Cache::default(), &context.tables(), request)?)
}

/// The rows that were asked for, a piece at a time: memory holds one piece however long the table is.
#[derive(Debug)]
pub struct Rows {
    pinned: Pinned,
    cache: Cache,
    scan: TableScan,
}

/// Checks the request; reads no table yet.
pub fn rows(context: &Context, request: &ShowRequest) -> Result<Rows, OpsError> {
    let pinned = context.pinned()?;
    let scan = TableScan::new(&pinned, &context.tables(), request)?;
    Ok(Rows { pinned, cache: Cache::default(), scan })
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
