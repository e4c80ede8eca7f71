//! From words to what is looked up and scored.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Mode;
use crate::nodes::index::tokenize::Stems;
use crate::nodes::index::{FIELDS, Field, Stemming};
use crate::query::parse::{Expr, Leaf, Query, Sign};

/// A part of `parse_config` tells less than the whole.
const PART_WEIGHT: f64 = 0.4;
/// A name that differs in its ending is a weaker match than the name itself.
const STEM_SCALE: f64 = 0.7;
/// Words of a query that are tried as one name (`parse config` as `parse_config`).
const JOINED_WORDS: std::ops::RangeInclusive<usize> = 2..=4;

/// What a unit is to its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitRole {
    /// A word of the query.
    Whole,
    /// A part of one.
    Part,
    /// All words as one name.
    Joined,
}

/// Something with a document frequency and a share in scores.
#[derive(Clone, Debug)]
pub struct Unit {
    pub term: String,
    pub role: UnitRole,
    /// Index into the query's words (of a joined unit: any).
    pub word: usize,
    pub sign: Sign,
    pub weight: f64,
    /// Terms that a name has if it is exactly this word.
    pub name_terms: u32,
    stem: Option<String>,
}

/// One term in one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup<'a> {
    pub term: &'a str,
    pub field: Field,
    pub scale: f64,
}

impl Unit {
    /// What to look up in a segment of `mode`; fields ascending.
    pub fn lookups(&self, mode: Mode) -> Vec<Lookup<'_>> {
        let stem = self.stem.as_deref().unwrap_or(&self.term);
        let mut out = Vec::with_capacity(FIELDS.len() + 1);
        for field in FIELDS {
            if self.role == UnitRole::Joined && field != Field::Name {
                continue;
            }
            match field.stemming(mode) {
                Stemming::None => out.push(Lookup { term: &self.term, field, scale: 1.0 }),
                Stemming::Only => out.push(Lookup { term: stem, field, scale: 1.0 }),
                Stemming::Both => {
                    out.push(Lookup { term: &self.term, field, scale: 1.0 });
                    if stem != self.term {
                        out.push(Lookup { term: stem, field, scale: STEM_SCALE });
                    }
                }
            }
        }
        out
    }
}

/// The units of a query: for each word its whole, then its parts; last all words as one name.
pub fn units(query: &Query) -> Vec<Unit> {
    let stems = Stems::default();
    let unit = |term: &str, role, word, sign, weight, name_terms| Unit {
        term: term.to_owned(),
        role,
        word,
        sign,
        weight,
        name_terms,
        stem: stems.of(term),
    };
    let mut out = Vec::new();
    for (at, word) in query.words.iter().enumerate() {
        for (n, term) in word.terms.iter().enumerate() {
            if n == 0 {
                out.push(unit(term, UnitRole::Whole, at, word.sign, 1.0, word.terms.len() as u32));
            } else if word.sign != Sign::Excluded {
                out.push(unit(term, UnitRole::Part, at, Sign::Any, PART_WEIGHT, 0));
            }
        }
    }
    let ranked: Vec<&str> = query
        .words
        .iter()
        .filter(|w| w.sign != Sign::Excluded)
        .filter_map(|w| w.terms.first().map(String::as_str))
        .collect();
    if JOINED_WORDS.contains(&ranked.len()) {
        let mut tried = BTreeSet::new();
        for joined in [ranked.join("_"), ranked.concat()] {
            let mut terms = Vec::new();
            crate::nodes::index::tokenize::terms(&joined, &mut terms);
            if terms.first() == Some(&joined) && tried.insert(joined.clone()) {
                out.push(unit(&joined, UnitRole::Joined, 0, Sign::Any, 1.0, 0));
            }
        }
    }
    out
}

/// A unit for each word of `expr`, wanted or not, to ask which chunks hold it; each whole term once.
pub fn asked(expr: &Expr) -> Vec<Unit> {
    let stems = Stems::default();
    let mut out: Vec<Unit> = Vec::new();
    expr.each_leaf(&mut |leaf, _| {
        let Leaf::Word(word) = leaf else { return };
        let Some(term) = word.terms.first().filter(|term| out.iter().all(|unit| unit.term != **term)) else { return };
        out.push(Unit {
            term: term.clone(),
            role: UnitRole::Whole,
            word: out.len(),
            sign: Sign::Any,
            weight: 0.0,
            name_terms: word.terms.len() as u32,
            stem: stems.of(term),
        });
    });
    out
}
