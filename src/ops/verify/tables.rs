//! An object as a table: does it decode, do the rules of its table hold, are its rows as many as the manifest tells?

use crate::base::Digest;
use crate::nodes::Kind;
use crate::store::Store;
use crate::store::verify::{Finding, Named, What};
use crate::table::{self, TableError, TableReader, TableSchema};

/// The schemas that the known kinds write, those of workspace scope too.
pub fn schemas(kinds: &[&'static dyn Kind]) -> Vec<&'static TableSchema> {
    let mut schemas: Vec<&'static TableSchema> = kinds
        .iter()
        .flat_map(|kind| kind.outputs().iter().chain(kind.merged()).chain(kind.resolved()).copied())
        .chain(table::WORKSPACE.iter().copied())
        .collect();
    schemas.sort_unstable_by_key(|schema| schema.name);
    schemas.dedup_by_key(|schema| schema.name);
    schemas
}

/// What was found, and how many rows were read.
pub fn check(store: &Store, schemas: &[&'static TableSchema], hash: &Digest, named: &Named) -> (u64, Option<Finding>) {
    let find = |what: What, message: String| (0, Some(store.object_finding(hash, what, message)));
    let Some(schema) = schemas.iter().find(|schema| schema.name == named.table) else {
        return find(What::Undecodable, format!("no node kind of this version writes a table `{}`", named.table));
    };
    let source = match store.object(hash) {
        Ok(source) => source,
        Err(error) => return find(What::Unreadable, error.to_string()),
    };
    let batch = match TableReader::open(source, schema).and_then(|reader| reader.read_all()) {
        Ok(batch) => batch,
        Err(error) => return find(What::Undecodable, chain(&error)),
    };
    let rows = batch.len() as u64;
    if rows != named.rows {
        return find(What::Rows, format!("it has {rows} rows, and the manifest tells {}", named.rows));
    }
    match table::validate(&batch) {
        Ok(()) => (rows, None),
        Err(error) => find(What::Invalid, chain(&error)),
    }
}

/// What an error says, its sources included.
fn chain(error: &TableError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
