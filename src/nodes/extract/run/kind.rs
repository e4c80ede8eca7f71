//! The kind, as the engine sees it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use arrow::array::{StringArray, UInt32Array, UInt64Array};
use serde_json::{Map, Value};

use crate::base::{ContentHash, Digest, Mode};
use crate::nodes::extract::embed::CONTAINERS;
use crate::nodes::extract::languages::LANGUAGES;
use crate::nodes::extract::lines::{READERS, Reader};
use crate::nodes::extract::params::{ExtractParams, Languages};
use crate::nodes::extract::rules::Rules;
use crate::nodes::extract::schema::{FORMAT, OUTPUTS};
use crate::nodes::extract::walk::Columns;
use crate::nodes::extract::{digest, spec::LanguageSpec};
use crate::nodes::{Content, FileSlot, Kind, NodeError, Output, ParamError, Params, Port, Question, Task};
use crate::table::schema::files::{FILES, FileRow};
use crate::table::{Batch, TableSchema};

use super::parse::Parse;
use super::read::Answer;
use super::{apart, file, read};

/// The kind `extract`.
#[derive(Debug)]
pub struct Extract;

/// The kind `extract`.
pub static KIND: Extract = Extract;

impl Kind for Extract {
    fn name(&self) -> &'static str {
        "extract"
    }

    fn summary(&self) -> &'static str {
        "parses files: encoding, lines, parse health, definitions, sections and raw references"
    }

    fn format(&self) -> u32 {
        FORMAT
    }

    fn ports(&self) -> &'static [Port] {
        &[]
    }

    fn outputs(&self) -> &'static [&'static TableSchema] {
        OUTPUTS
    }

    fn param_schema(&self) -> schemars::Schema {
        schemars::schema_for!(ExtractParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<ExtractParams>(given)
    }

    fn needs_bytes(&self) -> bool {
        true
    }

    fn per_file(&self) -> bool {
        true
    }

    fn definition_digest(&self, language: Option<&str>) -> Digest {
        language.map_or(Digest([0; 32]), definition_digest)
    }

    fn cohort(&self, params: &Params, _mode: Mode) -> BTreeMap<&'static str, String> {
        let Some(params) = params.get::<ExtractParams>() else { return BTreeMap::new() };
        let definitions = match &params.languages {
            Languages::Auto => *everything(),
            Languages::Only(names) => {
                let parsed = names.iter().map(|name| (name, definition_digest(name))).collect::<BTreeMap<_, _>>();
                parsed.content_hash("sawmill.extract.some-languages.v1")
            }
        };
        BTreeMap::from([("languages", params.languages.to_string()), ("definitions", definitions.short())])
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let params = task
            .params
            .get::<ExtractParams>()
            .ok_or_else(|| NodeError::Input { what: "the parameters are not those of `extract`".to_owned() })?;
        let mut reader = Reading {
            params,
            task,
            parse: Parse::new(task.cancel),
            files: Vec::with_capacity(task.files.len()),
            outline: Columns::default(),
        };
        for slot in task.files {
            task.cancel.check()?;
            reader.file(slot)?;
        }
        // A parse that was cut short by cancellation must never pass for a parse error.
        task.cancel.check()?;
        Ok(vec![Output::new(Batch::of(&reader.files)?), Output::new(reader.outline.finish()?)])
    }

    fn answer(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        apart::answer(body)
    }

    /// `files`: files by parse status, `bytes`, `lines`.
    fn totals(&self, batch: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
        let mut totals = BTreeMap::new();
        if batch.schema().name != FILES.name {
            return Ok(totals);
        }
        let (bytes, lines) = (batch.column::<UInt64Array>("bytes")?, batch.column::<UInt32Array>("lines")?);
        for status in batch.column::<StringArray>("parse_status")?.iter().flatten() {
            *totals.entry(status.to_owned()).or_default() += 1;
        }
        totals.insert("bytes".to_owned(), bytes.values().iter().sum());
        totals.insert("lines".to_owned(), lines.values().iter().map(|n| u64::from(*n)).sum());
        Ok(totals)
    }
}

