//! Trees, within a budget of the parser's own operations.

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

/// Why there is no tree.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::nodes::extract) enum NoTree {
    #[error("the parser took more than {operations} operations")]
    Budget { operations: u64 },
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
        let base = if ranges.is_empty() { BASE_OPERATIONS } else { REGION_OPERATIONS };
        let operations = base + OPERATIONS_PER_BYTE * window.len() as u64;
        let mut calls_left = operations / OPERATIONS_PER_CALL;
        let cancel = self.cancel;
        let mut progress = |_: &tree_sitter::ParseState| {
            calls_left = calls_left.saturating_sub(1);
            if calls_left == 0 || cancel.is_cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let seen = blank::attributes(&rules.spec.attributes, window);
        let mut read = |at: usize, _| at.checked_sub(from).and_then(|at| seen.get(at..)).unwrap_or_default();
        let options = ParseOptions::new().progress_callback(&mut progress);
        let tree = self.parser.parse_with_options(&mut read, None, Some(options));
        if let Some(tree) = tree {
            return Ok(tree);
        }
        // Otherwise the next file would go on where this one stopped.
        self.parser.reset();
        Err(match calls_left {
            _ if cancel.is_cancelled() => NoTree::Cancelled,
            0 => NoTree::Budget { operations },
            _ => NoTree::Refused,
        })
    }
}
