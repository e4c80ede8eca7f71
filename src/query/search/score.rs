//! BM25F: one saturation per unit over all its fields.
//!
//! `unit(d) = weight × idf × w / (k1 + w)`, `w = Σ_f weight_f × tf_f / (1 − b_f + b_f × len_f / average_f)`,
//! `idf = ln(1 + (N − df + 0.5) / (df + 0.5))`: Robertson, Zaragoza and Taylor, "Simple BM25 extension to multiple
//! weighted fields" (2004), with the idf of Lucene, which is never negative. `ln` is libm's, so that no platform
//! rounds differently.
//!
//! `score = Σ units × coverage × exact × naming × scope × family`, then factors of at most 1 for role, kind and name, which come
//! with the row. The constants stand in [`weights`](super::weights).

use std::collections::BTreeMap;

use super::open::{FieldPostings, OpenSegment};
use super::request::UnitScore;
use super::tally::{Tallies, Tally};
use super::units::{DEFINES, Qualifies, Unit, UnitRole};
use super::weights::Profile;
use crate::nodes::index::read::Stats;
use crate::nodes::index::{FIELDS, Field};
use crate::query::parse::Sign;

/// Statistics over everything that is searched.
#[derive(Clone, Debug)]
pub struct Collection {
    pub docs: u64,
    pub averages: [f64; FIELDS.len()],
    pub doc_freqs: Vec<u64>,
    pub idfs: Vec<f64>,
    /// Words that tell something and are not excluded, required ones among them.
    pub ranked_words: usize,
    pub required_words: usize,
    /// Per unit, the share of its word in the coverage; shares sum to the number of words.
    shares: Vec<f64>,
    /// Of single words and parts, weight × idf.
    single: f64,
    profile: Profile,
}

impl Collection {
    /// `totals` are terms by field over all `docs` chunks.
    pub fn new(docs: u64, totals: [u64; FIELDS.len()], doc_freqs: Vec<u64>, units: &[Unit], profile: &Profile) -> Self {
        let averages = totals.map(|total| if docs == 0 { 0.0 } else { total as f64 / docs as f64 });
        let idf = |df: &u64| libm::log(1.0 + (docs as f64 - *df as f64 + 0.5) / (*df as f64 + 0.5));
        let idfs: Vec<f64> = doc_freqs.iter().map(idf).collect();
        let counts = |unit: &Unit| unit.role == UnitRole::Whole && unit.sign != Sign::Excluded && !unit.filler;
        let ranked_words = units.iter().filter(|unit| counts(unit)).count();
        let required_words = units.iter().filter(|u| u.role == UnitRole::Whole && u.sign == Sign::Required).count();
        let all: f64 = units.iter().zip(&idfs).filter(|(unit, _)| counts(unit)).map(|(_, idf)| idf).sum();
        let mean = all / ranked_words.max(1) as f64;
        let of_word = |word: usize| {
            let whole = units.iter().zip(&idfs).find(|(unit, _)| unit.word == word && counts(unit));
            let rarity = whole.map_or(0.0, |(_, idf)| if mean > 0.0 { idf / mean } else { 1.0 });
            whole.map_or(0.0, |_| 1.0 - profile.coverage_idf + profile.coverage_idf * rarity)
        };
        let shares = units.iter().map(|unit| of_word(unit.word)).collect();
        let single = units.iter().zip(&idfs).filter(|(unit, _)| unit.single && unit.sign != Sign::Excluded);
        let single = single.map(|(unit, idf)| unit.weight * idf).sum();
        Self { docs, averages, doc_freqs, idfs, ranked_words, required_words, shares, single, profile: profile.clone() }
    }

    /// A field's share of a unit's weighted frequency.
    fn weigh(&self, field: Field, tf: f64, length: u32) -> f64 {
        let (weight, b) = self.profile.field(field);
        let average = self.averages[usize::from(field.number())];
        let norm = if average > 0.0 { 1.0 - b + b * f64::from(length) / average } else { 1.0 };
        weight * tf / norm
    }

    fn saturate(&self, unit: usize, weight: f64, weighed: f64) -> f64 {
        weight * self.idf(unit) * weighed / (self.profile.k1 + weighed)
    }

    fn idf(&self, unit: usize) -> f64 {
        self.idfs.get(unit).copied().unwrap_or(0.0)
    }

    /// Does it matter what else is in a chunk's file?
    pub fn wants_families(&self) -> bool {
        self.profile.family > 0.0 && self.single > 0.0
    }

    fn share(&self, unit: usize) -> f64 {
        self.shares.get(unit).copied().unwrap_or(0.0)
    }

