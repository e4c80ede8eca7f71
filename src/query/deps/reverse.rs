//! What depends on the nodes of a level.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};

use super::node::{Node, is_beneath, is_member, last_names, last_written, parent, stands_for};
use super::related::{Related, ShardPieces};
use super::rows::{RelationRows, RelationView, Target, joined};
use super::symbols::FileSymbols;
use super::tally::{Asked, Found, merged};
use crate::base::parallel;
use crate::nodes::Relation;
use crate::query::error::QueryError;
use crate::table::schema::{RELATIONS, SYMBOLS};
use crate::table::{TableReader, typed_column};

/// A part of the level from one shard, and the symbols of the files that it came by.
type Part = (Vec<Found>, Vec<(String, FileSymbols)>);

/// The edges to each of `frontier`, by their other ends; a directory is everything beneath it. Of the level's symbols
/// the files are among `symbols`, to which those of the other ends are added.
pub fn level(
    related: &Related<'_>,
    frontier: &[Node],
    symbols: &mut BTreeMap<String, FileSymbols>,
    asked: Asked<'_>,
) -> Result<Vec<Found>, QueryError> {
    let sought = Sought::new(frontier, symbols);
    let mut names = related.names_of(&frontier.iter().collect::<Vec<_>>())?;
    names.extend(sought.names.keys().cloned());
    names.extend(sought.members.iter().cloned());
    let shards = related.mentioning(&names)?;
    let read = parallel::map(related.threads, &shards, |shard| part(related, shard, frontier.len(), &sought, asked));
    drop(sought);
    let mut parts = Vec::new();
    for part in read {
        let (found, of_files) = part?;
        parts.push(found);
        symbols.extend(of_files);
    }
    Ok(merged(frontier.len(), parts))
}

fn part(
    related: &Related<'_>,
    shard: &ShardPieces<'_>,
    nodes: usize,
    sought: &Sought<'_>,
    asked: Asked<'_>,
) -> Result<Part, QueryError> {
    let mut found = vec![Found::default(); nodes];
    let reader = related.reader(&shard.relations, &RELATIONS)?;
    let rows = RelationRows::at(&reader, &sought.rows(&reader)?)?;
    let mut wanted: Vec<(RelationView<'_>, Vec<usize>)> = Vec::new();
    for row in rows.iter() {
        let row = row?;
        if asked.counts(row.relation) {
            wanted.push((row, sought.of(&row)));
        }
    }
    wanted.retain(|(_, nodes)| !nodes.is_empty());
    let mut of_files: Vec<(String, FileSymbols)> = Vec::new();
    if sought.is_of_symbols()
        && let Some(artifact) = &shard.symbols
    {
        let paths: BTreeSet<&str> = wanted.iter().map(|(row, _)| row.path).collect();
        let paths: Vec<&str> = paths.into_iter().collect();
        of_files = FileSymbols::read(&*related.reader(artifact, &SYMBOLS)?, &paths)?;
    }
    for (row, nodes) in wanted {
        let known = of_files.binary_search_by(|(path, _)| path.as_str().cmp(row.path));
        let source = match known.ok().and_then(|at| of_files.get(at)) {
            Some((path, symbols)) => symbols.node(path, row.line),
            None => Node::File(row.path.to_owned()),
        };
        for at in nodes {
            let Some(found) = found.get_mut(at) else { continue };
            match row.target {
                Target::Ambiguous | Target::Unresolved => found.loose(&row, asked.list),
                _ => found.edge(source.clone(), &row),
            }
        }
    }
    Ok((found, of_files))
}

/// What is looked for among the targets of relations.
#[derive(Default)]
struct Sought<'a> {
    files: BTreeMap<&'a str, usize>,
    /// Directories of which an import means one of `files`, and the files.
    around: BTreeMap<&'a str, Vec<usize>>,
    directories: Vec<(&'a str, usize)>,
    /// By path.
    symbols: BTreeMap<&'a str, Vec<(&'a str, usize)>>,
    /// By a symbol's own name.
    names: BTreeMap<String, Vec<usize>>,
    /// Names of its members.
    members: BTreeSet<String>,
}

