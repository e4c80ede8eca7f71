//! From the pieces of a query to its intent.

use schemars::JsonSchema;
use serde::Serialize;

use super::shape::{Shape, is_joining, line, shape};
use crate::nodes::index::tokenize;
use crate::query::parse::{ExactKind, Leaf, Query, Sign, without_line};

/// What sort of thing a query looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IntentKind {
    /// One name of code.
    Symbol,
    /// One file or directory.
    Path,
    /// Exact text.
    Literal,
    /// Words that say what is meant.
    NaturalLanguage,
    /// Whatever the filters let through.
    Listing,
}

impl IntentKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Symbol => "symbol",
            Self::Path => "path",
            Self::Literal => "literal",
            Self::NaturalLanguage => "natural-language",
            Self::Listing => "listing",
        }
    }
}

/// An intent, and what of the query speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Intent {
    pub kind: IntentKind,
    /// In words.
    pub reason: String,
    /// The wanted pieces that only code is written like, such as `parse_config` and `a::b`; one plain word is none.
    pub names: Vec<String>,
    /// The wanted pieces that are written like paths, without a line number behind and `./`, `../` or `/` in front.
    pub paths: Vec<String>,
    /// Of a query that is a path: the line behind it.
    #[serde(skip)]
    pub line: Option<u32>,
    /// Wanted pieces such as `how` and `the`.
    pub joining: usize,
    /// All wanted pieces.
    pub pieces: usize,
}

impl Intent {
    /// Of a query that was read. A function of its wanted pieces and of the number of its literals and expressions.
    pub fn of(query: &Query) -> Self {
        let pieces = pieces(query);
        let (mut names, mut paths, mut joining) = (Vec::new(), Vec::new(), 0);
        for piece in &pieces {
            match shape(piece) {
                Shape::Name(_) => names.push((*piece).to_owned()),
                Shape::Path(path) => paths.push(path.to_owned()),
                Shape::Word if is_joining(piece) => joining += 1,
                Shape::Word | Shape::Number | Shape::Mixed => {}
            }
        }
        let (kind, reason) = decide(query, &pieces, joining);
        let line = match pieces.as_slice() {
            [only] if kind == IntentKind::Path => line(only),
            _ => None,
        };
        Self { kind, reason, names, paths, line, joining, pieces: pieces.len() }
    }
}

/// The path that `query` is, as it is written but without a line; `None` where its intent is another.
pub fn written_path(query: &Query) -> Option<&str> {
    let only = pieces(query).into_iter().next()?;
    (Intent::of(query).kind == IntentKind::Path).then(|| without_line(only))
}

/// Takes from the words of `query`, which is a path, those that are not in `path`: a line and a column behind it, and the
/// directories that lead to where one stands, say where a file is and are not looked for.
pub fn keep_words_of(query: &mut Query, path: &str) {
    let mut within: Vec<&str> = Vec::new();
    tokenize::words(path, |start, end| within.extend(path.get(start..end)));
    query.words.retain(|word| word.sign == Sign::Excluded || within.contains(&word.text.as_str()));
}

/// The wanted pieces as written, each once.
fn pieces(query: &Query) -> Vec<&str> {
    let mut out = Vec::new();
    let Some(expr) = &query.expr else { return out };
    expr.each_leaf(&mut |leaf, wanted| {
        let (Leaf::Word(word), true) = (leaf, wanted) else { return };
        let written = query.text.get(word.span.clone()).unwrap_or(&word.text);
        // A first `+` or `-` is always a sign.
        let piece = written.strip_prefix(['+', '-']).unwrap_or(written);
        if !out.contains(&piece) {
            out.push(piece);
        }
    });
    out
}

fn decide(query: &Query, pieces: &[&str], joining: usize) -> (IntentKind, String) {
    let exacts = query.expr.as_ref().map(|expr| expr.exacts()).unwrap_or_default();
    if !exacts.is_empty() {
        let literals = exacts.iter().filter(|(exact, _)| exact.kind == ExactKind::Literal).count();
        let parts = [(literals, "literal"), (exacts.len() - literals, "regular expression")];
        let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n, what)).collect();
        return (IntentKind::Literal, format!("it has {}", parts.join(" and ")));
    }
    match pieces {
        [] if query.expr.is_none() => (IntentKind::Listing, "it has filters alone".to_owned()),
        [] => (IntentKind::Listing, "it only says what must not be there".to_owned()),
        [only] => alone(only),
        several if joining > 0 => {
            let stop = if joining == 1 { "one joins others" } else { "some join others" };
            (IntentKind::NaturalLanguage, format!("{}, of which {stop}", counted(several.len(), "word")))
        }
        several => (IntentKind::NaturalLanguage, counted(several.len(), "word")),
    }
}

fn alone(piece: &str) -> (IntentKind, String) {
    match shape(piece) {
        Shape::Path(_) if piece.contains('/') => (IntentKind::Path, "one path".to_owned()),
        Shape::Path(_) => (IntentKind::Path, "one file name".to_owned()),
        Shape::Name(why) => (IntentKind::Symbol, format!("one name: {why}")),
        Shape::Word if is_joining(piece) => (IntentKind::NaturalLanguage, "one word that joins others".to_owned()),
        Shape::Word => (IntentKind::Symbol, "one word".to_owned()),
        Shape::Number => (IntentKind::NaturalLanguage, "one number".to_owned()),
        Shape::Mixed => (IntentKind::NaturalLanguage, "several words in one piece".to_owned()),
    }
}

fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
