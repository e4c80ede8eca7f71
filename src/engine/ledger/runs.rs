//! What is kept of a run: which actions ran and why, what failed, and when. It stands beside the builds, outside
//! every hash: `why` reads it, and losing it costs only the answer.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::store::{Generation, Writer};

use super::reason::Recorded;
use super::standing::Standing;
use super::work::Work;

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

/// A repository that failed in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FailedRun {
    pub repo: String,
    pub code: String,
    pub message: String,
}

/// What the queries of a run did.
#[derive(Default)]
pub(super) struct Ran {
    pub actions: Vec<Recorded>,
    pub taken: Vec<Recorded>,
    pub reused: BTreeMap<String, u64>,
}

/// Keeps the record of a run. One that cannot be written is told, and missed by `why` alone.
pub(super) fn keep(
    standing: &Standing<'_>,
    writer: &Writer,
    works: &[Work<'_>],
    ran: Ran,
    after: Option<&Generation>,
    healed: usize,
    started_at: Timestamp,
) {
    let gone =
        standing.options.unavailable.iter().filter(|(name, _)| standing.options.wants(name)).map(|(name, failure)| {
            FailedRun { repo: name.clone(), code: failure.code_name().to_owned(), message: failure.to_string() }
        });
    let failures = works.iter().filter_map(|work| {
        let failure = work.failure.as_ref()?;
        let (repo, message) = (work.plan.name.clone(), standing.told(failure, &work.plan.root));
        Some(FailedRun { repo, code: failure.code_name().to_owned(), message })
    });
    let record = RunRecord {
        format: FORMAT,
        before: standing.head.map(|head| head.generation().id.clone()),
        after: after.map(|generation| generation.id.clone()),
        started_at,
        finished_at: standing.services.clock.now(),
        tool: concat!("sawmill ", env!("CARGO_PKG_VERSION")).to_owned(),
        ran: ran.actions,
        taken: ran.taken,
        reused: ran.reused,
        failed: failures.chain(gone).collect(),
        healed: healed as u64,
    };
    if record.ran.is_empty() && record.failed.is_empty() && record.before == record.after {
        return;
    }
    if let Err(error) = writer.keep_run(&record) {
        standing.services.notice(&error, None);
    }
}
