//! Counts, bytes, and parse health.

use std::collections::BTreeMap;

use arrow::array::{Array, Int32Array, ListArray, StringArray};
use schemars::JsonSchema;
use serde::Serialize;

use super::place::{Place, Wanted, places, repos};
use crate::base::{Mode, parallel};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::table::schema::FILES;
use crate::table::typed_column;

/// Most error lines of a failure in the answer; the table has them all.
const ERROR_LINES: usize = 10;

/// What to count.
#[derive(Clone, Debug)]
pub struct StatsRequest {
    /// Empty: all.
    pub repos: Vec<String>,
    /// List the files that did not parse cleanly.
    pub failures: bool,
    /// Changes no answer.
    pub threads: usize,
}

/// The counts.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StatsAnswer {
    pub repos: Vec<RepoStats>,
    pub tables: Vec<TableStats>,
    pub health: Health,
}

/// One repository's size.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RepoStats {
    pub name: String,
    pub build: String,
    pub stale: bool,
    pub files: u64,
    /// Bytes of source.
    pub source_bytes: u64,
    /// Bytes of artifacts. One that stands in two places counts twice.
    pub stored_bytes: u64,
    pub segments: u64,
    pub shards: u64,
}

/// One table of one node in one repository and mode; pieces of shards and of segments together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TableStats {
    pub repo: String,
    pub node: String,
    pub table: String,
    pub mode: Mode,
    pub rows: u64,
    pub bytes: u64,
    pub pieces: u64,
}

/// How well files parsed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Health {
    pub total: StatusCounts,
    /// Of the files that have a grammar, in percent; 100 where there are none.
    pub clean_percent: f64,
    /// By language; files without one are under the empty name.
    pub languages: BTreeMap<String, StatusCounts>,
    /// By repository and path, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<Failure>>,
}

/// Files by `parse_status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatusCounts {
    pub ok: u64,
    pub partial: u64,
    pub error: u64,
    pub unsupported: u64,
}

impl StatusCounts {
    fn add(&mut self, status: &str) -> Result<(), QueryError> {
        match status {
            "ok" => self.ok += 1,
            "partial" => self.partial += 1,
            "error" => self.error += 1,
            "unsupported" => self.unsupported += 1,
            other => return Err(QueryError::Manifest { what: format!("`{other}` is no parse status") }),
        }
        Ok(())
    }

    fn merge(&mut self, other: Self) {
        self.ok += other.ok;
        self.partial += other.partial;
        self.error += other.error;
        self.unsupported += other.unsupported;
    }

    /// Files that have a grammar.
    pub fn parsed(self) -> u64 {
        self.ok + self.partial + self.error
    }
}

/// A file that did not parse cleanly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    pub repo: String,
    pub path: String,
    pub language: Option<String>,
    pub status: String,
    /// The first of them, 1-based.
    pub error_lines: Vec<i32>,
    pub message: Option<String>,
}

/// Counts from manifests; health from the `files` tables.
pub fn stats(pieces: &dyn Pieces, cache: &Cache, request: &StatsRequest) -> Result<StatsAnswer, QueryError> {
    let mut tables: BTreeMap<(String, String, String, Mode), [u64; 3]> = BTreeMap::new();
    let mut by_repo = Vec::new();
    for entry in repos(pieces, &request.repos)? {
        let build = pieces.build(&entry.name)?;
        let mut repo = RepoStats {
            name: entry.name,
            build: entry.build,
            stale: entry.stale,
            files: 0,
            source_bytes: 0,
            stored_bytes: 0,
            segments: build.segments.len() as u64,
            shards: 0,
        };
        for segment in &build.segments {
            repo.files += segment.files;
            repo.source_bytes += segment.bytes;
            repo.shards += segment.shards;
            for (name, sums) in &segment.tables {
                let (node, table) = name.split_once('/').unwrap_or(("", name));
                let key = (repo.name.clone(), node.to_owned(), table.to_owned(), segment.mode);
                let total = tables.entry(key).or_default();
                for (total, sum) in total.iter_mut().zip(sums) {
                    *total += sum;
                }
                repo.stored_bytes += sums[1];
            }
        }
        by_repo.push(repo);
    }
    let tables = tables.into_iter().map(|((repo, node, table, mode), [rows, bytes, pieces])| TableStats {
        repo,
        node,
        table,
        mode,
        rows,
        bytes,
        pieces,
    });
    Ok(StatsAnswer { repos: by_repo, tables: tables.collect(), health: health(pieces, cache, request)? })
}

fn health(pieces: &dyn Pieces, cache: &Cache, request: &StatsRequest) -> Result<Health, QueryError> {
    let wanted = Wanted { repos: request.repos.clone(), tables: vec![FILES.name.to_owned()], ..Wanted::default() };
    let places = places(pieces, &[&FILES], &wanted)?;
    let parts = parallel::map(request.threads, &places, |place| part(pieces, cache, place, request.failures));
    let mut health = Health { failures: request.failures.then(Vec::new), ..Health::default() };
    for part in parts {
        let (languages, failures) = part?;
        for (language, counts) in languages {
            health.total.merge(counts);
            health.languages.entry(language).or_default().merge(counts);
        }
        if let Some(all) = &mut health.failures {
            all.extend(failures);
        }
    }
    if let Some(all) = &mut health.failures {
        all.sort_by(|a, b| (&a.repo, &a.path).cmp(&(&b.repo, &b.path)));
    }
    let parsed = health.total.parsed();
    health.clean_percent = if parsed == 0 { 100.0 } else { health.total.ok as f64 * 100.0 / parsed as f64 };
    Ok(health)
}

type Part = (BTreeMap<String, StatusCounts>, Vec<Failure>);

fn part(pieces: &dyn Pieces, cache: &Cache, place: &Place, with_failures: bool) -> Result<Part, QueryError> {
    let reader = cache.reader(pieces, &place.artifact, &FILES)?;
    let records = reader.read_columns(&["language", "parse_status"])?;
    let languages: &StringArray = typed_column(&records, "files", "language")?;
    let statuses: &StringArray = typed_column(&records, "files", "parse_status")?;
    let mut counts: BTreeMap<String, StatusCounts> = BTreeMap::new();
    let mut unclean = false;
    for at in 0..records.num_rows() {
        let language = if languages.is_valid(at) { languages.value(at) } else { "" };
        counts.entry(language.to_owned()).or_default().add(statuses.value(at))?;
        unclean |= matches!(statuses.value(at), "partial" | "error");
    }
    if !with_failures || !unclean {
        return Ok((counts, Vec::new()));
    }
    let records = reader.read_columns(&["path", "error_lines", "error_message"])?;
    let paths: &StringArray = typed_column(&records, "files", "path")?;
    let lines: &ListArray = typed_column(&records, "files", "error_lines")?;
    let messages: &StringArray = typed_column(&records, "files", "error_message")?;
    let mut failures = Vec::new();
    for at in (0..records.num_rows()).filter(|at| matches!(statuses.value(*at), "partial" | "error")) {
        let of_file = lines.value(at);
        let of_file = of_file.as_any().downcast_ref::<Int32Array>();
        failures.push(Failure {
            repo: place.repo.clone(),
            path: paths.value(at).to_owned(),
            language: languages.is_valid(at).then(|| languages.value(at).to_owned()),
            status: statuses.value(at).to_owned(),
            error_lines: of_file.map(|l| l.values().iter().copied().take(ERROR_LINES).collect()).unwrap_or_default(),
            message: messages.is_valid(at).then(|| messages.value(at).to_owned()),
        });
    }
    Ok((counts, failures))
}
