//! What the tables of an index say of each other, and of the chunks that they were made of.

use arrow::array::{Array, AsArray, ListArray, StringArray, UInt32Array};
use arrow::datatypes::UInt32Type;

use crate::nodes::NodeError;
use crate::table::Batch;

/// Every posting names an ordinal of `stats`; every row of `stats` names a row of `chunks`, with its id.
pub fn check(postings: &Batch, stats: &Batch, chunks: Option<&Batch>) -> Result<(), NodeError> {
    let broken = |what: String| Err(NodeError::Input { what });
    let lists: &ListArray = postings.column("chunks")?;
    let ordinals = lists.values().as_primitive_opt::<UInt32Type>();
    let Some(ordinals) = ordinals else { return broken("a list of `postings` has another type".into()) };
    if let Some(most) = arrow::compute::max(ordinals)
        && most as usize >= stats.len()
    {
        return broken(format!("`postings` names chunk {most}, and `chunk_stats` has {} rows", stats.len()));
    }
    let Some(chunks) = chunks else { return Ok(()) };
    let (ids, rows) = (stats.column::<StringArray>("chunk_id")?, stats.column::<UInt32Array>("row")?);
    let known = chunks.column::<StringArray>("chunk_id")?;
    for at in 0..stats.len() {
        let row = rows.value(at) as usize;
        if row >= known.len() || known.value(row) != ids.value(at) {
            return broken(format!("row {at} of `chunk_stats` says that {} is row {row} of `chunks`", ids.value(at)));
        }
    }
    Ok(())
}
