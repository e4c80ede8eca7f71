//! The languages that are read, for documents and other listings.

use super::embed::CONTAINERS;
use super::languages::LANGUAGES;
use super::lines::READERS;

/// A language whose structure is read.
#[derive(Clone, Copy, Debug)]
pub struct KnownLanguage {
    /// As the source layer names it.
    pub name: &'static str,
    /// Crate and version of the grammar; `None` for what is read by lines.
    pub grammar: Option<&'static str>,
    /// May hold text in other languages.
    pub is_container: bool,
}

/// Every language whose structure is read: those with a grammar, then those that are read by lines.
pub fn known_languages() -> impl Iterator<Item = KnownLanguage> {
    let parsed = LANGUAGES.iter().map(|spec| (spec.name, Some(spec.grammar_version)));
    let read = READERS.iter().map(|reader| (reader.name, None));
    parsed.chain(read).map(|(name, grammar)| KnownLanguage { name, grammar, is_container: CONTAINERS.contains(&name) })
}
