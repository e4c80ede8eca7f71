//! From a request to a report.

use crate::engine::ledger;
use crate::query::scan::{rows_of, unclean};

use super::super::context::Context;
use super::super::error::OpsError;
use super::super::ground::{FileAsked, FileMeant, Ground, told};
use super::case::{self, SavedCase};
use super::context as lines;
use super::error::CaseError;
use super::find::{self, Found};
use super::report::{FailureSeen, FailuresReport, FailuresRequest};

/// What fails. Reads HEAD and the ledger, takes no lock, and writes nothing but a case that was asked for.
pub fn run(context: &Context, request: &FailuresRequest) -> Result<FailuresReport, OpsError> {
    let ground = Ground::of(context)?;
    ground.check_repos(&request.repos)?;
    match &request.file {
        Some(file) => of_file(context, &ground, request, file),
        None => of_all(&ground, request),
    }
}

fn of_all(ground: &Ground, request: &FailuresRequest) -> Result<FailuresReport, OpsError> {
    let kept = ledger::failures(&ground.store, None)?;
    let known = ground.repos();
    let wanted =
        |name: &str| known.contains(name) && (request.repos.is_empty() || request.repos.iter().any(|r| r == name));
    let mut failures = find::of_repos(ground, wanted, &kept.rows);
    if let Some(standing) = &ground.standing {
        let built = standing.pinned.generation();
        let repos: Vec<String> = built.repos.keys().filter(|name| wanted(name)).cloned().collect();
        if !repos.is_empty() {
            let files = unclean(standing, &ground.cache, &repos)?;
            failures.extend(find::of_files(ground, files, &kept.rows)?.into_iter().map(|found| found.seen));
        }
    }
    if request.all {
        let past = find::before(&kept.rows, &failures, |row| wanted(&row.repo));
        failures.extend(past.into_iter().map(|found| found.seen));
    }
    Ok(told_of(ground, failures, &kept.notices, wanted))
}

fn told_of(
    ground: &Ground,
    failures: Vec<FailureSeen>,
    notices: &[crate::store::StoreNotice],
    wanted: impl Fn(&str) -> bool,
) -> FailuresReport {
    FailuresReport {
        generation: ground.generation(),
        repo: None,
        path: None,
        now: failures.iter().filter(|seen| seen.now).count() as u64,
        failures,
        saved: None,
        notices: notices.iter().map(told).collect(),
        stale: ground.standing.iter().flat_map(|standing| standing.stale(&wanted)).collect(),
    }
}

fn of_file(
    context: &Context,
    ground: &Ground,
    request: &FailuresRequest,
    file: &FileAsked,
) -> Result<FailuresReport, OpsError> {
    let meant = ground.file(context, file)?;
    let kept = ledger::failures(&ground.store, Some(&meant.path))?;
    let mut found = Vec::new();
    if let Some(standing) = &ground.standing {
        let mut rows = rows_of(standing, &ground.cache, &meant.repo, &meant.path)?;
        rows.retain(|file| matches!(file.row.parse_status.as_str(), "partial" | "error"));
        found = find::of_files(ground, rows, &kept.rows)?;
    }
    if request.all {
        let now: Vec<FailureSeen> = found.iter().map(|found| found.seen.clone()).collect();
        found.extend(find::before(&kept.rows, &now, |row| row.repo == meant.repo));
    }
    for one in &mut found {
        lines::add(context, ground, one);
    }
    let saved = match &request.save_case {
        Some(dir) => {
            let first = found.first().ok_or_else(|| CaseError::None { file: meant.path.clone() })?;
            Some(saved(context, ground, &meant, first, dir)?)
        }
        None => None,
    };
    let failures = found.into_iter().map(|found| found.seen).collect();
    let report = told_of(ground, failures, &kept.notices, |name| name == meant.repo);
    Ok(FailuresReport { repo: Some(meant.repo), path: Some(meant.path), saved, ..report })
}

fn saved(
    context: &Context,
    ground: &Ground,
    meant: &FileMeant,
    found: &Found,
    dir: &std::path::Path,
) -> Result<SavedCase, OpsError> {
    let seen = &found.seen;
    let history = ledger::history(&ground.store, &meant.path)?.rows;
    let same = history.iter().rev().find(|row| {
        row.repo == meant.repo && Some(&row.node) == seen.node.as_ref() && row.content_hash == seen.content_hash
    });
    let definition = same.and_then(|row| row.definition.as_deref());
    Ok(case::save(context, ground, found, definition, dir)?)
}
