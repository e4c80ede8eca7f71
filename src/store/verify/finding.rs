//! What is wrong with which stored file.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::error::StoreError;
use super::super::open::Store;
use crate::base::Digest;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It is named and not there.
    Missing,
    /// Its bytes do not fit its name, its checksum or its own form.
    Damaged,
    /// It has another size than the manifest tells.
    Size,
    /// Its bytes fit its name, and are no table of its schema.
    Undecodable,
    /// It can be read, and breaks a rule of its table or of its record.
    Invalid,
    /// It has another number of rows than the manifest tells.
    Rows,
    /// The machine does not give its bytes.
    Unreadable,
    /// It is of a later version of Sawmill.
    Newer,
    /// A link leads elsewhere than it should.
    Astray,
}

/// Which sort of stored file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Record {
    Format,
    Head,
    Generation,
    Provenance,
    BuildRoot,
    List,
    Object,
    Blocks,
    MemoPiece,
    LedgerPiece,
    StatCache,
    Stamp,
    Registration,
    Holder,
    Decisions,
    View,
    Latest,
    /// A snapshot's record or its tags.
    Snapshot,
    /// Anything in the copy of a frozen snapshot.
    Frozen,
    /// The record of a commit's build.
    Commit,
    /// A diff's record or its events.
    Diff,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub record: Record,
    /// Inside the store, the same on every machine: `cache/objects/…`, `state/HEAD.json`.
    pub name: String,
    pub what: What,
    /// A clause without a subject: `its bytes do not hash to its name`.
    pub message: String,
    pub generation: Option<String>,
    pub repo: Option<String>,
    pub build: Option<String>,
    /// The segment of a list.
    pub segment: Option<String>,
    pub artifact: Option<Digest>,
}

impl Finding {
    pub fn new(store: &Store, record: Record, path: &Path, what: What, message: impl Into<String>) -> Self {
        Self {
            record,
            name: store.layout().name_of(path),
            what,
            message: message.into(),
            generation: None,
            repo: None,
            build: None,
            segment: None,
            artifact: None,
        }
    }

    /// What an error says of the file at `path`, which was to be read.
    pub(super) fn of_error(store: &Store, record: Record, path: &Path, error: &StoreError) -> Self {
        let what = match error {
            StoreError::Missing { .. } => What::Missing,
            StoreError::Damaged { .. } => What::Damaged,
            StoreError::Newer { .. } => What::Newer,
            StoreError::Io { .. } => What::Unreadable,
            _ => What::Invalid,
        };
        Self::new(store, record, path, what, error.in_words())
    }

    #[must_use]
    pub(super) fn of_generation(mut self, generation: &str) -> Self {
        self.generation = Some(generation.to_owned());
        self
    }

    #[must_use]
    pub(super) fn of_build(mut self, repo: &str, build: &str) -> Self {
        self.repo = Some(repo.to_owned());
        self.build = Some(build.to_owned());
        self
    }
}
