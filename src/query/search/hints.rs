//! What of a query was ignored, and what may have been meant by a filter that let nothing through.

use std::collections::BTreeSet;

use arrow::array::StringArray;

use super::select::SegmentPieces;
use crate::base::suggest::nearest;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::{FilterKind, Ignored, Query};
use crate::query::pieces::Pieces;
use crate::table::schema::CHUNKS;
use crate::table::typed_column;

/// The languages of a segment's chunks.
pub fn languages(pieces: &dyn Pieces, cache: &Cache, segment: &SegmentPieces) -> Result<BTreeSet<String>, QueryError> {
    let mut known = BTreeSet::new();
    for shard in &segment.shards {
        let records = cache.reader(pieces, &shard.chunks, &CHUNKS)?.read_columns(&["language"])?;
        let column: &StringArray = typed_column(&records, "chunks", "language")?;
        for language in column.iter().flatten() {
            if !known.contains(language) {
                known.insert(language.to_owned());
            }
        }
    }
    Ok(known)
}

/// A remark on each `lang:` filter of `query` that no language of `known` fits.
pub fn on_languages(query: &Query, known: &BTreeSet<String>) -> Vec<String> {
    let including = query.filters.iter().filter(|f| f.kind == FilterKind::Lang && !f.excludes);
    let unmatched = including.filter(|filter| !known.iter().any(|language| filter.matches(language)));
    let hint = |value: &str| match nearest(value, known.iter().map(String::as_str)) {
        Some(near) => format!("nothing searched has the language `{value}`; did you mean `lang:{near}`?"),
        None if known.is_empty() => format!("nothing searched has the language `{value}`"),
        None => {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            format!("nothing searched has the language `{value}`; there are: {}", known.join(", "))
        }
    };
    unmatched.map(|filter| hint(&filter.value)).collect()
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
