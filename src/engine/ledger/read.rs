//! How commands ask the ledger. Nothing here takes a lock or writes.

use std::sync::Arc;

use crate::base::ByteSource;
use crate::store::{LedgerPiece, LedgerTable, Store, StoreError, StoreNotice};
use crate::table::{Batch, FailureRow, HistoryRow, TableError, TableReader, encode_rows};

use super::merge::{LedgerRow, Merged};

/// Rows, in the order of their table, and what is to be told of pieces that have none to give.
#[derive(Debug)]
pub struct Told<R> {
    pub rows: Vec<R>,
    pub notices: Vec<StoreNotice>,
}

/// Failures that are kept; only those of `path` where that is given, of all repositories.
pub fn failures(store: &Store, path: Option<&str>) -> Result<Told<FailureRow>, StoreError> {
    read(store, LedgerTable::Failures, path, |row: &FailureRow| path.is_none() || row.path.as_deref() == path)
}

/// What processed the files of that path, in all repositories.
pub fn history(store: &Store, path: &str) -> Result<Told<HistoryRow>, StoreError> {
    read(store, LedgerTable::History, Some(path), |row: &HistoryRow| row.path.as_deref() == Some(path))
}

fn read<R: LedgerRow>(
    store: &Store,
    table: LedgerTable,
    path: Option<&str>,
    wanted: impl Fn(&R) -> bool,
) -> Result<Told<R>, StoreError> {
    let found = store.ledger(table)?;
    let mut notices = found.notices;
    let mut batches = Vec::new();
    for piece in found.pieces {
        match decoded::<R>(piece.bytes, path) {
            Ok(batch) => batches.push(batch),
            Err(error) => notices.push(strange(store, table, &error)),
        }
    }
    let mut merged = Merged::<R>::new(batches);
    let rows = merged.by_ref().filter(|row| wanted(row)).collect();
    notices.extend(merged.error().map(|error| strange(store, table, &error)));
    Ok(Told { rows, notices })
}

/// The rows of a piece: all, or those of the pages that may have rows of `path`.
fn decoded<R: LedgerRow>(bytes: Vec<u8>, path: Option<&str>) -> Result<Batch, TableError> {
    let source: Arc<dyn ByteSource> = Arc::new(bytes);
    let reader = TableReader::open(source, R::schema())?;
    let Some(path) = path else { return reader.read_all() };
    let columns: Vec<&str> = reader.schema().columns.iter().map(|column| column.name).collect();
    let rows = reader.find_rows("path", &[path])?;
    Batch::new(reader.schema(), reader.read_rows(&columns, &rows)?)
}

fn strange(store: &Store, table: LedgerTable, error: &TableError) -> StoreNotice {
    StoreNotice { path: store.ledger_dir(table), what: format!("a piece is left out: {error}") }
}

/// Many pieces as one. A piece of another version is left behind: nobody could read it again.
pub(super) fn compacted<R: LedgerRow>(pieces: &[LedgerPiece]) -> Result<Vec<u8>, TableError> {
    let batches = pieces.iter().filter_map(|piece| decoded::<R>(piece.bytes.clone(), None).ok()).collect();
    let mut merged = Merged::<R>::new(batches);
    let bytes = encode_rows(merged.by_ref())?;
    merged.error().map_or(Ok(bytes), Err)
}
