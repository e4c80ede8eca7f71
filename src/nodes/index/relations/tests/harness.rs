//! A repository in memory: files → extract → chunk → references and definitions → relations.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Map;

use super::super::{definitions, references, resolve, wanted};
use crate::base::{Cancel, Digest, Limits, Mode, RelPath};
use crate::nodes::{Content, FileSlot, Kind, Names, References, Task, chunk, extract};
use crate::table::schema::{DefinitionRow, RelationRow};
use crate::table::{Batch, validate};

/// One file of a repository.
#[derive(Clone, Debug)]
pub(super) struct Source {
    pub path: String,
    pub language: Option<String>,
    pub text: String,
}

/// What became of a shard.
pub(super) struct Shard {
    pub references: References,
    pub definitions: Batch,
}

/// Runs a kind with its defaults.
fn run(kind: &dyn Kind, files: &[FileSlot], inputs: &BTreeMap<&'static str, Vec<Batch>>) -> Vec<Batch> {
    let params = kind.params(&Map::new()).unwrap();
    let (limits, cancel) = (Limits::default(), Cancel::new());
    let task =
        Task { params: &params, limits: &limits, files, inputs, references: None, sandbox: None, cancel: &cancel };
    kind.run(&task).unwrap().into_iter().map(|output| output.batch).collect()
}

/// The files as one shard.
pub(super) fn shard(sources: &[Source]) -> Shard {
    let mut sources = sources.to_vec();
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    let slots: Vec<FileSlot> = sources
        .iter()
        .map(|source| FileSlot {
            path: RelPath::new(&source.path).unwrap(),
            size: source.text.len() as u64,
            content: Content::Bytes(Digest::of(source.text.as_bytes()), source.text.as_bytes().into()),
            language: source.language.as_deref().map(Arc::from),
            mode: Mode::Code,
            role: "source".into(),
        })
        .collect();
    let outlined = run(&extract::KIND, &slots, &BTreeMap::new());
    let chunks = run(&chunk::KIND, &slots, &BTreeMap::from([("outline", outlined.clone())]));
    let cancel = Cancel::new();
    let references = references(&outlined[1], &chunks[0], &cancel).unwrap();
    let definitions = definitions(&outlined[0], &outlined[1], &chunks[0], Some(&references), &cancel).unwrap();
    validate(&definitions).unwrap();
    Shard { references, definitions }
}

/// The relations of a shard in a repository of `definitions`.
pub(super) fn relations(references: &References, definitions: &[Batch]) -> Vec<RelationRow> {
    let batch = resolve(references, &references.files, &Names::new(definitions).unwrap(), &Cancel::new()).unwrap();
    validate(&batch).unwrap();
    batch.rows().unwrap()
}

/// Of `definitions`, those of the names that `references` want.
pub(super) fn filtered(references: &References, definitions: &[DefinitionRow]) -> Vec<DefinitionRow> {
    let names = wanted(references, &references.files);
    assert!(names.is_sorted_by(|a, b| a < b), "the names are sorted, each once");
    definitions.iter().filter(|row| names.binary_search(&row.name).is_ok()).cloned().collect()
}
