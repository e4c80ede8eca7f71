//! Words that no index knows: `6`, `&`, `→`. In a sentence they are left out and told.

use std::fmt;
use std::ops::Range;

use super::error::Mistake;
use super::print::quoted;

/// Longest word, in characters, that a sentence about it repeats in quotation marks.
pub(super) const REPEATED: usize = 40;

/// A word without terms that was left out of its bag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// As written.
    pub text: String,
    /// Bytes of the query.
    pub span: Range<usize>,
}

impl Ignored {
    /// A `+` or `-` with white space behind it: it signs nothing.
    pub fn is_sign(&self) -> bool {
        matches!(self.text.as_str(), "+" | "-")
    }

    /// The literal that finds the word as text, with the word's sign; `None` where it is too long to be repeated.
    pub fn literal(&self) -> Option<String> {
        let signed = if self.is_sign() { None } else { self.text.split_at_checked(1) };
        let (sign, text) = match signed {
            Some((sign @ ("+" | "-"), text)) => (sign, text),
            _ => ("", self.text.as_str()),
        };
        (text.chars().count() <= REPEATED).then(|| format!("{sign}{}", Quoted(text)))
    }

    /// The mistake where the word cannot be left out.
    pub(super) fn mistake(&self) -> Mistake {
        let quote = match self.literal() {
            Some(literal) => format!("search for the text itself: `{literal}`"),
            None => "put it in quotation marks to search for the text itself".to_owned(),
        };
        let help =
            format!("{quote}; words are letters, digits and `_`, and single digits and long numbers are not indexed");
        Mistake::NoWord { text: shortened(&self.text), help }
    }
}

/// Text as a literal.
pub(super) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        quoted(f, self.0)
    }
}

/// As much of a long word as tells which one it is.
fn shortened(word: &str) -> String {
    match word.char_indices().nth(REPEATED) {
        Some((end, _)) => format!("{}…", word.get(..end).unwrap_or_default()),
        None => word.to_owned(),
    }
}
