//! From tokens to a query.

use std::ops::Range;
use std::sync::Arc;

use super::error::{Mistake, ParseError};
use super::expr::{Exact, ExactKind, Expr, Item, Leaf, Sign, WordLeaf};
use super::filter::{Filter, FilterKind, admits, read_case, read_filter};
use super::ignored::Ignored;
use super::lex::{Token, What, tokens};
use super::ranked::{Word, words};
use crate::base::limits::QUERY_BYTES;
use crate::nodes::index::tokenize;
use crate::query::grams::{BadPattern, Budget, Case, Pattern};

/// Most words of a query.
const WORDS: usize = 128;
/// Most literals and regular expressions of a query.
const PATTERNS: usize = 32;

/// A query, read.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// `None` where the query is filters alone.
    pub expr: Option<Expr>,
    /// In order.
    pub filters: Vec<Filter>,
    pub case: Case,
    /// The words of `expr` for ranking; each whole term once.
    pub words: Vec<Word>,
    /// Do the signs of `words` ask all that `expr` asks?
    pub words_say_all: bool,
    /// Words that no index knows, in order; `expr` is without them.
    pub ignored: Vec<Ignored>,
    /// As written.
    pub text: String,
}

impl Query {
    /// Do the filters of `kind` let `texts` through?
    pub fn admits(&self, kind: FilterKind, texts: &[&str]) -> bool {
        let of_kind = self.filters.iter().filter(|f| f.kind == kind);
        admits(of_kind, |filter| texts.iter().any(|text| filter.matches(text)))
    }

    /// Do the filters on paths let a file of a repository through?
    pub fn admits_path(&self, repo: &str, path: &str) -> bool {
        let on_paths = self.filters.iter().filter(|f| f.kind == FilterKind::Path);
        admits(on_paths, |filter| filter.matches_file(repo, path))
    }

    /// Is there a filter of `kind` that asks for something?
    pub fn asks_for(&self, kind: FilterKind) -> bool {
        self.filters.iter().any(|f| f.kind == kind && !f.excludes)
    }

    /// Is there a filter of `kind`?
    pub fn filters_by(&self, kind: FilterKind) -> bool {
        self.filters.iter().any(|f| f.kind == kind)
    }
}

/// Reads `query`.
pub fn parse(query: &str) -> Result<Query, ParseError> {
    let error = |mistake, span| ParseError { mistake, query: query.to_owned(), span };
    if query.len() > QUERY_BYTES {
        let mut start = QUERY_BYTES;
        while !query.is_char_boundary(start) {
            start -= 1;
        }
        return Err(error(Mistake::TooLong { bytes: query.len(), limit: QUERY_BYTES }, start..query.len()));
    }
    let tokens = tokens(query)?;
    if tokens.is_empty() {
        return Err(error(Mistake::Empty, whole(query)));
    }
    let case = read_case(query, &tokens)?;
    let mut reader = Reader {
        query,
        tokens: &tokens,
        at: 0,
        case,
        filters: Vec::new(),
        ignored: Vec::new(),
        negations: 0,
        words: 0,
        patterns: 0,
        budget: Budget::default(),
    };
    let expr = reader.or(None)?;
    let (words, words_say_all) = expr.as_ref().map_or((Vec::new(), true), words);
    let (filters, mut ignored) = (reader.filters, reader.ignored);
    // Those of a group stand before those of the bag around it.
    ignored.sort_by_key(|word| word.span.start);
    Ok(Query { expr, filters, case, words, words_say_all, ignored, text: query.to_owned() })
}

fn whole(query: &str) -> Range<usize> {
    let trimmed = query.trim();
    let start = query.len() - query.trim_start().len();
    start..start + trimmed.len()
}

struct Reader<'a> {
    query: &'a str,
    tokens: &'a [Token],
    at: usize,
    case: Case,
    filters: Vec<Filter>,
    ignored: Vec<Ignored>,
    /// Groups that are open and excluded: nothing in them is wanted.
    negations: usize,
    /// Those without terms, too.
    words: usize,
    patterns: usize,
    budget: Budget,
}

/// What stands side by side.
#[derive(Default)]
struct Bag {
    items: Vec<Item>,
    /// Wanted words that no index knows.
    unknown: Vec<Ignored>,
}

