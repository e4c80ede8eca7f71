//! Light stemming.

use rust_stemmers::{Algorithm, Stemmer};

/// Snowball's English stemmer, made once and used for many terms.
pub struct Stems(Stemmer);

impl Default for Stems {
    fn default() -> Self {
        Self(Stemmer::create(Algorithm::English))
    }
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Stems(English)")
    }
}

impl Stems {
    /// The stem of `term`, where it is another text. Only terms of ASCII letters have one: a stem of `x86_64` or
    /// of a word in another script would be a guess.
    pub fn of(&self, term: &str) -> Option<String> {
        if term.len() < 3 || !term.bytes().all(|b| b.is_ascii_lowercase()) {
            return None;
        }
        let stem = self.0.stem(term);
        (stem != term && !stem.is_empty()).then(|| stem.into_owned())
    }
}
