//! From an argument to its terms.

use std::ops::Range;
use std::sync::Arc;

use miette::NamedSource;

use super::error::{Argument, SelectError};
use crate::base::suggest::nearest;

/// What stands before the colon of an atom.
const METHODS: [&str; 4] = ["repo", "kind", "tag", "node"];

/// One term; places are bytes of the argument.
#[derive(Clone, Debug)]
pub(super) struct Term<'a> {
    pub atom: Atom<'a>,
    /// And everything above it.
    pub above: bool,
    /// And everything below it.
    pub below: bool,
    /// The atom's value, without method and signs.
    pub span: Range<usize>,
}

/// What a term names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Atom<'a> {
    Repo(&'a str),
    Kind(&'a str),
    /// A tag may end with plus signs of its own (`c++`): the second text is the value with the sign.
    Tag(&'a str, &'a str),
    Node(&'a str),
    Path(&'a str, &'a str),
    Name(&'a str),
}

/// The argument's text, with the name that messages give it.
pub(super) fn named(argument: &str) -> Argument {
    Arc::new(NamedSource::new("selector", argument.to_owned()))
}

/// The terms of an argument, never none.
pub(super) fn terms(argument: &str) -> Result<Vec<Term<'_>>, SelectError> {
    let mut terms = Vec::new();
    let mut start = 0;
    for text in argument.split(',') {
        terms.push(term(argument, start, text)?);
        start += text.len() + 1;
    }
    Ok(terms)
}

fn term<'a>(argument: &'a str, start: usize, text: &'a str) -> Result<Term<'a>, SelectError> {
    let end = start + text.len();
    let wrong = |why: &'static str, span: Range<usize>| SelectError::Malformed {
        text: text.to_owned(),
        why,
        argument: named(argument),
        span: span.into(),
    };
    if text.is_empty() {
        let why = if argument.is_empty() { "it is empty" } else { "a part of it is empty" };
        return Err(wrong(why, start..end));
    }
    let signed = text.strip_prefix('+').unwrap_or(text);
    let body = signed.strip_suffix('+').unwrap_or(signed);
    let from = end - signed.len();
    let (above, below) = (signed.len() < text.len(), body.len() < signed.len());
    let (method, value) = match body.split_once(':') {
        Some((method, value)) => (Some(method), value),
        None => (None, body),
    };
    let at = from + body.len() - value.len();
    let span = at..at + value.len();
    if value.is_empty() {
        return Err(wrong("a name is missing", span));
    }
    let atom = match method {
        Some("tag") => Atom::Tag(value, signed.split_once(':').map_or(value, |(_, whole)| whole)),
        Some("repo") => Atom::Repo(value),
        Some("kind") => Atom::Kind(value),
        Some("node") => Atom::Node(value),
        Some(other) => return Err(unknown_method(argument, other, value, from)),
        None => match value.split_once('/') {
            Some((repo, node)) if repo.is_empty() || node.is_empty() => {
                return Err(wrong("a name is missing beside the slash", span));
            }
            Some((repo, node)) => Atom::Path(repo, node),
            None => Atom::Name(value),
        },
    };
    let is_tag = matches!(atom, Atom::Tag(..));
    if let Some(sign) = value.find('+').filter(|_| !is_tag) {
        return Err(wrong("a plus sign stands at the start or the end, once", at + sign..at + sign + 1));
    }
    Ok(Term { atom, above, below, span })
}

fn unknown_method(argument: &str, method: &str, value: &str, from: usize) -> SelectError {
    let help = match nearest(method, METHODS) {
        Some(near) => format!("did you mean `{near}:{value}`?"),
        None => format!("a node of one repository is written `{method}/{value}`"),
    };
    let span = (from..from + method.len()).into();
    SelectError::UnknownMethod { method: method.to_owned(), argument: named(argument), span, help }
}
