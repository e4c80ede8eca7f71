//! Reading grams and files back, for search.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{StringArray, UInt32Array};

use super::lists::{Lists, damaged, walk};
use crate::table::schema::{INDEXED_FILES, TRIGRAMS};
use crate::table::{TableError, TableReader, typed_column};

/// The files of a segment that hold each of some grams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GramFiles {
    lists: BTreeMap<u32, Vec<u32>>,
}

impl GramFiles {
    /// Looks `grams` up in one `trigrams` artifact of a segment of `files` files. Only the pages that may hold them are
    /// read. Where the totals of the artifact say that it was made of fewer files than the segment has, the lists
    /// say nothing: see [`Need::All`](super::Need::All).
    ///
    /// Errors: [`TableError`] where the artifact cannot be read, or its lists do not ascend or leave the segment.
    pub fn read(reader: &TableReader, grams: &[u32], files: u32) -> Result<Self, TableError> {
        let mut wanted = grams.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut found = BTreeMap::new();
        let (there, rows) = rows_of(reader, &reader.find_numbers("gram", &wanted)?, &wanted)?;
        if there.is_empty() {
            return Ok(Self { lists: found });
        }
        // A page holds many long lists: only those that are wanted are made.
        let records = reader.read_rows(&["steps"], &rows)?;
        let lists = Lists::new(&there, typed_column(&records, TRIGRAMS.name, "steps")?)?;
        for (row, gram) in there.iter().enumerate() {
            let (first, rest) = lists.steps(row)?;
            found.insert(*gram, walk(first, rest, files)?);
        }
        Ok(Self { lists: found })
    }

    /// The files that hold `gram`, which was looked up: ascending.
    pub fn of(&self, gram: u32) -> &[u32] {
        self.lists.get(&gram).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Those of `wanted` that the table has, and their rows, which lie in `pages`.
fn rows_of(
    reader: &TableReader,
    pages: &[Range<usize>],
    wanted: &[u32],
) -> Result<(Vec<u32>, Vec<Range<usize>>), TableError> {
    let records = reader.read_rows(&["gram"], pages)?;
    let mut rest = typed_column::<UInt32Array>(&records, TRIGRAMS.name, "gram")?.values().as_ref();
    let (mut there, mut rows) = (Vec::with_capacity(wanted.len()), Vec::<Range<usize>>::new());
    for page in pages {
        let (grams, behind) = rest.split_at_checked(page.len()).ok_or_else(|| damaged("a page is too short"))?;
        rest = behind;
        for gram in wanted {
            let Ok(at) = grams.binary_search(gram) else { continue };
            let row = page.start + at;
            there.push(*gram);
            match rows.last_mut() {
                Some(last) if last.end == row => last.end += 1,
                _ => rows.push(row..row + 1),
            }
        }
    }
    Ok((there, rows))
}

/// The files of a segment by number: where their chunks are.
#[derive(Clone, Debug)]
pub struct IndexedFiles {
    pub shard: Vec<u32>,
    /// First row within the shard's `chunks`.
    pub row: Vec<u32>,
    /// Number of rows from there.
    pub rows: Vec<u32>,
}

impl IndexedFiles {
    /// All of one `indexed_files` artifact.
    pub fn read(reader: &TableReader) -> Result<Self, TableError> {
        let records = reader.read_columns(&["shard", "row", "rows"])?;
        let column = |name: &str| -> Result<Vec<u32>, TableError> {
            Ok(typed_column::<UInt32Array>(&records, INDEXED_FILES.name, name)?.values().to_vec())
        };
        Ok(Self { shard: column("shard")?, row: column("row")?, rows: column("rows")? })
    }

    /// How the files are called, by number.
    pub fn paths(reader: &TableReader) -> Result<StringArray, TableError> {
        let records = reader.read_columns(&["path"])?;
        Ok(typed_column::<StringArray>(&records, INDEXED_FILES.name, "path")?.clone())
    }

    pub fn len(&self) -> usize {
        self.shard.len()
    }

    pub fn is_empty(&self) -> bool {
        self.shard.is_empty()
    }

    /// Shard and rows of a file.
    pub fn place(&self, file: u32) -> Option<(u32, Range<usize>)> {
        let at = file as usize;
        let (shard, first) = (*self.shard.get(at)?, *self.row.get(at)? as usize);
        Some((shard, first..first + *self.rows.get(at)? as usize))
    }
}
