//! What a kind is: the contract between a node's room and the engine.
//!
//! A kind is a pure function. Its output depends on the task alone: no clock, environment, host, path of this
//! machine, thread or hash order. Equal tasks give equal batches, so equal action keys mean equal artifacts.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::given;
use super::resolution::{References, Resolution};
use super::sandbox::Sandbox;
use crate::base::suggest::nearest;
use crate::base::{Cancel, Digest, Limits, Mode, RelPath, SkipReason};
use crate::table::{Batch, TableSchema};

/// A named input of a kind and the tables that it takes from the node on the other side.
#[derive(Clone, Copy, Debug)]
pub struct Port {
    pub name: &'static str,
    pub doc: &'static str,
    /// The upstream node must write all of these; the task hands over exactly these.
    pub tables: &'static [&'static str],
    pub required: bool,
}

/// A file's content as far as a node sees it.
#[derive(Clone, Debug)]
pub enum Content {
    /// The bytes; they hash to the digest.
    Bytes(Digest, Arc<[u8]>),
    /// Read and hashed, but not handed over because the kind asked for no bytes.
    Hash(Digest),
    /// Not read.
    Withheld(SkipReason),
}

/// One file of a task.
#[derive(Clone, Debug)]
pub struct FileSlot {
    pub path: RelPath,
    pub size: u64,
    pub content: Content,
    /// Language name as in the source layer's table.
    pub language: Option<Arc<str>>,
    pub mode: Mode,
    /// `source`, `test` …, by path rules.
    pub role: Arc<str>,
}

/// A kind's parameters, checked: the typed value, and the canonical JSON (defaults filled in) that enters keys.
#[derive(Clone)]
pub struct Params {
    canonical: Value,
    typed: Arc<dyn Any + Send + Sync>,
}

impl Params {
    /// `P` must serialize every output-affecting parameter, defaults included, and nothing else.
    pub fn new<P: serde::Serialize + Any + Send + Sync>(typed: P) -> Result<Self, ParamError> {
        match serde_json::to_value(&typed) {
            Ok(canonical) => Ok(Self { canonical, typed: Arc::new(typed) }),
            Err(error) => Err(ParamError::of("", format!("the parameters have no form in JSON: {error}"))),
        }
    }

    /// Checks `given` against `P`, reporting every unknown key and every bad value at once. `P` takes its defaults
    /// where a key is missing (`#[serde(default)]`); the kind's own checks speak through `serde::de::Error::custom`.
    pub fn parse<P>(given: &Map<String, Value>) -> Result<Self, Vec<ParamError>>
    where
        P: serde::Serialize + serde::de::DeserializeOwned + Default + Any + Send + Sync,
    {
        let known: Vec<String> = match serde_json::to_value(P::default()) {
            Ok(Value::Object(map)) => map.keys().cloned().collect(),
            _ => Vec::new(),
        };
        let mut errors = Vec::new();
        for (key, value) in given {
            if !known.contains(key) {
                errors.push(ParamError::unknown(key, &known));
                continue;
            }
            let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
            if let Err(wrong) = given::read::<P>(alone) {
                errors.push(ParamError::of(key, wrong.to_string()));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        match given::read::<P>(Value::Object(given.clone())) {
            Ok(typed) => Self::new(typed).map_err(|error| vec![error]),
            Err(wrong) => Err(vec![ParamError::of("", wrong.to_string())]),
        }
    }

    pub fn canonical(&self) -> &Value {
        &self.canonical
    }

    /// The typed parameters; `None` only when asked for another kind's type.
    pub fn get<P: Any>(&self) -> Option<&P> {
        self.typed.downcast_ref()
    }
}

impl fmt::Debug for Params {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.canonical, f)
    }
}

/// One mistake in a node's `with:`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamError {
    /// The key under `with:`; empty for the mapping as a whole.
    pub key: String,
    pub message: String,
    pub suggestion: Option<String>,
    /// The parameters that there are, where the key is unknown.
    pub known: Vec<String>,
}

impl ParamError {
    /// A value that the kind does not take.
    pub fn of(key: &str, message: String) -> Self {
        Self { key: key.to_owned(), message, suggestion: None, known: Vec::new() }
    }

    /// A key that is none of `known`.
    pub fn unknown(key: &str, known: &[String]) -> Self {
        let suggestion = nearest(key, known.iter().map(String::as_str)).map(str::to_owned);
        Self { suggestion, known: known.to_vec(), ..Self::of(key, format!("unknown parameter `{key}`")) }
    }
}

/// Work on one shard.
#[derive(Debug)]
pub struct Task<'a> {
    pub params: &'a Params,
    pub limits: &'a Limits,
    /// Sorted by path; all of one mode. For a `per_file` kind these may be only the changed files of a shard.
    pub files: &'a [FileSlot],
    /// For each port, the upstream batches for exactly these files.
    pub inputs: &'a BTreeMap<&'static str, Vec<Batch>>,
    /// What the files refer to, for a kind that resolves.
    pub references: Option<&'a References>,
    /// Where files are read that are not to be trusted; at home, where there is none.
    pub sandbox: Option<&'a dyn Sandbox>,
    pub cancel: &'a Cancel,
}

impl Task<'_> {
    /// The batch of `table` that came in through `port`.
    pub fn input(&self, port: &str, table: &str) -> Option<&Batch> {
        self.inputs.get(port)?.iter().find(|b| b.schema().name == table)
    }
}

/// Work on one segment: what [`Kind::run`] made of each of its shards, in order.
#[derive(Debug)]
pub struct MergeTask<'a> {
    pub params: &'a Params,
    /// Per shard, its batches.
    pub shards: &'a [Vec<Batch>],
    pub cancel: &'a Cancel,
}

