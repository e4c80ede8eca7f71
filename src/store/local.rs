//! Disposable records of this machine beside a store: stat caches, and the stamp of the null check. Losing one
//! costs time and nothing else.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::layout::{FORMAT, MODE_FILE, is_part};
use super::open::Store;
use super::writer::Writer;
use crate::base::{ByteSource, Digest, KeyHasher};

/// `stamp.json`: the object directories as the last promoted build left them.
#[derive(Debug, Serialize, Deserialize)]
struct Stamp {
    format: u32,
    generation: String,
    objects: Digest,
    /// Digest of the cache's canonical path: views lead there.
    #[serde(default)]
    cache: Option<Digest>,
}

/// What the stamp of a generation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamped {
    /// No object has come or gone.
    Holds,
    /// Some have, in the same cache: another workspace may have done that.
    Moved,
    /// Nothing.
    No,
}

/// What the stat cache of a repository's commits is called. No repository is: a name has no `@`.
pub fn git_stat_name(repo: &str) -> String {
    format!("{repo}@git")
}

impl Store {
    /// The stat cache that was left for a repository, if one was.
    pub fn stat_cache(&self, repo: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if is_part(repo) { self.read_if_there(&self.stat_cache_path(repo)) } else { Ok(None) }
    }

    pub fn stat_cache_path(&self, repo: &str) -> PathBuf {
        self.layout().stat(repo)
    }

    /// Has no object come or gone since `generation` was promoted here? Then its artifacts need not be looked at
    /// one by one. A missing or damaged stamp says nothing.
    pub fn stamped(&self, generation: &str) -> Result<Stamped, StoreError> {
        match self.record::<Stamp>(&self.layout().stamp()) {
            Ok(Some(stamp)) if stamp.generation != generation => Ok(Stamped::No),
            Ok(Some(stamp)) if stamp.objects == self.objects_stamp()? => Ok(Stamped::Holds),
            Ok(Some(stamp)) if stamp.cache.is_some() && stamp.cache == self.cache_stamp() => Ok(Stamped::Moved),
            Ok(_) => Ok(Stamped::No),
            Err(e) if e.is_damage() => Ok(Stamped::No),
            Err(e) => Err(e),
        }
    }

    pub fn stamp_holds(&self, generation: &str) -> Result<bool, StoreError> {
        Ok(self.stamped(generation)? == Stamped::Holds)
    }

    fn cache_stamp(&self) -> Option<Digest> {
        let real = self.vfs().canonicalize(&self.layout().cache).ok()?;
        Some(KeyHasher::new("sawmill.cache-stamp.v1").bytes(real.as_os_str().as_encoded_bytes()).finish())
    }
}

impl Writer {
    /// Leaves a stat cache for the next scan. Not synced: it carries its own checksum.
    pub fn replace_stat(&self, repo: &str, bytes: &[u8]) -> Result<(), StoreError> {
        if !is_part(repo) {
            return Err(StoreError::refused(format!("`{repo}` is no name of a repository")));
        }
        let temporary = self.write_temporary(&self.store().layout().state_tmp(), bytes, MODE_FILE)?;
        self.rename(&temporary, &self.store().layout().stat(repo))
    }

    /// Notes how the object directories stand now.
    pub fn record_stamp(&self, generation: &str) -> Result<(), StoreError> {
        let stamp = Stamp {
            format: FORMAT,
            generation: generation.to_owned(),
            objects: self.store().objects_stamp()?,
            cache: self.store().cache_stamp(),
        };
        self.replace_record(&self.store().layout().stamp(), &stamp)
    }

    /// A verified reader of an object that stands, or that waits for the next commit.
    pub fn open(&self, hash: &Digest) -> Result<Arc<dyn ByteSource>, StoreError> {
        if let Some(bytes) = self.read_staged(hash)? {
            return Ok(Arc::new(bytes));
        }
        match self.store().object(hash) {
            Err(StoreError::Missing { .. }) => {
                // A commit may be putting it into its place at this moment.
                let _done = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
                self.store().object(hash)
            }
            opened => opened,
        }
    }
}
