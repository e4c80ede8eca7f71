//! How a query was understood, and over what it was answered. Its shape has a version of its own, as has the
//! breakdown of each hit: programs that read scores learn from it when a part changes its meaning.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::intent::Intent;
use super::request::SearchRequest;
use super::score::Collection;
use super::select::Selection;
use super::units::{Unit, UnitRole};
use crate::base::Mode;
use crate::nodes::index::FIELDS;
use crate::query::grams::Plan;
use crate::query::parse::{Query, Word};

/// Of [`Explain`] and of a hit's breakdown together.
pub const VERSION: u32 = 1;

const FALLBACK: &str = "fallback: the pattern requires no trigram; every file's text is scanned";
const NO_TRIGRAMS: &str = "fallback: the index was made without trigrams; every file's text is scanned";

/// The explanation of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Explain {
    /// 1.
    pub version: u32,
    /// The query in canonical form: read again, it means the same.
    pub parse: String,
    /// Its words with their signs and terms.
    pub words: Vec<Word>,
    pub routing: Routing,
    /// Where the query has a literal or a regular expression.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<ExactExplained>,
    pub segments: SegmentsExplained,
    /// What is looked up and scored.
    pub units: Vec<UnitExplained>,
    /// Chunks searched.
    pub chunks: u64,
    /// Field → average length in terms.
    pub average_lengths: BTreeMap<&'static str, f64>,
    /// Chunks that hold the words as their signs ask, before filters on rows. Where literals or expressions are asked
    /// for, filters are asked with them, and these are the candidates.
    pub scored: u64,
    /// Those that the filters on rows let through.
    pub candidates: u64,
    /// Candidates whose rows were looked at.
    pub resolved: usize,
}

/// Which way the query went.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Routing {
    pub intent: Intent,
    pub asked: Asked,
    /// Modes that the request and the query's filters let through.
    pub modes_asked: Vec<Mode>,
    /// Modes of the segments that were opened.
    pub modes_opened: Vec<Mode>,
}

/// What the query was asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Each chunk, through the index.
    Chunks,
    /// Each whole file, through trigrams and its text.
    Files,
}

impl Asked {
    pub fn name(self) -> &'static str {
        match self {
            Self::Chunks => "chunks",
            Self::Files => "files",
        }
    }
}

/// How lines were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExactExplained {
    /// The trigrams that a file must hold, such as `"bar" AND "foo"`; `all` requires none.
    pub plan: String,
    /// Why every text was scanned, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(flatten)]
    pub files: FileCounts,
}

/// Files on their way through exact search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileCounts {
    /// Files of the segments that were searched, those without text among them.
    pub files: u64,
    /// Files that the trigrams left.
    pub left: u64,
    /// Files whose text was read.
    pub read: u64,
}

/// Segments of the repositories that were searched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SegmentsExplained {
    pub opened: usize,
    /// Of modes that were not asked for.
    pub skipped: usize,
}

/// A scored unit of the query.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnitExplained {
    pub term: String,
    pub role: UnitRole,
    pub weight: f64,
    /// Chunks that hold it.
    pub doc_freq: u64,
    pub idf: f64,
}

/// What is explained.
pub struct Explained<'a> {
    pub request: &'a SearchRequest,
    pub query: &'a Query,
    pub intent: &'a Intent,
    pub units: &'a [Unit],
    pub selection: &'a Selection,
    pub collection: &'a Collection,
    pub exact: Option<(&'a Plan, FileCounts)>,
    pub scored: u64,
    pub candidates: u64,
    pub resolved: usize,
}

impl Explained<'_> {
    pub fn explain(self) -> Explain {
        let units = self.units.iter().enumerate().map(|(at, unit)| UnitExplained {
            term: unit.term.clone(),
            role: unit.role,
            weight: unit.weight,
            doc_freq: self.collection.doc_freqs.get(at).copied().unwrap_or(0),
            idf: self.collection.idfs.get(at).copied().unwrap_or(0.0),
        });
        Explain {
            version: VERSION,
            parse: self.query.to_string(),
            words: self.query.words.clone(),
            routing: self.routing(),
            units: units.collect(),
            chunks: self.collection.docs,
            average_lengths: FIELDS.iter().map(|f| f.name()).zip(self.collection.averages).collect(),
            segments: SegmentsExplained { opened: self.selection.segments.len(), skipped: self.selection.skipped },
            scored: self.scored,
            candidates: self.candidates,
            resolved: self.resolved,
            exact: self.exact.map(|(plan, files)| {
                let without = self.selection.segments.iter().any(|segment| segment.trigrams.is_none());
                let note = if *plan == Plan::All { Some(FALLBACK) } else { without.then_some(NO_TRIGRAMS) };
                ExactExplained { plan: plan.to_string(), note: note.map(str::to_owned), files }
            }),
        }
    }

    fn routing(&self) -> Routing {
        let opened: BTreeSet<Mode> = self.selection.segments.iter().map(|segment| segment.mode).collect();
        Routing {
            intent: self.intent.clone(),
            asked: if self.exact.is_some() { Asked::Files } else { Asked::Chunks },
            modes_asked: Mode::ALL.into_iter().filter(|mode| self.request.wants(self.query, *mode)).collect(),
            modes_opened: opened.into_iter().collect(),
        }
    }
}
