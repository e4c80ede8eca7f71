//! What the nodes of a level depend on.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Node, Span, is_beneath, stands_for};
use super::related::{Related, ShardPieces};
use super::rows::{RelationRows, RelationView, Target};
use super::symbols::FileSymbols;
use super::tally::{Asked, Found, merged};
use crate::base::parallel;
use crate::query::error::QueryError;
use crate::table::schema::RELATIONS;

/// A part of the level from one shard, and what it tells of paths.
#[derive(Default)]
struct Part {
    found: Vec<Found>,
    /// Targets of imports.
    imported: BTreeSet<String>,
    /// Paths that have symbols, and so are files.
    files: BTreeSet<String>,
}

/// The edges from each of `frontier`; `whole`: a directory is everything beneath it. Of its symbols the files are
/// among `symbols`.
pub fn level(
    related: &Related<'_>,
    frontier: &[Node],
    whole: bool,
    symbols: &BTreeMap<String, FileSymbols>,
    asked: Asked<'_>,
) -> Result<Vec<Found>, QueryError> {
    let spans: Vec<Span> = frontier.iter().map(Node::span).collect();
    let shards = related.shards(&spans)?;
    let read: Vec<Result<Part, QueryError>> = parallel::map(related.threads, &shards, |shard| {
        let mut part = Part { found: vec![Found::default(); frontier.len()], ..Part::default() };
        let owners = Owners::new(frontier, &spans, whole, symbols, shard);
        let here: Vec<&Span> = owners.here.iter().filter_map(|at| spans.get(*at)).collect();
        let rows = RelationRows::of_paths(&*related.reader(&shard.relations, &RELATIONS)?, &here)?;
        for row in rows.iter() {
            let row = row?;
            if asked.counts(row.relation) {
                owners.of(&row).for_each(|at| part.add(at, frontier, &row, asked));
            }
        }
        Ok(part)
    });
    let (mut parts, mut imported, mut files) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for part in read {
        let mut part = part?;
        imported.append(&mut part.imported);
        files.append(&mut part.files);
        parts.push(part.found);
    }
    let unknown: BTreeSet<&str> = imported.difference(&files).map(String::as_str).collect();
    let known = if unknown.is_empty() { BTreeSet::new() } else { related.files_among(&unknown)? };
    let mut all = merged(frontier.len(), parts);
    for found in &mut all {
        let is_directory =
            |node: &Node| matches!(node, Node::File(path) if unknown.contains(path.as_str()) && !known.contains(path));
        let directories: Vec<Node> = found.edges.keys().filter(|node| is_directory(node)).cloned().collect();
        for node in directories {
            if let Some(edge) = found.edges.remove(&node) {
                found.edges.insert(Node::Directory(node.path().to_owned()), edge);
            }
        }
    }
    Ok(all)
}

impl Part {
    fn add(&mut self, at: usize, frontier: &[Node], row: &RelationView<'_>, asked: Asked<'_>) {
        let Some((found, node)) = self.found.get_mut(at).zip(frontier.get(at)) else { return };
        match row.target {
            Target::Symbol(path, name) if node.symbol().is_some() => {
                found.edge(Node::Symbol(path.to_owned(), name.to_owned()), row);
            }
            Target::Symbol(path, _) => {
                self.files.insert(path.to_owned());
                found.edge(Node::File(path.to_owned()), row);
            }
            Target::Path(path) => {
                self.imported.insert(path.to_owned());
                found.edge(Node::File(path.to_owned()), row);
            }
            Target::Ambiguous | Target::Unresolved => found.loose(row, asked.list),
        }
    }
}

/// First and last line of each definition of a symbol.
type Lines = Vec<(u32, u32)>;

/// Which nodes of the level a row of a shard belongs to.
struct Owners<'a> {
    /// The nodes of which paths may lie in the shard.
    here: Vec<usize>,
    files: BTreeMap<&'a str, Vec<usize>>,
    directories: Vec<(usize, &'a str)>,
    /// By path: the node, and the lines of its definitions.
    symbols: BTreeMap<&'a str, Vec<(usize, Lines)>>,
    whole: bool,
}

impl<'a> Owners<'a> {
    fn new(
        frontier: &'a [Node],
        spans: &[Span],
        whole: bool,
        symbols: &BTreeMap<String, FileSymbols>,
        shard: &ShardPieces<'_>,
    ) -> Self {
        let mut owners =
            Self { here: Vec::new(), files: BTreeMap::new(), directories: Vec::new(), symbols: BTreeMap::new(), whole };
        for (at, (node, span)) in frontier.iter().zip(spans).enumerate() {
            if !span.meets(&shard.record.first_path, &shard.record.last_path) {
                continue;
            }
            owners.here.push(at);
            match node {
                Node::File(path) => owners.files.entry(path).or_default().push(at),
                Node::Directory(path) => owners.directories.push((at, path)),
                Node::Symbol(path, name) => {
                    let of = symbols.get(path).map(|symbols| symbols.of(name).map(|s| (s.start, s.end)).collect());
                    owners.symbols.entry(path).or_default().push((at, of.unwrap_or_default()));
                }
            }
        }
        owners
    }

    fn of(&self, row: &RelationView<'_>) -> impl Iterator<Item = usize> {
        let (path, line) = (row.path, row.line);
        let files = self.files.get(path).into_iter().flatten().copied();
        let is_in = if self.whole { |d: &str, path: &str| is_beneath(path, d) } else { stands_for };
        let directories =
            self.directories.iter().filter(move |(_, directory)| is_in(directory, path)).map(|(at, _)| *at);
        let on_line = move |lines: &[(u32, u32)]| lines.iter().any(|(start, end)| (*start..=*end).contains(&line));
        let symbols = self.symbols.get(path).into_iter().flatten();
        let symbols = symbols.filter(move |(_, lines)| on_line(lines)).map(|(at, _)| *at);
        files.chain(directories).chain(symbols)
    }
}
