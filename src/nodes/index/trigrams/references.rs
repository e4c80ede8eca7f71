//! What `trigrams` and `indexed_files` say of each other, and of the chunks that they were made of.

use arrow::array::{StringArray, UInt32Array};

use super::lists::Lists;
use crate::nodes::NodeError;
use crate::table::Batch;

/// Every list names files of `files`; the files take up the rows of `chunks`.
pub fn check(grams: &Batch, files: &Batch, chunks: Option<&Batch>) -> Result<(), NodeError> {
    let broken = |what: String| Err(NodeError::Input { what });
    let lists = Lists::of(grams)?;
    for row in 0..lists.grams.len() {
        let (first, rest) = lists.steps(row)?;
        let last = rest.iter().fold(u64::from(first), |file, step| file + u64::from(*step));
        if last >= files.len() as u64 {
            return broken(format!("`trigrams` names file {last}, and `indexed_files` has {} rows", files.len()));
        }
    }
    let Some(chunks) = chunks else { return Ok(()) };
    let (first, rows) = (files.column::<UInt32Array>("row")?.values(), files.column::<UInt32Array>("rows")?.values());
    let (path, of_row): (&StringArray, &StringArray) = (files.column("path")?, chunks.column("path")?);
    let taken: u64 = rows.iter().map(|rows| u64::from(*rows)).sum();
    if taken != chunks.len() as u64 {
        return broken(format!("`indexed_files` takes {taken} rows, and `chunks` has {}", chunks.len()));
    }
    let fits = |at: usize, row: u32| (row as usize) < chunks.len() && of_row.value(row as usize) == path.value(at);
    match first.iter().enumerate().position(|(at, row)| !fits(at, *row)) {
        Some(at) => broken(format!("row {at} of `indexed_files` names a row that is not that file's")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema::{ChunkRow, IndexedFileRow, TrigramRow};

    fn files(rows: u32, path: &str) -> Batch {
        Batch::of(&[IndexedFileRow { rows, bytes: 1, path: path.into(), ..IndexedFileRow::default() }]).unwrap()
    }

    fn grams(steps: &[u32]) -> Batch {
        Batch::of(&[TrigramRow { gram: 0x0061_6263, steps: steps.to_vec() }]).unwrap()
    }

    #[test]
    fn a_list_of_a_file_that_is_not_there_is_found() {
        check(&grams(&[0]), &files(1, "a"), None).unwrap();
        let error = check(&grams(&[0, 1]), &files(1, "a"), None).unwrap_err();
        assert_eq!(error.to_string(), "`trigrams` names file 1, and `indexed_files` has 1 rows");
        assert!(check(&grams(&[u32::MAX, u32::MAX]), &files(1, "a"), None).is_err());
    }

    #[test]
    fn rows_that_are_not_a_files_are_found() {
        let chunks = Batch::of(&[ChunkRow { path: "a".into(), ..ChunkRow::default() }]).unwrap();
        check(&grams(&[0]), &files(1, "a"), Some(&chunks)).unwrap();
        let error = check(&grams(&[0]), &files(2, "a"), Some(&chunks)).unwrap_err();
        assert_eq!(error.to_string(), "`indexed_files` takes 2 rows, and `chunks` has 1");
        let error = check(&grams(&[0]), &files(1, "b"), Some(&chunks)).unwrap_err();
        assert_eq!(error.to_string(), "row 0 of `indexed_files` names a row that is not that file's");
    }
}
