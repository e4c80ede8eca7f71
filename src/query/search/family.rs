//! Which chunks of a segment are of one file.

use arrow::array::UInt32Array;

use super::rows::ShardRows;
use super::select::SegmentPieces;
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::schema::INDEXED_FILES;
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
            let records = cache.reader(pieces, &indexed.files, &INDEXED_FILES)?.read_columns(&["shard", "row"])?;
            let column = |name| Ok::<_, QueryError>(typed_column::<UInt32Array>(&records, INDEXED_FILES.name, name)?);
            let (shards, rows) = (column("shard")?, column("row")?);
            let mut starts: Vec<(u32, u32)> = shards.values().iter().copied().zip(rows.values().iter().copied()).collect();
            starts.sort_unstable();
            starts
        }
        None => starts_by_path(pieces, cache, segment)?,
    };
    Ok(number(stats, &starts))
}

/// An index without trigrams does not list its files: the rows tell.
fn starts_by_path(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
) -> Result<Vec<(u32, u32)>, QueryError> {
    let mut starts = Vec::new();
    for (shard, of_shard) in (0..).zip(&segment.shards) {
        let rows = ShardRows::read(pieces, cache, of_shard)?;
        let mut before: Option<String> = None;
        let mut at = 0;
        while let Some(row) = rows.row(at) {
            if before.as_deref() != Some(row.path) {
                before = Some(row.path.to_owned());
                starts.push((shard, at));
            }
            at += 1;
        }
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
