//! A literal or regular expression, read within bounds.

use std::ops::Range;

use regex_automata::meta;
use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::hir::translate::TranslatorBuilder;
use regex_syntax::hir::{Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look};

use super::analyse;
use super::lines::LineMatcher;
use super::plan::Plan;
use super::required;
use super::survey::{Survey, range};

/// Deepest nesting of groups, repetitions and classes.
const NEST: u32 = 64;
/// Memory of the automata of one query, in bytes. It bounds the time to build them, too.
const AUTOMATA: usize = 4 << 20;
/// Classes of characters in the patterns of one query: each can have hundreds of ranges, folded one by one.
const CLASSES: usize = 256;
/// Memory for the states that a search finds on its way.
const STATES: usize = 8 << 20;

/// Does an upper-case letter differ from its lower case?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Case {
    Yes,
    No,
    /// Where the pattern itself has an upper-case letter.
    #[default]
    Smart,
}

impl Case {
    pub const ALL: [Self; 3] = [Self::Yes, Self::No, Self::Smart];

    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Smart => "smart",
        }
    }
}

/// What the patterns of one query may still cost.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    classes: usize,
    automata: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { classes: CLASSES, automata: AUTOMATA }
    }
}

/// Why a pattern is none, and where in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadPattern {
    pub message: String,
    /// Bytes of the pattern; may be empty.
    pub span: Range<usize>,
}

/// What to look for in each line.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(super) hir: Hir,
    /// The bytes themselves, where the pattern is a literal that minds case.
    pub(super) literal: Option<Vec<u8>>,
    any_case: bool,
    /// Of the pattern as written.
    bytes: usize,
}

impl Pattern {
    /// `text` itself. Refused where it is empty or has a line end.
    pub fn literal(text: &str, case: Case) -> Result<Self, BadPattern> {
        let bad = |message: &str, span| Err(BadPattern { message: message.to_owned(), span });
        if text.is_empty() {
            return bad("it is empty", 0..0);
        }
        if let Some(at) = text.find('\n') {
            return bad("it has a line end; lines are searched one by one", at..at + 1);
        }
        let any_case = match case {
            Case::Yes => false,
            Case::No => true,
            Case::Smart => !text.chars().any(char::is_uppercase),
        };
        let hir =
            if any_case { read(&regex_syntax::escape(text), true, text.len())? } else { Hir::literal(text.as_bytes()) };
        Ok(Self { hir, literal: (!any_case).then(|| text.as_bytes().to_vec()), any_case, bytes: text.len() })
    }

    /// A regular expression in the syntax of the Rust crate `regex`. Refused where it is empty, has a literal line
    /// end, or exceeds a bound.
    pub fn regex(pattern: &str, case: Case, budget: &mut Budget) -> Result<Self, BadPattern> {
        if pattern.is_empty() {
            return Err(BadPattern { message: "it is empty".to_owned(), span: 0..0 });
        }
        let survey = Survey::of(&syntax(pattern)?, budget.classes);
        if let Some(span) = survey.too_many {
            return Err(BadPattern { message: format!("a query has at most {CLASSES} classes of characters"), span });
        }
        budget.classes -= survey.classes.min(budget.classes);
        if let Some(span) = survey.line_end {
            return Err(BadPattern { message: "a line end; lines are searched one by one".to_owned(), span });
        }
        let any_case = match case {
            Case::Yes => false,
            Case::No => true,
            Case::Smart => survey.literals && !survey.upper_case,
        };
        let hir = read(pattern, any_case, pattern.len())?;
        Ok(Self { hir: within_lines(&hir), literal: None, any_case, bytes: pattern.len() })
    }

    /// Is case ignored?
    pub fn any_case(&self) -> bool {
        self.any_case
    }

    /// The trigrams that a matching file holds.
    pub fn plan(&self) -> Plan {
        analyse::plan(&self.hir)
    }

    /// Builds the matcher. Refused where it would be too large.
    pub fn matcher(&self, budget: &mut Budget) -> Result<LineMatcher, BadPattern> {
        if let Some(literal) = &self.literal {
            return Ok(LineMatcher::of_literal(literal));
        }
        let config =
            meta::Config::new().utf8_empty(false).nfa_size_limit(Some(budget.automata)).hybrid_cache_capacity(STATES);
        let regex = meta::Builder::new().configure(config).build_from_hir(&self.hir).map_err(|error| {
            let message = match error.size_limit() {
                Some(_) => "it is too large with its repetitions written out".to_owned(),
                None => error.to_string(),
            };
            BadPattern { message, span: 0..self.bytes }
        })?;
        budget.automata = budget.automata.saturating_sub(regex.memory_usage());
        let looks = self.hir.properties().look_set();
        let by_line = looks.contains(Look::StartCRLF) || looks.contains(Look::EndCRLF);
        let beyond = [Look::WordUnicodeNegate, Look::WordStartHalfUnicode, Look::WordEndHalfUnicode];
        let sees_beyond = beyond.iter().any(|look| looks.contains(*look));
        Ok(LineMatcher::of_regex(regex, by_line, sees_beyond, required::literal(&self.hir)))
    }
}

fn syntax(pattern: &str) -> Result<regex_syntax::ast::Ast, BadPattern> {
    ParserBuilder::new()
        .nest_limit(NEST)
        .build()
        .parse(pattern)
        .map_err(|e| BadPattern { message: e.kind().to_string(), span: range(e.span()) })
}

/// `most` bytes is the longest span.
fn read(pattern: &str, any_case: bool, most: usize) -> Result<Hir, BadPattern> {
    let ast = syntax(pattern)?;
    let mut translator = TranslatorBuilder::new().utf8(false).case_insensitive(any_case).build();
    translator.translate(pattern, &ast).map_err(|e| {
        let span = range(e.span());
        BadPattern { message: e.kind().to_string(), span: span.start.min(most)..span.end.min(most) }
    })
}

/// The same for the whole text of a file as for each line of it: nothing matches `\n`, and the ends of the text
/// are the ends of lines.
fn within_lines(hir: &Hir) -> Hir {
    match hir.kind() {
        // A class of `\n` alone is a literal here.
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Empty | HirKind::Literal(_) => hir.clone(),
        HirKind::Look(Look::Start) => Hir::look(Look::StartLF),
        HirKind::Look(Look::End) => Hir::look(Look::EndLF),
        HirKind::Look(look) => Hir::look(*look),
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.difference(&ClassUnicode::new([ClassUnicodeRange::new('\n', '\n')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Class(Class::Bytes(class)) => {
            let mut class = class.clone();
            class.difference(&ClassBytes::new([ClassBytesRange::new(b'\n', b'\n')]));
            Hir::class(Class::Bytes(class))
        }
        HirKind::Repetition(repetition) => {
            let mut repetition = repetition.clone();
            repetition.sub = Box::new(within_lines(&repetition.sub));
            Hir::repetition(repetition)
        }
        // The text of groups is never asked for.
        HirKind::Capture(capture) => within_lines(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(within_lines).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(within_lines).collect()),
    }
}
