//! Where chunks stand, and how long they are: a segment's statistics, read where one of its chunks can be a candidate.
//!
//! A rare word is in few of many repositories. The others tell so by their postings, and nothing more of them is read.

use std::sync::Arc;

use super::open::OpenSegment;
use super::rank::Candidate;
use super::score::Collection;
use super::select::SegmentPieces;
use super::units::{Unit, UnitRole};
use crate::nodes::index::read::Stats;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::Sign;
use crate::query::pieces::Pieces;

/// Of a segment; `None` where none of its chunks is a candidate.
pub type Known = Option<Arc<Stats>>;

/// Those of `segment`, as many as it has chunks.
pub fn read(pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces) -> Result<Arc<Stats>, QueryError> {
    let stats = cache.stats(pieces, &segment.stats)?;
    if stats.len() as u64 != segment.docs {
        return Err(QueryError::Manifest { what: "a segment's statistics are not those of its shards".into() });
    }
    Ok(stats)
}

/// Shard and row of a candidate by its ordinal; `known` by segment.
pub fn of(known: &[Known], candidate: &Candidate) -> Option<(u32, u32)> {
    let (at, stats) = (candidate.ordinal as usize, known.get(candidate.segment as usize)?.as_ref()?);
    Some((*stats.shard.get(at)?, *stats.row.get(at)?))
}

/// Can [`score`](super::score::score) find a chunk, with the same arguments? Where the words' signs decide, each required
/// word must be in some chunk, and some word that is not excluded. A query without words takes every chunk.
pub fn any(open: &OpenSegment, units: &[Unit], collection: &Collection, asked: Option<&[bool]>) -> bool {
    let held = || units.iter().zip(&open.units).map(|(unit, fields)| (unit, !fields.is_empty()));
    let lacks = |unit: &Unit| unit.role == UnitRole::Whole && unit.sign == Sign::Required;
    if held().any(|(unit, held)| !held && lacks(unit)) {
        return false;
    }
    match asked {
        Some(asked) => asked.contains(&true),
        None => collection.ranked_words == 0 || held().any(|(unit, held)| held && unit.sign != Sign::Excluded),
    }
}
