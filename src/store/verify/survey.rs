//! What was looked at, and which objects the manifests name.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::finding::Finding;
use crate::base::{Digest, Mode};

/// What the records say, and what is wrong with them. Objects are not looked at yet.
#[derive(Debug, Default)]
pub struct Survey {
    /// HEAD's, or the newest whole one where HEAD is lost.
    pub generation: Option<String>,
    /// Files that were read whole.
    pub records: u64,
    pub generations: u64,
    pub builds: u64,
    pub lists: u64,
    pub findings: Vec<Finding>,
    /// Every object that a list names.
    pub named: BTreeMap<Digest, Named>,
}

/// An object as the manifests tell it.
#[derive(Clone, Debug)]
pub struct Named {
    pub table: String,
    pub rows: u64,
    pub bytes: u64,
    /// Where it stands. Equal pieces of two repositories are one object.
    pub places: Vec<Place>,
}

/// Shard or segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceUnit {
    Shard,
    Segment,
}

/// A piece's place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub repo: String,
    pub build: String,
    pub node: String,
    pub mode: Mode,
    pub unit: PlaceUnit,
    /// Of the shard or segment.
    pub id: String,
    /// The list that names it.
    pub list: Digest,
    pub action: Digest,
    /// The node's, as the build's root tells it.
    pub chain: Option<Digest>,
}
