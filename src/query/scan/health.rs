//! Parse health: which files a parser understood, from the tables `files`. Nothing is parsed again.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;

use arrow::array::{Array, Int32Array, ListArray, StringArray};
use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, Wanted, places};
use crate::base::parallel;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::schema::FILES;
use crate::table::{TableReader, typed_column};

/// The columns that tell of a failure. They are read of the rows that failed alone.
const OF_A_FAILURE: &[&str] = &["path", "language", "parse_status", "error_lines", "error_message", "skip_reason"];

/// How many files parse cleanly.
///
/// A file counts where a parser was asked to read it: `ok` (a whole tree), `partial` (the tree has errors, or a limit
/// ended its reading) and `error` (no tree). A file that no parser was asked to read, because its language has no
/// grammar here or a limit or a rule withheld it, is `unsupported` and counts in neither total. A file of which several
/// nodes tell counts once, see [`ParseStatus`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Health {
    /// By language. Files without one are under the empty name.
    pub by_language: BTreeMap<String, LanguageHealth>,
    /// `100 · total_ok / total_files`, rounded down to 0.1, so that it is 100 only where every file is clean; 100
    /// where `total_files` is 0.
    pub parse_health_pct: f64,
    /// Files that a parser was asked to read: `ok`, `partial` and `error`.
    pub total_files: u64,
    /// Those that are `ok`.
    pub total_ok: u64,
}

/// Files of one language by `parse_status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LanguageHealth {
    /// The sum of the others.
    pub files: u64,
    /// A whole tree.
    pub ok: u64,
    /// A tree with errors or missing tokens, or one whose reading a limit ended.
    pub partial: u64,
    /// No tree.
    pub error: u64,
    /// No parser was asked.
    pub unsupported: u64,
}

/// What became of a file, as the column `parse_status` has it.
///
/// Where several nodes have a row for a file it counts once, with the last of their words in this order: a parser that
/// was not asked says nothing about the file, and no success hides a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParseStatus {
    /// No parser was asked.
    Unsupported,
    /// A whole tree.
    Ok,
    /// A tree with errors.
    Partial,
    /// No tree.
    Error,
}

impl ParseStatus {
    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsupported => "unsupported",
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Error => "error",
        }
    }

    fn named(name: &str) -> Result<Self, QueryError> {
        let all = [Self::Unsupported, Self::Ok, Self::Partial, Self::Error];
        let unknown = || QueryError::Manifest { what: format!("`{name}` is no parse status") };
        all.into_iter().find(|status| status.name() == name).ok_or_else(unknown)
    }
}

/// A file that is `partial` or `error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    pub repo: String,
    /// Inside the repository.
    pub path: String,
    pub language: Option<String>,
    /// `partial` or `error`.
    pub status: ParseStatus,
    /// All lines with a syntax error or a missing token, from 1.
    pub lines: Vec<i32>,
    /// Why there is no tree, or not a whole one; null where the lines say it.
    pub message: Option<String>,
}

/// A share in percent, rounded down to a tenth: `100%` only where nothing is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    tenths: u16,
}

impl Percent {
    /// `part` of `whole`; all of nothing is 100 %.
    pub fn of(part: u64, whole: u64) -> Self {
        let tenths = (u128::from(part) * 1000).checked_div(u128::from(whole)).unwrap_or(1000);
        Self { tenths: tenths.min(1000) as u16 }
    }

    /// From 0 to 100.
    pub fn value(self) -> f64 {
        f64::from(self.tenths) / 10.0
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.tenths / 10, self.tenths % 10) {
            (100, _) => f.pad("100%"),
            (whole, tenth) => f.pad(&format!("{whole}.{tenth}%")),
        }
    }
}

impl Health {
    /// The sums over the languages.
    pub fn of(by_language: BTreeMap<String, LanguageHealth>) -> Self {
        let total_files = by_language.values().map(|language| language.asked()).sum();
        let total_ok = by_language.values().map(|language| language.ok).sum();
        let parse_health_pct = Percent::of(total_ok, total_files).value();
        Self { by_language, parse_health_pct, total_files, total_ok }
    }

    /// What `parse_health_pct` is made of.
    pub fn percent(&self) -> Percent {
        Percent::of(self.total_ok, self.total_files)
    }

    /// The languages, most files first; equal ones by name.
    pub fn languages(&self) -> Vec<(&str, LanguageHealth)> {
        let mut all: Vec<_> = self.by_language.iter().map(|(name, counts)| (name.as_str(), *counts)).collect();
        all.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.files));
        all
    }
}

impl LanguageHealth {
    fn add(&mut self, status: ParseStatus) {
        let count = match status {
            ParseStatus::Unsupported => &mut self.unsupported,
            ParseStatus::Ok => &mut self.ok,
            ParseStatus::Partial => &mut self.partial,
            ParseStatus::Error => &mut self.error,
        };
        *count += 1;
        self.files += 1;
    }

    /// Counts `other` in.
    pub fn merge(&mut self, other: Self) {
        self.files += other.files;
        self.ok += other.ok;
        self.partial += other.partial;
        self.error += other.error;
        self.unsupported += other.unsupported;
    }

    /// Files that a parser was asked to read.
    pub fn asked(self) -> u64 {
        self.ok + self.partial + self.error
    }

    /// Files that a parser was asked to read and did not understand.
    pub fn unclean(self) -> u64 {
        self.partial + self.error
    }

    /// `None` where no parser was asked.
    pub fn percent(self) -> Option<Percent> {
        (self.asked() > 0).then(|| Percent::of(self.ok, self.asked()))
    }
}