    fn coverage(&self, tally: &Tally) -> f64 {
        if self.ranked_words == 0 {
            return 1.0;
        }
        let floor = self.profile.coverage_floor;
        floor + (1.0 - floor) * tally.covered / self.ranked_words as f64
    }

    fn exact(&self, tally: &Tally) -> f64 {
        if self.ranked_words == 0 {
            return 1.0;
        }
        let all = self.ranked_words as f64;
        let named = if tally.scoped || (tally.last && tally.near) {
            tally.named.max(all * self.listed(tally))
        } else {
            tally.named
        };
        1.0 + self.profile.exact * named / all
    }

    /// Notes that a unit is in a chunk's name, or that the chunk defines it among other things, or that it is in the
    /// signature of a chunk without a name: there stand the names of several small definitions. `of_unit` and `of_name`
    /// count terms: where they are equal, the unit is the name.
    fn note(&self, at: usize, unit: &Unit, field: Field, of_unit: u32, of_name: u32, tally: &mut Tally) {
        tally.near |= unit.qualifies.scope && matches!(field, Field::Path | Field::Signature);
        tally.last |= unit.qualifies.name && of_unit > 0 && (of_unit == of_name || of_unit == DEFINES);
        tally.own |= unit.qualifies.name && field == Field::Name && of_unit > 0 && of_unit == of_name;
        if field == Field::Path {
            return;
        }
        // What a name is looked for in is no name that is looked for.
        let is_scope = unit.qualifies == Qualifies::SCOPE;
        if field == Field::Name {
            self.note_name(unit, of_unit, of_unit > 0 && of_unit == of_name, is_scope, tally);
        } else if of_unit == DEFINES || (of_name == 0 && of_unit > 0) {
            self.note_listed(unit, is_scope, tally);
        } else {
            return;
        }
        if unit.single {
            tally.name_idf += unit.weight * self.idf(at);
        }
    }

    /// `same`: the unit is the whole name.
    fn note_name(&self, unit: &Unit, of_unit: u32, same: bool, is_scope: bool, tally: &mut Tally) {
        let all = self.ranked_words as f64;
        match unit.role {
            UnitRole::Whole if same && !is_scope => tally.named = (tally.named + 1.0).min(all),
            UnitRole::Joined if of_unit > 0 => tally.named = all,
            UnitRole::Whole | UnitRole::Part | UnitRole::Pair | UnitRole::Joined | UnitRole::Qualified => {}
        }
        if unit.single {
            tally.name_words += if same { of_unit } else { 1 };
        }
    }

    fn note_listed(&self, unit: &Unit, is_scope: bool, tally: &mut Tally) {
        let (all, listed) = (self.ranked_words as f64, self.profile.listed.min(1.0));
        match unit.role {
            UnitRole::Whole if is_scope => {}
            UnitRole::Whole => tally.named = (tally.named + listed).min(all),
            UnitRole::Joined => tally.named = tally.named.max(all * listed),
            UnitRole::Qualified => tally.scoped = true,
            UnitRole::Part | UnitRole::Pair => {}
        }
        if matches!(unit.role, UnitRole::Whole | UnitRole::Joined) {
            tally.listed = tally.listed.max(listed);
        }
    }

    /// Is a qualified name defined here, or at least its last name, near the one before?
    fn scope(&self, tally: &Tally) -> f64 {
        let gain = match tally {
            Tally { scoped: true, .. } => self.profile.scope,
            Tally { near: true, last: true, .. } => self.profile.scope_near,
            _ => 0.0,
        };
        1.0 + gain * self.listed(tally)
    }

    /// What a definition counts that is the chunk's own, or one inside.
    fn listed(&self, tally: &Tally) -> f64 {
        if tally.own { 1.0 } else { self.profile.listed.min(1.0) }
    }

    /// How much of the name the query says, times how much of the query the name says.
    fn naming(&self, tally: &Tally, name_terms: u32) -> f64 {
        if self.single <= 0.0 {
            return 1.0;
        }
        // A name of several parts has their whole as a term too.
        let parts = if name_terms > 1 { name_terms - 1 } else { 1 };
        let said = (f64::from(tally.name_words.min(parts)) / f64::from(parts)).max(tally.listed);
        1.0 + self.profile.naming * said * (tally.name_idf / self.single)
    }
}

/// A chunk that holds the words as their signs ask.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored {
    pub ordinal: u32,
    pub score: f64,
}

