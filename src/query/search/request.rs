//! What a search asks and answers. Every answer serializes to the same bytes for the same generation and
//! request.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::budget::Spent;
use super::explain::Explain;
use super::timings::Timings;
use super::units::UnitRole;
use super::weights::Weights;
use crate::base::Mode;
use crate::query::federation::Warning;
use crate::query::parse::{FilterKind, Meant, Query};

/// What to search.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each asks for a part of the answer")]
pub struct SearchRequest {
    pub query: String,
    /// Most hits. Under a budget: how many of the best are considered.
    pub limit: usize,
    /// Modes to search; empty is all.
    pub modes: Vec<Mode>,
    /// Repositories by name; empty is all that are enabled. A name reaches a disabled one too.
    pub select: Vec<String>,
    /// Repositories that bear any of these tags; empty is all.
    pub tags: Vec<String>,
    /// Globs over names of repositories, any of which matches; empty is all.
    pub repo_filter: Vec<String>,
    pub include_disabled: bool,
    /// `[mode:]KEY`, the key by its beginning: the cohorts to search. Empty: of each mode the one with most repositories.
    pub cohorts: Vec<String>,
    /// Score repositories together whose scores cannot be compared.
    pub unsafe_mix: bool,
    /// An error, where a repository would only be left out.
    pub strict: bool,
    pub merge: Merge,
    /// A snippet has twice so many lines beside the hit's line.
    pub context: usize,
    /// Give each hit's breakdown and the query's statistics.
    pub explain: bool,
    /// Give whole chunks, the best first, until so many tokens are spent.
    pub budget: Option<u64>,
    /// Give the times of its steps.
    pub timings: bool,
    /// Give every file with a match, and its lines; where the query has words alone, the files of the hits.
    pub files: bool,
    /// Lines are to be counted: refused where the query has words alone.
    pub count: bool,
    /// What paths of the query mean to who asks, by how they are written ([`written_paths`](super::written_paths)): a
    /// place in a repository, beside what they say as text.
    pub places: BTreeMap<String, Meant>,
    /// Changes no answer.
    pub threads: usize,
    /// The constants of ranking; the defaults are those that were chosen.
    pub weights: Weights,
}

impl SearchRequest {
    /// A search of everything enabled for the ten best.
    pub fn new(query: impl Into<String>) -> Self {
        Self {
            query: query.into(),
            limit: 10,
            modes: Vec::new(),
            select: Vec::new(),
            tags: Vec::new(),
            repo_filter: Vec::new(),
            include_disabled: false,
            cohorts: Vec::new(),
            unsafe_mix: false,
            strict: false,
            merge: Merge::Global,
            context: 2,
            explain: false,
            budget: None,
            timings: false,
            files: false,
            count: false,
            places: BTreeMap::new(),
            threads: 1,
            weights: Weights::default(),
        }
    }

    /// Do the request and its query ask for rows of `mode`?
    pub(super) fn wants(&self, query: &Query, mode: Mode) -> bool {
        let listed = self.modes.is_empty() || self.modes.contains(&mode);
        listed && query.admits(FilterKind::Mode, &[mode.name()])
    }
}

/// How the rankings of repositories become one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Merge {
    /// One scorer over all: the ranking is that of one index over the same files.
    #[default]
    Global,
    /// Each cohort is ranked by itself; a hit's score is `1 / (60 + rank)`.
    Rrf,
}

impl Merge {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Rrf => "rrf",
        }
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchAnswer {
    /// Best first.
    pub hits: Vec<Hit>,
    /// All chunks that match: they hold what is asked, and every filter lets them through. `hits` are the best of them, at
    /// most three of a file.
    pub candidates: u64,
    /// In order of priority, then name.
    pub repos: Vec<SearchedRepo>,
    /// Where cohorts were joined by rank: what was ranked by itself, in the order of its first repository.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fused: Vec<FusedList>,
    /// What is to be known about what was left out, or mixed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Where the query has a literal or a regular expression: all that there is, whatever `limit` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact: Option<ExactTotals>,
    /// Where a budget was given: what became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<Spent>,
    /// Where files were asked for: those with a match, by repository and path; for words alone those of the hits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<Vec<FileHit>>,
    /// Words of the query that no index knows, such as `6` and `&`, each once; the answer is that without them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// For people: how to find what was ignored and, where nothing was found, what may have been meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
    /// The one part that differs from run to run; only where it is asked for.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub timings: Option<Timings>,
}

