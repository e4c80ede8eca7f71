//! `history`: which version of which node processed a file, and what of it stands.

use std::cmp::Reverse;

use miette::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Tier;
use crate::base::suggest::nearest;
use crate::engine::ledger;
use crate::query::scan::{StandingPiece, pieces_of, rows_of};
use crate::table::HistoryRow;

use super::context::Context;
use super::error::OpsError;
pub use super::ground::FileAsked;
use super::ground::{Ground, moment, told};
use super::stale::StaleRepo;

/// What to ask.
#[derive(Clone, Debug, Default)]
pub struct HistoryRequest {
    pub file: FileAsked,
    /// Of this node only.
    pub node: Option<String>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct HistoryReport {
    pub generation: Option<String>,
    pub repo: String,
    pub path: String,
    /// What stands, in the order of the pipeline; none where HEAD does not have the file.
    pub now: Vec<StandsNow>,
    /// BLAKE3 of the bytes that stand behind `now`.
    pub content_hash: Option<String>,
    pub language: Option<String>,
    /// How they were parsed.
    pub status: Option<String>,
    /// What is remembered, newest first.
    pub history: Vec<Processed>,
    /// Of pieces of the ledger that could not be read.
    pub notices: Vec<String>,
    pub stale: Vec<StaleRepo>,
}

/// What a node made of the file, as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StandsNow {
    pub node: String,
    pub kind: String,
    pub format: u32,
    pub table: String,
    pub action: String,
    pub artifact: String,
    /// Rows of the file in that table; null where the table is not sorted by path or is one of a whole segment.
    pub rows: Option<u64>,
}

/// A node that processed the file anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Processed {
    pub run: u64,
    /// When the action began, RFC 3339.
    pub at: String,
    /// How long the action took, with all files of its shard.
    pub milliseconds: u64,
    pub node: String,
    pub kind: String,
    pub format: u32,
    /// First 12 characters of the definition digest of the file's language; null where the kind has none.
    pub definition: Option<String>,
    pub content_hash: Option<String>,
    pub language: Option<String>,
    pub action: String,
    /// Null where the action failed, and where only a merge keeps its tables.
    pub artifact: Option<String>,
    pub rows: u64,
    /// `ok`, `partial`, `error`, `unsupported` or `failed`.
    pub status: String,
    #[serde(skip)]
    pub started_at: i64,
}

/// What a history's question may get wrong.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum HistoryError {
    #[error("no node `{node}` has processed the file")]
    #[diagnostic(code(sawmill::history::unknown_node))]
    UnknownNode {
        node: String,
        #[help]
        help: String,
    },
}

impl HistoryError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::UnknownNode { .. } => Tier::User,
        }
    }
}

/// Reads what stands and what is remembered. Takes no lock.
pub fn run(context: &Context, request: &HistoryRequest) -> Result<HistoryReport, OpsError> {
    let ground = Ground::of(context)?;
    let meant = ground.file(context, &request.file)?;
    let past = ledger::history(&ground.store, &meant.path)?;
    let mut rows: Vec<HistoryRow> = past.rows.into_iter().filter(|row| row.repo == meant.repo).collect();
    rows.sort_by_key(|row| (Reverse(row.run), row.started_at, row.node.clone()));
    let (mut now, mut files) = (Vec::new(), Vec::new());
    if let Some(standing) = &ground.standing {
        now = pieces_of(standing, &ground.cache, &context.tables(), &meant.repo, &meant.path)?;
        files = rows_of(standing, &ground.cache, &meant.repo, &meant.path)?;
    }
    if let Some(node) = &request.node {
        let mut known: Vec<&str> = now.iter().map(|piece| piece.node.as_str()).collect();
        known.extend(rows.iter().map(|row| row.node.as_str()));
        if !known.contains(&node.as_str()) {
            known.sort_unstable();
            known.dedup();
            let help = match nearest(node, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are: {}", known.join(", ")),
            };
            return Err(HistoryError::UnknownNode { node: node.clone(), help }.into());
        }
        now.retain(|piece| piece.node == *node);
        rows.retain(|row| row.node == *node);
    }
    let file = files.into_iter().next().map(|file| file.row);
    Ok(HistoryReport {
        generation: ground.generation(),
        stale: ground.standing.iter().flat_map(|s| s.stale(|name| name == meant.repo)).collect(),
        repo: meant.repo,
        path: meant.path,
        now: now.into_iter().map(stands).collect(),
        content_hash: file.as_ref().and_then(|row| row.content_hash.clone()),
        language: file.as_ref().and_then(|row| row.language.clone()),
        status: file.map(|row| row.parse_status),
        history: rows.into_iter().map(processed).collect(),
        notices: past.notices.iter().map(told).collect(),
    })
}

fn stands(piece: StandingPiece) -> StandsNow {
    StandsNow {
        node: piece.node,
        kind: piece.kind,
        format: piece.format,
        table: piece.table,
        action: piece.action.hex(),
        artifact: piece.artifact.hex(),
        rows: piece.rows,
    }
}

fn processed(row: HistoryRow) -> Processed {
    Processed {
        run: row.run,
        at: moment(row.started_at),
        milliseconds: u64::try_from(row.finished_at.saturating_sub(row.started_at)).unwrap_or(0),
        node: row.node,
        kind: row.kind,
        format: row.format,
        definition: row.definition,
        content_hash: row.content_hash,
        language: row.language,
        action: row.action,
        artifact: row.artifact,
        rows: row.rows,
        status: row.status,
        started_at: row.started_at,
    }
}
