//! The kind as the engine sees it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::super::params::IndexParams;
use super::super::relations;
use super::super::schema::{FIELDS, FORMAT, RESOLVED, TABLES};
use super::super::tokenize::TOKENIZER;
use super::super::trigrams;
use super::{inside, merge, references, shard, split};
use crate::base::{Digest, Mode};
use crate::nodes::{
    Kind, MergeTask, NodeError, Output, ParamError, Params, Port, References, ReferringFile, Resolution, ResolveTask,
    Task,
};
use crate::table::schema::{CHUNKS, DEFINITIONS, DefinitionRow, INDEXED_FILES, MENTIONS, TRIGRAMS};
use crate::table::{Batch, TableSchema};

/// See the module `index`.
#[derive(Debug)]
pub struct Index;

pub static KIND: Index = Index;

static PORTS: &[Port] = &[
    Port { name: "chunks", doc: "The chunks to search.", tables: &["chunks"], required: true },
    Port {
        name: OUTLINE,
        doc: "What the files define and refer to, for relations and for names of definitions.",
        tables: &["files", "outline"],
        required: false,
    },
];

const OUTLINE: &str = "outline";

fn typed(params: &Params) -> Result<&IndexParams, NodeError> {
    params.get().ok_or_else(|| NodeError::Input { what: "the parameters are those of another kind".into() })
}

/// The batch of `table` behind `port`, which the engine has fed.
fn input<'a>(task: &'a Task<'_>, port: &str, table: &str) -> Result<&'a Batch, NodeError> {
    let missing = || NodeError::Input { what: format!("the port `{port}` brought no table `{table}`") };
    task.input(port, table).ok_or_else(missing)
}

impl Kind for Index {
    fn name(&self) -> &'static str {
        "index"
    }

    fn summary(&self) -> &'static str {
        "term postings and chunk statistics for ranked search, trigrams for exact search"
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

    /// Of the words that are left out of relations.
    fn definition_digest(&self, language: Option<&str>) -> Digest {
        relations::digest(language)
    }

    fn cohort(&self, _params: &Params, mode: Mode) -> BTreeMap<&'static str, String> {
        let fields = FIELDS.map(|field| format!("{}:{}", field.name(), field.stemming(mode).name()));
        BTreeMap::from([("tokenizer", TOKENIZER.to_string()), ("fields", fields.join(" "))])
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let params = typed(task.params)?;
        let mode = task.files.first().map(|f| f.mode);
        let chunks = input(task, "chunks", "chunks")?;
        let inside = match task.input(OUTLINE, "outline") {
            Some(outline) => inside::inside(outline, chunks)?,
            None => Vec::new(),
        };
        let shard = shard::index(chunks, &inside, mode, params.postings, task.cancel)?;
        let (grams, indexed) = trigrams::index(chunks, params.trigrams, task.cancel)?;
        let (definitions, mentions) = match task.input(OUTLINE, "outline") {
            Some(outline) if params.relations => {
                let files = input(task, OUTLINE, "files")?;
                let defined = relations::definitions(files, outline, chunks, task.references, task.cancel)?;
                (defined, task.references.map(|all| relations::wanted(all, &all.files)).unwrap_or_default())
            }
            _ => (Batch::of::<DefinitionRow>(&[])?, Vec::new()),
        };
        let tables = [shard.postings, shard.stats, grams, indexed, definitions, relations::mentions(mentions)?];
        Ok(tables.into_iter().map(Output::new).collect())
    }

    fn check(&self, inputs: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        let [postings, stats, grams, files, ..] = made else { return Ok(()) };
        let chunks = inputs.values().flatten().find(|b| b.schema().name == CHUNKS.name);
        references::check(&postings.batch, &stats.batch, chunks)?;
        trigrams::check(&grams.batch, &files.batch, chunks)
    }

    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        let (postings, stats) = merge::merge(task.shards, task.cancel)?;
        let totals = merge::totals(&stats)?;
        let of = |table: &TableSchema| -> Vec<&Batch> {
            task.shards.iter().flatten().filter(|batch| batch.schema().name == table.name).collect()
        };
        let (grams, files) = trigrams::merge(&of(&TRIGRAMS), &of(&INDEXED_FILES), task.cancel)?;
        let [of_grams, of_files] = trigrams::totals(&files, typed(task.params)?.trigrams)?;
        let definitions = relations::merge_definitions(&of(&DEFINITIONS))?;
        let mentions = relations::merge_mentions(&of(&MENTIONS))?;
        let stats = Output { batch: stats, stats: totals };
        let grams = Output { batch: grams, stats: of_grams };
        let files = Output { batch: files, stats: of_files };
        Ok(vec![Output::new(postings), stats, grams, files, Output::new(definitions), Output::new(mentions)])
    }

    fn resolved(&self) -> &'static [&'static TableSchema] {
        RESOLVED
    }

    fn resolution(&self, params: &Params, ports: &[&str]) -> Option<&'static dyn Resolution> {
        let wanted = params.get::<IndexParams>().is_some_and(|params| params.relations);
        (wanted && ports.contains(&OUTLINE)).then_some(&Relations as &dyn Resolution)
    }

    fn split(&self, merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
        split::split(merged, shards)
    }
}

/// The part that looks across shards.
#[derive(Debug)]
struct Relations;

impl Resolution for Relations {
    fn applies(&self, mode: Mode) -> bool {
        matches!(mode, Mode::Code | Mode::Records)
    }

    fn references(&self, task: &Task<'_>) -> Result<References, NodeError> {
        let mode = task.files.first().map(|file| file.mode);
        if !mode.is_some_and(|mode| self.applies(mode)) {
            return Ok(References::default());
        }
        relations::references(input(task, OUTLINE, "outline")?, input(task, "chunks", "chunks")?, task.cancel)
    }

    fn wanted(&self, references: &References, files: &[ReferringFile]) -> Vec<String> {
        relations::wanted(references, files)
    }

    fn resolve(&self, task: &ResolveTask<'_>) -> Result<Vec<Output>, NodeError> {
        let relations = relations::resolve(task.references, task.files, task.names, task.cancel)?;
        Ok(vec![Output::new(relations)])
    }
}
