//! Counts and bytes, and parse health beside them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::health::{Failure, Health, health};
use super::place::repos;
use crate::base::Mode;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::store::workspace_node;

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
    /// The files that did not parse cleanly, by repository and path; where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<Failure>>,
}

/// One repository's size, or that of a node of the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RepoStats {
    /// Of a node of the workspace `pipeline@node`.
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
        // A node of the workspace has no files of its own: it takes what repositories made.
        let has_files = workspace_node(&repo.name).is_none();
        for segment in &build.segments {
            if has_files {
                repo.files += segment.files;
                repo.source_bytes += segment.bytes;
            }
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
    let (health, failures) = health(pieces, cache, &request.repos, request.failures, request.threads)?;
    Ok(StatsAnswer { repos: by_repo, tables: tables.collect(), health, failures })
}
