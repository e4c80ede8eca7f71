//! The records of a diff, as they stand in JSON.

use serde::{Deserialize, Serialize};

use crate::base::{Digest, Timestamp};
use crate::store::refs::Identity;

/// One moment of a diff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffEnd {
    /// As it was asked for, and what that came to; neither is part of the id.
    #[serde(rename = "ref")]
    pub asked: String,
    pub resolved: String,
    /// Of the compared repositories.
    pub identity: Identity,
}

/// `inputs.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffInputs {
    pub format: u32,
    pub id: String,
    pub from: DiffEnd,
    pub to: DiffEnd,
    /// Those that were asked for; empty: all. Sorted, like the other lists.
    pub repos: Vec<String>,
    pub modes: Vec<String>,
    pub nodes: Vec<String>,
    pub allow_mismatch: bool,
    /// Left out where it is false, from the id too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub files_only: bool,
    /// FORMAT of the kind `diff`.
    pub diff_format: u32,
    pub created_at: Timestamp,
    /// Made after a build, not by a person. Outside the id.
    pub automatic: bool,
}

/// The file `events.parquet`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventsFile {
    /// BLAKE3 of its bytes.
    pub hash: Digest,
    pub bytes: u64,
}

/// `summary.json`: written last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffResult {
    pub format: u32,
    pub events: EventsFile,
    /// Totals, for people.
    pub summary: serde_json::Value,
}

/// A diff as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffRecord {
    pub inputs: DiffInputs,
    pub result: DiffResult,
}
