//! What the tables of an index say of each other, and of the chunks that they were made of.

use arrow::array::{AsArray, ListArray, UInt32Array};
use arrow::datatypes::UInt32Type;

use crate::nodes::NodeError;
use crate::table::Batch;

/// Every posting names an ordinal of `stats`; every row of `stats` names a row of `chunks`.
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
    let rows = stats.column::<UInt32Array>("row")?.values();
    match rows.iter().position(|row| *row as usize >= chunks.len()) {
        Some(at) => broken(format!("row {at} of `chunk_stats` names a row that `chunks` does not have")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema::{ChunkStatsRow, PostingRow};

    fn stats(row: u32) -> Batch {
        Batch::of(&[ChunkStatsRow {
            ordinal: 0,
            shard: 0,
            row,
            len_name: 0,
            len_signature: 0,
            len_doc: 0,
            len_body: 1,
            len_path: 0,
        }])
        .unwrap()
    }

    fn postings(chunk: u32) -> Batch {
        Batch::of(&[PostingRow { term: "a".into(), field: 3, doc_freq: 1, chunks: vec![chunk], tfs: vec![1] }]).unwrap()
    }

    #[test]
    fn a_posting_of_a_chunk_that_is_not_there_is_found() {
        check(&postings(0), &stats(0), None).unwrap();
        let error = check(&postings(1), &stats(0), None).unwrap_err();
        assert_eq!(error.to_string(), "`postings` names chunk 1, and `chunk_stats` has 1 rows");
    }

    #[test]
    fn a_statistic_of_a_row_that_is_not_there_is_found() {
        let none = Batch::of::<crate::table::schema::ChunkRow>(&[]).unwrap();
        let error = check(&postings(0), &stats(0), Some(&none)).unwrap_err();
        assert_eq!(error.to_string(), "row 0 of `chunk_stats` names a row that `chunks` does not have");
    }
}
