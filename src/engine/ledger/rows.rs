//! The form of the rows.

use crate::base::{Digest, Tier, Timestamp};
use crate::nodes::extract::PANICKED;
use crate::plan::RepoPlan;
use crate::source::is_secret_name;
use crate::table::{FailureRow, FileRow, HistoryRow};

use super::super::failure::{Cause, Failure};
use super::context::{escaped, excerpt};
use super::gather::{Act, FailedAct, Seen};

/// Milliseconds since 1970.
pub fn millis(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000_000)
}

/// One stable word for what is wrong with a file that is `partial` or `error`.
pub fn error_type(file: &FileRow) -> &str {
    match &file.skip_reason {
        Some(reason) => reason,
        None if !file.error_lines.is_empty() => "syntax",
        None if file.parse_status == "partial" => "limit",
        None => "no-tree",
    }
}

/// The same in words.
pub fn message(file: &FileRow) -> String {
    match (&file.error_message, file.error_lines.as_slice()) {
        (Some(message), _) => message.clone(),
        (None, []) => "the file could not be parsed".to_owned(),
        (None, [one]) => format!("line {one} has a syntax error or lacks a token"),
        (None, [first, rest @ ..]) => {
            format!("{} lines have a syntax error or lack a token, line {first} is the first", rest.len() + 1)
        }
    }
}

/// A file that a node could not read whole.
pub fn of_file(act: &Act, file: &FileRow, bytes: Option<&[u8]>) -> FailureRow {
    let line = file.error_lines.first().and_then(|line| u32::try_from(*line).ok());
    let is_secret = is_secret_name(file.path_bytes.as_deref().unwrap_or(file.path.as_bytes()));
    let bytes = bytes.filter(|_| !is_secret);
    let found = bytes.and_then(|bytes| excerpt(bytes, &file.encoding, line?));
    let mut row = FailureRow {
        repo: act.repo.to_string(),
        node: Some(act.node.to_string()),
        kind: Some(act.kind.to_owned()),
        format: Some(act.format),
        path: Some(file.path.clone()),
        path_bytes: file.path_bytes.clone(),
        content_hash: file.content_hash.clone(),
        language: file.language.clone(),
        line,
        lines: file.error_lines.clone(),
        error_type: error_type(file).to_owned(),
        message: message(file),
        first: bytes.map(escaped),
        class: if file.error_message.as_deref() == Some(PANICKED) { "bug" } else { "input" }.to_owned(),
        ..FailureRow::default()
    };
    if let Some(found) = found {
        row.column = found.column;
        row.before = found.before;
        row.text = Some(found.text);
        row.after = found.after;
    }
    row
}

/// Bytes of text that the row has of its file.
pub fn excerpt_bytes(row: &FailureRow) -> usize {
    let lines = row.before.iter().chain(&row.after).chain(&row.text).chain(&row.first);
    lines.map(String::len).sum()
}

pub fn without_excerpt(row: &mut FailureRow) {
    row.before.clear();
    row.after.clear();
    (row.text, row.first) = (None, None);
}

/// A repository that a run could not build. `message` names no path of the machine.
pub fn of_repo(repo: &str, failure: &Failure, message: String, act: Option<&Act>) -> FailureRow {
    let class = match failure.tier() {
        Tier::User | Tier::Negative => "input",
        Tier::Environment | Tier::Cancelled => "environment",
        Tier::Bug => "bug",
    };
    FailureRow {
        repo: repo.to_owned(),
        node: act.map(|act| act.node.to_string()),
        kind: act.map(|act| act.kind.to_owned()),
        format: act.map(|act| act.format),
        path: match failure.cause() {
            Cause::Changed { path, .. } => Some(path.clone()),
            _ => None,
        },
        error_type: failure.code_name().to_owned(),
        message,
        class: class.to_owned(),
        ..FailureRow::default()
    }
}

/// The node in whose action `failure` of a repository happened: the one that was noted, else the one that its place
/// names.
pub fn culprit(failed: &[FailedAct], repo: &str, failure: &Failure) -> Option<usize> {
    failed.iter().position(|noted| *noted.act.repo == *repo && noted.failure == *failure)
}

/// Sets the node of a failure that happened beside the shards, by the place that it names: `repo/node`.
pub fn place(row: &mut FailureRow, failure: &Failure, plan: &RepoPlan) {
    let Cause::Error { at, .. } = failure.cause() else { return };
    let named = at.strip_prefix(&plan.name).and_then(|rest| rest.strip_prefix('/'));
    if let Some(node) = named.and_then(|name| plan.nodes.iter().find(|node| node.name == name)) {
        row.node = Some(node.name.clone());
        row.kind = Some(node.kind.name().to_owned());
        row.format = Some(node.kind.format());
    }
}

/// The row of a file that was processed by `action`, which made `artifact`.
pub fn of_seen(seen: &Seen, run: u64, action: &Digest, artifact: Option<&Digest>) -> HistoryRow {
    let act = &seen.act;
    let language = seen.language.as_deref();
    HistoryRow {
        run,
        repo: act.repo.to_string(),
        node: act.node.to_string(),
        kind: act.kind.to_owned(),
        format: act.format,
        path: Some(seen.path.text().to_owned()),
        path_bytes: seen.path.raw().map(<[u8]>::to_vec),
        content_hash: seen.hash.map(|hash| hash.hex()),
        language: language.map(str::to_owned),
        definition: act.definitions.get(language.unwrap_or_default()).cloned(),
        action: action.hex(),
        artifact: artifact.map(Digest::hex),
        rows: seen.rows,
        started_at: millis(act.started),
        finished_at: millis(act.finished),
        status: seen.status.name().to_owned(),
    }
}
