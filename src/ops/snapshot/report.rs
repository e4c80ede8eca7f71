//! A snapshot as an answer tells it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Mode, Timestamp};
use crate::store::{FreezeMethod, FrozenState, Origin, Retention, Snapshot, Store, StoreNotice, Surplus};

/// Everything that `snapshot` prints.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SnapshotAnswer {
    /// `create`, `show` and `freeze`.
    One(Box<SnapshotReport>),
    /// `list`.
    Many(SnapshotsReport),
    /// `rm` and `prune`.
    Removed(RemovedReport),
}

/// One snapshot, as it stands now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SnapshotReport {
    /// Always true.
    pub ok: bool,
    pub snapshot: SnapshotSeen,
    /// What is not as it should be beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// The snapshots, the newest first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SnapshotsReport {
    /// Always true.
    pub ok: bool,
    pub snapshots: Vec<SnapshotSeen>,
    /// Records that cannot be read, and frozen copies that are gone or damaged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// What went, or would go.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RemovedReport {
    /// Always true.
    pub ok: bool,
    pub dry_run: bool,
    /// In the order in which they go.
    pub removed: Vec<RemovedSnapshot>,
    /// Ids of those that stay because their frozen copy is being read.
    pub in_use: Vec<String>,
    /// How many are kept for their number and age.
    pub kept: usize,
    /// How many are kept for a tag.
    pub protected: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// A snapshot that goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RemovedSnapshot {
    pub id: String,
    /// None where its record cannot be read.
    pub kind: Option<SnapshotKind>,
    pub why: WhyRemoved,
    /// Bytes of its frozen copy.
    pub bytes: u64,
    #[serde(skip)]
    pub created: Option<Timestamp>,
}

/// Why a snapshot goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum WhyRemoved {
    /// It was named.
    Asked,
    /// As many newer ones of its kind are there as are kept.
    Count,
    /// It is too old.
    Age,
}

/// What a snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotKind {
    /// It keeps a generation of this store.
    Pointer,
    /// A store of its own.
    Frozen,
}

/// One snapshot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SnapshotSeen {
    pub id: String,
    /// UTC, as RFC 3339 has it.
    pub created_at: String,
    pub kind: SnapshotKind,
    pub origin: Origin,
    pub label: Option<String>,
    pub notes: Option<String>,
    /// Sorted.
    pub tags: Vec<String>,
    /// Has it a tag that keeps it from being removed?
    pub protected: bool,
    pub generation: String,
    pub modes: Vec<Mode>,
    pub repos: Vec<SnapshotRepo>,
    /// Files of the sources, as far as it is known.
    pub files: u64,
    /// Bytes of the sources, as far as it is known.
    pub bytes: u64,
    pub frozen: Option<FrozenSeen>,
    #[serde(skip)]
    pub created: Timestamp,
    /// The frozen copy on this machine.
    #[serde(skip)]
    pub dir: Option<PathBuf>,
}

/// A repository in a snapshot.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SnapshotRepo {
    pub name: String,
    pub build: String,
    pub branch: Option<String>,
    pub commit: Option<String>,
    /// Did tracked files differ from the commit? None where nobody knows.
    pub dirty: Option<bool>,
    pub files: u64,
    pub bytes: u64,
}

/// A frozen copy.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FrozenSeen {
    /// UTC, as RFC 3339 has it.
    pub frozen_at: String,
    pub method: FreezeMethod,
    /// Objects, each of which was read back and hashed.
    pub files: u64,
    pub bytes: u64,
    pub state: CopyState,
}

/// What stands of a frozen copy, as far as its records tell; `verify --all` looks at all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CopyState {
    Whole,
    /// Its directory is gone.
    Missing,
    /// A record of it is gone or damaged, or cannot be read.
    Damaged,
}

impl SnapshotSeen {
    pub(super) fn of(store: &Store, retention: &Retention, snapshot: Snapshot) -> Self {
        let protected = retention.protects(&snapshot.tags);
        let state = match store.frozen_state(&snapshot.record) {
            Ok(FrozenState::Whole) => CopyState::Whole,
            Ok(FrozenState::Missing) => CopyState::Missing,
            Ok(FrozenState::Damaged(_)) | Err(_) => CopyState::Damaged,
        };
        let Snapshot { record, tags, frozen } = snapshot;
        let repos: Vec<SnapshotRepo> = record
            .repos
            .into_iter()
            .map(|(name, build)| {
                let known = record.provenance.get(&name).cloned().unwrap_or_default();
                let (branch, commit, dirty) = (known.branch, known.commit, known.dirty);
                SnapshotRepo { name, build: build.build, branch, commit, dirty, files: known.files, bytes: known.bytes }
            })
            .collect();
        Self {
            created_at: record.created_at.to_string(),
            kind: kind(frozen.is_some()),
            origin: record.origin,
            label: record.label,
            notes: record.notes,
            tags,
            protected,
            generation: record.generation,
            modes: record.modes,
            files: repos.iter().map(|repo| repo.files).sum(),
            bytes: repos.iter().map(|repo| repo.bytes).sum(),
            repos,
            dir: frozen.is_some().then(|| store.frozen_dir(&record.id)),
            id: record.id,
            frozen: frozen.map(|frozen| FrozenSeen {
                frozen_at: frozen.frozen_at.to_string(),
                method: frozen.method,
                files: frozen.files,
                bytes: frozen.bytes,
                state,
            }),
            created: record.created_at,
        }
    }
}

impl SnapshotSeen {
    /// What is wrong with its copy, and what to do.
    pub(super) fn notice(&self) -> Option<String> {
        let (is, all) = match self.frozen.as_ref()?.state {
            CopyState::Whole => return None,
            CopyState::Missing => ("is gone", ""),
            CopyState::Damaged => ("is damaged", " (`sawmill verify --all` tells where)"),
        };
        let (id, force) = (&self.id, if self.protected { "--force " } else { "" });
        Some(format!(
            "the frozen copy of {id} {is}{all}: restore its directory `frozen`, or `sawmill snapshot rm {force}{id}`"
        ))
    }
}

impl RemovedSnapshot {
    pub(super) fn of(snapshot: &Snapshot, why: WhyRemoved) -> Self {
        Self {
            id: snapshot.record.id.clone(),
            kind: Some(kind(snapshot.frozen.is_some())),
            why,
            bytes: snapshot.frozen.as_ref().map_or(0, |frozen| frozen.bytes),
            created: Some(snapshot.record.created_at),
        }
    }
}

impl From<Surplus> for WhyRemoved {
    fn from(surplus: Surplus) -> Self {
        match surplus {
            Surplus::Count => Self::Count,
            Surplus::Age => Self::Age,
        }
    }
}

fn kind(frozen: bool) -> SnapshotKind {
    if frozen { SnapshotKind::Frozen } else { SnapshotKind::Pointer }
}

/// Records by their place among the snapshots, and what is wrong with them.
pub(super) fn told(store: &Store, notices: &[StoreNotice]) -> Vec<String> {
    let state = &store.dirs().state;
    let name = |notice: &StoreNotice| {
        notice.path.strip_prefix(state).ok().unwrap_or(&notice.path).to_string_lossy().into_owned()
    };
    notices.iter().map(|notice| format!("`{}` {}", name(notice), notice.what)).collect()
}
