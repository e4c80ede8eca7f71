//! The records of the store, as they stand in JSON. Field order does not matter: JSON is written in canonical
//! form. Readers ignore fields that they do not know.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{Digest, Mode, Timestamp};

/// One table that an action made, as the memo keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemoOutput {
    pub table: String,
    pub artifact: Digest,
    pub rows: u64,
    pub bytes: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stats: BTreeMap<String, u64>,
}

/// Action key → outputs, and the ingredients that `why` compares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoEntry {
    pub key: Digest,
    pub outputs: Vec<MemoOutput>,
    /// Name → value, both short text: `format`, `params`, `limits`, `chain`, `input.outline.files`, `language.rust` …
    pub ingredients: BTreeMap<String, String>,
}

/// An artifact in its place. Its repository and unit are those of the list that it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub node: String,
    pub table: String,
    pub artifact: Digest,
    pub rows: u64,
    pub bytes: u64,
    /// The action that made it.
    pub action: Digest,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stats: BTreeMap<String, u64>,
}

/// A shard in a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRecord {
    pub id: String,
    pub first_path: String,
    pub last_path: String,
    pub files: u64,
    /// Bytes of source.
    pub bytes: u64,
    pub pieces: Vec<Piece>,
}

/// The second level of a build manifest: one segment, its shards and their pieces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentList {
    pub format: u32,
    pub id: String,
    pub mode: Mode,
    pub shards: Vec<ShardRecord>,
    /// Pieces of the segment itself.
    pub pieces: Vec<Piece>,
}

/// A segment as the first level names it, with what readers want without opening the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentRef {
    pub id: String,
    pub mode: Mode,
    /// BLAKE3 of the list's canonical JSON.
    pub list: Digest,
    /// `path` of the segment's first file.
    pub first_path: String,
    /// `path` of its last file.
    pub last_path: String,
    pub shards: u64,
    pub files: u64,
    pub bytes: u64,
    /// `node/table` → [rows, bytes, pieces] over the segment.
    pub tables: BTreeMap<String, [u64; 3]>,
    /// Sums of the pieces' stats, `node/table/stat` → value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub stats: BTreeMap<String, u64>,
}

/// A node as it stood in a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRecord {
    pub name: String,
    pub kind: String,
    pub format: u32,
    pub params: serde_json::Value,
    pub chain: Digest,
    /// port → node
    pub inputs: BTreeMap<String, String>,
    /// Table → format, as written for each shard.
    pub tables: BTreeMap<String, u32>,
    /// Table → format, as written for each segment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub merged: BTreeMap<String, u32>,
    /// Mode → what the kind says that repositories must have in common to be scored together. Empty in a build that is
    /// older than cohorts. No part of the build's id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cohort: BTreeMap<Mode, BTreeMap<String, String>>,
}

/// The first level of a build manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BuildRoot {
    pub format: u32,
    /// `b-` and 12 hexadecimal characters over pieces, formats and config digest, nothing else.
    pub id: String,
    pub repo: String,
    pub pipeline: String,
    pub config_digest: Digest,
    pub nodes: Vec<NodeRecord>,
    /// The index that search uses by default.
    pub serve: Option<String>,
    /// By mode, then by first path; of a node of the workspace one for each repository, by name.
    pub segments: Vec<SegmentRef>,
    /// Of a node of the workspace: its manifest, which stands among the lists under this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace_manifest: Option<Digest>,
}

/// A repository in a generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoBuild {
    pub build: String,
    /// The repository's last build failed; this is the one before.
    #[serde(default)]
    pub stale: bool,
}

/// The workspace at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generation {
    pub format: u32,
    /// `g-` and 12 hexadecimal characters over repository → build, and node of the workspace → build.
    pub id: String,
    pub repos: BTreeMap<String, RepoBuild>,
    /// What the nodes of pipelines of workspace scope made, by `pipeline/node`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub workspace: BTreeMap<String, RepoBuild>,
}

impl Generation {
    /// With its id.
    pub fn of(repos: BTreeMap<String, RepoBuild>, workspace: BTreeMap<String, RepoBuild>) -> Self {
        let id = super::generation::generation_id(&repos, &workspace);
        Self { format: super::layout::FORMAT, id, repos, workspace }
    }

    /// Every build: those of repositories, then those of nodes of the workspace, each under the name by which the store
    /// has it.
    pub fn builds(&self) -> impl Iterator<Item = (String, &RepoBuild)> {
        let repos = self.repos.iter().map(|(name, build)| (name.clone(), build));
        repos.chain(self.workspace.iter().map(|(node, build)| (workspace_name(node), build)))
    }
}

/// The name under which the store has the builds of `pipeline/node`: no repository can be called so.
pub fn workspace_name(node: &str) -> String {
    node.replacen('/', "@", 1)
}

/// The inverse of [`workspace_name`]; `None` for a repository's name.
pub fn workspace_node(name: &str) -> Option<String> {
    name.contains('@').then(|| name.replacen('@', "/", 1))
}

/// What is known about a generation beside its content: unhashed, refreshed even by a null build.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub format: u32,
    pub workspace: String,
    pub tool: String,
    pub created_at: Timestamp,
    /// The last build that found this generation current.
    pub checked_at: Timestamp,
    /// The generation that was HEAD before.
    pub previous: Option<String>,
    pub repos: BTreeMap<String, RepoProvenance>,
    /// Of the nodes of pipelines of workspace scope, by `pipeline/node`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub nodes: BTreeMap<String, WorkspaceProvenance>,
}

/// What is known of a node of the workspace beside what it made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceProvenance {
    /// Digest of its plan and of the builds that it took: equal means that nothing is to do.
    pub root_key: Option<Digest>,
    pub built_at: Timestamp,
    /// The last failure, where it is stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
}

/// One repository's part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoProvenance {
    pub branch: Option<String>,
    pub commit: Option<String>,
    pub dirty: Option<bool>,
    pub tags: Vec<String>,
    pub priority: i64,
    pub enabled: bool,
    /// Digest of the repository's plan and files: equal means that nothing is to do.
    pub root_key: Option<Digest>,
    pub built_at: Timestamp,
    pub files: u64,
    pub bytes: u64,
    /// The last failure, where the repository is stale.
    pub failure: Option<String>,
    /// The first build that failed since `built_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_since: Option<Timestamp>,
}
