//! From pieces to a query.

use super::error::ParseError;
use super::filter::{Filter, FilterKind, admits};
use super::lex::{Piece, pieces};
use crate::base::Mode;
use crate::base::limits::QUERY_BYTES;
use crate::nodes::index::tokenize;

/// Most words of a query.
const WORDS: usize = 128;

/// What a word's sign asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Ranked.
    Any,
    /// Must be there.
    Required,
    /// Must not be there.
    Excluded,
}

/// A word with the terms that the index knows it by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Word {
    pub text: String,
    pub sign: Sign,
    /// The whole word, then its parts; never empty.
    pub terms: Vec<String>,
}

/// A query, read.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// In order; each whole term once.
    pub words: Vec<Word>,
    pub filters: Vec<Filter>,
}

impl Query {
    /// Do the filters of `kind` let `texts` through?
    pub fn admits(&self, kind: FilterKind, texts: &[&str]) -> bool {
        admits(self.filters.iter().filter(|f| f.kind == kind), texts)
    }

    /// Is there a filter of `kind`?
    pub fn filters_by(&self, kind: FilterKind) -> bool {
        self.filters.iter().any(|f| f.kind == kind)
    }
}

/// Reads `query`.
pub fn parse(query: &str) -> Result<Query, ParseError> {
    if query.len() > QUERY_BYTES {
        return Err(ParseError::TooLong { bytes: query.len(), limit: QUERY_BYTES });
    }
    let mut out = Query::default();
    for piece in pieces(query)? {
        Reader { query, piece: &piece }.read(&mut out)?;
        if out.words.len() > WORDS {
            return Err(ParseError::TooManyWords { limit: WORDS });
        }
    }
    if out.words.is_empty() && out.filters.is_empty() {
        return Err(ParseError::Empty);
    }
    Ok(out)
}

struct Reader<'a> {
    query: &'a str,
    piece: &'a Piece,
}

impl Reader<'_> {
    fn read(&self, out: &mut Query) -> Result<(), ParseError> {
        let text = self.query.get(self.piece.span.clone()).unwrap_or("");
        let (sign, rest) = match text.as_bytes().first() {
            Some(b'+') => (Sign::Required, text.get(1..).unwrap_or("")),
            Some(b'-') => (Sign::Excluded, text.get(1..).unwrap_or("")),
            _ => (Sign::Any, text),
        };
        if let Some((name, value)) = filter_shape(rest) {
            let filter = self.filter(name, value, sign)?;
            out.filters.push(filter);
            return Ok(());
        }
        self.refuse_what_comes_later(rest)?;
        self.words(rest, sign, &mut out.words)
    }

    fn refuse_what_comes_later(&self, rest: &str) -> Result<(), ParseError> {
        let (what, help) = if self.piece.quote.is_some() {
            ("an exact phrase", "leave out the quotation marks: ranked words find the chunks that hold most of them")
        } else if matches!(rest, "AND" | "OR" | "NOT") {
            ("a combination by `AND`, `OR`, `NOT`", "use `+word` for what must be there and `-word` for what must not")
        } else if rest.len() > 2 && rest.starts_with('/') && rest.ends_with('/') {
            ("a regular expression", "search for the words in it")
        } else if rest.starts_with('(') || unbalanced(rest) {
            ("a group in parentheses", "use `+word` for what must be there and `-word` for what must not")
        } else {
            return Ok(());
        };
        Err(ParseError::NotAvailable { what, help, query: self.query.to_owned(), span: self.piece.span.clone().into() })
    }

    fn words(&self, rest: &str, sign: Sign, out: &mut Vec<Word>) -> Result<(), ParseError> {
        let mut any = false;
        let mut found = Vec::new();
        tokenize::words(rest, |start, end| found.push(rest.get(start..end).unwrap_or("")));
        for text in found {
            let mut terms = Vec::new();
            tokenize::terms(text, &mut terms);
            let Some(whole) = terms.first() else { continue };
            any = true;
            // A word that is wanted and excluded at once stays twice: nothing will match.
            let wanted = |w: &Word| (w.sign == Sign::Excluded) == (sign == Sign::Excluded);
            match out.iter_mut().find(|w| w.terms.first() == Some(whole) && wanted(w)) {
                None => out.push(Word { text: text.to_owned(), sign, terms }),
                Some(known) if known.sign == Sign::Any => known.sign = sign,
                Some(_) => {}
            }
        }
        if any {
            return Ok(());
        }
        let query = self.query.to_owned();
        Err(ParseError::NoWord { text: rest.to_owned(), query, span: self.piece.span.clone().into() })
    }

    fn filter(&self, name: &str, value: &str, sign: Sign) -> Result<Filter, ParseError> {
        let query = self.query.to_owned();
        let start = self.piece.span.start + usize::from(sign != Sign::Any);
        let name_span = start..start + name.len();
        let value_span = name_span.end + 1..self.piece.span.end;
        if name == "case" {
            return Err(ParseError::NotAvailable {
                what: "a choice of `case:`",
                help: "leave it out: ranked words ignore case",
                query,
                span: self.piece.span.clone().into(),
            });
        }
        let Some(kind) = FilterKind::of(name) else {
            let known = FilterKind::ALL.map(FilterKind::name);
            let help = match crate::base::suggest::nearest(name, known) {
                Some(near) => format!("did you mean `{near}:`?"),
                None => {
                    format!("filters are {}; to search for the text, put spaces around the colon", known.join(", "))
                }
            };
            return Err(ParseError::UnknownFilter { name: name.to_owned(), query, span: name_span.into(), help });
        };
        let bad = |message: String| ParseError::BadValue {
            filter: kind.name(),
            message,
            query: query.clone(),
            span: value_span.clone().into(),
        };
        let value: String = value.chars().filter(|c| *c != '"').collect();
        if value.is_empty() {
            return Err(bad("it is empty".into()));
        }
        let filter = Filter::new(kind, &value, sign == Sign::Excluded).map_err(|e| bad(e.kind().to_string()))?;
        if kind == FilterKind::Mode && !Mode::ALL.iter().any(|m| filter.matches(m.name())) {
            return Err(bad(format!("no mode matches it ({})", Mode::ALL.map(Mode::name).join(", "))));
        }
        Ok(filter)
    }
}

/// `name` and `value` of `name:value`. A double colon is a path of the code (`fs::read`), and `://` an address.
fn filter_shape(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once(':')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    (is_name && !value.starts_with(':') && !value.starts_with("//")).then_some((name, value))
}

/// A closing parenthesis that was never opened; `main()` is a word.
fn unbalanced(text: &str) -> bool {
    let mut depth = 0i32;
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth < 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
