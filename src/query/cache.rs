//! What a process keeps between queries, by artifact: artifacts never change, so nothing here is ever stale.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::StringArray;

use super::error::QueryError;
use super::pieces::Pieces;
use super::search::ShardRows;
use crate::base::Digest;
use crate::nodes::index::read::Stats;
use crate::nodes::index::trigrams::IndexedFiles;
use crate::table::schema::{CHUNK_STATS, INDEXED_FILES};
use crate::table::{TableReader, TableSchema};

/// Most entries of each sort; above it that sort starts anew.
const ENTRIES: usize = 8192;

/// Opened readers and decoded columns. Shared between threads; an empty one is always right.
#[derive(Debug, Default)]
pub struct Cache {
    readers: Shelf<TableReader>,
    stats: Shelf<Stats>,
    rows: Shelf<ShardRows>,
    files: Shelf<IndexedFiles>,
    families: Shelf<Vec<u32>>,
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

impl Cache {
    /// The reader of `artifact`, opened.
    pub(super) fn reader(
        &self,
        pieces: &dyn Pieces,
        artifact: &Digest,
        schema: &'static TableSchema,
    ) -> Result<Arc<TableReader>, QueryError> {
        self.readers.get(artifact, || Ok(TableReader::open(pieces.object(artifact)?, schema)?))
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
