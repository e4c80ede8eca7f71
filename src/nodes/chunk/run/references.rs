//! What `chunks` and `symbols` say of each other.

use std::collections::BTreeSet;

use arrow::array::StringArray;

use crate::nodes::NodeError;
use crate::table::Batch;

/// Every symbol, and every parent of a chunk, is a chunk of the same file.
pub fn check(chunks: &Batch, symbols: &Batch) -> Result<(), NodeError> {
    let text = |batch, column| Batch::column::<StringArray>(batch, column);
    let (paths, ids) = (text(chunks, "path")?, text(chunks, "chunk_id")?);
    let known: BTreeSet<(&str, &str)> = paths.iter().flatten().zip(ids.iter().flatten()).collect();
    let parents = text(chunks, "parent_id")?;
    let of_chunks = paths.iter().flatten().zip(parents).filter_map(|(path, id)| id.map(|id| (path, id)));
    let of_symbols = text(symbols, "path")?.iter().flatten().zip(text(symbols, "chunk_id")?.iter().flatten());
    match of_chunks.chain(of_symbols).find(|reference| !known.contains(reference)) {
        Some((path, id)) => Err(NodeError::Input { what: format!("{id} is named in `{path}` and is no chunk of it") }),
        None => Ok(()),
    }
}
