//! A kind that is another one but for a detail.

use std::collections::BTreeMap;

use sawmill::base::{Digest, KeyHasher};
use sawmill::nodes::{Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task};
use sawmill::table::{Batch, TableSchema};
use serde_json::{Map, Value};

/// What differs.
#[derive(Clone, Copy)]
pub enum Detail {
    /// The format number is higher by this.
    Format(u32),
    Name(&'static str),
    Ports(&'static [Port]),
    Outputs(&'static [&'static TableSchema]),
    Partial(&'static [&'static TableSchema]),
    Merged(&'static [&'static TableSchema]),
    PerFile(bool),
    NeedsBytes(bool),
    /// As if what decides the rows of every language had changed.
    Definition,
    /// These methods panic.
    PanicIn(&'static str),
}

pub struct Double {
    pub of: &'static dyn Kind,
    pub detail: Detail,
}

impl Double {
    fn enter(&self, method: &str) {
        assert!(!matches!(self.detail, Detail::PanicIn(name) if name == method), "a bug of the kind");
    }
}

impl Kind for Double {
    fn name(&self) -> &'static str {
        if let Detail::Name(name) = self.detail { name } else { self.of.name() }
    }

    fn summary(&self) -> &'static str {
        self.of.summary()
    }

    fn format(&self) -> u32 {
        if let Detail::Format(more) = self.detail { self.of.format() + more } else { self.of.format() }
    }

    fn ports(&self) -> &'static [Port] {
        if let Detail::Ports(ports) = self.detail { ports } else { self.of.ports() }
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        if let Detail::Outputs(tables) = self.detail { tables } else { self.of.outputs() }
    }

    fn partial(&self) -> &'static [&'static TableSchema] {
        if let Detail::Partial(tables) = self.detail { tables } else { self.of.partial() }
    }

    fn merged(&self) -> &'static [&'static TableSchema] {
        if let Detail::Merged(tables) = self.detail { tables } else { self.of.merged() }
    }

    fn param_schema(&self) -> schemars::Schema {
        self.of.param_schema()
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        self.of.params(given)
    }

    fn needs_bytes(&self) -> bool {
        if let Detail::NeedsBytes(needs) = self.detail { needs } else { self.of.needs_bytes() }
    }

    fn per_file(&self) -> bool {
        if let Detail::PerFile(is) = self.detail { is } else { self.of.per_file() }
    }

    fn definition_digest(&self, language: Option<&str>) -> Digest {
        self.enter("definition_digest");
        let old = self.of.definition_digest(language);
        let moved = matches!(self.detail, Detail::Definition);
        if moved { KeyHasher::new("double").digest(&old).finish() } else { old }
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        self.enter("run");
        self.of.run(task)
    }

    fn totals(&self, batch: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
        self.enter("totals");
        self.of.totals(batch)
    }

    fn check(&self, inputs: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        self.enter("check");
        self.of.check(inputs, made)
    }

    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        self.enter("merge");
        self.of.merge(task)
    }

    fn split(&self, merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
        self.enter("split");
        self.of.split(merged, shards)
    }
}
