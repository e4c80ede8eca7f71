//! From the rows of HEAD and of the ledger to what is told of a failure.

use crate::engine::ledger::{error_type, message};
use crate::query::Pieces;
use crate::query::scan::StandingFile;
use crate::store::BuildRoot;
use crate::table::{FailureRow, FileRow};

use super::super::error::OpsError;
use super::super::ground::{Ground, moment};
use super::super::stale::told;
use super::report::FailureSeen;

/// A failure, and the rows that it is told from.
pub struct Found {
    pub seen: FailureSeen,
    /// HEAD's.
    pub file: Option<FileRow>,
    /// The ledger's newest for the same content.
    pub kept: Option<FailureRow>,
}

/// Files that fail now. `kept` are the ledger's rows, oldest first.
pub fn of_files(ground: &Ground, files: Vec<StandingFile>, kept: &[FailureRow]) -> Result<Vec<Found>, OpsError> {
    let Some(standing) = &ground.standing else { return Ok(Vec::new()) };
    let mut build: Option<BuildRoot> = None;
    let mut found = Vec::with_capacity(files.len());
    for file in files {
        if build.as_ref().is_none_or(|build| build.repo != file.repo) {
            build = Some(standing.build(&file.repo)?);
        }
        let node = build.as_ref().and_then(|build| build.nodes.iter().find(|node| node.name == file.node));
        let row = &file.row;
        let same: Vec<&FailureRow> = rows_for(kept, &file.repo, &row.path)
            .iter()
            .filter(|kept| kept.path_bytes == row.path_bytes && kept.node.as_deref() == Some(&*file.node))
            .filter(|kept| kept.content_hash == row.content_hash && row.content_hash.is_some())
            .collect();
        // The same bytes may have failed elsewhere under an older definition.
        let newest = same.iter().rev().find(|kept| kept.lines == row.error_lines).map(|kept| (*kept).clone());
        let seen = FailureSeen {
            now: true,
            repo: file.repo.clone(),
            path: Some(row.path.clone()),
            language: row.language.clone(),
            node: Some(file.node.clone()),
            kind: node.map(|node| node.kind.clone()),
            format: node.map(|node| node.format),
            status: Some(row.parse_status.clone()),
            line: row.error_lines.first().and_then(|line| u32::try_from(*line).ok()),
            column: newest.as_ref().and_then(|kept| kept.column),
            lines: row.error_lines.clone(),
            error_type: error_type(row).to_owned(),
            message: message(row),
            class: newest.as_ref().map_or_else(|| "input".to_owned(), |kept| kept.class.clone()),
            content_hash: row.content_hash.clone(),
            first_run: same.first().map(|kept| kept.run),
            first_at: same.first().map(|kept| moment(kept.at)),
            first_millis: same.first().map(|kept| kept.at),
            backtrace: newest.as_ref().and_then(|kept| kept.backtrace.clone()),
            ..FailureSeen::default()
        };
        found.push(Found { seen, file: Some(file.row), kept: newest });
    }
    Ok(found)
}

/// The rows of one path: the ledger is sorted by repository and path.
fn rows_for<'a>(kept: &'a [FailureRow], repo: &str, path: &str) -> &'a [FailureRow] {
    let start = kept.partition_point(|row| (row.repo.as_str(), row.path.as_deref()) < (repo, Some(path)));
    let end = kept.partition_point(|row| (row.repo.as_str(), row.path.as_deref()) <= (repo, Some(path)));
    kept.get(start..end).unwrap_or_default()
}

