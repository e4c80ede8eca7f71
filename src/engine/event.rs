//! What the engine tells while it works. The terminal, JSON lines, the ledger and tests subscribe to the same
//! events; nothing else reports progress.

use std::sync::Arc;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Digest;
use crate::store::{MemoOutput, StoreNotice};

use super::failure::Failure;
use super::reason::Reason;

/// What an action works on: a shard, a segment, or the references of a shard, once all shards are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    Shard,
    Segment,
    Resolution,
}

/// Did the action run, or was its memo believed?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Ran,
    Reused,
}

/// One action that came to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionDone {
    pub repo: Arc<str>,
    pub node: Arc<str>,
    pub unit: Unit,
    /// Id of the shard or segment; of a resolution that of its shard.
    pub id: Arc<str>,
    pub outcome: Outcome,
    /// The action key.
    pub action: Digest,
    /// Why it ran; none where it was reused.
    #[serde(skip)]
    pub reason: Option<Arc<Reason>>,
    /// Files of the unit.
    pub files: usize,
    /// Files whose rows were made anew; the others' rows came from the previous artifact.
    pub fresh: usize,
    pub rows: u64,
    /// Bytes of the artifacts; before they are made, and for an action that leaves none, of the files.
    pub bytes: u64,
}

impl ActionDone {
    /// With the sums of what it made.
    #[must_use]
    pub fn with(self, outputs: &[MemoOutput]) -> Self {
        let (rows, bytes) = (outputs.iter().map(|o| o.rows).sum(), outputs.iter().map(|o| o.bytes).sum());
        Self { rows, bytes, ..self }
    }
}

/// The code of a notice that this run waits for another.
const WAITING: &str = "sawmill::engine::waiting";

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    ScanStarted {
        repos: usize,
    },
    Scanned {
        repo: Arc<str>,
        files: usize,
        bytes: u64,
        hashed: usize,
    },
    /// The repository's inputs are those of its build: nothing to do.
    Current {
        repo: Arc<str>,
    },
    /// Actions that the repository has, whether they will run or not.
    Planned {
        repo: Arc<str>,
        actions: usize,
    },
    ActionFinished(ActionDone),
    Publishing,
    Promoted {
        generation: String,
    },
    Notice {
        repo: Option<Arc<str>>,
        code: String,
        path: String,
        message: String,
        help: String,
    },
}

impl Event {
    /// What the store found damaged, and what became of it.
    pub fn of_store(notice: &StoreNotice) -> Self {
        Self::Notice {
            repo: None,
            code: "sawmill::store::healed".to_owned(),
            path: notice.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
            message: notice.what.clone(),
            help: "nothing is to do: what is missing is made again".to_owned(),
        }
    }

    /// A repository that HEAD had and that the workspace does not declare any more.
    pub fn dropped(repo: &str) -> Self {
        Self::Notice {
            repo: Some(Arc::from(repo)),
            code: "sawmill::engine::dropped".to_owned(),
            path: String::new(),
            message: "no entry or pattern of the workspace names it any more, so it is left out from now on".to_owned(),
            help: "bring its directory or its entry back, and the next build uses again what the cache still has"
                .to_owned(),
        }
    }

    /// Another writer holds the store, and this one will try for `patience`.
    pub fn waiting(holder: &str, patience: Duration) -> Self {
        Self::Notice {
            repo: None,
            code: WAITING.to_owned(),
            path: String::new(),
            message: format!("another build is running ({holder}); waiting for up to {} s", patience.as_secs()),
            help: "nothing is to do: this build begins when that one ends".to_owned(),
        }
    }

    /// Is it of use only while it is so?
    pub fn is_of_the_moment(&self) -> bool {
        matches!(self, Self::Notice { code, .. } if code == WAITING)
    }

    /// A failure that stopped nothing.
    pub fn of_failure(failure: &Failure, repo: Option<&str>) -> Self {
        Self::Notice {
            repo: repo.map(Arc::from),
            code: failure.code_name().to_owned(),
            path: String::new(),
            message: failure.to_string(),
            help: failure.advice().unwrap_or_default().to_owned(),
        }
    }
}

/// Who listens.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;
