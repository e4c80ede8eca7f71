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

/// Per shard, the rows of each file that may match, ascending.
pub type Places = BTreeMap<u32, Vec<Range<usize>>>;

/// What the trigrams leave of a segment; `None`: every file.
pub fn places(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    plan: &Plan,
) -> Result<Option<Places>, QueryError> {
    let need = need(plan);
    let Some(tables) = segment.trigrams.filter(|_| need != Need::All) else { return Ok(None) };
    let reader = cache.reader(pieces, &tables.trigrams, &TRIGRAMS)?;
    let lists = GramFiles::read(&reader, &need.grams(), tables.count)?;
    let Candidates::Some(found) = need.candidates(&lists) else { return Ok(None) };
    if found.is_empty() {
        return Ok(Some(Places::new()));
    }
    let files = cache.files(pieces, &tables.files)?;
    let mut places = Places::new();
    for file in found {
        let at = file as usize;
        let place = files.shard.get(at).zip(files.row.get(at)).zip(files.rows.get(at));
        let Some(((shard, row), rows)) = place else {
            return Err(QueryError::Manifest { what: "a gram names a file that is not there".into() });
        };
        let first = *row as usize;
        places.entry(*shard).or_default().push(first..first + *rows as usize);
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
