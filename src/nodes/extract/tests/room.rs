//! A task in memory, and its rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::base::{Cancel, Digest, Limits, Mode, RelPath};
use crate::nodes::extract::KIND;
use crate::nodes::{Accept, Content, Denied, FileSlot, Kind, NodeError, Output, Params, Question, Sandbox, Task};
use crate::table::schema::files::FileRow;
use crate::table::schema::outline::OutlineRow;

pub(super) fn slot(path: &str, language: Option<&str>, bytes: &[u8]) -> FileSlot {
    FileSlot {
        path: RelPath::new(path).unwrap(),
        size: bytes.len() as u64,
        content: Content::Bytes(Digest::of(bytes), Arc::from(bytes)),
        language: language.map(Arc::from),
        mode: Mode::Code,
        role: Arc::from("source"),
    }
}

pub(super) fn params(given: Value) -> Params {
    let Value::Object(given) = given else { panic!("parameters are a mapping") };
    KIND.params(&given).unwrap()
}

pub(super) fn run(params: &Params, limits: &Limits, files: &[FileSlot]) -> Result<Vec<Output>, NodeError> {
    let (inputs, cancel) = (BTreeMap::new(), Cancel::new());
    let task = |sandbox| Task { params, limits, files, inputs: &inputs, references: None, sandbox, cancel: &cancel };
    let home = KIND.run(&task(None))?;
    let apart = KIND.run(&task(Some(&Faithful)))?;
    for (home, apart) in home.iter().zip(&apart) {
        assert_eq!(home.batch.records(), apart.batch.records(), "a worker reads as home does");
    }
    Ok(home)
}

/// A worker that does its work.
struct Faithful;

impl Sandbox for Faithful {
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError> {
        accept(KIND.answer(question.body).unwrap()).unwrap();
        Ok(None)
    }
}

/// The rows of `files` with everything at its default.
pub(super) fn rows(files: &[FileSlot]) -> (Vec<FileRow>, Vec<OutlineRow>) {
    rows_within(&Limits::default(), files)
}

pub(super) fn rows_within(limits: &Limits, files: &[FileSlot]) -> (Vec<FileRow>, Vec<OutlineRow>) {
    let outputs = run(&params(Value::Object(Map::new())), limits, files).unwrap();
    let [files, outline] = outputs.as_slice() else { panic!("two tables") };
    (files.batch.rows().unwrap(), outline.batch.rows().unwrap())
}

/// The rows of one file.
pub(super) fn one(language: &str, text: &str) -> (FileRow, Vec<OutlineRow>) {
    let (mut files, outline) = rows(&[slot("file", Some(language), text.as_bytes())]);
    (files.remove(0), outline)
}

#[test]
fn unknown_languages_are_refused_with_a_suggestion() {
    let given = json!({ "languages": ["pyton"] });
    let errors = KIND.params(given.as_object().unwrap()).unwrap_err();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].message.contains("did you mean `python`?"), "{}", errors[0].message);
    let given = json!({ "langages": "auto" });
    let errors = KIND.params(given.as_object().unwrap()).unwrap_err();
    assert_eq!(errors[0].suggestion.as_deref(), Some("languages"));
}

#[test]
fn parameters_in_their_canonical_form_read_back_as_themselves() {
    for (given, canonical) in [
        (json!({}), json!({ "languages": "auto" })),
        (json!({ "languages": ["rust", "c", "rust"] }), json!({ "languages": ["c", "rust"] })),
    ] {
        assert_eq!(params(given).canonical(), &canonical);
        assert_eq!(params(canonical.clone()).canonical(), &canonical);
    }
}

#[test]
fn only_listed_languages_are_parsed() {
    let files = [slot("a.py", Some("python"), b"def f(): pass\n"), slot("b.rs", Some("rust"), b"fn f() {}\n")];
    let outputs = run(&params(json!({ "languages": ["rust"] })), &Limits::default(), &files).unwrap();
    let rows: Vec<FileRow> = outputs[0].batch.rows().unwrap();
    let told: Vec<_> = rows.iter().map(|r| (r.parse_status.as_str(), r.extractor.as_str())).collect();
    assert_eq!(told, [("unsupported", "plain@1"), ("ok", "tree-sitter@1")]);
    let outline: Vec<OutlineRow> = outputs[1].batch.rows().unwrap();
    assert!(outline.iter().all(|r| r.path == "b.rs") && !outline.is_empty());
}
