//! `todo`: remarks such as TODO and FIXME, each with its line and the definition that it stands in.
//!
//! A kind that works file by file: it reads bytes, and the table `symbols` where its port is fed.

use std::collections::BTreeMap;

use sawmill::base::{Digest, KeyHasher};
use sawmill::nodes::{Content, FileSlot, Kind, NodeError, Output, ParamError, Params, Port, Task};
use sawmill::table::{Batch, SymbolRow, TableSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

sawmill::table! {
    /// Remarks that say what is left to do.
    TodoRow as TODOS = "todos" format 1 sort ["path", "line", "word"] lookup false {
        /// Path inside the repository.
        path: String,
        /// Where the remark stands, 1-based.
        line: u32,
        /// Which of the words it is.
        word: String,
        /// What follows the word on its line, without blanks around it.
        text: String,
        /// Qualified name of the innermost definition around the line.
        owner: Option<String>,
    }
}

/// Which remarks are collected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TodoParams {
    /// Words that begin a remark, as they are written. Their order means nothing.
    #[serde(deserialize_with = "words")]
    #[schemars(length(min = 1))]
    pub words: Vec<String>,
    /// Most characters of a remark's text. From 1 to 10000.
    #[serde(deserialize_with = "max_chars")]
    #[schemars(range(min = 1, max = 10_000))]
    pub max_chars: u32,
}

impl Default for TodoParams {
    fn default() -> Self {
        Self { words: vec!["FIXME".into(), "TODO".into()], max_chars: 200 }
    }
}

/// Sorted, each once: two lists that mean the same have one action key.
fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let mut words = Vec::<String>::deserialize(from)?;
    let is_word = |word: &String| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    if let Some(bad) = words.iter().find(|word| !is_word(word)) {
        return Err(serde::de::Error::custom(format!("{bad:?} is no word of letters and digits")));
    }
    if words.is_empty() {
        return Err(serde::de::Error::custom("a remark begins with a word: name at least one"));
    }
    words.sort();
    words.dedup();
    Ok(words)
}

fn max_chars<'de, D: Deserializer<'de>>(from: D) -> Result<u32, D::Error> {
    let most = u32::deserialize(from)?;
    if (1..=10_000).contains(&most) {
        return Ok(most);
    }
    Err(serde::de::Error::custom(format!("{most} is not from 1 to 10000")))
}

/// What begins a comment, by language. In other languages a remark may stand anywhere.
const COMMENTS: &[(&str, &[&str])] = &[("rust", &["//", "/*"]), ("python", &["#"]), ("typescript", &["//", "/*"])];

fn comments(language: Option<&str>) -> &'static [&'static str] {
    COMMENTS.iter().find(|(name, _)| Some(*name) == language).map_or(&[], |(_, marks)| marks)
}

#[derive(Debug)]
pub struct Todo;

pub static TODO: Todo = Todo;

/// History: 1, the first.
const FORMAT: u32 = 1;

static PORTS: &[Port] =
    &[Port { name: "symbols", doc: "The definitions that own remarks.", tables: &["symbols"], required: false }];

static OUTPUTS: &[&TableSchema] = &[&TODOS];

impl Kind for Todo {
    fn name(&self) -> &'static str {
        "todo"
    }

    fn summary(&self) -> &'static str {
        "remarks that say what is left to do"
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
        schemars::schema_for!(TodoParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<TodoParams>(given)
    }

    fn needs_bytes(&self) -> bool {
        true
    }

    fn per_file(&self) -> bool {
        true
    }

    fn definition_digest(&self, language: Option<&str>) -> Digest {
        KeyHasher::new("todo.comments.v1").add(comments(language)).finish()
    }

    fn run(&self, task: &Task<'_>) -> Result<Vec<Output>, NodeError> {
        let Some(params) = task.params.get::<TodoParams>() else {
            return Err(NodeError::Input { what: "the parameters are those of another kind".into() });
        };
        let owners = match task.input("symbols", "symbols") {
            Some(symbols) => Owners::of(symbols)?,
            None => Owners::default(),
        };
        let mut rows = Vec::new();
        for file in task.files {
            task.cancel.check()?;
            remarks(file, params, &owners, &mut rows);
        }
        // Files come in the order of their paths; a line may hold several remarks.
        rows.sort_by(|a, b| (&a.path, a.line, &a.word).cmp(&(&b.path, b.line, &b.word)));
        Ok(vec![Output::new(Batch::of(&rows)?)])
    }

    fn totals(&self, batch: &Batch) -> Result<BTreeMap<String, u64>, NodeError> {
        let owned = batch.rows::<TodoRow>()?.iter().filter(|row| row.owner.is_some()).count();
        Ok(BTreeMap::from([("owned".to_owned(), owned as u64)]))
    }
}

/// Path → its definitions: first line, last line, qualified name.
#[derive(Default)]
struct Owners(BTreeMap<String, Vec<(u32, u32, String)>>);

impl Owners {
    fn of(symbols: &Batch) -> Result<Self, NodeError> {
        let mut by_path = BTreeMap::<_, Vec<_>>::new();
        for row in symbols.rows::<SymbolRow>()? {
            by_path.entry(row.path).or_default().push((row.start_line, row.end_line, row.qualified_name));
        }
        Ok(Self(by_path))
    }

    /// The innermost is the last one to begin.
    fn at(&self, path: &str, line: u32) -> Option<String> {
        let around = self.0.get(path)?.iter().filter(|(first, last, _)| (*first..=*last).contains(&line));
        around.max_by_key(|(first, last, _)| (*first, std::cmp::Reverse(*last))).map(|(_, _, name)| name.clone())
    }
}

fn remarks(file: &FileSlot, params: &TodoParams, owners: &Owners, rows: &mut Vec<TodoRow>) {
    // A file that was not read has no remarks; the table `files` says why it was not.
    let Content::Bytes(_, bytes) = &file.content else { return };
    let path = file.path.text();
    let marks = comments(file.language.as_deref());
    for (number, line) in (1..).zip(String::from_utf8_lossy(bytes).lines()) {
        let comment = if marks.is_empty() { Some(0) } else { marks.iter().filter_map(|mark| line.find(mark)).min() };
        let Some(remark) = comment.and_then(|at| line.get(at..)) else { continue };
        for word in &params.words {
            let Some(behind) = behind(remark, word) else { continue };
            rows.push(TodoRow {
                path: path.to_owned(),
                line: number,
                word: word.clone(),
                text: behind.trim().chars().take(params.max_chars as usize).collect(),
                owner: owners.at(path, number),
            });
        }
    }
}

/// What follows the first `word` of `line` that stands alone, without a colon.
fn behind<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let joined = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let mut found =
        line.match_indices(word).filter_map(|(at, _)| Some((line.get(..at)?, line.get(at + word.len()..)?)));
    let (_, behind) =
        found.find(|(before, behind)| !joined(before.chars().last()) && !joined(behind.chars().next()))?;
    Some(behind.strip_prefix(':').unwrap_or(behind))
}
