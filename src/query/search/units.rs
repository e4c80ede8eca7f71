//! From words to what is looked up and scored.

use std::borrow::Cow;
use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::qualified::qualified;
use super::weights::Profile;
use super::{alike, filler, forms};
use crate::base::Mode;
use crate::nodes::index::tokenize::{self, DEFINED, Stems};
use crate::nodes::index::{FIELDS, Field, Stemming};
use crate::query::parse::{Expr, Leaf, Query, Sign, Word};

/// Words of a query that are tried as one name (`parse config` as `parse_config`).
const JOINED_WORDS: std::ops::RangeInclusive<usize> = 2..=8;

/// What a unit is to its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UnitRole {
    /// A word of the query.
    Whole,
    /// A part of one.
    Part,
    /// Two neighbouring words as one name.
    Pair,
    /// All words as one name.
    Joined,
    /// A name and what stands around it.
    Qualified,
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
    /// Says nothing by itself (`the`).
    pub filler: bool,
    /// Is a single part of names, so that a name may be made of such.
    pub single: bool,
    /// The word is the name in a qualified name, or stands before it.
    pub qualifies: Qualifies,
    pub others: Vec<Other>,
    stem: Option<String>,
    stem_scale: f64,
}

/// What a word is to the qualified names of its query. It may be both (`foo::foo`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Qualifies {
    pub name: bool,
    pub scope: bool,
}

impl Qualifies {
    pub const SCOPE: Self = Self { name: false, scope: true };
}

/// Another term for a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    pub term: String,
    pub scale: f64,
    pub reach: Reach,
    /// Terms that a name has if it is exactly this; 0 where that says nothing.
    pub name_terms: u32,
    stem: Option<String>,
}

/// Where another term is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Where terms are not stemmed.
    Unstemmed,
    /// In names.
    Names,
    Everywhere,
}

impl Other {
    pub fn new(term: String, scale: f64, reach: Reach, name_terms: u32, stems: &Stems) -> Self {
        let stem = stems.of(&term);
        Self { term, scale, reach, name_terms, stem }
    }
}

/// One term in one field.
#[derive(Clone, Debug, PartialEq)]
pub struct Lookup<'a> {
    pub term: Cow<'a, str>,
    pub field: Field,
    pub scale: f64,
    /// Terms that a name has if it is exactly this; 0 where that says nothing; [`DEFINES`] where the term says that the
    /// chunk defines this.
    pub name_terms: u32,
}

/// In place of a number of terms.
pub const DEFINES: u32 = u32::MAX;

impl Unit {
    /// What to look up in a segment of `mode`; fields ascending.
    pub fn lookups(&self, mode: Mode) -> Vec<Lookup<'_>> {
        if self.role == UnitRole::Qualified {
            let terms =
                [(&self.term, 1.0)].into_iter().chain(self.others.iter().map(|other| (&other.term, other.scale)));
            let lookup = |(term, scale): (&String, f64)| Lookup {
                term: Cow::Owned(term.clone()),
                field: Field::Signature,
                scale,
                name_terms: DEFINES,
            };
            return terms.map(lookup).collect();
        }
        let stem = self.stem.as_deref().unwrap_or(&self.term);
        let mut out = Vec::with_capacity(FIELDS.len() * (1 + self.others.len()) + 1);
        for field in FIELDS {
            if self.role == UnitRole::Joined && !matches!(field, Field::Name | Field::Signature) {
                continue;
            }
            let stemming = field.stemming(mode);
            let itself =
                |term: &'_ str, scale| Lookup { term: Cow::Owned(term.to_owned()), field, scale, name_terms: 0 };
            match stemming {
                Stemming::None => out.push(Lookup { name_terms: self.name_terms, ..itself(&self.term, 1.0) }),
                Stemming::Only => out.push(itself(stem, 1.0)),
                Stemming::Both => {
                    out.push(Lookup { name_terms: self.name_terms, ..itself(&self.term, 1.0) });
                    if stem != self.term {
                        out.push(itself(stem, self.stem_scale));
                    }
                }
            }
            for other in &self.others {
                let reached = match other.reach {
                    Reach::Unstemmed => stemming == Stemming::None,
                    Reach::Names => field == Field::Name,
                    Reach::Everywhere => true,
                };
                let term = if stemming == Stemming::Only { other.stem.as_ref() } else { None }.unwrap_or(&other.term);
                if reached {
                    out.push(Lookup { name_terms: other.name_terms, ..itself(term, other.scale) });
                }
            }
            if field == Field::Signature {
                let others =
                    self.others.iter().filter(|other| other.reach == Reach::Everywhere && other.name_terms > 0);
                let itself = (self.name_terms > 0 && self.role != UnitRole::Part).then_some((&self.term, 1.0));
                for (term, scale) in itself.into_iter().chain(others.map(|other| (&other.term, other.scale))) {
                    let term = Cow::Owned(format!("{term}{DEFINED}"));
                    out.push(Lookup { term, field, scale, name_terms: DEFINES });
                }
            }
        }
        out
    }
}