/// A task on its way.
struct Reading<'a> {
    params: &'a ExtractParams,
    task: &'a Task<'a>,
    parse: Parse<'a>,
    files: Vec<FileRow>,
    outline: Columns,
}

impl Reading<'_> {
    fn file(&mut self, slot: &FileSlot) -> Result<(), NodeError> {
        let (hash, bytes) = match &slot.content {
            Content::Bytes(hash, bytes) => (*hash, bytes),
            Content::Withheld(reason) => {
                self.files.push(file::withheld(slot, *reason));
                return Ok(());
            }
            Content::Hash(_) => {
                return Err(NodeError::Input { what: format!("the bytes of {} were not handed over", slot.path) });
            }
        };
        let languages = &self.params.languages;
        let syntax = |name: &str| languages.contains(name).then(|| syntax_of(name)).flatten();
        let (mut row, own) = file::row(slot, hash, bytes, &syntax, self.task.limits);
        let outline = &mut self.outline;
        match (own, self.task.sandbox) {
            (None, _) => {}
            (Some(own), None) => {
                read::read(bytes, slot.path.text().len(), own, &syntax, self.task.limits, &mut self.parse, |told| {
                    take(&mut row, outline, told);
                });
            }
            (Some(own), Some(sandbox)) => {
                let language = slot.language.as_deref().unwrap_or_default();
                let body = apart::request(language, slot.path.text().len(), languages, self.task.limits, bytes)
                    .map_err(|what| NodeError::Input { what })?;
                let question = Question { content: &hash, language: Some(language), body: &body };
                let lines = row.lines;
                let denied = sandbox.ask(&question, &mut |answer| {
                    take(&mut row, outline, apart::believed(&answer, own, bytes.len(), lines)?);
                    Ok(())
                })?;
                if let Some(denied) = denied {
                    file::denied(&mut row, denied);
                }
            }
        }
        self.files.push(row);
        Ok(())
    }
}

/// Puts what a text told into its row and its rows.
fn take(row: &mut FileRow, outline: &mut Columns, told: Result<Answer<'_>, String>) {
    file::told(row, &told);
    if let Ok(answer) = told {
        outline.add(&row.path, answer.outline);
    }
}

/// How a language is read.
#[derive(Clone, Copy)]
pub(in crate::nodes::extract) enum Syntax {
    /// By its grammar's tree.
    Tree(&'static Rules),
    /// By lines.
    Lines(&'static Reader),
}

pub(super) fn syntax_of(name: &str) -> Option<Syntax> {
    let reader = || READERS.iter().find(|reader| reader.name == name).map(|reader| Syntax::Lines(reader));
    rules_of(name).map(Syntax::Tree).or_else(reader)
}

/// Of a language alone; for a container over all languages, since it may hold any of them.
fn definition_digest(name: &str) -> Digest {
    let own = declared(name).map(|(_, spec)| digest::of(spec));
    let reader = READERS.iter().find(|reader| reader.name == name).map(|reader| digest::of_reader(reader));
    let Some(own) = own.or(reader) else { return Digest([0; 32]) };
    if !CONTAINERS.contains(&name) {
        return own;
    }
    digest::of_container(&own, everything())
}

/// Over all languages.
fn everything() -> &'static Digest {
    static ALL: OnceLock<Digest> = OnceLock::new();
    ALL.get_or_init(|| digest::of_all(&LANGUAGES, &READERS))
}

fn declared(name: &str) -> Option<(usize, &'static LanguageSpec)> {
    LANGUAGES.iter().copied().enumerate().find(|(_, spec)| spec.name == name)
}

/// The compiled declaration of a language, if it is one that is parsed.
pub(in crate::nodes::extract) fn rules_of(name: &str) -> Option<&'static Rules> {
    static COMPILED: [OnceLock<Rules>; LANGUAGES.len()] = [const { OnceLock::new() }; LANGUAGES.len()];
    let (at, spec) = declared(name)?;
    Some(COMPILED.get(at)?.get_or_init(|| Rules::compile(spec)))
}
