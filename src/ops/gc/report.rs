//! What a collection is asked and what it tells.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::store::verify::Amount;

/// How to collect.
#[derive(Clone, Debug)]
pub struct GcRequest {
    /// Only say what would be done.
    pub dry_run: bool,
    /// How long what is condemned stands before it is deleted.
    pub grace: Duration,
    /// Objects that are deleted at most in this run.
    pub max_objects: Option<u64>,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// What keeps an amount of objects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GcKept {
    /// `latest`, `generations`, `snapshots`, `commits` or `other-workspaces`.
    pub by: String,
    /// What it keeps and those before it do not.
    pub objects: Amount,
}

/// A record that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GcUnknown {
    /// The name of its file.
    pub name: String,
    pub message: String,
}

/// Why a run ended before its plan did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GcStopped {
    /// It was interrupted.
    Cancelled,
    /// As many objects went as `--max-objects` lets.
    Full,
}

/// What a collection did, or would do.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GcReport {
    pub ok: bool,
    pub dry_run: bool,
    /// Seconds.
    pub grace: u64,
    /// Files and bytes that went, by what they are: `objects`, `builds`, `generations`, …; of `memo` entries. In a dry
    /// run what would go.
    pub removed: BTreeMap<String, Amount>,
    /// All of it; memo entries are no files.
    pub total: Amount,
    /// What nothing needs and what goes later, if nothing needs it then.
    pub waiting: BTreeMap<String, Amount>,
    pub total_waiting: Amount,
    /// When the last of it is past its grace; RFC 3339, UTC.
    pub waits_until: Option<String>,
    /// The objects that stay.
    pub kept: Vec<GcKept>,
    /// Generations that stay only while someone reads them.
    pub read: Vec<String>,
    /// Other workspaces that use this cache: what they name stays.
    pub shared_with: usize,
    /// Registrations that were dropped: the directories of their workspaces are gone.
    pub dropped: u64,
    /// Is something not known, so that nothing is condemned that may be needed?
    pub objects_unknown: bool,
    /// The records that cannot be read.
    pub unknown: Vec<GcUnknown>,
    /// None: the run did all of its plan.
    pub stopped: Option<GcStopped>,
    pub notices: Vec<String>,
}
