//! Kinds for tests: the real ones' ports, tables and parameters, without their work.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::nodes::{Kind, NodeError, Output, ParamError, Params, Port, Task};
use crate::table::TableSchema;
use crate::table::schema::{CHUNK_STATS, CHUNKS, FILES, OUTLINE, POSTINGS, SYMBOLS};

type Parse = fn(&Map<String, Value>) -> Result<Params, Vec<ParamError>>;

/// A kind that only says what it is.
pub struct Double {
    name: &'static str,
    format: u32,
    ports: &'static [Port],
    outputs: &'static [&'static TableSchema],
    parse: Parse,
    schema: fn() -> schemars::Schema,
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct ExtractParams {
    /// `auto`, or names of languages.
    languages: Languages,
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged, expecting = "`auto` or a list of names is expected")]
enum Languages {
    Word(String),
    List(Vec<String>),
}

impl Default for ExtractParams {
    fn default() -> Self {
        Self { languages: Languages::Word("auto".into()) }
    }
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct ChunkParams {
    /// Most characters of a chunk.
    max_chars: u32,
}

impl Default for ChunkParams {
    fn default() -> Self {
        Self { max_chars: 2400 }
    }
}

#[derive(Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
struct IndexParams {
    postings: bool,
}

impl Default for IndexParams {
    fn default() -> Self {
        Self { postings: true }
    }
}

const fn port(name: &'static str, tables: &'static [&'static str]) -> Port {
    Port { name, doc: "", tables, required: true }
}

pub static EXTRACT: Double = Double {
    name: "extract",
    format: 1,
    ports: &[],
    outputs: &[&FILES, &OUTLINE],
    parse: Params::parse::<ExtractParams>,
    schema: || schemars::schema_for!(ExtractParams),
};

pub static CHUNK: Double = CHUNK_BODY;

pub static INDEX: Double = Double {
    name: "index",
    format: 1,
    ports: &[
        port("chunks", &["chunks"]),
        Port { name: "outline", doc: "", tables: &["files", "outline"], required: false },
    ],
    outputs: &[&POSTINGS, &CHUNK_STATS],
    parse: Params::parse::<IndexParams>,
    schema: || schemars::schema_for!(IndexParams),
};

/// The same as [`CHUNK`] but for its format.
pub static CHUNK_2: Double = Double { format: 2, ..CHUNK_BODY };

const CHUNK_BODY: Double = Double {
    name: "chunk",
    format: 1,
    ports: &[port("outline", &["files", "outline"])],
    outputs: &[&CHUNKS, &SYMBOLS],
    parse: Params::parse::<ChunkParams>,
    schema: || schemars::schema_for!(ChunkParams),
};

/// Takes chunks on both of its ports, and gives chunks.
pub static JOIN: Double = Double {
    name: "join",
    format: 1,
    ports: &[port("left", &["chunks"]), Port { name: "right", doc: "", tables: &["chunks"], required: false }],
    outputs: &[&CHUNKS],
    parse: Params::parse::<ChunkParams>,
    schema: || schemars::schema_for!(ChunkParams),
};

pub static DOUBLES: &[&dyn Kind] = &[&EXTRACT, &CHUNK, &INDEX, &JOIN];

impl Kind for Double {
    fn name(&self) -> &'static str {
        self.name
    }

    fn summary(&self) -> &'static str {
        "a double"
    }

    fn format(&self) -> u32 {
        self.format
    }

    fn ports(&self) -> &'static [Port] {
        self.ports
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        self.outputs
    }

    fn param_schema(&self) -> schemars::Schema {
        (self.schema)()
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        (self.parse)(given)
    }

    fn needs_bytes(&self) -> bool {
        self.ports.is_empty()
    }

    fn per_file(&self) -> bool {
        self.outputs.iter().all(|table| table.sort.first() == Some(&"path"))
    }

    fn run(&self, _: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        Err(NodeError::Input { what: "a double does no work".into() })
    }
}
