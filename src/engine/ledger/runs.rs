//! The record of a run: which actions ran and why, what failed, and when; and the writing of it and of the run's rows.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Digest, Timestamp};
use crate::store::{Generation, LedgerTable, StoreError, Writer};
use crate::table::{FailureRow, HistoryRow, TableError, encode_rows};

use super::super::failure::Failure;
use super::super::reason::Recorded;
use super::super::services::Services;
use super::super::standing::Standing;
use super::super::work::Work;
use super::super::world::World;
use super::gather::{Notes, Seen};
use super::merge::{LedgerRow, sorted};
use super::{read, rows};

/// Format of the record.
pub const FORMAT: u32 = 1;

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    pub format: u32,
    /// The generation that stood when the run began.
    pub before: Option<String>,
    /// The generation that stands since.
    pub after: Option<String>,
    pub started_at: Timestamp,
    pub finished_at: Timestamp,
    pub tool: String,
    /// The actions that ran, by place.
    pub ran: Vec<Recorded>,
    /// Actions for whose outputs others ran, and which the memo had, by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Recorded>,
    /// Node → actions that were not done again.
    pub reused: BTreeMap<String, u64>,
    pub failed: Vec<FailedRun>,
    /// Artifacts that were missing or damaged, and were made again.
    pub healed: u64,
}

/// A repository, or a node of the workspace, that failed in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedRun {
    /// Of a node of the workspace `pipeline@node`.
    pub repo: String,
    pub code: String,
    pub message: String,
}

/// What the queries of a run did.
#[derive(Default)]
pub struct Ran {
    pub actions: Vec<Recorded>,
    pub taken: Vec<Recorded>,
    pub reused: BTreeMap<String, u64>,
    /// Nodes of the workspace that failed.
    pub failed: Vec<FailedRun>,
    notes: Notes,
    /// Action → its artifact that history names.
    artifacts: BTreeMap<Digest, Digest>,
}

impl Ran {
    pub fn of(world: &World, failed: Vec<FailedRun>) -> Self {
        let notes = world.ledger.take();
        let acts =
            notes.seen.iter().map(|seen| notes.action(&seen.act)).collect::<std::collections::BTreeSet<Digest>>();
        Self {
            actions: world.take_record(),
            taken: world.trail.found(),
            reused: world.reused(),
            failed,
            artifacts: acts.into_iter().filter_map(|act| Some((act, world.artifact_by_path(&act)?))).collect(),
            notes,
        }
    }
}

/// Keeps the record of a run and its rows. What cannot be written is told, and missed by those who ask for it alone.
pub fn keep(
    standing: &Standing<'_>,
    writer: &Writer,
    works: &[Work<'_>],
    ran: Ran,
    after: Option<&Generation>,
    healed: usize,
    started_at: Timestamp,
) {
    let options = standing.options;
    let gone: Vec<(&String, &Failure)> = options.unavailable.iter().filter(|(name, _)| options.wants(name)).collect();
    let stopped: Vec<(&Work<'_>, &Failure)> =
        works.iter().filter_map(|work| Some((work, work.failure.as_ref()?))).collect();
    let told = |work: &Work<'_>, failure: &Failure| standing.told(failure, &work.plan.root);
    let failed = stopped.iter().map(|(work, failure)| FailedRun {
        repo: work.plan.name.clone(),
        code: failure.code_name().to_owned(),
        message: told(work, failure),
    });
    let missing = gone.iter().map(|(name, failure)| FailedRun {
        repo: (*name).clone(),
        code: failure.code_name().to_owned(),
        message: failure.to_string(),
    });
    let finished_at = standing.services.clock.now();
    let record = RunRecord {
        format: FORMAT,
        before: standing.head.map(|head| head.generation().id.clone()),
        after: after.map(|generation| generation.id.clone()),
        started_at,
        finished_at,
        tool: concat!("sawmill ", env!("CARGO_PKG_VERSION")).to_owned(),
        ran: ran.actions,
        taken: ran.taken,
        reused: ran.reused,
        failed: failed.chain(missing).chain(ran.failed).collect(),
        healed: healed as u64,
    };
    if record.ran.is_empty() && record.failed.is_empty() && record.before == record.after {
        return;
    }
    let mut notes = ran.notes;
    for (work, failure) in stopped {
        let act = rows::culprit(&notes.failed, &work.plan.name, failure);
        let act = act.and_then(|at| notes.failed.get(at)).map(|failed| &*failed.act);
        let mut row = rows::of_repo(&work.plan.name, failure, told(work, failure), act);
        rows::place(&mut row, failure, work.plan);
        row.at = rows::millis(finished_at);
        notes.failures.push(row);
    }
    for (name, failure) in gone {
        let mut row = rows::of_repo(name, failure, standing.without(failure.to_string(), None), None);
        row.at = rows::millis(finished_at);
        notes.failures.push(row);
    }
    if let Some(run) = number(standing.services, writer) {
        if let Err(error) = writer.keep_run(run, &record) {
            standing.services.notice(&error, None);
        }
        keep_rows(standing.services, writer, run, notes, &ran.artifacts);
    }
}

/// Keeps the rows of a run that was stopped: what it finished is remembered, and no later run tells of it.
pub fn keep_stopped(services: &Services, writer: &Writer, ran: Ran) {
    if ran.notes.seen.is_empty() {
        return;
    }
    if let Some(run) = number(services, writer) {
        keep_rows(services, writer, run, ran.notes, &ran.artifacts);
    }
}

fn number(services: &Services, writer: &Writer) -> Option<u64> {
    writer.next_run().inspect_err(|error| services.notice(error, None)).ok()
}

fn keep_rows(services: &Services, writer: &Writer, run: u64, mut notes: Notes, artifacts: &BTreeMap<Digest, Digest>) {
    let failures = std::mem::take(&mut notes.failures).into_iter().map(|row| FailureRow { run, ..row }).collect();
    put::<FailureRow>(services, writer, LedgerTable::Failures, run, sorted(failures));
    let mut seen = std::mem::take(&mut notes.seen);
    seen.sort_by(|a, b| place(a).cmp(&place(b)));
    // Of what was made again the later stays.
    seen.reverse();
    seen.dedup_by(|a, b| place(a) == place(b));
    seen.reverse();
    let rows = seen.iter().map(|seen| {
        let action = notes.action(&seen.act);
        rows::of_seen(seen, run, &action, artifacts.get(&action))
    });
    put::<HistoryRow>(services, writer, LedgerTable::History, run, rows);
}

fn place(seen: &Seen) -> (&str, &crate::base::RelPath, &str) {
    (&seen.act.repo, &seen.path, &seen.act.node)
}

/// Writes a piece, if there is a row.
fn put<R: LedgerRow>(
    services: &Services,
    writer: &Writer,
    table: LedgerTable,
    run: u64,
    rows: impl IntoIterator<Item = R>,
) {
    let mut rows = rows.into_iter().peekable();
    if rows.peek().is_none() {
        return;
    }
    let bug = |error: &TableError| services.notice(error, None);
    let Ok(bytes) = encode_rows(rows).inspect_err(bug) else { return };
    let merge = |pieces: &[_]| read::compacted::<R>(pieces).inspect_err(bug).ok();
    let kept: Result<(), StoreError> = writer.keep_ledger(table, run, &bytes, merge);
    if let Err(error) = kept {
        services.notice(&error, None);
    }
}