/// The chunks of a segment that hold the words as their signs ask, ordinals ascending. Where the query asks more than
/// signs say, `asked` tells of each chunk whether it fulfils it, and a chunk without any word may.
pub fn score(
    open: &OpenSegment,
    stats: &Stats,
    units: &[Unit],
    collection: &Collection,
    asked: Option<&[bool]>,
    family: Option<&[u32]>,
) -> Vec<Scored> {
    let mut tallies = Tallies::new(open.docs);
    let mut touched: Vec<u32> = Vec::new();
    for (at, (unit, fields)) in units.iter().zip(&open.units).enumerate() {
        if unit.sign == Sign::Excluded {
            for entry in fields.iter().flat_map(|f| &f.entries) {
                if let Some(tally) = tallies.of(entry.ordinal) {
                    tally.excluded = true;
                }
            }
            continue;
        }
        touched.clear();
        for postings in fields {
            weigh_field(postings, stats, collection, &mut tallies, &mut touched);
        }
        note_names(at, unit, fields, stats, collection, &mut tallies);
        let parts = part_count(units, unit.word);
        for ordinal in &touched {
            let Some(tally) = tallies.of(*ordinal) else { continue };
            tally.sum += collection.saturate(at, unit.weight, tally.weighed);
            tally.weighed = 0.0;
            tally.touched = true;
            tally.held |= bit(at);
            note_match(unit, parts, collection.share(at), &collection.profile, tally);
        }
    }
    let families = family.map(|family| Families::of(family, &tallies, units, collection));
    let any_words = collection.ranked_words > 0;
    let wanted = |ordinal: u32, t: &Tally| match asked {
        None => t.touched || !any_words,
        Some(asked) => asked.get(ordinal as usize).copied().unwrap_or(false),
    };
    let signed = |t: &Tally| !t.excluded && t.required as usize == collection.required_words;
    tallies
        .each(asked.is_none() && any_words)
        .filter(|(ordinal, t)| signed(t) && wanted(*ordinal, t))
        .map(|(ordinal, t)| {
            let family = families.as_ref().map_or(1.0, |families| families.factor(ordinal, t));
            let naming = collection.naming(t, name_terms(stats, ordinal));
            let score = t.sum * collection.coverage(t) * collection.exact(t) * naming * collection.scope(t) * family;
            Scored { ordinal, score }
        })
        .collect()
}

/// Units beyond take no part in what files hold.
fn bit(unit: usize) -> u64 {
    u32::try_from(unit).ok().and_then(|unit| 1u64.checked_shl(unit)).unwrap_or(0)
}

/// What the files of a segment hold.
struct Families<'a> {
    family: &'a [u32],
    /// Per file.
    held: Vec<u64>,
    /// Per unit, its share of the query.
    shares: Vec<f64>,
    gain: f64,
}

impl<'a> Families<'a> {
    fn of(family: &'a [u32], tallies: &Tallies, units: &[Unit], collection: &Collection) -> Self {
        let files = family.last().map_or(0, |last| *last as usize + 1);
        let mut held = vec![0u64; files];
        for (ordinal, tally) in tallies.each(true) {
            let file = family.get(ordinal as usize).and_then(|file| held.get_mut(*file as usize));
            if let Some(held) = file {
                *held |= tally.held;
            }
        }
        Self::new(family, held, units, collection)
    }

    /// Of one file alone.
    fn one(family: &'a [u32], file: u32, open: &OpenSegment, units: &[Unit], collection: &Collection) -> Self {
        let chunks = family.partition_point(|f| *f < file) as u32..family.partition_point(|f| *f <= file) as u32;
        let within = |postings: &FieldPostings| {
            let from = postings.entries.partition_point(|entry| entry.ordinal < chunks.start);
            postings.entries.get(from).is_some_and(|entry| entry.ordinal < chunks.end)
        };
        let found = units.iter().zip(&open.units).enumerate();
        let found = found.filter(|(_, (unit, fields))| unit.sign != Sign::Excluded && fields.iter().any(within));
        let mut held = vec![0u64; file as usize + 1];
        if let Some(last) = held.last_mut() {
            *last = found.fold(0, |bits, (at, _)| bits | bit(at));
        }
        Self::new(family, held, units, collection)
    }

    fn new(family: &'a [u32], held: Vec<u64>, units: &[Unit], collection: &Collection) -> Self {
        let part = |(at, unit): (usize, &Unit)| {
            if unit.single && collection.single > 0.0 {
                unit.weight * collection.idf(at) / collection.single
            } else {
                0.0
            }
        };
        let shares = units.iter().enumerate().map(part).collect();
        Self { family, held, shares, gain: collection.profile.family }
    }