impl<'a> Sought<'a> {
    fn new(frontier: &'a [Node], symbols: &BTreeMap<String, FileSymbols>) -> Self {
        let mut sought = Self::default();
        for (at, node) in frontier.iter().enumerate() {
            match node {
                Node::File(path) => {
                    sought.files.insert(path, at);
                    if let Some(directory) = parent(path).filter(|directory| stands_for(directory, path)) {
                        sought.around.entry(directory).or_default().push(at);
                    }
                }
                Node::Directory(path) => sought.directories.push((path, at)),
                Node::Symbol(path, name) => {
                    sought.symbols.entry(path).or_default().push((name, at));
                    let Some(of_file) = symbols.get(path) else { continue };
                    sought.members.extend(of_file.names(name).map(str::to_owned));
                    let own: BTreeSet<&str> = of_file.of(name).map(|symbol| symbol.name.as_str()).collect();
                    // A name that is not in the table is asked for in every way that it may be written.
                    let own = if own.is_empty() { last_names(name).into_iter().collect() } else { own };
                    for own in own {
                        sought.names.entry(own.to_owned()).or_default().push(at);
                    }
                }
            }
        }
        sought
    }

    fn is_of_symbols(&self) -> bool {
        !self.symbols.is_empty()
    }

    /// Rows that may concern one of the nodes.
    fn rows(&self, reader: &TableReader) -> Result<Vec<std::ops::Range<usize>>, QueryError> {
        let columns: &[&str] =
            if self.is_of_symbols() { &["target_path", "target_name", "status"] } else { &["target_path"] };
        let records = reader.read_columns(columns)?;
        let paths: &StringArray = typed_column(&records, RELATIONS.name, "target_path")?;
        let mut loose = None;
        if self.is_of_symbols() {
            let names: &StringArray = typed_column(&records, RELATIONS.name, "target_name")?;
            loose = Some((names, typed_column::<StringArray>(&records, RELATIONS.name, "status")?));
        }
        let may = |row: &usize| match (paths.is_valid(*row), loose) {
            (true, _) => self.has(paths.value(*row)),
            (false, Some((names, status))) => {
                status.value(*row) == "ambiguous" && self.names.contains_key(last_written(names.value(*row)))
            }
            (false, None) => false,
        };
        Ok(joined((0..paths.len()).filter(may).map(|row| row..row + 1).collect()))
    }

    fn has(&self, path: &str) -> bool {
        let in_directory = |(directory, _): &(&str, usize)| path == *directory || is_beneath(path, directory);
        self.files.contains_key(path)
            || self.around.contains_key(path)
            || self.symbols.contains_key(path)
            || self.directories.iter().any(in_directory)
    }

    /// The nodes that a row refers to.
    fn of(&self, row: &RelationView<'_>) -> Vec<usize> {
        let (path, symbol) = match row.target {
            Target::Path(path) => (path, None),
            Target::Symbol(path, symbol) => (path, Some(symbol)),
            Target::Ambiguous if row.relation != Relation::Imports => {
                return self.names.get(last_written(row.name)).cloned().unwrap_or_default();
            }
            Target::Ambiguous | Target::Unresolved => return Vec::new(),
        };
        let mut found: Vec<usize> = self.files.get(path).copied().into_iter().collect();
        if symbol.is_none() {
            found.extend(self.around.get(path).into_iter().flatten());
        }
        let beneath = |directory: &str| path == directory || is_beneath(path, directory);
        found.extend(self.directories.iter().filter(|(directory, _)| beneath(directory)).map(|(_, at)| *at));
        if let Some(symbol) = symbol {
            let of_path = self.symbols.get(path).into_iter().flatten();
            let meant = of_path.filter(|(name, _)| *name == symbol || is_member(symbol, name));
            found.extend(meant.map(|(_, at)| *at));
        }
        found
    }
}
