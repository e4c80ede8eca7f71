//! Staging objects, and putting them into their place.

use std::io;
use std::path::{Path, PathBuf};

use super::super::error::{StoreError, io_at};
use super::super::layout::{BLOCKS_ABOVE, MODE_OBJECT};
use super::super::writer::Writer;
use super::blocks::Blocks;
use crate::base::Digest;

/// An object that waits for the next commit.
#[derive(Debug)]
pub(in super::super) struct Staged {
    object: PathBuf,
    blocks: Option<PathBuf>,
}

impl Writer {
    /// Hashes `bytes` and writes them to a temporary, to be put into place by the next
    /// [`commit`](Self::commit). Where an equal object stands already, nothing is written; a damaged one is set
    /// aside. Safe to call from many threads.
    pub fn stage(&self, bytes: &[u8]) -> Result<Digest, StoreError> {
        let (hash, blocks) = Blocks::of(bytes);
        let blocks = blocks.filter(|_| bytes.len() > BLOCKS_ABOVE);
        if self.is_known(&hash) || self.adopt(&hash, bytes, blocks.as_ref())? {
            return Ok(hash);
        }
        let object = self.write_temporary(&self.store().layout().cache_tmp(), bytes, MODE_OBJECT)?;
        let blocks = match blocks {
            Some(blocks) => {
                Some(self.write_temporary(&self.store().layout().cache_tmp(), &blocks.encode(), MODE_OBJECT)?)
            }
            None => None,
        };
        if let Some(twin) = self.staged().insert(hash, Staged { object, blocks }) {
            // Another thread staged equal bytes meanwhile.
            self.discard(twin)?;
        }
        Ok(hash)
    }

    /// Takes an object that stands already, if its bytes are right.
    fn adopt(&self, hash: &Digest, bytes: &[u8], blocks: Option<&Blocks>) -> Result<bool, StoreError> {
        let path = self.store().object_path(hash);
        let Some(there) = self.store().read_if_there(&path)? else { return Ok(false) };
        if there != bytes {
            self.quarantine(hash)?;
            return Ok(false);
        }
        if let Some(blocks) = blocks {
            // The names of an object and of its blocks are made durable together, but a power cut can part them.
            let path = self.store().layout().blocks(hash);
            let encoded = blocks.encode();
            if self.store().read_if_there(&path)?.is_none_or(|there| there != encoded) {
                self.replace(&path, &encoded, MODE_OBJECT)?;
            }
        }
        self.present().insert(*hash);
        Ok(true)
    }

    /// Makes the directory that the object will stand in.
    pub(in super::super) fn make_object_dir(&self, hash: &Digest) -> Result<PathBuf, StoreError> {
        let dir = self.store().layout().object_dir(hash);
        self.make_dir(&dir)?;
        Ok(dir)
    }

    /// Renames what was staged. Its bytes must be durable.
    pub(in super::super) fn place(&self, hash: &Digest, staged: &Staged) -> Result<(), StoreError> {
        let layout = self.store().layout();
        if let Some(blocks) = &staged.blocks {
            let to = layout.blocks(hash);
            self.store().vfs().rename(blocks, &to).map_err(io_at("write", &to))?;
        }
        let to = layout.object(hash);
        for _ in 0..4 {
            match self.store().vfs().rename_noreplace(&staged.object, &to) {
                Ok(()) => {
                    self.present().insert(*hash);
                    return Ok(());
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    if self.store().object_is_whole(hash)? {
                        self.present().insert(*hash);
                        return self.remove_if_there(&staged.object);
                    }
                    self.set_aside(&to)?;
                }
                Err(e) => return Err(io_at("write", &to)(e)),
            }
        }
        Err(io_at("write", &to)(io::ErrorKind::AlreadyExists.into()))
    }

    /// The bytes of an object that waits for the next commit.
    pub(in super::super) fn read_staged(&self, hash: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(path) = self.staged().get(hash).map(|staged| staged.object.clone()) else { return Ok(None) };
        // A commit may have renamed it meanwhile; then it stands in its place.
        let bytes = self.store().read_if_there(&path)?;
        Ok(bytes.filter(|bytes| Digest::of(bytes) == *hash))
    }

    pub(in super::super) fn discard(&self, staged: Staged) -> Result<(), StoreError> {
        self.remove_if_there(&staged.object)?;
        staged.blocks.map_or(Ok(()), |blocks| self.remove_if_there(&blocks))
    }

    /// Sets a damaged object aside, so that it is missing from now on. Fine when it is gone already.
    pub fn quarantine(&self, hash: &Digest) -> Result<(), StoreError> {
        self.present().remove(hash);
        self.set_aside(&self.store().layout().object(hash))?;
        self.set_aside(&self.store().layout().blocks(hash))
    }

    /// Moves a file of the cache to the quarantine. Its name there tells where it was.
    pub(in super::super) fn set_aside(&self, path: &Path) -> Result<(), StoreError> {
        self.unsynced().files.remove(path);
        let layout = self.store().layout();
        let inside = path.strip_prefix(&layout.cache).unwrap_or(path);
        let name: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        match self.store().vfs().rename(path, &layout.quarantine().join(name.join("-"))) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io_at("set aside", path)(e)),
            _ => Ok(()),
        }
    }
}
