//! Mistakes in a query, each with its place.

use std::fmt;
use std::ops::Range;

use miette::{Diagnostic, LabeledSpan, SourceCode};

/// A mistake and its place in the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    pub mistake: Mistake,
    pub query: String,
    /// Bytes of the query.
    pub span: Range<usize>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum Mistake {
    #[error("the query is {bytes} bytes long; {limit} are allowed")]
    #[diagnostic(code(sawmill::query::too_long), help("shorten it, or search for its rarest words"))]
    TooLong { bytes: usize, limit: usize },
    #[error("the query has more than {limit} words")]
    #[diagnostic(code(sawmill::query::too_many_words), help("search for its rarest words"))]
    TooManyWords { limit: usize },
    #[error("the query has more than {limit} regular expressions and literals")]
    #[diagnostic(code(sawmill::query::too_many_patterns), help("join alternatives in one expression: `/a|b/`"))]
    TooManyPatterns { limit: usize },
    #[error("parentheses are nested more than {limit} deep")]
    #[diagnostic(code(sawmill::query::too_deep), help("leave out parentheses that change nothing"))]
    TooDeep { limit: usize },
    #[error("the query is empty")]
    #[diagnostic(code(sawmill::query::empty), help("give a word or a filter, such as `parse config lang:rust`"))]
    Empty,
    #[error("there is no filter `{name}:`")]
    #[diagnostic(code(sawmill::query::unknown_filter))]
    UnknownFilter {
        name: String,
        #[help]
        help: String,
    },
    #[error("bad value for `{filter}:`: {message}")]
    #[diagnostic(code(sawmill::query::bad_value), help("`sawmill search --help` lists the filters and shows examples"))]
    BadValue { filter: &'static str, message: String },
    #[error("a filter stands within {within}")]
    #[diagnostic(
        code(sawmill::query::filter_inside),
        help(
            "filters narrow the whole query: put them first and the rest in parentheses, `lang:rust (a OR b)`; several of one kind mean any, `lang:rust lang:go`"
        )
    )]
    FilterInside { within: &'static str },
    #[error("`case:` is given twice and differs")]
    #[diagnostic(code(sawmill::query::two_cases), help("give it once; it is for the whole query"))]
    TwoCases,
    #[error("`{text}` is in no index of words")]
    #[diagnostic(code(sawmill::query::no_word))]
    NoWord {
        text: String,
        #[help]
        help: String,
    },
    #[error("the {what} is never closed")]
    #[diagnostic(code(sawmill::query::unclosed))]
    Unclosed {
        what: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("a `)` that closes nothing")]
    #[diagnostic(
        code(sawmill::query::unopened),
        help("leave it out; to search for code as it is written, put it in quotation marks: `\"f(a, b)\"`")
    )]
    Unopened,
    #[error("the {what} is empty")]
    #[diagnostic(code(sawmill::query::nothing_inside), help("put something into it or leave it out"))]
    NothingInside { what: &'static str },
    #[error("the {what} goes on behind its end")]
    #[diagnostic(code(sawmill::query::glued))]
    Glued {
        what: &'static str,
        #[help]
        help: &'static str,
    },
    #[error("a quotation mark within a word")]
    #[diagnostic(
        code(sawmill::query::quote_inside),
        help("put the whole in quotation marks, with `\\\"` for each one inside: `\"say(\\\"hi\\\")\"`")
    )]
    QuoteInside,
    #[error("`{operator}` has nothing {side} it")]
    #[diagnostic(
        code(sawmill::query::no_operand),
        help(
            "operators are in upper case and stand between what they join; write the word in lower case to search for it"
        )
    )]
    NoOperand { operator: &'static str, side: &'static str },
    #[error("`NOT` before a sign")]
    #[diagnostic(code(sawmill::query::two_signs), help("use one of them: `-word` is `NOT word`"))]
    TwoSigns,
    #[error("not a literal: {message}")]
    #[diagnostic(code(sawmill::query::bad_literal), help("a literal is text within one line"))]
    BadLiteral { message: String },
    #[error("not a regular expression: {message}")]
    #[diagnostic(
        code(sawmill::query::bad_regex),
        help(
            "the syntax is that of the Rust crate regex, matched line by line; for the text itself use quotation marks"
        )
    )]
    BadRegex { message: String },
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.mistake.fmt(f)
    }
}

impl std::error::Error for ParseError {}

impl Diagnostic for ParseError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.code()
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.query)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(Some("here".to_owned()), self.span.start, self.span.len());
        Some(Box::new(std::iter::once(label)))
    }
}
