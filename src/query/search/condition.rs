//! What a query asks of words beyond their signs: `(a OR b) AND NOT (c AND d)`.

use super::open::open;
use super::select::SegmentPieces;
use super::units::{Unit, asked};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{Expr, Leaf, Query};
use crate::query::pieces::Pieces;

/// An expression over words that their signs do not say.
#[derive(Debug)]
pub struct Condition<'a> {
    expr: &'a Expr,
    units: Vec<Unit>,
}

impl<'a> Condition<'a> {
    /// `None` where the signs of the query's words say all.
    pub fn of(query: &'a Query) -> Option<Self> {
        let expr = query.expr.as_ref().filter(|_| !query.words_say_all)?;
        Some(Self { expr, units: asked(expr) })
    }

    /// Of which chunks of a segment it holds, by ordinal. A chunk holds a word as ranking finds it: in any field, by
    /// its stem where the field has stems.
    pub fn chunks(&self, pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces) -> Result<Vec<bool>, QueryError> {
        let opened = open(pieces, cache, segment, &self.units)?;
        let mut held = vec![vec![false; opened.docs as usize]; self.units.len()];
        for (chunks, fields) in held.iter_mut().zip(&opened.units) {
            for entry in fields.iter().flat_map(|field| &field.entries) {
                if let Some(chunk) = chunks.get_mut(entry.ordinal as usize) {
                    *chunk = true;
                }
            }
        }
        let unit = |leaf: &Leaf| match leaf {
            Leaf::Word(word) => self.units.iter().position(|unit| Some(&unit.term) == word.terms.first()),
            Leaf::Exact(_) => None,
        };
        let holds = |ordinal: usize| {
            let has = |leaf: &Leaf| unit(leaf).and_then(|at| held.get(at)?.get(ordinal).copied()).unwrap_or(false);
            self.expr.holds(has)
        };
        Ok((0..opened.docs as usize).map(holds).collect())
    }
}
