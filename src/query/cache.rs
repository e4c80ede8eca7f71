//! What a process keeps between queries, by artifact: artifacts never change, so nothing here is ever stale.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::StringArray;

use super::error::QueryError;
use super::pieces::Pieces;
use super::search::ShardRows;
use crate::base::Digest;
use crate::nodes::index::read::{FieldLists, Stats, Wanted, term_lists};
use crate::nodes::index::trigrams::IndexedFiles;
use crate::store::SegmentList;
use crate::table::schema::{CHUNK_STATS, INDEXED_FILES, POSTINGS};
use crate::table::{TableReader, TableSchema};

/// Most entries of each sort; above it that sort starts anew.
const ENTRIES: usize = 8192;

/// Most bytes of posting lists; above it they start anew.
const LIST_BYTES: usize = 64 << 20;

/// Opened readers and decoded columns. Shared between threads; an empty one is always right.
#[derive(Debug, Default)]
pub struct Cache {
    readers: Shelf<TableReader>,
    stats: Shelf<Stats>,
    rows: Shelf<ShardRows>,
    files: Shelf<IndexedFiles>,
    lists: Mutex<Lists>,
    segment_lists: Shelf<SegmentList>,
    families: Shelf<Vec<u32>>,
}

/// Posting lists by artifact and term.
#[derive(Debug, Default)]
struct Lists {
    known: BTreeMap<(Digest, String), Arc<KnownLists>>,
    bytes: usize,
}

/// What is known of a term: the lists of some fields, each of which may have none.
#[derive(Debug, Default)]
pub(super) struct KnownLists {
    /// Bit `n` for field `n`.
    fields: u16,
    pub lists: FieldLists,
}

type Entries<T> = BTreeMap<Digest, Arc<T>>;

#[derive(Debug)]
struct Shelf<T>(Mutex<Entries<T>>);

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }
}

impl<T> Shelf<T> {
    /// What stands under `key`, made first if nothing does. Two threads may make the same thing; one is kept.
    fn get(&self, key: &Digest, make: impl FnOnce() -> Result<T, QueryError>) -> Result<Arc<T>, QueryError> {
        if let Some(found) = self.lock().get(key) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(make()?);
        let mut entries = self.lock();
        if entries.len() >= ENTRIES {
            entries.clear();
        }
        Ok(Arc::clone(entries.entry(*key).or_insert(made)))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    fn add(&mut self, artifact: &Digest, term: &str, known: &Arc<KnownLists>) {
        let bytes = known.lists.iter().flatten().map(|list| list.chunks.len() * 6).sum::<usize>() + term.len() + 256;
        if self.bytes + bytes > LIST_BYTES {
            *self = Self::default();
        }
        self.bytes += bytes;
        self.known.insert((*artifact, term.to_owned()), Arc::clone(known));
    }
}

impl Cache {
    /// One list of a repository's manifest.
    pub(super) fn segment_list(
        &self,
        pieces: &dyn Pieces,
        repo: &str,
        list: &Digest,
    ) -> Result<Arc<SegmentList>, QueryError> {
        self.segment_lists.get(list, || pieces.list(repo, list))
    }

    /// The reader of `artifact`, opened.
    pub(super) fn reader(
        &self,
        pieces: &dyn Pieces,
        artifact: &Digest,
        schema: &'static TableSchema,
    ) -> Result<Arc<TableReader>, QueryError> {
        self.readers.get(artifact, || Ok(TableReader::open(pieces.object(artifact)?, schema)?))
    }

    /// The wanted lists in the `postings` artifact, by term.
    pub(super) fn lists<'a>(
        &self,
        pieces: &dyn Pieces,
        artifact: &Digest,
        wanted: &Wanted<'a>,
    ) -> Result<BTreeMap<&'a str, Arc<KnownLists>>, QueryError> {
        let lock = || self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut found, mut missing) = (BTreeMap::new(), Wanted::new());
        for (term, fields) in wanted {
            match lock().known.get(&(*artifact, (*term).to_owned())) {
                Some(known) if known.fields & fields == *fields => {
                    found.insert(*term, Arc::clone(known));
                }
                known => {
                    missing.insert(*term, fields | known.map_or(0, |known| known.fields));
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        let mut read = term_lists(&*self.reader(pieces, artifact, &POSTINGS)?, &missing)?;
        for (term, fields) in missing {
            let known = Arc::new(KnownLists { fields, lists: read.remove(term).unwrap_or_default() });
            lock().add(artifact, term, &known);
            found.insert(term, known);
        }
        Ok(found)
    }

    /// The statistics in the `chunk_stats` artifact.
    pub(super) fn stats(&self, pieces: &dyn Pieces, artifact: &Digest) -> Result<Arc<Stats>, QueryError> {
        self.stats.get(artifact, || Ok(Stats::read(&*self.reader(pieces, artifact, &CHUNK_STATS)?)?))
    }

    /// The files of a segment, in the `indexed_files` artifact.
    pub(super) fn files(&self, pieces: &dyn Pieces, artifact: &Digest) -> Result<Arc<IndexedFiles>, QueryError> {
        self.files.get(artifact, || Ok(IndexedFiles::read(&*self.reader(pieces, artifact, &INDEXED_FILES)?)?))
    }

    /// The paths of a segment's files; only what lists files asks for them, once.
    pub(super) fn paths(&self, pieces: &dyn Pieces, artifact: &Digest) -> Result<StringArray, QueryError> {
        Ok(IndexedFiles::paths(&*self.reader(pieces, artifact, &INDEXED_FILES)?)?)
    }

    /// Per chunk of a segment, the number of its file, under the `chunk_stats` artifact.
    pub(super) fn families(
        &self,
        stats: &Digest,
        make: impl FnOnce() -> Result<Vec<u32>, QueryError>,
    ) -> Result<Arc<Vec<u32>>, QueryError> {
        self.families.get(stats, make)
    }

    /// The rows of one shard, as far as ranking reads them, under the `chunks` artifact.
    pub(super) fn rows(
        &self,
        chunks: &Digest,
        make: impl FnOnce() -> Result<ShardRows, QueryError>,
    ) -> Result<Arc<ShardRows>, QueryError> {
        self.rows.get(chunks, make)
    }
}