    fn factor(&self, ordinal: u32, tally: &Tally) -> f64 {
        let file = self.family.get(ordinal as usize).copied().unwrap_or(u32::MAX);
        let beyond = self.held.get(file as usize).copied().unwrap_or(0) & !tally.held;
        let shares = self.shares.iter().enumerate();
        let share: f64 = shares.filter(|(at, _)| beyond & bit(*at) != 0).map(|(_, share)| share).sum();
        1.0 + self.gain * share
    }
}

fn weigh_field(
    postings: &FieldPostings,
    stats: &Stats,
    collection: &Collection,
    tallies: &mut Tallies,
    touched: &mut Vec<u32>,
) {
    let Some(lengths) = stats.lengths.get(usize::from(postings.field.number())) else { return };
    for entry in &postings.entries {
        let at = entry.ordinal as usize;
        let (Some(tally), Some(length)) = (tallies.of(entry.ordinal), lengths.get(at)) else { continue };
        if tally.weighed == 0.0 {
            touched.push(entry.ordinal);
        }
        tally.weighed += collection.weigh(postings.field, entry.tf, *length);
    }
}

fn part_count(units: &[Unit], word: usize) -> usize {
    units.iter().filter(|u| u.role == UnitRole::Part && u.word == word).count()
}

fn name_terms(stats: &Stats, ordinal: u32) -> u32 {
    stats.lengths[usize::from(Field::Name.number())].get(ordinal as usize).copied().unwrap_or(0)
}

fn note_match(unit: &Unit, parts: usize, share: f64, profile: &Profile, tally: &mut Tally) {
    let word = unit.word as u32 + 1;
    match unit.role {
        UnitRole::Whole => {
            tally.covered += if unit.filler { 0.0 } else { share };
            tally.whole_of = word;
            tally.required += u32::from(unit.sign == Sign::Required);
        }
        UnitRole::Part if tally.whole_of != word => {
            tally.covered += share * profile.part_coverage / parts.max(1) as f64;
        }
        UnitRole::Part | UnitRole::Pair | UnitRole::Joined | UnitRole::Qualified => {}
    }
}

/// Does it tell something of names that a unit is in this field?
fn tells(unit: &Unit, field: Field) -> bool {
    matches!(field, Field::Name | Field::Signature) || (field == Field::Path && unit.qualifies.scope)
}

/// What a unit tells of the names that it is in.
fn note_names(
    at: usize,
    unit: &Unit,
    fields: &[FieldPostings],
    stats: &Stats,
    collection: &Collection,
    tallies: &mut Tallies,
) {
    for postings in fields.iter().filter(|f| tells(unit, f.field)) {
        for entry in &postings.entries {
            if let Some(tally) = tallies.of(entry.ordinal) {
                let name_terms = name_terms(stats, entry.ordinal);
                collection.note(at, unit, postings.field, entry.name_terms, name_terms, tally);
            }
        }
    }
}

/// A chunk's factors beside what its units sum to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    pub coverage: f64,
    pub exact: f64,
    pub naming: f64,
    pub scope: f64,
    pub family: f64,
}

impl Factors {
    /// Of a chunk that is asked for no words.
    pub const NONE: Self = Self { coverage: 1.0, exact: 1.0, naming: 1.0, scope: 1.0, family: 1.0 };
}

/// The score of one chunk, unit by unit, by the same operations as [`score`].
pub fn explain(
    open: &OpenSegment,
    stats: &Stats,
    units: &[Unit],
    collection: &Collection,
    family: Option<&[u32]>,
    ordinal: u32,
) -> (Vec<UnitScore>, Factors) {
    let mut tally = Tally::NONE;
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
            if tells(unit, postings.field) {
                let name_terms = name_terms(stats, ordinal);
                collection.note(at, unit, postings.field, entry.name_terms, name_terms, &mut tally);
            }
        }
        if !shown.is_empty() {
            tally.held |= bit(at);
            let parts = part_count(units, unit.word);
            note_match(unit, parts, collection.share(at), &collection.profile, &mut tally);
            let score = collection.saturate(at, unit.weight, weighed);
            out.push(UnitScore { term: unit.term.clone(), role: unit.role, fields: shown, score });
        }
    }
    let of_file = |family: &[u32]| {
        let file = family.get(ordinal as usize).copied()?;
        Some(Families::one(family, file, open, units, collection).factor(ordinal, &tally))
    };
    let family = family.and_then(of_file).unwrap_or(1.0);
    let (coverage, exact) = (collection.coverage(&tally), collection.exact(&tally));
    let naming = collection.naming(&tally, name_terms(stats, ordinal));
    (out, Factors { coverage, exact, naming, scope: collection.scope(&tally), family })
}
