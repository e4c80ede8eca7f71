//! What is asked of a diff, and what comes back.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::Mode;

/// Which part of two moments is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffOptions {
    /// Empty: all.
    pub repos: Vec<String>,
    /// Empty: all.
    pub modes: Vec<Mode>,
    /// Empty: all.
    pub nodes: Vec<String>,
    /// Compare chunks and relations that were made under other parameters or formats, too?
    pub allow_mismatch: bool,
    /// Compare files alone, whether the rest compares or not?
    pub files_only: bool,
}

/// A diff, computed.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The table `events` as Parquet.
    pub events: Vec<u8>,
    pub summary: DiffSummary,
}

/// What a diff comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DiffSummary {
    pub events: u64,
    /// Event → how many.
    pub by_event: BTreeMap<String, u64>,
    /// Mode → event → how many.
    pub by_mode: BTreeMap<String, BTreeMap<String, u64>>,
    /// Repository → event → how many; those in which nothing differs are left out.
    pub by_repo: BTreeMap<String, BTreeMap<String, u64>>,
    /// The files with most changes of chunks, at most 20.
    pub largest: Vec<TouchedFile>,
    pub compat: Compat,
    pub opened: Opened,
}

/// A file in which much differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TouchedFile {
    pub repo: String,
    pub path: String,
    /// Events of chunks.
    pub chunks: u64,
}

/// Do both moments hold rows that mean the same?
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Compat {
    /// If not, only files are compared, unless `--allow-mismatch` was given; `reasons` say why.
    pub comparable: bool,
    /// Of some repository only files were compared: those that are not made alike, or all with `--files-only`.
    #[serde(default)]
    pub only_files: bool,
    /// Why not, by repository.
    pub reasons: BTreeMap<String, String>,
}

/// How much was read: nothing that both moments have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Opened {
    /// Lists of manifests.
    pub lists: u64,
    /// Artifacts.
    pub pieces: u64,
}
