//! Trees, within a budget of the parser's own operations.

use std::cell::Cell;
use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, Parser, Range, Tree};

use crate::base::Cancel;
use crate::nodes::extract::rules::Rules;

use super::{blank, scanner};

/// Operations that every file may take.
const BASE_OPERATIONS: u64 = 1_000_000;
/// Operations that every range may take: there may be thousands.
const REGION_OPERATIONS: u64 = 50_000;
/// Operations more for each byte. Ordinary code takes less than one a byte.
const OPERATIONS_PER_BYTE: u64 = 32;
/// The parser calls back after so many operations (`OP_COUNT_PER_PARSER_CALLBACK_CHECK` of tree-sitter).
const OPERATIONS_PER_CALL: u64 = 100;

/// The text is given to the lexer in pieces of so many bytes. Each that it asks for is counted: the parser calls back
/// between its own operations only, and some scanners read on to the end of the file for every token that they try.
const PIECE: usize = 512;
/// Bytes that the lexer may read in every file, and in every range.
const BASE_READS: u64 = 32 << 20;
const REGION_READS: u64 = 2 << 20;
/// Bytes that it may read more for each byte. Ordinary code is read one to three times, with errors up to sixty.
const READS_PER_BYTE: u64 = 128;

/// Why there is no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::nodes::extract) enum NoTree {
    #[error("the parser took more than {operations} operations")]
    Budget { operations: u64 },
    #[error("the grammar's scanner read more than {bytes} bytes")]
    Reads { bytes: u64 },
    #[error("too much for the grammar's scanner: {what}")]
    Scanner { what: String },
    #[error("the parser gave no tree")]
    Refused,
    #[error("the grammar {grammar} does not fit the parser")]
    Grammar { grammar: &'static str },
    #[error("cancelled")]
    Cancelled,
}

/// One parser for many files, one after the other.
pub(in crate::nodes::extract) struct Parse<'a> {
    parser: Parser,
    /// The language that the parser is set to.
    set: Option<&'static str>,
    cancel: &'a Cancel,
}

impl<'a> Parse<'a> {
    pub fn new(cancel: &'a Cancel) -> Self {
        Self { parser: Parser::new(), set: None, cancel }
    }

    /// Throws the parser away: after a panic its state is not to be trusted.
    pub fn restart(&mut self) {
        *self = Self::new(self.cancel);
    }

    /// The tree of `bytes`, or of ranges of them; offsets are those of `bytes` either way. What is done and what may be
    /// spent depends on the bytes between the first and the last range only. Attributes behind macros are blanks to
    /// the parser.
    pub fn tree(&mut self, rules: &Rules, bytes: &[u8], ranges: &[Range]) -> Result<Tree, NoTree> {
        let from = ranges.first().map_or(0, |first| first.start_byte);
        let to = ranges.last().map_or(bytes.len(), |last| last.end_byte);
        let window = bytes.get(from..to).ok_or(NoTree::Refused)?;
        if let Some(what) = scanner::overflow(rules.spec.scanner, window) {
            return Err(NoTree::Scanner { what });
        }
        if self.set != Some(rules.spec.name) {
            self.set = None;
            let grammar = rules.spec.grammar_version;
            self.parser.set_language(&rules.language).map_err(|_| NoTree::Grammar { grammar })?;
            self.set = Some(rules.spec.name);
        }
        self.parser.set_included_ranges(ranges).map_err(|_| NoTree::Refused)?;
        let whole = ranges.is_empty();
        let reads = if whole { BASE_READS } else { REGION_READS } + READS_PER_BYTE * window.len() as u64;
        let pieces_left = Cell::new(reads / PIECE as u64);
        let base = if whole { BASE_OPERATIONS } else { REGION_OPERATIONS };
        let operations = base + OPERATIONS_PER_BYTE * window.len() as u64;
        let mut calls_left = operations / OPERATIONS_PER_CALL;
        let cancel = self.cancel;
        let mut progress = |_: &tree_sitter::ParseState| {
            calls_left = calls_left.saturating_sub(1);
            let stop = calls_left == 0 || pieces_left.get() == 0 || cancel.is_cancelled();
            if stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let seen = blank::attributes(&rules.spec.attributes, window);
        let mut last = 0..0;
        let mut read = |at: usize, _| {
            pieces_left.set(pieces_left.get().saturating_sub(1));
            // Without pieces the text seems to end here: what reads on stops at once. A character that the end of a
            // piece may have cut is asked for again, and the parser counts on an answer.
            let given = pieces_left.get() > 0 || last.contains(&at);
            let rest = at.checked_sub(from).and_then(|at| seen.get(at..)).filter(|_| given).unwrap_or_default();
            let piece = rest.get(..PIECE).unwrap_or(rest);
            last = at..at + piece.len();
            piece
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let tree = self.parser.parse_with_options(&mut read, None, Some(options));
        let starved = pieces_left.get() == 0;
        if let Some(tree) = tree.filter(|_| !starved) {
            return Ok(tree);
        }
        // Otherwise the next file would go on where this one stopped.
        self.parser.reset();
        Err(match calls_left {
            _ if cancel.is_cancelled() => NoTree::Cancelled,
            _ if starved => NoTree::Reads { bytes: reads },
            0 => NoTree::Budget { operations },
            _ => NoTree::Refused,
        })
    }
}
