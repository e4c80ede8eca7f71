//! The kind as the engine sees it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::params::IndexParams;
use super::super::schema::{FORMAT, TABLES};
use super::{merge, references, shard, split};
use crate::nodes::{Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task};
use crate::table::schema::CHUNKS;
use crate::table::{Batch, TableSchema};

/// See the module `index`.
#[derive(Debug)]
pub struct Index;

pub static KIND: Index = Index;

static PORTS: &[Port] = &[Port { name: "chunks", doc: "The chunks to search.", tables: &["chunks"], required: true }];

fn wants_postings(params: &Params) -> Result<bool, NodeError> {
    let params = params
        .get::<IndexParams>()
        .ok_or_else(|| NodeError::Input { what: "the parameters are those of another kind".into() })?;
    Ok(params.postings)
}

impl Kind for Index {
    fn name(&self) -> &'static str {
        "index"
    }

    fn summary(&self) -> &'static str {
        "term postings and chunk statistics for ranked search"
    }

    fn format(&self) -> u32 {
        FORMAT
    }

    fn ports(&self) -> &'static [Port] {
        PORTS
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        &[]
    }

    fn merged(&self) -> &'static [&'static TableSchema] {
        TABLES
    }

    fn partial(&self) -> &'static [&'static TableSchema] {
        TABLES
    }

    fn param_schema(&self) -> schemars::Schema {
        schemars::schema_for!(IndexParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<IndexParams>(given)
    }

    fn needs_bytes(&self) -> bool {
        false
    }

    fn per_file(&self) -> bool {
        false
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let chunks = task
            .input("chunks", "chunks")
            .ok_or_else(|| NodeError::Input { what: "the port `chunks` brought no table `chunks`".into() })?;
        let mode = task.files.first().map(|f| f.mode);
        let shard = shard::index(chunks, mode, wants_postings(task.params)?, task.cancel)?;
        Ok(vec![Output::new(shard.postings), Output::new(shard.stats)])
    }

    fn check(&self, inputs: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        let [postings, stats] = made else { return Ok(()) };
        let chunks = inputs.values().flatten().find(|b| b.schema().name == CHUNKS.name);
        references::check(&postings.batch, &stats.batch, chunks)
    }

    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        let (postings, stats) = merge::merge(task.shards, task.cancel)?;
        let totals = merge::totals(&stats)?;
        Ok(vec![Output::new(postings), Output { batch: stats, stats: totals }])
    }

    fn split(&self, merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
        split::split(merged, shards)
    }
}
