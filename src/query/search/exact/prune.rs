//! Which files have to be read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::select::SegmentPieces;
use crate::nodes::index::trigrams::{Candidates, GramFiles, Need};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::grams::Plan;
use crate::query::pieces::Pieces;
use crate::table::schema::TRIGRAMS;

/// A file that may match.
#[derive(Clone, Debug)]
pub struct Place {
    /// Among the segment's files.
    pub file: u32,
    /// In its shard's `chunks`.
    pub rows: Range<usize>,
}

/// Per shard, the files that may match, in order of their rows.
pub type Places = BTreeMap<u32, Vec<Place>>;

/// What the trigrams leave of a segment; `None` where it does not list its files.
pub fn places(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    plan: &Plan,
) -> Result<Option<Places>, QueryError> {
    let need = need(plan);
    let Some(tables) = segment.trigrams else { return Ok(None) };
    let found = if need == Need::All {
        Candidates::All
    } else {
        let reader = cache.reader(pieces, &tables.trigrams, &TRIGRAMS)?;
        let lists = GramFiles::read(&reader, &need.grams(), tables.count)?;
        need.candidates(&lists)
    };
    let found = match found {
        Candidates::Some(found) if found.is_empty() => return Ok(Some(Places::new())),
        Candidates::Some(found) => found,
        Candidates::All => (0..tables.count).collect(),
    };
    let files = cache.files(pieces, &tables.files)?;
    let mut places = Places::new();
    for file in found {
        let Some((shard, rows)) = files.place(file) else {
            return Err(QueryError::Manifest { what: "a gram names a file that is not there".into() });
        };
        places.entry(shard).or_default().push(Place { file, rows });
    }
    Ok(Some(places))
}

fn need(plan: &Plan) -> Need {
    match plan {
        Plan::All => Need::All,
        Plan::None => Need::None,
        Plan::Gram(gram) => Need::Gram(gram.number()),
        Plan::And(parts) => Need::And(parts.iter().map(need).collect()),
        Plan::Or(parts) => Need::Or(parts.iter().map(need).collect()),
    }
}
