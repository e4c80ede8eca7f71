//! BM25F: one saturation per unit over all its fields.
//!
//! `unit(d) = weight × idf × w / (k1 + w)`, `w = Σ_f weight_f × tf_f / (1 − b_f + b_f × len_f / average_f)`,
//! `idf = ln(1 + (N − df + 0.5) / (df + 0.5))`: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
//! weighted fields" (2004), with the idf of Lucene, which is never negative. `ln` is libm's, so that no platform
//! rounds differently.
//!
//! `score = Σ units × coverage × exact`, then factors of at most 1 for role and kind.

use std::collections::BTreeMap;

use super::open::{FieldPostings, OpenSegment};
use super::request::UnitScore;
use super::units::{Unit, UnitRole};
use crate::nodes::index::read::Stats;
use crate::nodes::index::{FIELDS, Field};
use crate::query::parse::Sign;

/// Saturation; the customary value.
const K1: f64 = 1.2;
/// A chunk that holds none but one of many words keeps at least this share of its score.
const COVERAGE_FLOOR: f64 = 0.5;
/// A word of which only parts match counts at most this much as matched.
const PART_COVERAGE: f64 = 0.75;
/// What a chunk gains whose name is the query.
const EXACT_GAIN: f64 = 0.6;

/// Weight and length normalization of a field. A name is short and tells most; head, documentation and path tell
/// more than a body; `b` is low where length says little (a long name is no worse a name) and customary for the
/// body. To start with; chosen anew by measurement on public judgements.
fn field_constants(field: Field) -> (f64, f64) {
    match field {
        Field::Name => (5.0, 0.4),
        Field::Signature | Field::Doc => (2.0, 0.6),
        Field::Body => (1.0, 0.75),
        Field::Path => (1.5, 0.4),
    }
}

/// Statistics over everything that is searched.
#[derive(Clone, Debug)]
pub struct Collection {
    pub docs: u64,
    pub averages: [f64; FIELDS.len()],
    pub doc_freqs: Vec<u64>,
    pub idfs: Vec<f64>,
    /// Words that are not excluded, required ones among them.
    pub ranked_words: usize,
    pub required_words: usize,
}

impl Collection {
    /// `totals` are terms by field over all `docs` chunks.
    pub fn new(docs: u64, totals: [u64; FIELDS.len()], doc_freqs: Vec<u64>, units: &[Unit]) -> Self {
        let averages = totals.map(|total| if docs == 0 { 0.0 } else { total as f64 / docs as f64 });
        let idfs =
            doc_freqs.iter().map(|df| libm::log(1.0 + (docs as f64 - *df as f64 + 0.5) / (*df as f64 + 0.5))).collect();
        let words = |f: fn(Sign) -> bool| units.iter().filter(|u| u.role == UnitRole::Whole && f(u.sign)).count();
        let ranked_words = words(|sign| sign != Sign::Excluded);
        let required_words = words(|sign| sign == Sign::Required);
        Self { docs, averages, doc_freqs, idfs, ranked_words, required_words }
    }

    /// A field's share of a unit's weighted frequency.
    fn weigh(&self, field: Field, tf: f64, length: u32) -> f64 {
        let (weight, b) = field_constants(field);
        let average = self.averages[usize::from(field.number())];
        let norm = if average > 0.0 { 1.0 - b + b * f64::from(length) / average } else { 1.0 };
        weight * tf / norm
    }

    fn saturate(&self, unit: usize, weight: f64, weighed: f64) -> f64 {
        weight * self.idfs.get(unit).copied().unwrap_or(0.0) * weighed / (K1 + weighed)
    }

    fn coverage(&self, covered: f64) -> f64 {
        if self.ranked_words == 0 {
            return 1.0;
        }
        COVERAGE_FLOOR + (1.0 - COVERAGE_FLOOR) * covered / self.ranked_words as f64
    }

    fn exact(&self, named: f64) -> f64 {
        if self.ranked_words == 0 { 1.0 } else { 1.0 + EXACT_GAIN * named / self.ranked_words as f64 }
    }
}

/// A chunk that holds the words as their signs ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub ordinal: u32,
    pub score: f64,
}

/// What is known about a chunk while the units go by.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    sum: f64,
    weighed: f64,
    /// Words matched, parts counting less.
    covered: f64,
    /// Words that are the chunk's name.
    named: f64,
    required: u32,
    excluded: bool,
    touched: bool,
    /// The last word (from 1) that matched as a whole.
    whole_of: u32,
}

