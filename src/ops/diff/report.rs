//! What is asked, and what is answered.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::Mode;
use crate::base::Timestamp;
use crate::ops::at::{At, AtReport};
use crate::query::diff::{DiffSummary, EventFilter, EventLimits};

/// Which moments, and what of them.
#[derive(Clone, Debug)]
pub struct DiffRequest {
    pub from: At,
    pub to: At,
    /// Empty: all.
    pub repos: Vec<String>,
    /// Empty: all.
    pub modes: Vec<Mode>,
    /// Empty: all.
    pub nodes: Vec<String>,
    /// Compare what other parameters or formats made, too.
    pub allow_mismatch: bool,
    /// Compare files alone, not what was made of them.
    pub files_only: bool,
    /// Give events with the answer.
    pub show: Option<(EventFilter, EventLimits)>,
    /// Give a review with the answer.
    pub review: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// Anything that `diff` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum DiffAnswer {
    Computed(Computed),
    Shown(ShowReport),
    Listed(ListReport),
    Pruned(PruneReport),
}

/// A diff, as much of it as was asked for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DiffSeen {
    /// `diff_` and 16 hexadecimal characters over what was compared.
    pub id: String,
    pub from: AtReport,
    pub to: AtReport,
    pub summary: DiffSummary,
    /// Where events were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<Map<String, Value>>>,
    /// Why there are more events: `events` or `bytes`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<&'static str>,
    /// Where a review was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review: Option<super::review::Review>,
}

/// A diff, computed or found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Computed {
    #[serde(flatten)]
    pub diff: DiffSeen,
    /// It was computed before.
    pub reused: bool,
    /// `diff show` knows it; not where a moment is of another store.
    pub kept: bool,
    /// Why it could not be kept, where it was to be: the store cannot be written, or someone else writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_kept: Option<String>,
}

/// Which diff to show, and how much of it.
#[derive(Clone, Debug)]
pub struct ShowRequest {
    /// Its id or the beginning of it; none: the newest.
    pub id: Option<String>,
    /// Give events.
    pub show: Option<(EventFilter, EventLimits)>,
    pub review: bool,
}

/// A kept diff.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ShowReport {
    #[serde(flatten)]
    pub diff: DiffSeen,
    pub automatic: bool,
    #[serde(skip)]
    pub created_at: Timestamp,
}

/// The kept diffs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ListReport {
    /// The newest first.
    pub diffs: Vec<Listed>,
    /// Ids of those that cannot be read.
    pub damaged: Vec<String>,
}

/// One of them.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    pub id: String,
    pub from: AtReport,
    pub to: AtReport,
    pub automatic: bool,
    pub events: u64,
    pub bytes: u64,
    #[serde(skip)]
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct PruneRequest {
    pub dry_run: bool,
    pub wait: Duration,
}

/// What went, or would.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PruneReport {
    pub dry_run: bool,
    /// Oldest first.
    pub removed: Vec<String>,
    pub bytes: u64,
    pub kept: u64,
}
