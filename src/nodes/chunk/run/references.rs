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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema::{ChunkRow, SymbolRow};

    #[test]
    fn a_symbol_in_a_chunk_that_is_not_there_is_found() {
        let symbol = SymbolRow {
            symbol_id: "s_1".into(),
            chunk_id: "c_1".into(),
            path: "a.rs".into(),
            name: "f".into(),
            qualified_name: "f".into(),
            kind: "function".into(),
            visibility: None,
            start_line: 1,
            end_line: 1,
        };
        let error = check(&Batch::of::<ChunkRow>(&[]).unwrap(), &Batch::of(&[symbol]).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "c_1 is named in `a.rs` and is no chunk of it");
    }
}