/// The chunks of a segment that hold the words as their signs ask, ordinals ascending. Where the query asks more than
/// signs say, `asked` tells of each chunk whether it fulfils it, and a chunk without any word may.
pub fn score(
    open: &OpenSegment,
    stats: &Stats,
    units: &[Unit],
    collection: &Collection,
    asked: Option<&[bool]>,
) -> Vec<Scored> {
    let mut tallies = vec![Tally::default(); open.docs as usize];
    let mut touched: Vec<u32> = Vec::new();
    for (at, (unit, fields)) in units.iter().zip(&open.units).enumerate() {
        if unit.sign == Sign::Excluded {
            for entry in fields.iter().flat_map(|f| &f.entries) {
                if let Some(tally) = tallies.get_mut(entry.ordinal as usize) {
                    tally.excluded = true;
                }
            }
            continue;
        }
        touched.clear();
        for postings in fields {
            weigh_field(postings, stats, collection, &mut tallies, &mut touched);
        }
        note_names(unit, fields, stats, collection, &mut tallies);
        let parts = part_count(units, unit.word);
        for ordinal in &touched {
            let Some(tally) = tallies.get_mut(*ordinal as usize) else { continue };
            tally.sum += collection.saturate(at, unit.weight, tally.weighed);
            tally.weighed = 0.0;
            tally.touched = true;
            note_match(unit, parts, tally);
        }
    }
    let any_words = collection.ranked_words > 0;
    let wanted = |ordinal: u32, t: &Tally| match asked {
        None => t.touched || !any_words,
        Some(asked) => asked.get(ordinal as usize).copied().unwrap_or(false),
    };
    let signed = |t: &Tally| !t.excluded && t.required as usize == collection.required_words;
    (0..open.docs)
        .zip(&tallies)
        .filter(|(ordinal, t)| signed(t) && wanted(*ordinal, t))
        .map(|(ordinal, t)| Scored {
            ordinal,
            score: t.sum * collection.coverage(t.covered) * collection.exact(t.named),
        })
        .collect()
}

fn weigh_field(
    postings: &FieldPostings,
    stats: &Stats,
    collection: &Collection,
    tallies: &mut [Tally],
    touched: &mut Vec<u32>,
) {
    let Some(lengths) = stats.lengths.get(usize::from(postings.field.number())) else { return };
    for entry in &postings.entries {
        let at = entry.ordinal as usize;
        let (Some(tally), Some(length)) = (tallies.get_mut(at), lengths.get(at)) else { continue };
        if tally.weighed == 0.0 {
            touched.push(entry.ordinal);
        }
        tally.weighed += collection.weigh(postings.field, entry.tf, *length);
    }
}

fn part_count(units: &[Unit], word: usize) -> usize {
    units.iter().filter(|u| u.role == UnitRole::Part && u.word == word).count()
}

fn note_match(unit: &Unit, parts: usize, tally: &mut Tally) {
    let word = unit.word as u32 + 1;
    match unit.role {
        UnitRole::Whole => {
            tally.covered += 1.0;
            tally.whole_of = word;
            tally.required += u32::from(unit.sign == Sign::Required);
        }
        UnitRole::Part if tally.whole_of != word => tally.covered += PART_COVERAGE / parts.max(1) as f64,
        UnitRole::Part | UnitRole::Joined => {}
    }
}

/// A chunk whose name is exactly the unit: the term is in the name, and the name has no other terms.
fn note_names(unit: &Unit, fields: &[FieldPostings], stats: &Stats, collection: &Collection, tallies: &mut [Tally]) {
    let Some(names) = fields.iter().find(|f| f.field == Field::Name) else { return };
    for entry in names.entries.iter().filter(|e| e.itself) {
        let at = entry.ordinal as usize;
        if let (Some(tally), Some(length)) = (tallies.get_mut(at), stats.lengths[0].get(at)) {
            note_name(unit, *length, collection, tally);
        }
    }
}

fn note_name(unit: &Unit, length: u32, collection: &Collection, tally: &mut Tally) {
    let all = collection.ranked_words as f64;
    match unit.role {
        UnitRole::Whole if length == unit.name_terms => tally.named = (tally.named + 1.0).min(all),
        UnitRole::Joined => tally.named = all,
        UnitRole::Whole | UnitRole::Part => {}
    }
}

/// The score of one chunk, unit by unit, by the same operations as [`score`].
pub fn explain(
    open: &OpenSegment,
    stats: &Stats,
    units: &[Unit],
    collection: &Collection,
    ordinal: u32,
) -> (Vec<UnitScore>, f64, f64) {
    let mut tally = Tally::default();
    let mut out = Vec::new();
    for (at, (unit, fields)) in units.iter().zip(&open.units).enumerate().filter(|(_, (u, _))| u.sign != Sign::Excluded)
    {
        let mut shown = BTreeMap::new();
        let mut weighed = 0.0;
        for postings in fields {
            let Ok(found) = postings.entries.binary_search_by_key(&ordinal, |e| e.ordinal) else { continue };
            let lengths = stats.lengths.get(usize::from(postings.field.number()));
            let length = lengths.and_then(|l| l.get(ordinal as usize)).copied().unwrap_or(0);
            let entry = postings.entries[found];
            weighed += collection.weigh(postings.field, entry.tf, length);
            shown.insert(postings.field.name(), entry.tf);
            if postings.field == Field::Name && entry.itself {
                note_name(unit, length, collection, &mut tally);
            }
        }
        if !shown.is_empty() {
            note_match(unit, part_count(units, unit.word), &mut tally);
            let score = collection.saturate(at, unit.weight, weighed);
            out.push(UnitScore { term: unit.term.clone(), role: unit.role, fields: shown, score });
        }
    }
    (out, collection.coverage(tally.covered), collection.exact(tally.named))
}
