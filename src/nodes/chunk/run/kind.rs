//! The kind: a task's files one after the other.

use std::collections::BTreeMap;
use std::ops::Range;

use arrow::array::{Array, StringArray, UInt32Array};
use serde_json::{Map, Value};

use super::cut::cut;
use super::outline::{Columns, Tree};
use super::references;
use super::region::Sizes;
use super::rows::rows;
use super::symbols::symbols;
use super::text::{Coding, Text};
use crate::base::Mode;
use crate::nodes::chunk::params::ChunkParams;
use crate::nodes::chunk::schema::{CHUNK_ID, EXTRACTED_ROWS, FORMAT, OUTPUTS};
use crate::nodes::{Content, FileSlot, Kind, NodeError, Output, ParamError, Params, Port, Task};
use crate::table::schema::{CHUNKS, ChunkRow, SymbolRow};
use crate::table::{Batch, TableSchema};

/// Cuts files into chunks.
pub struct Chunk;

/// The kind `chunk`.
pub static KIND: Chunk = Chunk;

static PORTS: &[Port] = &[Port {
    name: "outline",
    doc: "What the files hold: a node of kind `extract`.",
    tables: &["files", "outline"],
    required: true,
}];

impl Kind for Chunk {
    fn name(&self) -> &'static str {
        "chunk"
    }

    fn summary(&self) -> &'static str {
        "Cuts files into pieces along their definitions and sections"
    }

    fn format(&self) -> u32 {
        FORMAT
    }

    fn ports(&self) -> &'static [Port] {
        PORTS
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        OUTPUTS
    }

    fn param_schema(&self) -> schemars::Schema {
        schemars::schema_for!(ChunkParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<ChunkParams>(given)
    }

    fn needs_bytes(&self) -> bool {
        true
    }

    fn per_file(&self) -> bool {
        true
    }

    fn cohort(&self, _params: &Params, _mode: Mode) -> BTreeMap<&'static str, String> {
        BTreeMap::from([("chunk_id", CHUNK_ID.to_owned())])
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let missing = |what: &str| NodeError::Input { what: format!("chunk was not given {what}") };
        let params: &ChunkParams = task.params.get().ok_or_else(|| missing("its parameters"))?;
        let files = task.input("outline", "files").ok_or_else(|| missing("the table `files`"))?;
        let outline = task.input("outline", "outline").ok_or_else(|| missing("the table `outline`"))?;
        let (paths, encodings) = (files.column::<StringArray>("path")?, files.column::<StringArray>("encoding")?);
        let columns = Columns::new(outline)?;
        let (mut chunks, mut found) = (Vec::new(), Vec::new());
        for file in task.files {
            task.cancel.check()?;
            let Content::Bytes(_, bytes) = &file.content else { continue };
            let path = file.path.text();
            let row = rows_of(paths, path).next().ok_or_else(|| missing(&format!("the `files` row of `{path}`")))?;
            let encoding = encodings.value(row);
            // Withheld by extraction, or no text.
            if encoding.is_empty() || encoding == "binary" {
                continue;
            }
            let coding = Coding::named(encoding);
            let rows = rows_of(columns.path, path);
            let zones = columns.zones(rows.clone(), bytes.len() as u32, coding);
            let text = Text::new(bytes, coding, &zones.borders());
            let tree = Tree::new(&columns, rows, &text, zones);
            file_rows(file, params, &text, &tree, &mut chunks, &mut found);
        }
        outputs(&chunks, &found)
    }

    /// Every symbol and every parent is a chunk of the same file.
    fn check(&self, _: &BTreeMap<&'static str, Vec<Batch>>, made: &[Output]) -> Result<(), NodeError> {
        let [chunks, symbols] = made else { return Ok(()) };
        references::check(&chunks.batch, &symbols.batch)
    }

    /// `chunks`: `tokens`, `text_bytes` of the original files, [`EXTRACTED_ROWS`].
    fn totals(&self, batch: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
        if batch.schema().name != CHUNKS.name {
            return Ok(BTreeMap::new());
        }
        let sum = |column| -> Result<u64, NodeError> {
            Ok(batch.column::<UInt32Array>(column)?.values().iter().map(|n| u64::from(*n)).sum())
        };
        let text_bytes = sum("end_byte")?.saturating_sub(sum("start_byte")?);
        let mut totals = BTreeMap::from([("tokens".to_owned(), sum("tokens")?), ("text_bytes".to_owned(), text_bytes)]);
        let extracted = Some(Mode::ExtractedProse.name());
        let rows = batch.column::<StringArray>("mode")?.iter().filter(|mode| *mode == extracted).count();
        if rows > 0 {
            totals.insert(EXTRACTED_ROWS.to_owned(), rows as u64);
        }
        Ok(totals)
    }
}

fn file_rows(
    file: &FileSlot,
    params: &ChunkParams,
    text: &Text<'_>,
    tree: &Tree<'_>,
    chunks: &mut Vec<ChunkRow>,
    found: &mut Vec<SymbolRow>,
) {
    let prose = (params.extracted_prose && file.mode == Mode::Code).then_some(params.min_chars / 4);
    let sizes = Sizes { max: params.max_chars, min: params.min_chars, group_all: file.mode == Mode::Records, prose };
    let pieces = cut(text, tree, sizes);
    let first = chunks.len();
    rows(file, text, tree, &pieces, chunks);
    symbols(file, text, tree, chunks.get(first..).unwrap_or_default(), found);
}

fn outputs(chunks: &[ChunkRow], found: &[SymbolRow]) -> Result<Vec<Output>, NodeError> {
    Ok(vec![Output::new(Batch::of(chunks)?), Output::new(Batch::of(found)?)])
}

/// The rows of `path` in a column that is sorted.
fn rows_of(paths: &StringArray, path: &str) -> Range<usize> {
    let bound = |before: &dyn Fn(&str) -> bool| {
        let (mut low, mut high) = (0, paths.len());
        while low < high {
            let middle = low.midpoint(high);
            if before(paths.value(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    };
    bound(&|p| p < path)..bound(&|p| p <= path)
}
