//! Mistakes in a query, each with its place.

use miette::{Diagnostic, SourceSpan};

/// A mistake in a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum ParseError {
    #[error("the query is {bytes} bytes long; {limit} are allowed")]
    #[diagnostic(code(sawmill::query::too_long), help("shorten it, or search for its rarest words"))]
    TooLong { bytes: usize, limit: usize },
    #[error("the query has more than {limit} words")]
    #[diagnostic(code(sawmill::query::too_many_words), help("search for its rarest words"))]
    TooManyWords { limit: usize },
    #[error("the query is empty")]
    #[diagnostic(code(sawmill::query::empty), help("give a word or a filter, such as `parse config lang:rust`"))]
    Empty,
    #[error("{what} cannot be searched for yet")]
    #[diagnostic(code(sawmill::query::not_available))]
    NotAvailable {
        what: &'static str,
        #[source_code]
        query: String,
        #[label("here")]
        span: SourceSpan,
        #[help]
        help: &'static str,
    },
    #[error("there is no filter `{name}:`")]
    #[diagnostic(code(sawmill::query::unknown_filter))]
    UnknownFilter {
        name: String,
        #[source_code]
        query: String,
        #[label("no filter")]
        span: SourceSpan,
        #[help]
        help: String,
    },
    #[error("bad value for `{filter}:`: {message}")]
    #[diagnostic(code(sawmill::query::bad_value), help("`sawmill search --help` lists the filters and shows examples"))]
    BadValue {
        filter: &'static str,
        message: String,
        #[source_code]
        query: String,
        #[label("this value")]
        span: SourceSpan,
    },
    #[error("`{text}` has no letter or digit to search for")]
    #[diagnostic(
        code(sawmill::query::no_word),
        help("leave it out; words are letters, digits and `_`, and single digits and long numbers are not indexed")
    )]
    NoWord {
        text: String,
        #[source_code]
        query: String,
        #[label("no word")]
        span: SourceSpan,
    },
    #[error("the quotation mark is never closed")]
    #[diagnostic(code(sawmill::query::unclosed), help("close it with `\"`"))]
    Unclosed {
        #[source_code]
        query: String,
        #[label("opened here")]
        span: SourceSpan,
    },
}