/// The health of the wanted repositories, and where asked for its failures by repository and path.
pub(super) fn health(
    pieces: &dyn Pieces,
    cache: &Cache,
    repos: &[String],
    with_failures: bool,
    threads: usize,
) -> Result<(Health, Option<Vec<Failure>>), QueryError> {
    let wanted = Wanted { repos: repos.to_vec(), tables: vec![FILES.name.to_owned()], ..Wanted::default() };
    let places = places(pieces, &[&FILES], &wanted)?;
    let shared = shared(&places);
    let parts = parallel::map(threads, &places, |place| {
        part(pieces, cache, place, Detail { files: shared.contains(&place.repo), failures: with_failures })
    });
    let mut by_language: BTreeMap<String, LanguageHealth> = BTreeMap::new();
    let mut files: BTreeMap<(&str, String), (ParseStatus, String)> = BTreeMap::new();
    let mut failures: BTreeMap<(&str, String), Failure> = BTreeMap::new();
    for (place, part) in places.iter().zip(parts) {
        let part = part?;
        for (language, counts) in part.counts {
            by_language.entry(language).or_default().merge(counts);
        }
        for (path, language, status) in part.files {
            let known = files.entry((&place.repo, path)).or_insert_with(|| (status, language));
            known.0 = known.0.max(status);
        }
        for failure in part.failures {
            let key = (place.repo.as_str(), failure.path.clone());
            if failures.get(&key).is_none_or(|known| known.status < failure.status) {
                failures.insert(key, failure);
            }
        }
    }
    for (status, language) in files.into_values() {
        by_language.entry(language).or_default().add(status);
    }
    Ok((Health::of(by_language), with_failures.then(|| failures.into_values().collect())))
}

/// The repositories of which several nodes have a row for a file.
fn shared(places: &[Place]) -> BTreeSet<String> {
    let mut nodes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for place in places {
        nodes.entry(&place.repo).or_default().insert(&place.node);
    }
    nodes.into_iter().filter(|(_, nodes)| nodes.len() > 1).map(|(repo, _)| repo.to_owned()).collect()
}

/// What is wanted of an artifact.
#[derive(Clone, Copy, Debug)]
struct Detail {
    /// Its files one by one, and not their number: other nodes tell of the same ones.
    files: bool,
    failures: bool,
}

/// What an artifact tells.
#[derive(Debug, Default)]
struct Part {
    counts: BTreeMap<String, LanguageHealth>,
    /// Path, language and status.
    files: Vec<(String, String, ParseStatus)>,
    failures: Vec<Failure>,
}

fn part(pieces: &dyn Pieces, cache: &Cache, place: &Place, detail: Detail) -> Result<Part, QueryError> {
    let reader = cache.reader(pieces, &place.artifact, &FILES)?;
    let columns: &[&str] =
        if detail.files { &["path", "language", "parse_status"] } else { &["language", "parse_status"] };
    let records = reader.read_columns(columns)?;
    let languages: &StringArray = typed_column(&records, FILES.name, "language")?;
    let statuses: &StringArray = typed_column(&records, FILES.name, "parse_status")?;
    let paths: Option<&StringArray> =
        if detail.files { Some(typed_column(&records, FILES.name, "path")?) } else { None };
    let mut counts: BTreeMap<&str, LanguageHealth> = BTreeMap::new();
    let (mut files, mut unclean) = (Vec::new(), Vec::new());
    for at in 0..records.num_rows() {
        let language = if languages.is_valid(at) { languages.value(at) } else { "" };
        let status = ParseStatus::named(statuses.value(at))?;
        match paths {
            Some(paths) => files.push((paths.value(at).to_owned(), language.to_owned(), status)),
            None => counts.entry(language).or_default().add(status),
        }
        if status >= ParseStatus::Partial {
            unclean.push(at..at + 1);
        }
    }
    let counts = counts.into_iter().map(|(language, counts)| (language.to_owned(), counts)).collect();
    let failures = if detail.failures { failed(&reader, &place.repo, &unclean)? } else { Vec::new() };
    Ok(Part { counts, files, failures })
}

/// The failures in the rows `unclean`.
fn failed(reader: &TableReader, repo: &str, unclean: &[Range<usize>]) -> Result<Vec<Failure>, QueryError> {
    if unclean.is_empty() {
        return Ok(Vec::new());
    }
    let records = reader.read_rows(OF_A_FAILURE, unclean)?;
    let text = |name: &str| typed_column::<StringArray>(&records, FILES.name, name);
    let (paths, languages, statuses) = (text("path")?, text("language")?, text("parse_status")?);
    let (messages, reasons) = (text("error_message")?, text("skip_reason")?);
    let lines: &ListArray = typed_column(&records, FILES.name, "error_lines")?;
    let filled = |column: &StringArray, at: usize| column.is_valid(at).then(|| column.value(at).to_owned());
    let failures = (0..records.num_rows()).map(|at| {
        let of_file = lines.value(at);
        let of_file: Option<&Int32Array> = of_file.as_any().downcast_ref();
        Ok(Failure {
            repo: repo.to_owned(),
            path: paths.value(at).to_owned(),
            language: filled(languages, at),
            status: ParseStatus::named(statuses.value(at))?,
            lines: of_file.map(|lines| lines.values().to_vec()).unwrap_or_default(),
            message: filled(messages, at).or_else(|| filled(reasons, at)),
        })
    });
    failures.collect()
}