impl<'a> Reader<'a> {
    fn error(&self, mistake: Mistake, span: Range<usize>) -> ParseError {
        ParseError { mistake, query: self.query.to_owned(), span }
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, what: &What) -> Option<&'a Token> {
        let token = self.peek().filter(|token| token.what == *what)?;
        self.at += 1;
        Some(token)
    }

    /// Up to the end, or to the `)` of `group`, the span of its `(`. `None` where there are filters alone.
    fn or(&mut self, group: Option<&Range<usize>>) -> Result<Option<Expr>, ParseError> {
        let start = self.at;
        let mut parts = Vec::new();
        let (mut operator, mut beside_or) = (None, false);
        loop {
            parts.extend(self.and(group, operator)?);
            operator = self.take(&What::Or);
            if operator.is_none() {
                break;
            }
            beside_or = true;
        }
        if beside_or {
            self.no_filter(start)?;
        }
        Ok((!parts.is_empty()).then(|| Expr::or(parts)))
    }

    fn and(
        &mut self,
        group: Option<&Range<usize>>,
        mut operator: Option<&'a Token>,
    ) -> Result<Option<Expr>, ParseError> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.bag(group, operator)?);
            operator = self.take(&What::And);
            if operator.is_none() {
                return Ok((!parts.is_empty()).then(|| Expr::and(parts)));
            }
        }
    }

    /// What stands side by side; `operator` is before it.
    fn bag(&mut self, group: Option<&Range<usize>>, operator: Option<&Token>) -> Result<Option<Expr>, ParseError> {
        let start = self.at;
        let mut bag = Bag::default();
        while let Some(token) = self.peek().filter(|t| !matches!(t.what, What::And | What::Or | What::Close)) {
            self.item(token, group.is_some(), &mut bag)?;
        }
        if self.at == start {
            return Err(self.nothing(group, operator));
        }
        let Bag { items, unknown } = bag;
        // Without another thing that is wanted or required, all would be found that is not excluded.
        let left = items.iter().any(|item| item.sign != Sign::Excluded);
        match unknown.first() {
            Some(word) if !left => return Err(self.error(word.mistake(), word.span.clone())),
            _ => self.ignored.extend(unknown),
        }
        Ok((!items.is_empty()).then(|| Expr::bag(items)))
    }

    /// Why there is no operand here.
    fn nothing(&self, group: Option<&Range<usize>>, operator: Option<&Token>) -> ParseError {
        let name = |token: &Token| match token.what {
            What::And => "AND",
            What::Or => "OR",
            _ => "NOT",
        };
        if let Some(operator) = operator {
            return self.error(Mistake::NoOperand { operator: name(operator), side: "behind" }, operator.span.clone());
        }
        match self.peek() {
            Some(next) if next.what != What::Close => {
                self.error(Mistake::NoOperand { operator: name(next), side: "before" }, next.span.clone())
            }
            next => {
                let start = group.map_or(0, |open| open.start);
                let end = next.map_or(self.query.len(), |close| close.span.end);
                self.error(Mistake::NothingInside { what: "group" }, start..end)
            }
        }
    }

    fn item(&mut self, first: &'a Token, in_group: bool, bag: &mut Bag) -> Result<(), ParseError> {
        let (mut negated, mut token, mut last_not) = (false, Some(first), None);
        while let Some(not) = token.filter(|t| t.what == What::Not) {
            negated = !negated;
            last_not = Some(not);
            self.at += 1;
            token = self.peek();
        }
        let term = token.filter(|t| !matches!(t.what, What::And | What::Or | What::Close));
        let Some(token) = term else {
            let span = last_not.unwrap_or(first).span.clone();
            return Err(self.error(Mistake::NoOperand { operator: "NOT", side: "behind" }, span));
        };
        self.at += 1;
        let sign = |written: Sign| match (last_not, written) {
            (None, sign) => Ok(sign),
            (Some(_), Sign::Any) => Ok(if negated { Sign::Excluded } else { Sign::Any }),
            (Some(not), _) => Err(self.error(Mistake::TwoSigns, not.span.start..token.span.end)),
        };
        match &token.what {
            What::Word(written, inside) => {
                let signed = last_not.is_some() || (*written != Sign::Any && !inside.is_empty());
                let sign = sign(*written)?;
                let before = bag.items.len();
                self.word(token, inside, sign, &mut bag.items)?;
                if bag.items.len() == before {
                    bag.unknown.push(self.unknown(token, signed)?);
                }
            }
            What::Literal(written, inside) => {
                let sign = sign(*written)?;
                bag.items.push(Item::new(sign, self.exact(ExactKind::Literal, token, inside)?));
            }
            What::Regex(written, inside) => {
                let sign = sign(*written)?;
                bag.items.push(Item::new(sign, self.exact(ExactKind::Regex, token, inside)?));
            }
            What::Open(written) => {
                let sign = sign(*written)?;
                let excluded = usize::from(sign == Sign::Excluded);
                self.negations += excluded;
                bag.items.push(Item::new(sign, self.group(token)?));
                self.negations -= excluded;
            }
            What::Filter { sign: written, .. } => {
                let sign = sign(*written)?;
                if in_group {
                    return Err(self.error(Mistake::FilterInside { within: "parentheses" }, token.span.clone()));
                }
                self.filters.extend(read_filter(self.query, token, sign)?);
            }
            What::And | What::Or | What::Not | What::Close => {}
        }
        Ok(())
    }

    fn group(&mut self, open: &Token) -> Result<Expr, ParseError> {
        let mark = open.span.end - 1..open.span.end;
        let inside = self.or(Some(&mark))?;
        if self.take(&What::Close).is_none() {
            let help = "close it with `)`; to search for code as it is written, put it in quotation marks";
            return Err(self.error(Mistake::Unclosed { what: "parenthesis", help }, mark));
        }
        inside.ok_or_else(|| self.error(Mistake::NothingInside { what: "group" }, mark))
    }

    /// Refuses a filter, or `case:`, among the tokens from `start`, which stand beside an `OR`.
    fn no_filter(&self, start: usize) -> Result<(), ParseError> {
        let mut depth = 0usize;
        for token in self.tokens.get(start..self.at).unwrap_or_default() {
            match token.what {
                What::Open(_) => depth += 1,
                What::Close => depth = depth.saturating_sub(1),
                What::Filter { .. } if depth == 0 => {
                    return Err(self.error(Mistake::FilterInside { within: "an `OR`" }, token.span.clone()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn word(
        &mut self,
        token: &Token,
        inside: &Range<usize>,
        sign: Sign,
        items: &mut Vec<Item>,
    ) -> Result<(), ParseError> {
        let text = self.query.get(inside.clone()).unwrap_or("");
        let mut found = Vec::new();
        tokenize::words(text, |start, end| found.push(text.get(start..end).unwrap_or("")));
        let before = items.len();
        for word in found {
            let mut terms = Vec::new();
            tokenize::terms(word, &mut terms);
            if terms.is_empty() {
                continue;
            }
            // Printed, these would be operators; terms are in lower case anyway.
            let text = if matches!(word, "AND" | "OR" | "NOT") { word.to_ascii_lowercase() } else { word.to_owned() };
            let leaf = WordLeaf { text, terms, span: token.span.clone() };
            items.push(Item::new(sign, Expr::Leaf(Leaf::Word(leaf))));
        }
        self.words += (items.len() - before).max(1);
        if self.words > WORDS {
            return Err(self.error(Mistake::TooManyWords { limit: WORDS }, token.span.clone()));
        }
        Ok(())
    }

    /// A word without terms. Only a wanted one can be left out, and never one that is `signed`.
    fn unknown(&self, token: &Token, signed: bool) -> Result<Ignored, ParseError> {
        let text = self.query.get(token.span.clone()).unwrap_or("").to_owned();
        let word = Ignored { text, span: token.span.clone() };
        if signed || self.negations > 0 {
            return Err(self.error(word.mistake(), word.span));
        }
        Ok(word)
    }

    fn exact(&mut self, kind: ExactKind, token: &Token, inside: &Range<usize>) -> Result<Expr, ParseError> {
        self.patterns += 1;
        if self.patterns > PATTERNS {
            return Err(self.error(Mistake::TooManyPatterns { limit: PATTERNS }, token.span.clone()));
        }
        let span = inside.start - 1..inside.end + 1;
        let written = self.query.get(inside.clone()).unwrap_or("");
        if written.is_empty() {
            let what = if kind == ExactKind::Literal { "quotation" } else { "regular expression" };
            return Err(self.error(Mistake::NothingInside { what }, span));
        }
        let (text, read) = match kind {
            ExactKind::Literal => {
                let text = unescaped(written);
                let read = Pattern::literal(&text, self.case);
                (text, read)
            }
            // Read as written, so that places are those of the query: `\/` is a slash to the regex syntax, too.
            ExactKind::Regex => {
                (without_escaped_slashes(written), Pattern::regex(written, self.case, &mut self.budget))
            }
        };
        let built = read.and_then(|pattern| Ok((pattern.matcher(&mut self.budget)?, pattern)));
        let (matcher, pattern) = built.map_err(|bad| self.bad_pattern(kind, inside, bad))?;
        let (pattern, matcher) = (Arc::new(pattern), Arc::new(matcher));
        Ok(Expr::Leaf(Leaf::Exact(Exact { kind, text, span, pattern, matcher })))
    }

    fn bad_pattern(&self, kind: ExactKind, inside: &Range<usize>, bad: BadPattern) -> ParseError {
        match kind {
            ExactKind::Literal => self.error(Mistake::BadLiteral { message: bad.message }, inside.clone()),
            ExactKind::Regex => {
                let at = |offset: usize| (inside.start + offset).min(inside.end);
                let span = at(bad.span.start)..at(bad.span.end);
                self.error(Mistake::BadRegex { message: bad.message }, span)
            }
        }
    }
}

/// `\"` and `\\` are what stands behind the backslash; any other backslash is itself.
pub(super) fn unescaped(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.next_if(|next| c == '\\' && matches!(next, '"' | '\\')) {
            Some(escaped) => out.push(escaped),
            None => out.push(c),
        }
    }
    out
}

fn without_escaped_slashes(written: &str) -> String {
    let mut out = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some('/')) => {}
            ('\\', Some(escaped)) => {
                out.extend([c, escaped]);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}
