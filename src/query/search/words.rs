//! Where the words of a query are: in which chunks of a segment.

use std::collections::BTreeMap;
use std::ops::Range;

use super::open::open;
use super::places;
use super::select::SegmentPieces;
use super::units::{Unit, asked};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Expr, Leaf};
use crate::query::pieces::Pieces;

/// Per word, its chunks as (shard, row), ascending.
#[derive(Debug, Default)]
pub struct Words {
    by_term: BTreeMap<String, Vec<(u32, u32)>>,
}

impl Words {
    /// Where the words of `expr` are in a segment. A chunk holds a word as ranking finds it: in any field, by its stem
    /// where the field has stems.
    pub fn of(expr: &Expr, pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces) -> Result<Self, QueryError> {
        let units: Vec<Unit> = asked(expr);
        if units.is_empty() {
            return Ok(Self::default());
        }
        let opened = open(pieces, cache, segment, &units)?;
        let mut words = Self::default();
        if opened.units.iter().all(Vec::is_empty) {
            return Ok(words);
        }
        let stats = places::read(pieces, cache, segment)?;
        for (unit, fields) in units.iter().zip(&opened.units) {
            let entries = fields.iter().flat_map(|field| &field.entries);
            let place = |ordinal: u32| {
                let at = ordinal as usize;
                Some((*stats.shard.get(at)?, *stats.row.get(at)?))
            };
            let mut places: Vec<(u32, u32)> = entries.filter_map(|entry| place(entry.ordinal)).collect();
            places.sort_unstable();
            places.dedup();
            words.by_term.insert(unit.term.clone(), places);
        }
        Ok(words)
    }

    /// Has one of these rows of a shard the word?
    pub fn has(&self, leaf: &Leaf, shard: u32, rows: &Range<usize>) -> bool {
        let Leaf::Word(word) = leaf else { return false };
        let places = word.terms.first().and_then(|term| self.by_term.get(term));
        places.is_some_and(|places| within(places, shard, rows).next().is_some())
    }

    /// Those of the rows that have any of the words; some more than once.
    pub fn rows<'a>(&'a self, shard: u32, rows: &'a Range<usize>) -> impl Iterator<Item = u32> + 'a {
        self.by_term.values().flat_map(move |places| within(places, shard, rows))
    }
}

fn within<'a>(places: &'a [(u32, u32)], shard: u32, rows: &Range<usize>) -> impl Iterator<Item = u32> + 'a {
    let (from, to) = ((shard, rows.start as u32), (shard, rows.end as u32));
    let first = places.partition_point(|place| *place < from);
    places.iter().skip(first).take_while(move |place| **place < to).map(|(_, row)| *row)
}
