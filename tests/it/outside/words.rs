//! `words`: how often each word stands in the chunks of a segment.
//!
//! A kind that merges: each shard gives `shard_words`, which is not kept; a segment keeps `words`, out of which the
//! shards' tables can be taken again.

use std::collections::BTreeMap;

use sawmill::nodes::{Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task};
use sawmill::table::arrow::array::StringArray;
use sawmill::table::{Batch, TableSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

sawmill::table! {
    /// Words of one shard. A step on the way to `words`, which is not kept.
    ShardWordRow as SHARD_WORDS = "shard_words" format 1 sort ["word"] lookup false {
        /// Lower-case.
        word: String,
        /// How often it stands in the shard.
        count: u32,
    }
}

sawmill::table! {
    /// Words of one segment.
    WordRow as WORDS = "words" format 1 sort ["word"] lookup true {
        /// Lower-case.
        word: String,
        /// How often it stands in the segment.
        total: u64,
        /// Shards that have it, by their number in the segment, ascending.
        shards: Vec<u32>,
        /// How often it stands in each of them.
        counts: Vec<u32>,
    }
}

/// Which words count.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordsParams {
    /// Fewest characters of a word.
    pub min_chars: u16,
}

impl Default for WordsParams {
    fn default() -> Self {
        Self { min_chars: 3 }
    }
}

#[derive(Debug)]
pub struct Words;

pub static KIND: Words = Words;

static PORTS: &[Port] = &[Port { name: "chunks", doc: "The texts.", tables: &["chunks"], required: true }];

static PARTIAL: &[&TableSchema] = &[&SHARD_WORDS];

static MERGED: &[&TableSchema] = &[&WORDS];

impl Kind for Words {
    fn name(&self) -> &'static str {
        "words"
    }

    fn summary(&self) -> &'static str {
        "how often each word stands in a segment"
    }

    fn format(&self) -> u32 {
        1
    }

    fn ports(&self) -> &'static [Port] {
        PORTS
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        &[]
    }

    fn partial(&self) -> &'static [&'static TableSchema] {
        PARTIAL
    }

    fn merged(&self) -> &'static [&'static TableSchema] {
        MERGED
    }

    fn param_schema(&self) -> schemars::Schema {
        schemars::schema_for!(WordsParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<WordsParams>(given)
    }

    fn needs_bytes(&self) -> bool {
        false
    }

    fn per_file(&self) -> bool {
        false
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let least = task.params.get::<WordsParams>().map_or(1, |params| usize::from(params.min_chars));
        let chunks = task.input("chunks", "chunks").ok_or_else(|| missing("chunks"))?;
        let mut counts = BTreeMap::<String, u32>::new();
        for text in chunks.column::<StringArray>("text")?.iter().flatten() {
            task.cancel.check()?;
            let words = text.split(|c: char| !c.is_alphanumeric());
            for word in words.filter(|word| !word.is_empty() && word.chars().count() >= least) {
                *counts.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        let rows: Vec<ShardWordRow> = counts.into_iter().map(|(word, count)| ShardWordRow { word, count }).collect();
        Ok(vec![Output::new(Batch::of(&rows)?)])
    }

    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        let mut words = BTreeMap::<String, WordRow>::new();
        for (number, shard) in (0..).zip(task.shards) {
            task.cancel.check()?;
            let batch = shard.first().ok_or_else(|| missing("shard_words"))?;
            for ShardWordRow { word, count } in batch.rows()? {
                let row = words.entry(word.clone()).or_insert_with(|| WordRow { word, ..WordRow::default() });
                row.total += u64::from(count);
                row.shards.push(number);
                row.counts.push(count);
            }
        }
        let rows: Vec<WordRow> = words.into_values().collect();
        let stats = BTreeMap::from([("occurrences".to_owned(), rows.iter().map(|row| row.total).sum())]);
        Ok(vec![Output { batch: Batch::of(&rows)?, stats }])
    }

    fn split(&self, merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
        let words = merged.first().ok_or_else(|| missing("words"))?;
        let mut parts: Vec<Vec<ShardWordRow>> = vec![Vec::new(); shards];
        for row in words.rows::<WordRow>()? {
            for (number, count) in row.shards.iter().zip(row.counts) {
                let part = parts.get_mut(*number as usize).ok_or_else(|| missing("shards"))?;
                part.push(ShardWordRow { word: row.word.clone(), count });
            }
        }
        parts.iter().map(|rows| Ok(vec![Batch::of(rows)?])).collect()
    }

    fn check(&self, _: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        let Some(words) = made.iter().find(|output| output.batch.schema().name == WORDS.name) else { return Ok(()) };
        let holds = |row: &WordRow| {
            row.shards.len() == row.counts.len()
                && row.total == row.counts.iter().map(|count| u64::from(*count)).sum::<u64>()
        };
        match words.batch.rows::<WordRow>()?.iter().find(|row| !holds(row)) {
            Some(row) => Err(NodeError::Input { what: format!("the counts of `{}` do not add up", row.word) }),
            None => Ok(()),
        }
    }
}

fn missing(what: &str) -> NodeError {
    NodeError::Input { what: format!("`{what}` did not come in") }
}
