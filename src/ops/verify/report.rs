//! What `verify` is asked and what it tells.

use schemars::JsonSchema;
use serde::Serialize;

pub use crate::store::verify::{Amount, PlaceUnit, Record, What};

/// What to look at.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyRequest {
    /// Also every byte of every object, and every row.
    pub deep: bool,
    /// Also every generation besides HEAD's.
    pub all: bool,
}

/// What becomes of what is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// The next build makes it again.
    Rebuildable,
    /// Nothing that is left says whether the present tree gives it.
    Unknown,
    /// The present tree no longer gives it.
    Lost,
}

/// The health of the store.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerifyReport {
    /// Nothing was found.
    pub ok: bool,
    pub deep: bool,
    /// HEAD's, or the newest whole one where HEAD is lost. None before the first build.
    pub generation: Option<String>,
    pub checked: Checked,
    pub findings: Vec<VerifyFinding>,
    /// Objects that no generation names. None where a workspace that shares the cache cannot be read.
    pub unreferenced: Option<Amount>,
    /// Left by killed builds, or of one that runs now.
    pub temporaries: Amount,
    pub quarantined: Amount,
}

impl VerifyReport {
    /// How many findings have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.findings.iter().filter(|finding| finding.fate == fate).count()
    }
}

/// How much was looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checked {
    pub records: u64,
    pub generations: u64,
    pub builds: u64,
    pub lists: u64,
    pub objects: u64,
    /// Bytes of the objects, as the manifests tell them.
    pub bytes: u64,
    /// Rows that were decoded and validated; none without `--deep`.
    pub rows: u64,
}

/// One finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VerifyFinding {
    pub what: What,
    pub record: Record,
    /// Inside the store: `cache/objects/…`, `state/HEAD.json`.
    pub name: String,
    pub message: String,
    pub fate: Fate,
    /// Why it has this fate.
    pub reason: String,
    /// What to do next.
    pub help: String,
    pub generation: Option<String>,
    pub repo: Option<String>,
    pub build: Option<String>,
    /// Hash of the artifact, where it is about one.
    pub artifact: Option<String>,
    pub table: Option<String>,
    /// The pieces that the artifact is.
    pub places: Vec<VerifyPlace>,
}

/// A piece's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct VerifyPlace {
    pub repo: String,
    pub build: String,
    pub node: String,
    pub mode: String,
    pub unit: PlaceUnit,
    /// Of the shard or segment.
    pub id: String,
}
