//! One repository, from its manifests to its changes.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};

use super::chunks::{self, ChunkSide};
use super::content::text_node;
use super::files::{self, FileSide, Paired};
use super::pieces::{Side, own, sides};
use super::relations;
use super::request::{DiffOptions, Opened};
use super::states::{Source, Words};
use crate::base::{Cancel, Mode};
use crate::nodes::diff::Change;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::store::BuildRoot;
use crate::table::schema::{CHUNKS, FILES, RELATIONS, SYMBOLS};

/// What is compared.
pub struct Pair<'a> {
    pub before: (&'a dyn Pieces, Option<BuildRoot>),
    pub after: (&'a dyn Pieces, Option<BuildRoot>),
    pub options: &'a DiffOptions,
    /// Files alone: what was made of them does not compare.
    pub only_files: bool,
    pub cache: &'a Cache,
    pub cancel: &'a Cancel,
}

/// What a repository came to.
#[derive(Debug, Default)]
pub struct RepoChanges {
    /// With their nodes.
    pub changes: Vec<(String, Change)>,
    /// Chunk → visibility of what it defines.
    pub visibility: BTreeMap<Box<str>, Box<str>>,
}

impl Pair<'_> {
    pub fn compare(&self, opened: &mut Opened) -> Result<RepoChanges, QueryError> {
        let (old, new) = (self.before.1.as_ref(), self.after.1.as_ref());
        if old.map(|root| &root.id) == new.map(|root| &root.id) {
            return Ok(RepoChanges::default());
        }
        let sides = sides((self.before.0, old), (self.after.0, new), &self.options.modes, opened)?;
        let mut words = Words::default();
        let mut found = RepoChanges::default();
        let mut paired: Option<Paired> = None;
        for node in self.nodes(&sides, FILES.name) {
            let before = self.file_side(self.before.0, old, &sides.0, &node);
            let after = self.file_side(self.after.0, new, &sides.1, &node);
            let (changes, which) = files::compare(&before, &after, &mut words, opened)?;
            paired.get_or_insert(which);
            found.add(&node, changes);
        }
        if self.only_files {
            return Ok(self.of_modes(found));
        }
        let paired = paired.unwrap_or_default();
        for node in self.nodes(&sides, CHUNKS.name) {
            let (before, after) = self.table_sides(&sides, &node, CHUNKS.name);
            let changes = chunks::compare(before, after, &paired, &mut words, opened, self.cancel)?;
            self.visibility(&sides, &node, &changes, &mut found, opened)?;
            found.add(&node, changes);
        }
        for node in self.nodes(&sides, RELATIONS.name) {
            let (before, after) = self.table_sides(&sides, &node, RELATIONS.name);
            found.add(&node, relations::compare(before, after, &mut words, opened, self.cancel)?);
        }
        Ok(self.of_modes(found))
    }

    /// The wanted nodes that write `table`, by name; of `files` the one that all other tables stand on, too.
    fn nodes(&self, sides: &(Side, Side), table: &str) -> BTreeSet<String> {
        let all = sides.0.pieces.keys().chain(sides.1.pieces.keys());
        let wanted = |node: &str| self.options.nodes.is_empty() || self.options.nodes.iter().any(|n| n == node);
        all.filter(|(node, name)| name == table && wanted(node)).map(|(node, _)| node.clone()).collect()
    }

    fn source<'s>(&'s self, pieces: &'s dyn Pieces) -> Source<'s> {
        Source { pieces, cache: self.cache }
    }

    fn file_side<'s>(
        &'s self,
        pieces: &'s dyn Pieces,
        root: Option<&'s BuildRoot>,
        side: &'s Side,
        node: &str,
    ) -> FileSide<'s> {
        FileSide {
            source: self.source(pieces),
            own: own(side, node, FILES.name),
            shards: &side.shards,
            text_node: root.and_then(text_node),
        }
    }

    fn table_sides<'s>(&'s self, sides: &'s (Side, Side), node: &str, table: &str) -> (ChunkSide<'s>, ChunkSide<'s>) {
        let of = |pieces: &'s dyn Pieces, side: &'s Side| ChunkSide {
            source: self.source(pieces),
            own: own(side, node, table),
        };
        (of(self.before.0, &sides.0), of(self.after.0, &sides.1))
    }

    /// What `symbols` say of the chunks that changed; what is counts before what was.
    fn visibility(
        &self,
        sides: &(Side, Side),
        node: &str,
        changes: &[Change],
        found: &mut RepoChanges,
        opened: &mut Opened,
    ) -> Result<(), QueryError> {
        let mut wanted: BTreeSet<&str> = BTreeSet::new();
        for change in changes {
            match change {
                Change::ChunkAdded(chunk) | Change::ChunkRemoved(chunk) => {
                    wanted.insert(&chunk.id);
                }
                Change::ChunkModified(pair, _) | Change::ChunkMoved(pair, _) => {
                    wanted.extend([&*pair.0.id, &*pair.1.id]);
                }
                _ => {}
            }
        }
        let (before, after) = self.table_sides(sides, node, SYMBOLS.name);
        for side in [after, before].into_iter().filter(|_| !wanted.is_empty()) {
            for piece in side.own {
                self.cancel.check()?;
                opened.pieces += 1;
                let rows = side.source.columns(&piece.artifact, &SYMBOLS, &["chunk_id", "visibility"])?;
                let text = |name| crate::table::typed_column::<StringArray>(&rows, SYMBOLS.name, name);
                let (ids, words) = (text("chunk_id")?, text("visibility")?);
                for at in (0..rows.num_rows()).filter(|at| words.is_valid(*at) && wanted.contains(ids.value(*at))) {
                    found.visibility.entry(ids.value(at).into()).or_insert_with(|| words.value(at).into());
                }
            }
        }
        Ok(())
    }

    /// Chunks of one segment may be of two modes.
    fn of_modes(&self, mut found: RepoChanges) -> RepoChanges {
        if !self.options.modes.is_empty() {
            let wanted: BTreeSet<&str> = self.options.modes.iter().map(|mode: &Mode| mode.name()).collect();
            found.changes.retain(|(_, change)| wanted.contains(change.mode()));
        }
        found
    }
}

impl RepoChanges {
    fn add(&mut self, node: &str, changes: Vec<Change>) {
        self.changes.extend(changes.into_iter().map(|change| (node.to_owned(), change)));
    }
}
