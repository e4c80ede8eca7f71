//! The expression of a query, and its normal form: no needless group, nothing negated twice.

use std::ops::Range;
use std::sync::Arc;

use crate::query::grams::{LineMatcher, Pattern};

/// What a sign asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Ranked.
    Any,
    /// Must be there.
    Required,
    /// Must not be there.
    Excluded,
}

/// What a query asks of what it finds.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Leaf(Leaf),
    /// Not of a `Not`.
    Not(Box<Expr>),
    /// Things side by side; one alone only where it is a word with `+`.
    Bag(Vec<Item>),
    /// Two or more, no `And` among them.
    And(Vec<Expr>),
    /// Two or more, no `Or` among them.
    Or(Vec<Expr>),
}

/// One thing in a bag. Only words are `Any`.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub sign: Sign,
    /// No `Not`: that is the sign.
    pub expr: Expr,
}

/// What text is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf {
    Word(WordLeaf),
    Exact(Exact),
}

/// A word with the terms that the index knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordLeaf {
    pub text: String,
    /// The whole word, then its parts; never empty.
    pub terms: Vec<String>,
    /// Of the piece of the query that the word is in.
    pub span: Range<usize>,
}

/// A literal or a regular expression, ready to search.
#[derive(Clone, Debug)]
pub struct Exact {
    pub kind: ExactKind,
    /// Without delimiters and their escapes.
    pub text: String,
    /// With delimiters, without the sign.
    pub span: Range<usize>,
    /// Knows its trigram plan and whether it ignores case.
    pub pattern: Arc<Pattern>,
    pub matcher: Arc<LineMatcher>,
}

/// How an exact text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExactKind {
    Literal,
    Regex,
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.text == other.text
            && self.span == other.span
            && self.pattern.any_case() == other.pattern.any_case()
    }
}

impl Expr {
    /// All of `parts`, which are not none.
    pub fn and(parts: Vec<Self>) -> Self {
        Self::joined(parts, Self::And, |part| match part {
            Self::And(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// Any of `parts`, which are not none.
    pub fn or(parts: Vec<Self>) -> Self {
        Self::joined(parts, Self::Or, |part| match part {
            Self::Or(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(parts: Vec<Self>, many: fn(Vec<Self>) -> Self, open: fn(Self) -> Result<Vec<Self>, Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match open(part) {
                Ok(inner) => flat.extend(inner),
                Err(other) => flat.push(other),
            }
        }
        match flat.pop() {
            Some(only) if flat.is_empty() => only,
            last => {
                flat.extend(last);
                many(flat)
            }
        }
    }

    /// What `inner` is not.
    pub fn negated(inner: Self) -> Self {
        match inner.without_plus() {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// `items`, which are not none, side by side.
    pub fn bag(mut items: Vec<Item>) -> Self {
        match items.pop() {
            Some(only) if items.is_empty() => match (only.sign, only.expr) {
                (Sign::Excluded, expr) => Self::negated(expr),
                (Sign::Required, word @ Self::Leaf(Leaf::Word(_))) => {
                    Self::Bag(vec![Item { sign: Sign::Required, expr: word }])
                }
                (_, expr) => expr,
            },
            last => {
                items.extend(last);
                Self::Bag(items)
            }
        }
    }

    /// `+word` alone as `word`.
    fn without_plus(self) -> Self {
        match self {
            Self::Bag(mut items) if items.len() == 1 => match items.pop() {
                Some(item) => item.expr,
                None => Self::Bag(items),
            },
            other => other,
        }
    }
}

impl Item {
    /// `expr` with a sign; without one only a word stays `Any`. Parentheses around one word change nothing.
    pub fn new(sign: Sign, expr: Expr) -> Self {
        let bare_word = matches!(expr, Expr::Leaf(Leaf::Word(_)));
        let sign = if sign == Sign::Any && !bare_word { Sign::Required } else { sign };
        match (sign, expr.without_plus()) {
            (Sign::Excluded, Expr::Not(inner)) => Self { sign: Sign::Required, expr: *inner },
            (_, Expr::Not(inner)) => Self { sign: Sign::Excluded, expr: *inner },
            (sign, expr) => Self { sign, expr },
        }
    }
}