/// The units of a query: for each word its whole, then its parts; pairs of neighbours; all words as one name; last its
/// qualified names.
pub fn units(query: &Query, profile: &Profile) -> Vec<Unit> {
    let maker = Maker { profile, stems: Stems::default() };
    let mut out = Vec::new();
    let is_filler = |word: &Word| word.sign == Sign::Any && filler::is_filler(&word.text);
    let only_filler = query.words.iter().all(|word| word.sign == Sign::Excluded || is_filler(word));
    for (at, word) in query.words.iter().enumerate() {
        let filler = !only_filler && is_filler(word) && profile.filler < 1.0;
        if !filler || profile.filler > 0.0 {
            maker.word(word, at, filler, &mut out);
        }
    }
    if profile.pair > 0.0 {
        for (at, pair) in query.words.windows(2).enumerate() {
            maker.pair(pair, at, &mut out);
        }
    }
    maker.joined(query, &mut out);
    if profile.scope > 0.0 {
        for (scope, name) in qualified(query) {
            maker.qualified(&scope, &name, &mut out);
        }
    }
    out
}

struct Maker<'a> {
    profile: &'a Profile,
    stems: Stems,
}

impl Maker<'_> {
    fn unit(&self, term: &str, role: UnitRole, word: usize, sign: Sign, weight: f64) -> Unit {
        Unit {
            term: term.to_owned(),
            role,
            word,
            sign,
            weight,
            name_terms: 1,
            filler: false,
            single: false,
            qualifies: Qualifies::default(),
            others: Vec::new(),
            stem: self.stems.of(term),
            stem_scale: self.profile.stem,
        }
    }

    fn word(&self, word: &Word, at: usize, filler: bool, out: &mut Vec<Unit>) {
        let Some((whole, parts)) = word.terms.split_first() else { return };
        let weight = if filler { self.profile.filler } else { 1.0 };
        let mut unit = self.unit(whole, UnitRole::Whole, at, word.sign, weight);
        unit.name_terms = word.terms.len() as u32;
        unit.filler = filler;
        unit.single = parts.is_empty();
        // What is required or excluded is meant as it is written.
        if word.sign == Sign::Any && !filler {
            self.others(&mut unit, parts);
        }
        out.push(unit);
        for part in parts.iter().filter(|_| word.sign != Sign::Excluded) {
            let mut unit = self.unit(part, UnitRole::Part, at, Sign::Any, self.profile.part);
            unit.single = true;
            self.others(&mut unit, &[]);
            out.push(unit);
        }
    }

    /// Other terms for a whole or a part.
    fn others(&self, unit: &mut Unit, parts: &[String]) {
        let Profile { forms, short, synonym, style, .. } = *self.profile;
        let mut add = |terms: Vec<String>, scale: f64, reach, name_terms| {
            for term in terms.into_iter().filter(|_| scale > 0.0) {
                unit.others.push(Other::new(term, scale, reach, name_terms, &self.stems));
            }
        };
        if parts.is_empty() {
            let term = unit.term.clone();
            add(forms::forms(&term, &self.stems), forms, Reach::Unstemmed, 0);
            add(alike::short(&term, &self.stems), short, Reach::Everywhere, 1);
            add(alike::synonyms(&term, &self.stems), synonym, Reach::Names, 0);
        } else {
            let term = unit.term.clone();
            for (styled, count) in styles(&term, parts) {
                add(vec![styled], style, Reach::Everywhere, count);
            }
        }
    }

    fn pair(&self, pair: &[Word], at: usize, out: &mut Vec<Unit>) {
        let single = |word: &Word| word.sign == Sign::Any && word.terms.len() == 1 && !filler::is_filler(&word.text);
        let [first, second] = pair else { return };
        if !single(first) || !single(second) {
            return;
        }
        let (Some(a), Some(b)) = (first.terms.first(), second.terms.first()) else { return };
        let terms = [format!("{a}_{b}"), format!("{a}{b}")];
        if !terms.iter().all(|term| is_whole(term)) {
            return;
        }
        let [snake, flat] = terms;
        let mut unit = self.unit(&snake, UnitRole::Pair, at, Sign::Any, self.profile.pair);
        unit.name_terms = 0;
        unit.others.push(Other::new(flat, 1.0, Reach::Everywhere, 0, &self.stems));
        out.push(unit);
    }

    /// `name` in `scope`, in the styles of the name; and notes which words these are.
    fn qualified(&self, scope: &str, name: &str, out: &mut Vec<Unit>) {
        let mut terms = [Vec::new(), Vec::new()];
        for (text, terms) in [scope, name].into_iter().zip(&mut terms) {
            tokenize::terms(text, terms);
        }
        let [around, names] = terms;
        let (Some(whole_scope), Some((whole, parts))) = (around.first(), names.split_first()) else { return };
        for unit in out.iter_mut().filter(|unit| unit.role == UnitRole::Whole && unit.sign != Sign::Excluded) {
            unit.qualifies.name |= unit.term == *whole;
            unit.qualifies.scope |= unit.term == *whole_scope;
        }
        let Some(term) = tokenize::scope_mark(whole, whole_scope) else { return };
        if out.iter().any(|unit| unit.term == term) {
            return;
        }
        let mut unit = self.unit(&term, UnitRole::Qualified, 0, Sign::Any, 1.0);
        for (styled, _) in styles(whole, parts).into_iter().filter(|_| self.profile.style > 0.0) {
            let term = tokenize::scope_mark(&styled, whole_scope);
            unit.others.extend(term.map(|term| Other::new(term, self.profile.style, Reach::Names, 0, &self.stems)));
        }
        out.push(unit);
    }

    fn joined(&self, query: &Query, out: &mut Vec<Unit>) {
        let ranked = query.words.iter().filter(|w| w.sign != Sign::Excluded);
        let ranked: Vec<&str> = ranked.filter_map(|w| w.terms.first().map(String::as_str)).collect();
        if !JOINED_WORDS.contains(&ranked.len()) {
            return;
        }
        let mut tried = BTreeSet::new();
        for joined in [ranked.join("_"), ranked.concat()] {
            if is_whole(&joined) && tried.insert(joined.clone()) {
                out.push(self.unit(&joined, UnitRole::Joined, 0, Sign::Any, 1.0));
            }
        }
    }
}

/// Is this text one term, with or without parts?
fn is_whole(text: &str) -> bool {
    let mut terms = Vec::new();
    tokenize::terms(text, &mut terms);
    terms.first().is_some_and(|first| first == text)
}

/// A whole word with its parts together, and with underscores between, where that is another text than `whole`; with the
/// number of terms that such a name has.
fn styles(whole: &str, parts: &[String]) -> Vec<(String, u32)> {
    let flat: String = whole.chars().filter(|c| *c != '_').collect();
    let mut rest = flat.as_str();
    let mut words: Vec<&str> = Vec::new();
    for part in parts {
        if let Some(behind) = rest.strip_prefix(part.as_str()) {
            words.push(part);
            rest = behind;
        }
    }
    let count = parts.len() as u32 + 1;
    let mut out = Vec::new();
    if rest.is_empty() && words.len() > 1 {
        for styled in [words.join("_"), flat.clone()] {
            if styled != whole && is_whole(&styled) {
                out.push((styled, count));
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
            filler: false,
            single: word.terms.len() == 1,
            qualifies: Qualifies::default(),
            others: Vec::new(),
            stem: stems.of(term),
            stem_scale: 1.0,
        });
    });
    out
}
