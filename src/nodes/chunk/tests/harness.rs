//! Makes tasks from sources and sketches of outlines, and runs the kind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Cancel, Digest, Limits, Mode, RelPath};
use crate::nodes::chunk::{ChunkParams, KIND};
use crate::nodes::{Content, FileSlot, Kind, Params, Task};
use crate::table::schema::{ChunkRow, FileRow, OutlineRow, SymbolRow};
use crate::table::{Batch, validate};

/// One file of a test.
pub(super) struct File {
    pub path: String,
    pub mode: Mode,
    pub language: Option<&'static str>,
    pub encoding: &'static str,
    pub bytes: Vec<u8>,
    pub outline: Vec<OutlineRow>,
}

impl File {
    pub(super) fn code(source: &str, sketch: &str) -> Self {
        Self {
            path: "src/a.rs".into(),
            mode: Mode::Code,
            language: Some("rust"),
            encoding: "utf-8",
            bytes: source.as_bytes().to_vec(),
            outline: outline("src/a.rs", source.as_bytes(), sketch),
        }
    }

    pub(super) fn plain(bytes: impl Into<Vec<u8>>, encoding: &'static str) -> Self {
        Self {
            path: "notes.txt".into(),
            mode: Mode::Prose,
            language: None,
            encoding,
            bytes: bytes.into(),
            outline: Vec::new(),
        }
    }

    pub(super) fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }
}

/// Outline rows from a sketch. Each line is `kind name first-last`, lines of the source counted from 1, indented by two
/// spaces under what encloses it; then `doc a-b`, `body n`, and for sections `h1` … as the kind. `region` names a language
/// and goes to the end of its last line's line end; `comment` has any word for a name.
pub(super) fn outline(path: &str, source: &[u8], sketch: &str) -> Vec<OutlineRow> {
    let mut starts: Vec<u32> = vec![0];
    starts.extend(source.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at as u32 + 1));
    let start = |line: usize| starts[line - 1];
    let end = |line: usize| starts.get(line).map_or(source.len() as u32, |next| next - 1).min(source.len() as u32);
    let mut rows: Vec<OutlineRow> = Vec::new();
    let mut open: Vec<(usize, String)> = Vec::new();
    for line in sketch.lines().filter(|l| !l.trim().is_empty()) {
        let depth = (line.len() - line.trim_start().len()) / 2;
        let words: Vec<&str> = line.split_whitespace().collect();
        let range = |text: &str| {
            let (a, b) = text.split_once('-').unwrap_or((text, text));
            (a.parse::<usize>().unwrap(), b.parse::<usize>().unwrap())
        };
        let (first, last) = range(words[2]);
        let after = |word: &str| words.iter().position(|w| *w == word).map(|at| range(words[at + 1]));
        let heading = words[0].starts_with('h') && words[0].len() == 2;
        let fence = words[0] == "fence";
        let region = words[0] == "region";
        let role = match words[0] {
            "region" => "region",
            "comment" => "comment",
            "call" | "import" => "reference",
            _ if heading || fence => "section",
            _ => "definition",
        };
        open.truncate(depth);
        let separator = if heading { " > " } else { "::" };
        let above = open.last().map(|(_, name)| format!("{name}{separator}")).unwrap_or_default();
        let qualified = if region || role == "comment" { String::new() } else { format!("{above}{}", words[1]) };
        let around = open.last().and_then(|(row, _)| rows.get(*row));
        let numbered = rows.iter().filter(|row| row.role == "region").count() as u32 + 1;
        let place = around.map_or((0, None), |row| (row.region, row.language.clone()));
        let place = if region { (numbered, Some(words[1].to_owned())) } else { place };
        let signature = if heading { words[0].to_owned() } else { format!("{} {}", words[0], words[1]) };
        rows.push(OutlineRow {
            path: path.into(),
            ordinal: rows.len() as u32,
            role: role.into(),
            kind: if heading { "section".into() } else { words[0].into() },
            name: if region || role == "comment" { String::new() } else { words[1].into() },
            qualified_name: qualified.clone(),
            signature,
            doc_start: after("doc").map(|(a, _)| start(a)),
            doc_end: after("doc").map(|(_, b)| end(b)),
            start_byte: start(first),
            end_byte: if region { source.len().min(end(last) as usize + 1) as u32 } else { end(last) },
            region: place.0,
            language: place.1,
            body_start: after("body").map(|(a, _)| start(a)),
            parent: open.last().map(|(row, _)| *row as u32),
            ..OutlineRow::default()
        });
        open.push((rows.len() - 1, qualified));
    }
    rows
}

pub(super) fn params(max_chars: u32, min_chars: u32) -> Params {
    Params::new(ChunkParams { max_chars, min_chars, ..ChunkParams::default() }).unwrap()
}

/// As [`params`], with comments as rows of their own.
pub(super) fn params_with_prose(max_chars: u32, min_chars: u32) -> Params {
    Params::new(ChunkParams { max_chars, min_chars, extracted_prose: true }).unwrap()
}

/// Runs the kind; checks that the rows are valid and tile the file.
pub(super) fn run_with(file: &File, params: &Params) -> (Vec<ChunkRow>, Vec<SymbolRow>) {
    let row = FileRow {
        path: file.path.clone(),
        encoding: file.encoding.into(),
        mode: file.mode.name().into(),
        ..FileRow::default()
    };
    let inputs = BTreeMap::from([("outline", vec![Batch::of(&[row]).unwrap(), Batch::of(&file.outline).unwrap()])]);
    let slot = FileSlot {
        path: RelPath::new(&file.path).unwrap(),
        size: file.bytes.len() as u64,
        content: Content::Bytes(Digest::of(&file.bytes), file.bytes.as_slice().into()),
        language: file.language.map(Arc::from),
        mode: file.mode,
        role: "source".into(),
    };
    let task = Task {
        params,
        limits: &Limits::default(),
        files: &[slot],
        inputs: &inputs,
        references: None,
        sandbox: None,
        cancel: &Cancel::new(),
    };
    let outputs = KIND.run(&task).unwrap();
    for output in &outputs {
        validate(&output.batch).unwrap();
    }
    let chunks: Vec<ChunkRow> = outputs[0].batch.rows().unwrap();
    if !chunks.is_empty() {
        assert_eq!(joined(&chunks), file.bytes, "the chunks put together are the file");
    }
    (chunks, outputs[1].batch.rows().unwrap())
}

pub(super) fn run(file: &File) -> (Vec<ChunkRow>, Vec<SymbolRow>) {
    run_with(file, &Params::new(ChunkParams::default()).unwrap())
}

/// As [`run`], with limits so low that functions of a few lines stand alone.
pub(super) fn run_fine(file: &File) -> (Vec<ChunkRow>, Vec<SymbolRow>) {
    run_with(file, &params(2400, 60))
}

pub(super) fn joined(chunks: &[ChunkRow]) -> Vec<u8> {
    chunks.iter().flat_map(|c| c.text_bytes.as_deref().unwrap_or(c.text.as_bytes()).iter().copied()).collect()
}

/// `kind name first-last` of each chunk.
pub(super) fn shapes(chunks: &[ChunkRow]) -> Vec<String> {
    let name = |c: &ChunkRow| if c.name.is_empty() { "-".to_owned() } else { c.name.clone() };
    chunks.iter().map(|c| format!("{} {} {}-{}", c.kind, name(c), c.start_line, c.end_line)).collect()
}
