//! A word that is in no chunk: terms that begin with it, or that are it but for underscores.
//!
//! `parse_conf` finds `parse_config_file`, and `parseconfigfile` finds `parse_config_file`. Which terms there are is asked
//! of every segment; the choice among them is made once, by length and letters, so that it does not depend on how the
//! chunks lie.

use std::collections::BTreeSet;

use arrow::array::StringArray;

use super::open::OpenSegment;
use super::select::SegmentPieces;
use super::units::{Other, Reach, Unit, UnitRole};
use super::weights::Profile;
use crate::nodes::index::Field;
use crate::nodes::index::tokenize::{self, DEFINED, Stems};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::Sign;
use crate::query::pieces::Pieces;
use crate::table::schema::POSTINGS;
use crate::table::typed_column;

/// Shortest word, in bytes, that is taken for a beginning.
const LEAST: usize = 3;
/// Most words of a query that are tried so, the first of them: each reads pages of every segment.
const WORDS: usize = 8;
/// Most terms that stand for one word.
const MOST: usize = 8;
/// Terms are compared from here on, in bytes: an underscore comes after two letters or more.
const LEAD: usize = 2;
/// All of them, for the keys of answers.
pub const MEASURES: [f64; 4] = [LEAST as f64, WORDS as f64, MOST as f64, LEAD as f64];

/// Units whose words may be the beginning of a term, the first few: words that are in no chunk, and where names are looked for, words
/// that nothing is called.
pub fn unknown(units: &[Unit], segments: &[OpenSegment], doc_freqs: &[u64], profile: &Profile) -> Vec<usize> {
    let named = |at: usize| {
        let fields = segments.iter().filter_map(|segment| segment.units.get(at)).flatten();
        let mut names = fields.filter(|postings| matches!(postings.field, Field::Name | Field::Signature));
        names.any(|postings| postings.entries.iter().any(|entry| entry.name_terms > 0))
    };
    let open = |unit: &Unit| unit.role == UnitRole::Whole && unit.sign == Sign::Any && unit.term.len() >= LEAST;
    let absent = |at: usize| doc_freqs.get(at).is_some_and(|df| *df == 0) || (profile.prefix_of_names && !named(at));
    let found = units.iter().enumerate().filter(|(at, unit)| open(unit) && absent(*at));
    found.map(|(at, _)| at).take(WORDS).collect()
}

/// The terms of a segment that may stand for `word`.
pub fn terms(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    word: &str,
) -> Result<BTreeSet<String>, QueryError> {
    let reader = cache.reader(pieces, &segment.postings, &POSTINGS)?;
    let flat = without_underscores(word);
    let lead: String = flat.chars().take(LEAD).collect();
    let mut found = BTreeSet::new();
    for start in [lead.clone(), format!("_{lead}"), format!("__{lead}")] {
        let rows = reader.find_span("term", &start, Some(&format!("{start}\u{10ffff}")))?;
        let records = reader.read_rows(&["term"], &rows)?;
        let column: &StringArray = typed_column(&records, "postings", "term")?;
        let is_word = |term: &&str| !term.contains(DEFINED);
        let fits = |term: &&str| is_word(term) && (term.starts_with(word) || (term.contains('_') && same(term, &flat)));
        found.extend(column.iter().flatten().filter(fits).map(str::to_owned));
    }
    Ok(found)
}

/// Gives `unit` the nearest of `terms`: those that differ by underscores, then the shortest.
pub fn extend(unit: &mut Unit, terms: &BTreeSet<String>, profile: &Profile) {
    let stems = Stems::default();
    let flat = without_underscores(&unit.term);
    let mut order: Vec<(bool, usize, &String)> =
        terms.iter().map(|term| (!same(term, &flat), term.len(), term)).collect();
    order.sort_unstable();
    for (beginning, _, term) in order.into_iter().take(MOST) {
        let scale = if beginning { profile.prefix } else { profile.style };
        let mut parts = Vec::new();
        tokenize::terms(term, &mut parts);
        if scale > 0.0 {
            unit.others.push(Other::new(term.clone(), scale, Reach::Everywhere, parts.len() as u32, &stems));
        }
    }
}

fn without_underscores(word: &str) -> String {
    word.chars().filter(|c| *c != '_').collect()
}

fn same(term: &str, flat: &str) -> bool {
    term.chars().filter(|c| *c != '_').eq(flat.chars())
}
