//! A query cut into pieces at white space outside quotation marks.

use std::ops::Range;

use super::error::ParseError;

/// One piece: its place in the query, sign included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub span: Range<usize>,
    /// Byte offset of the first quotation mark in the piece, within the query.
    pub quote: Option<usize>,
}

/// The pieces of `query`, in order.
pub fn pieces(query: &str) -> Result<Vec<Piece>, ParseError> {
    let mut pieces = Vec::new();
    let mut start: Option<usize> = None;
    let mut first_quote: Option<usize> = None;
    let mut open: Option<usize> = None;
    for (at, c) in query.char_indices() {
        if c == '"' {
            start.get_or_insert(at);
            first_quote.get_or_insert(at);
            open = if open.is_some() { None } else { Some(at) };
        } else if c.is_whitespace() && open.is_none() {
            if let Some(start) = start.take() {
                pieces.push(Piece { span: start..at, quote: first_quote.take() });
            }
        } else {
            start.get_or_insert(at);
        }
    }
    if let Some(at) = open {
        return Err(ParseError::Unclosed { query: query.to_owned(), span: (at..at + 1).into() });
    }
    if let Some(start) = start {
        pieces.push(Piece { span: start..query.len(), quote: first_quote });
    }
    Ok(pieces)
}