/// How much matches a query with a literal or a regular expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExactTotals {
    pub files: u64,
    /// Lines with a match; each counts once.
    pub lines: u64,
    /// Files over the read limit, which are not searched; of those that the filters on files let through.
    pub over_read_limit: u64,
}

/// A file with a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileHit {
    pub repo: String,
    pub path: String,
    /// Numbers of the lines with a match, ascending; none where only words are looked for.
    pub lines: Vec<u32>,
}

/// A repository's part in the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchedRepo {
    pub name: String,
    /// Empty where it has none.
    pub build: String,
    pub status: RepoStatus,
    /// Its last build failed and this is the one before.
    pub stale: bool,
    /// What went wrong, where something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Chunks searched.
    pub chunks: u64,
}

/// Was the repository searched?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RepoStatus {
    Ok,
    /// Its pipeline serves no index.
    NoIndex,
    /// The workspace has the repository, the generation has no build of it.
    MissingBuild,
    /// The record of its build cannot be read.
    InvalidPointer,
    /// Its build is in a format that this program does not read.
    Incompatible,
    /// Its scores cannot be compared with those of the chosen cohort, in any mode that is asked for.
    LeftOut,
    /// It could not be read; the answer is that of the others.
    Error,
}

impl RepoStatus {
    /// Did the repository fail to give what it was asked for?
    pub fn is_failure(self) -> bool {
        matches!(self, Self::MissingBuild | Self::InvalidPointer | Self::Incompatible | Self::Error)
    }

    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NoIndex => "no-index",
            Self::MissingBuild => "missing-build",
            Self::InvalidPointer => "invalid-pointer",
            Self::Incompatible => "incompatible",
            Self::LeftOut => "left-out",
            Self::Error => "error",
        }
    }
}

/// Repositories that were ranked by themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FusedList {
    pub repos: Vec<String>,
    /// Hits of this list that were considered.
    pub depth: u64,
    pub candidates: u64,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
}

/// One chunk that matched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Hit {
    pub repo: String,
    pub path: String,
    pub chunk_id: String,
    /// `<repo>:<chunk_id>`
    pub global_id: String,
    pub mode: Mode,
    pub language: Option<String>,
    pub kind: String,
    pub name: String,
    pub qualified_name: String,
    /// 1-based, inclusive.
    pub start_line: u32,
    pub end_line: u32,
    /// The line that an editor is to open, 1-based: of the definition, where a word of the query names it; else the first
    /// with a literal or an expression; else the first of those with most words, or the chunk's first.
    pub line: u32,
    pub score: f64,
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub breakdown: Option<Breakdown>,
    /// Of heading and text together, estimated; under a budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<u64>,
    /// The whole chunk; under a budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    pub snippet: Snippet,
}

/// Where a hit is.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    pub repo: String,
    pub path: String,
    /// 1-based.
    pub start_line: u32,
    pub score: f64,
}

/// The lines of a chunk that show best why it matched; the hit's line is among them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Snippet {
    /// Number of the first line in the file, 1-based.
    pub start_line: u32,
    /// Without line ends. Of a long line the part around its first match, with `…` at each cut end.
    pub lines: Vec<String>,
    /// In order.
    pub spans: Vec<MatchSpan>,
}

/// A match in a snippet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct MatchSpan {
    /// Index into the snippet's lines.
    pub line: u32,
    /// Bytes within that line as it is given, half-open.
    pub start: u32,
    pub end: u32,
}

/// How a score came to be:
/// `score = ((sum of units) × coverage × exact × naming × scope × family + text + path) × role × kind × name`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Breakdown {
    pub units: Vec<UnitScore>,
    pub coverage: f64,
    pub exact: f64,
    pub naming: f64,
    /// For the definition of a qualified name.
    pub scope: f64,
    /// For words that the chunk lacks and its file holds.
    pub family: f64,
    /// For literals and regular expressions.
    pub text: f64,
    /// For a file that the query names.
    pub path: f64,
    pub role: f64,
    pub kind: f64,
    pub name: f64,
    /// Where cohorts were joined by rank. The rest of the breakdown is of the score within the hit's cohort then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fusion: Option<Fusion>,
}

/// A score by rank: `1 / (60 + rank)`, rounded to 12 decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Fusion {
    /// Index into the answer's `fused`.
    pub list: u64,
    /// From 1.
    pub rank: u64,
    /// Within the list.
    pub score: f64,
}

/// One unit's share of a score.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UnitScore {
    pub term: String,
    pub role: UnitRole,
    /// Field → occurrences (a match by stem alone counts less).
    pub fields: BTreeMap<&'static str, f64>,
    pub score: f64,
}
