//! A repository's definitions and mentions, by name.

use std::collections::BTreeSet;

use arrow::array::{Array, ListArray, StringArray, UInt32Array};

use super::node::{Node, Span, base, is_beneath, parent};
use super::related::Related;
use crate::base::parallel;
use crate::nodes::EXAMPLE;
use crate::query::error::QueryError;
use crate::table::schema::{DEFINITIONS, MENTIONS};
use crate::table::{TableReader, typed_column};

/// To ask for more names than this costs more than to read every shard.
pub const MOST_ASKED: usize = 8192;

/// Kinds of `definitions` that are no symbols.
const FILE: &str = "file";
const DIRECTORY: &str = "directory";
const NO_SYMBOLS: &[&str] = &[FILE, DIRECTORY, "import", "root"];

/// A row of `definitions` that is a symbol.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defined {
    pub path: String,
    pub qualified: String,
    pub kind: String,
    /// Of an example in a document.
    pub example: bool,
}

/// The shards of a segment, from 0, that mention one of `names`.
pub fn mentioned(reader: &TableReader, names: &[&str]) -> Result<BTreeSet<usize>, QueryError> {
    let records = reader.read_rows(&["name", "shards"], &reader.find_rows("name", names)?)?;
    let name: &StringArray = typed_column(&records, MENTIONS.name, "name")?;
    let lists: &ListArray = typed_column(&records, MENTIONS.name, "shards")?;
    let mut found = BTreeSet::new();
    for row in (0..name.len()).filter(|row| names.binary_search(&name.value(*row)).is_ok()) {
        let list = lists.value(row);
        if let Some(shards) = list.as_any().downcast_ref::<UInt32Array>() {
            found.extend(shards.values().iter().map(|shard| *shard as usize));
        }
    }
    Ok(found)
}

/// Columns of some rows of `definitions`.
struct Rows {
    name: StringArray,
    path: StringArray,
    kind: StringArray,
    qualified: StringArray,
    visibility: StringArray,
}

impl Rows {
    /// The rows of the pages that can have `names`.
    fn named(reader: &TableReader, names: &[&str]) -> Result<Self, QueryError> {
        Self::at(reader, &reader.find_rows("name", names)?)
    }

    fn at(reader: &TableReader, ranges: &[std::ops::Range<usize>]) -> Result<Self, QueryError> {
        let records = reader.read_rows(&["name", "path", "kind", "qualified_name", "visibility"], ranges)?;
        let text = |name: &str| typed_column::<StringArray>(&records, DEFINITIONS.name, name).cloned();
        Ok(Self {
            name: text("name")?,
            path: text("path")?,
            kind: text("kind")?,
            qualified: text("qualified_name")?,
            visibility: text("visibility")?,
        })
    }

    fn len(&self) -> usize {
        self.name.len()
    }
}

impl Related<'_> {
    /// Those of `paths` that are files.
    pub fn files_among(&self, paths: &BTreeSet<&str>) -> Result<BTreeSet<String>, QueryError> {
        let spans: Vec<Span> = paths.iter().map(|path| Span::file(path)).collect();
        let names: BTreeSet<String> = paths.iter().map(|path| format!("/{}", base(path))).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let segments = self.merged(&DEFINITIONS, Some(&spans))?;
        let read = parallel::map(self.threads, &segments, |(_, artifact)| {
            let rows = Rows::named(&*self.reader(artifact, &DEFINITIONS)?, &names)?;
            let is_wanted = |row: &usize| rows.kind.value(*row) == FILE && paths.contains(rows.path.value(*row));
            Ok((0..rows.len()).filter(is_wanted).map(|row| rows.path.value(row).to_owned()).collect())
        });
        let mut found = BTreeSet::new();
        for part in read {
            let part: Result<Vec<String>, QueryError> = part;
            found.extend(part?);
        }
        Ok(found)
    }

    /// Does a file lie beneath `directory`?
    pub fn is_directory(&self, directory: &str) -> Result<bool, QueryError> {
        let span = Span::beneath(directory);
        let ends = |path: &str| is_beneath(path, directory);
        if self.build.segments.iter().any(|segment| ends(&segment.first_path) || ends(&segment.last_path)) {
            return Ok(true);
        }
        for (_, artifact) in self.merged(&DEFINITIONS, Some(std::slice::from_ref(&span)))? {
            let reader = self.reader(&artifact, &DEFINITIONS)?;
            // Names of files and directories begin with `/`.
            let rows = Rows::at(&reader, &reader.find_span("name", "/", Some("0"))?)?;
            if (0..rows.len()).any(|row| rows.kind.value(row) == FILE && ends(rows.path.value(row))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The symbols that have one of `names`, sorted, each once.
    pub fn defined(&self, names: &[&str]) -> Result<Vec<Defined>, QueryError> {
        let segments = self.merged(&DEFINITIONS, None)?;
        let read = parallel::map(self.threads, &segments, |(_, artifact)| {
            let rows = Rows::named(&*self.reader(artifact, &DEFINITIONS)?, names)?;
            let is_wanted =
                |row: &usize| names.contains(&rows.name.value(*row)) && !NO_SYMBOLS.contains(&rows.kind.value(*row));
            let defined = |row: usize| Defined {
                path: rows.path.value(row).to_owned(),
                qualified: match rows.qualified.value(row) {
                    "" => rows.name.value(row).to_owned(),
                    qualified => qualified.to_owned(),
                },
                kind: rows.kind.value(row).to_owned(),
                example: rows.visibility.is_valid(row) && rows.visibility.value(row) == EXAMPLE,
            };
            Ok((0..rows.len()).filter(is_wanted).map(defined).collect())
        });
        let mut found: Vec<Defined> = Vec::new();
        for part in read {
            let part: Result<Vec<Defined>, QueryError> = part;
            found.extend(part?);
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// The names by which the files and directories among `nodes`, of which a directory is all that is beneath it,
    /// may be referred to.
    pub fn names_of(&self, nodes: &[&Node]) -> Result<BTreeSet<String>, QueryError> {
        let files: BTreeSet<&str> = nodes.iter().filter(|n| matches!(n, Node::File(_))).map(|n| n.path()).collect();
        let directories = || nodes.iter().filter(|n| matches!(n, Node::Directory(_))).map(|n| n.path());
        let spans: Vec<Span> = nodes.iter().filter(|n| n.symbol().is_none()).map(|n| n.span()).collect();
        let mut names: BTreeSet<String> = BTreeSet::new();
        // A file's own name stands among its definitions.
        names.extend(files.iter().filter_map(|path| parent(path)).map(|parent| format!("/{}/", base(parent))));
        names.extend(directories().map(|path| format!("/{}/", base(path))));
        if spans.is_empty() {
            return Ok(names);
        }
        let segments = self.merged(&DEFINITIONS, Some(&spans))?;
        let read = parallel::map(self.threads, &segments, |(_, artifact)| {
            let records = self.reader(artifact, &DEFINITIONS)?.read_columns(&["name", "path"])?;
            let name: &StringArray = typed_column(&records, DEFINITIONS.name, "name")?;
            let path: &StringArray = typed_column(&records, DEFINITIONS.name, "path")?;
            let is_theirs = |row: &usize| {
                let path = path.value(*row);
                files.contains(path) || directories().any(|directory| is_beneath(path, directory))
            };
            Ok((0..name.len()).filter(is_theirs).map(|row| name.value(row).to_owned()).collect())
        });
        for part in read {
            let part: Result<BTreeSet<String>, QueryError> = part;
            names.append(&mut part?);
        }
        Ok(names)
    }
}
