//! The salsa database: coarse inputs, and the world beside them.
//!
//! Inputs are the plan's nodes, and per shard its files. What a query asks of the machine (the memo, the store,
//! file bytes, previous builds) goes through [`World`] and cannot change a query's value: a memo only saves
//! work, and bytes are verified against the hash that the input names. A failure of the machine is a value that
//! ends the run; the database is dropped or its shard's `heal_epoch` bumped before anything is tried again.

use std::sync::Arc;

use crate::base::{Digest, Mode};
use crate::nodes::{Kind, Params, Resolution};
use crate::source::SourceFile;

use super::world::World;

/// A node of one repository's graph.
#[salsa::input]
pub struct NodeInput {
    #[returns(ref)]
    pub spec: Arc<NodeSpec>,
    /// Port ← node.
    #[returns(ref)]
    pub inputs: Vec<(&'static str, NodeInput)>,
}

/// What a node is, apart from its inputs.
pub struct NodeSpec {
    pub repo: Arc<str>,
    pub name: Arc<str>,
    pub kind: &'static dyn Kind,
    pub params: Params,
    pub chain: Digest,
    /// The part of the kind that looks across shards, if this node has it.
    pub resolution: Option<&'static dyn Resolution>,
    /// Port ← name of the node above.
    pub above: Vec<(&'static str, Arc<str>)>,
}

impl NodeSpec {
    /// The name of the node behind a port.
    pub fn above(&self, port: &str) -> String {
        self.above.iter().find(|(name, _)| *name == port).map(|(_, node)| node.to_string()).unwrap_or_default()
    }
}

/// A shard: its files are what changes.
#[salsa::input]
pub struct ShardInput {
    #[returns(ref)]
    pub shard: Arc<ShardSpec>,
    /// Rises when an artifact of this shard was found missing or damaged, so that its queries run again.
    #[returns(copy)]
    pub heal_epoch: u32,
}

/// A shard's place and files.
#[derive(Debug, PartialEq, Eq)]
pub struct ShardSpec {
    pub repo: Arc<str>,
    pub id: Arc<str>,
    pub mode: Mode,
    pub files: Vec<SourceFile>,
}

/// A segment: which shards it has.
#[salsa::input]
pub struct SegmentInput {
    #[returns(ref)]
    pub id: Arc<str>,
    #[returns(copy)]
    pub mode: Mode,
    #[returns(ref)]
    pub shards: Vec<ShardInput>,
}

/// A repository: its nodes in topological order, and its segments.
#[salsa::input]
pub struct RepoInput {
    #[returns(ref)]
    pub name: Arc<str>,
    #[returns(ref)]
    pub nodes: Vec<NodeInput>,
    #[returns(ref)]
    pub segments: Vec<SegmentInput>,
}

/// The database as queries see it.
#[salsa::db]
pub trait Db: salsa::Database {
    fn world(&self) -> &World;
}

/// The engine's database. Cloning gives a handle for another thread.
#[salsa::db]
#[derive(Clone)]
pub struct EngineDb {
    storage: salsa::Storage<Self>,
    world: Arc<World>,
}

impl EngineDb {
    pub fn new(world: Arc<World>) -> Self {
        Self { storage: salsa::Storage::new(None), world }
    }
}

#[salsa::db]
impl salsa::Database for EngineDb {}

#[salsa::db]
impl Db for EngineDb {
    fn world(&self) -> &World {
        &self.world
    }
}
