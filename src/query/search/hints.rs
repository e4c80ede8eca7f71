//! What of a query was ignored, and what may have been meant by a filter that let nothing through.

use std::collections::BTreeSet;

use arrow::array::StringArray;

use super::admit::extension;
use super::select::SegmentPieces;
use crate::base::suggest::nearest;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Ignored, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::{CHUNKS, FILES};
use crate::table::typed_column;

/// The filters whose values can be told from what is searched, and what a value of each is called.
const TOLD: [(FilterKind, &str); 4] = [
    (FilterKind::Lang, "language"),
    (FilterKind::Kind, "kind"),
    (FilterKind::Ext, "extension"),
    (FilterKind::Role, "role"),
];

/// Most values that are listed where none is near.
const LISTED: usize = 40;

/// The kinds of filters of `query` of which a value may be misspelt.
pub fn asked(query: &Query) -> Vec<FilterKind> {
    let including = |kind| query.filters.iter().any(|f| f.kind == kind && !f.excludes);
    TOLD.iter().map(|(kind, _)| *kind).filter(|kind| including(*kind)).collect()
}

/// The values that filters of `kind` are held against in a segment.
pub fn values(
    pieces: &dyn Pieces,
    cache: &Cache,
    segment: &SegmentPieces,
    kind: FilterKind,
) -> Result<BTreeSet<String>, QueryError> {
    let column = match kind {
        FilterKind::Lang => "language",
        FilterKind::Kind => "kind",
        FilterKind::Role => "role",
        _ => "path",
    };
    let mut known = BTreeSet::new();
    for shard in &segment.shards {
        let (artifact, schema) = match (kind, shard.files) {
            (FilterKind::Role, Some(files)) => (files, &FILES),
            (FilterKind::Role, None) => continue,
            _ => (shard.chunks, &CHUNKS),
        };
        let records = cache.reader(pieces, &artifact, schema)?.read_columns(&[column])?;
        let values: &StringArray = typed_column(&records, schema.name, column)?;
        for value in values.iter().flatten() {
            let value = if kind == FilterKind::Ext { extension(value) } else { value };
            if !value.is_empty() && !known.contains(value) {
                known.insert(value.to_owned());
            }
        }
    }
    Ok(known)
}

/// A remark on each filter of `kind` in `query` that none of `known` fits.
pub fn on_values(query: &Query, kind: FilterKind, known: &BTreeSet<String>) -> Vec<String> {
    let called = TOLD.iter().find(|(told, _)| *told == kind).map_or("", |(_, called)| called);
    let including = query.filters.iter().filter(|f| f.kind == kind && !f.excludes);
    let unmatched = including.filter(|filter| !known.iter().any(|value| filter.matches(value)));
    unmatched.map(|filter| on_value(&filter.value, kind, called, known)).collect()
}

fn on_value(value: &str, kind: FilterKind, called: &str, known: &BTreeSet<String>) -> String {
    let nothing = format!("nothing searched has the {called} `{value}`");
    let plain = value.trim_start_matches('.').to_lowercase();
    // People shorten what they know well: `func`, `py`.
    let longer = known.iter().find(|known| plain.len() > 1 && known.to_lowercase().starts_with(&plain));
    match nearest(&plain, known.iter().map(String::as_str)).or(longer.map(String::as_str)) {
        Some(near) => format!("{nothing}; did you mean `{}:{near}`?", kind.name()),
        None if known.is_empty() || known.len() > LISTED => nothing,
        None => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("{nothing}; there are: {}", known.join(", "))
        }
    }
}

/// The words that were left out of `query`, each once, and remarks on how to ask for them.
pub fn on_ignored(query: &Query) -> (Vec<String>, Vec<String>) {
    let mut once: Vec<&Ignored> = Vec::new();
    for word in &query.ignored {
        if !once.iter().any(|known| known.text == word.text) {
            once.push(word);
        }
    }
    (once.iter().map(|word| word.text.clone()).collect(), once.into_iter().map(on_word).collect())
}

fn on_word(word: &Ignored) -> String {
    let text = &word.text;
    match word.literal() {
        Some(literal) if word.is_sign() => {
            format!(
                "`{text}` stands alone and was left out; `{text}word` signs a word, and `{literal}` finds it as text"
            )
        }
        Some(literal) => {
            format!("`{text}` is in no index of words and was left out; `{literal}` finds it as text")
        }
        None => format!("`{text}` is in no index of words and was left out; in quotation marks it is found as text"),
    }
}
