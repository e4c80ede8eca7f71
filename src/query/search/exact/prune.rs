//! Which files have to be read.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::select::SegmentPieces;
use crate::nodes::index::trigrams::{Candidates, GramFiles, Need};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::grams::Plan;
use crate::query::pieces::Pieces;
use crate::table::TableReader;
use crate::table::schema::TRIGRAMS;

/// Most grams of an AND that are looked up. On linux five leave 446 files for `kmalloc_array(` where all of them leave 408.
const MOST_GRAMS: usize = 5;

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
    let Some(tables) = segment.trigrams else { return Ok(None) };
    let found = if *plan == Plan::All {
        Candidates::All
    } else {
        let reader = cache.reader(pieces, &tables.trigrams, &TRIGRAMS)?;
        let need = need(&cheap(&reader, plan)?);
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

/// The plan with few grams of each AND: those whose lists lie in the smallest pages, which are short and quick to read.
/// What the others would rule out besides is less than their lists cost.
fn cheap(reader: &TableReader, plan: &Plan) -> Result<Plan, QueryError> {
    let grams: Vec<u32> = plan.grams().iter().map(|gram| gram.number()).collect();
    if grams.len() <= MOST_GRAMS {
        return Ok(plan.clone());
    }
    let bytes = reader.bytes_behind("gram", &grams, "steps")?;
    let cost: BTreeMap<u32, u64> = grams.into_iter().zip(bytes).collect();
    Ok(plan.cheapest(MOST_GRAMS, &|gram| cost.get(&gram.number()).copied().unwrap_or(0)))
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
