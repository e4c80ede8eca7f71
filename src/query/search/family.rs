//! Which chunks of a segment are of one file.

use arrow::array::{Array, StringArray};

use super::select::SegmentPieces;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::schema::CHUNKS;
use crate::table::typed_column;

/// Per ordinal, a number of its file; files are numbered in the order of their first chunks.
pub fn read(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    stats: &Stats,
) -> Result<Vec<u32>, QueryError> {
    let starts = match &segment.trigrams {
        Some(indexed) => {
            let files = cache.files(pieces, &indexed.files)?;
            let mut starts: Vec<(u32, u32)> = files.shard.iter().copied().zip(files.row.iter().copied()).collect();
            starts.sort_unstable();
            starts
        }
        None => starts_by_path(pieces, cache, segment)?,
    };
    Ok(number(stats, &starts))
}

/// An index without trigrams does not list its files: the rows tell.
fn starts_by_path(pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces) -> Result<Vec<(u32, u32)>, QueryError> {
    let mut starts = Vec::new();
    for (shard, of_shard) in (0..).zip(&segment.shards) {
        let records = cache.reader(pieces, &of_shard.chunks, &CHUNKS)?.read_columns(&["path"])?;
        let paths: &StringArray = typed_column(&records, CHUNKS.name, "path")?;
        let first = |row: &usize| *row == 0 || paths.value(*row) != paths.value(*row - 1);
        starts.extend((0..paths.len()).filter(first).map(|row| (shard, row as u32)));
    }
    Ok(starts)
}

/// `starts` ascend, as the places of ordinals do.
fn number(stats: &Stats, starts: &[(u32, u32)]) -> Vec<u32> {
    let mut file = 0usize;
    let places = stats.shard.iter().copied().zip(stats.row.iter().copied());
    let of_place = |place: (u32, u32)| {
        while starts.get(file + 1).is_some_and(|next| *next <= place) {
            file += 1;
        }
        file as u32
    };
    places.map(of_place).collect()
}