/// Repositories that could not be built when that was last tried.
pub fn of_repos(ground: &Ground, wanted: impl Fn(&str) -> bool, kept: &[FailureRow]) -> Vec<FailureSeen> {
    let mut failing: Vec<(String, String)> = Vec::new();
    if let Some(standing) = &ground.standing {
        for stale in standing.stale(&wanted) {
            failing.push((stale.repo, stale.failure.unwrap_or_else(|| "its last build failed".to_owned())));
        }
        // Without any build there is nothing that could be stale.
        let never = standing.pinned.provenance().repos.iter().filter(|(name, _)| wanted(name));
        for (name, known) in never.filter(|(name, _)| !standing.pinned.generation().repos.contains_key(*name)) {
            failing.extend(known.failure.as_ref().map(|why| (name.clone(), told(why, &ground.workspace))));
        }
    } else {
        let last = kept.iter().map(|row| row.run).max();
        let rows = kept.iter().filter(|row| Some(row.run) == last && is_of_repo(row) && wanted(&row.repo));
        failing.extend(rows.map(|row| (row.repo.clone(), row.message.clone())));
    }
    failing.sort();
    failing.into_iter().map(|(repo, why)| of_repo(&repo, why, kept)).collect()
}

/// Is it a failure of a repository, and not of a file's content?
fn is_of_repo(row: &FailureRow) -> bool {
    row.content_hash.is_none()
}

fn of_repo(repo: &str, why: String, kept: &[FailureRow]) -> FailureSeen {
    let of_it = || kept.iter().filter(|row| row.repo == repo && is_of_repo(row));
    let Some(newest) = of_it().max_by_key(|row| row.run) else {
        return FailureSeen {
            now: true,
            repo: repo.to_owned(),
            error_type: "unknown".to_owned(),
            message: why,
            class: "environment".to_owned(),
            ..FailureSeen::default()
        };
    };
    let first = of_it().filter(|row| row.error_type == newest.error_type).min_by_key(|row| row.run);
    let first = first.unwrap_or(newest);
    FailureSeen { now: true, message: why, ..past(newest, first) }
}

/// What the ledger alone tells.
pub fn past(row: &FailureRow, first: &FailureRow) -> FailureSeen {
    FailureSeen {
        now: false,
        repo: row.repo.clone(),
        path: row.path.clone(),
        language: row.language.clone(),
        node: row.node.clone(),
        kind: row.kind.clone(),
        format: row.format,
        status: None,
        line: row.line,
        column: row.column,
        lines: row.lines.clone(),
        error_type: row.error_type.clone(),
        message: row.message.clone(),
        class: row.class.clone(),
        content_hash: row.content_hash.clone(),
        first_run: Some(first.run),
        first_at: Some(moment(first.at)),
        first_millis: Some(first.at),
        context: None,
        no_context: None,
        backtrace: row.backtrace.clone(),
    }
}

/// What the ledger has that `now` does not: each content of a file once, newest first.
pub fn before(kept: &[FailureRow], now: &[FailureSeen], wanted: impl Fn(&FailureRow) -> bool) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let key = |repo: &str, path: Option<&str>, hash: Option<&str>, what: &str| {
        (repo.to_owned(), path.map(str::to_owned), hash.map(str::to_owned), hash.map_or(what, |_| "").to_owned())
    };
    let mut told: std::collections::BTreeSet<_> = now
        .iter()
        .map(|seen| key(&seen.repo, seen.path.as_deref(), seen.content_hash.as_deref(), &seen.error_type))
        .collect();
    for row in kept.iter().rev().filter(|row| wanted(row)) {
        let place = key(&row.repo, row.path.as_deref(), row.content_hash.as_deref(), &row.error_type);
        if told.insert(place) {
            let of_it = |other: &&FailureRow| {
                (&other.repo, &other.path, &other.content_hash) == (&row.repo, &row.path, &row.content_hash)
                    && other.error_type == row.error_type
            };
            let first = kept.iter().find(of_it).unwrap_or(row);
            found.push(Found { seen: past(row, first), file: None, kept: Some(row.clone()) });
        }
    }
    found.sort_by(|a, b| (&a.seen.repo, &a.seen.path).cmp(&(&b.seen.repo, &b.seen.path)));
    found
}