/// One table that an action made.
#[derive(Clone, Debug)]
pub struct Output {
    pub batch: Batch,
    /// Integer totals that readers want without opening the artifact, by name.
    pub stats: BTreeMap<String, u64>,
}

impl Output {
    pub fn new(batch: Batch) -> Self {
        Self { batch, stats: BTreeMap::new() }
    }
}

/// Why an action gave nothing. Trouble with one file is never this: it costs that file one row.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum NodeError {
    #[error("cancelled")]
    #[diagnostic(code(sawmill::node::cancelled), help("run the command again: what was finished is reused"))]
    Cancelled,
    /// The action's input tables do not hold together: a bug of ours or damage that verification missed.
    #[error("{what}")]
    #[diagnostic(code(sawmill::node::input), help("run `sawmill build` again; if it says the same, please report it"))]
    Input { what: String },
    /// No process can be started that reads files: the machine's trouble, no file's.
    #[error("no worker process can be started")]
    #[diagnostic(
        code(sawmill::worker::unavailable),
        help("is the number of processes or the memory limited here? `--in-process` reads files without workers")
    )]
    Sandbox(#[source] std::io::Error),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Table(#[from] crate::table::TableError),
}

impl From<crate::base::cancel::Cancelled> for NodeError {
    fn from(_: crate::base::cancel::Cancelled) -> Self {
        Self::Cancelled
    }
}

/// A node kind.
pub trait Kind: Send + Sync {
    /// The word in YAML; also the name of the kind's folder.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn summary(&self) -> &'static str;

    /// Rises whenever equal tasks could give other bytes.
    fn format(&self) -> u32;

    fn ports(&self) -> &'static [Port];

    /// Tables that [`run`](Self::run) writes for each shard, always all of them, in this order.
    fn outputs(&self) -> &'static [&'static TableSchema];

    /// Tables that [`merge`](Self::merge) writes for each segment. Empty: the kind has no merge.
    fn merged(&self) -> &'static [&'static TableSchema] {
        &[]
    }

    /// Tables that [`run`](Self::run) makes in place of [`outputs`](Self::outputs) and hands to
    /// [`merge`](Self::merge): a step on the way that is not kept, because [`split`](Self::split) takes it out of
    /// the merged tables again. A kind that has them has no `outputs`, is not `per_file`, and does not read bytes.
    fn partial(&self) -> &'static [&'static TableSchema] {
        &[]
    }

    /// JSON Schema of the parameters.
    fn param_schema(&self) -> schemars::Schema;

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>>;

    /// Does the kind need the files' bytes? If not, its keys hold the artifacts of its ports and nothing of the files:
    /// what it wants to know of a file it takes from the table `files`, not from [`Task::files`].
    fn needs_bytes(&self) -> bool;

    /// Do the rows of a file depend on that file alone? Then the rows of unchanged files in a changed shard are
    /// reused; every output table must be sorted by `path` first.
    fn per_file(&self) -> bool;

    /// What besides the files decides the rows of a file in `language`: grammar version, queries, word lists.
    /// Zero where nothing does.
    fn definition_digest(&self, language: Option<&str>) -> Digest {
        let _ = language;
        Digest([0; 32])
    }

    /// What besides formats two repositories must have in common, so that search can sum their frequencies and lengths
    /// in `mode`: parameter → short text. It is written into manifests and enters no key of an action.
    fn cohort(&self, params: &Params, mode: Mode) -> BTreeMap<&'static str, String> {
        let _ = (params, mode);
        BTreeMap::new()
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError>;

    /// The other side of [`Task::sandbox`]: what a worker answers to what [`run`](Self::run) asked there. `Err` says, in
    /// words for people, why it cannot.
    fn answer(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        let _ = body;
        Err(format!("kind `{}` asks nothing of workers", self.name()))
    }

    /// Integer totals of one of this kind's output tables, for [`Output::stats`]. For a `per_file` kind the engine
    /// asks for them once the rows of unchanged files are in place; other kinds may fill `stats` themselves.
    fn totals(&self, batch: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
        let _ = batch;
        Ok(BTreeMap::new())
    }

    /// References between the tables of one action that must hold before they are stored: those of a shard after
    /// the rows of unchanged files were put in place (`inputs` as [`run`](Self::run) had them, which for a
    /// `per_file` kind may be those of the changed files only), or those of a merge (no `inputs`).
    fn check(&self, inputs: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        let _ = (inputs, made);
        Ok(())
    }

    /// Combines the shards of a segment.
    fn merge(&self, task: &MergeTask<'_>) -> Result<Vec<Output>, NodeError> {
        let _ = task;
        Err(NodeError::Input { what: format!("kind `{}` has no merge", self.name()) })
    }

    /// Tables that the [`resolution`](Self::resolution) writes for each shard.
    fn resolved(&self) -> &'static [&'static TableSchema] {
        &[]
    }

    /// The part of the kind that looks across shards, with these parameters and with `ports` fed. A kind that has one
    /// writes `definitions` and `mentions` for each segment.
    fn resolution(&self, params: &Params, ports: &[&str]) -> Option<&'static dyn Resolution> {
        let _ = (params, ports);
        None
    }

    /// Undoes [`merge`](Self::merge): from the merged tables of a segment of `shards` shards the
    /// [`partial`](Self::partial) tables of each, row for row.
    fn split(&self, merged: &[Batch], shards: usize) -> Result<Vec<Vec<Batch>>, NodeError> {
        let _ = (merged, shards);
        Err(NodeError::Input { what: format!("kind `{}` has nothing to split", self.name()) })
    }
}

impl fmt::Debug for dyn Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name(), self.format())
    }
}
