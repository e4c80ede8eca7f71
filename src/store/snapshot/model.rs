//! The records of a snapshot, as they stand in JSON.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Mode, Timestamp};
use crate::store::model::{Generation, RepoBuild, RepoProvenance};

/// Who wanted the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A person.
    Manual,
    /// A step `after` every build.
    Always,
    /// A step `after` a build of a commit that bears a git tag.
    Tag,
}

/// `snapshot.json`: immutable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRecord {
    pub format: u32,
    pub id: String,
    pub created_at: Timestamp,
    pub origin: Origin,
    pub label: Option<String>,
    pub notes: Option<String>,
    /// Those that it was made with; `tags.json` stands over them.
    pub tags: Vec<String>,
    /// Modes that its builds have segments of.
    pub modes: Vec<Mode>,
    pub generation: String,
    /// As in the generation's record, so that it can be made again.
    pub repos: BTreeMap<String, RepoBuild>,
    /// Likewise, of the nodes of the workspace.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub workspace: BTreeMap<String, RepoBuild>,
    pub provenance: BTreeMap<String, RepoProvenance>,
}

impl SnapshotRecord {
    /// The generation as it was recorded; its id is right where the record is.
    pub fn generation(&self) -> Generation {
        Generation {
            format: self.format,
            id: self.generation.clone(),
            repos: self.repos.clone(),
            workspace: self.workspace.clone(),
        }
    }
}

/// `tags.json`: the tags as they were last set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotTags {
    pub format: u32,
    pub tags: Vec<String>,
}

/// How objects came into a frozen snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FreezeMethod {
    /// The file system shares the blocks until one side is written.
    Reflink,
    Copy,
    /// Hard links: damage to one is damage to both.
    Link,
}

/// `frozen.json`: written last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FrozenRecord {
    pub format: u32,
    pub frozen_at: Timestamp,
    pub method: FreezeMethod,
    /// Objects, each of which was read back and hashed.
    pub files: u64,
    pub bytes: u64,
}
