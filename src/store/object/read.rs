//! Readers that verify before they hand bytes out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::super::error::{StoreError, io_at};
use super::super::layout::{BLOCK, BLOCKS_ABOVE};
use super::super::open::Store;
use super::blocks::Blocks;
use crate::base::bytes::ByteSource;
use crate::base::hash::{Digest, KeyHasher};
use crate::base::vfs::FileKind;

/// A large object. Blocks that a range touches are verified each time that they come from the disk.
struct Blocked {
    store: Store,
    hash: Digest,
    file: Box<dyn ByteSource>,
    blocks: Blocks,
    path: PathBuf,
    /// The last block that was read: readers of pages come back to it many times.
    last: Mutex<Option<(usize, Arc<[u8]>)>>,
}

impl Blocked {
    fn verify(&self, first: usize, bytes: &[u8]) -> io::Result<()> {
        for (at, block) in bytes.chunks(BLOCK).enumerate() {
            if !self.blocks.fits(first + at, block) {
                self.store.suspect(&self.hash);
                return Err(io::Error::new(io::ErrorKind::InvalidData, damaged(&self.path)));
            }
        }
        Ok(())
    }

    fn one_block(&self, index: usize) -> io::Result<Arc<[u8]>> {
        let lock = || self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, block)) = &*lock()
            && *at == index
        {
            return Ok(block.clone());
        }
        let start = (index * BLOCK) as u64;
        let len = self.len().saturating_sub(start).min(BLOCK as u64) as usize;
        let block: Arc<[u8]> = self.file.read_at(start, len)?.into();
        self.verify(index, &block)?;
        *lock() = Some((index, block.clone()));
        Ok(block)
    }
}

impl ByteSource for Blocked {
    fn len(&self) -> u64 {
        self.file.len()
    }

    fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let end = offset.checked_add(len as u64).filter(|end| *end <= self.len());
        let end = end.ok_or(io::ErrorKind::UnexpectedEof)?;
        if len == 0 {
            return Ok(Vec::new());
        }
        let block = BLOCK as u64;
        let (first, last) = (offset / block, (end - 1) / block);
        let skip = (offset - first * block) as usize;
        if first == last {
            let bytes = self.one_block(first as usize)?;
            return bytes.get(skip..skip + len).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into());
        }
        let whole = ((last + 1) * block).min(self.len()) - first * block;
        let mut bytes = self.file.read_at(first * block, whole as usize)?;
        self.verify(first as usize, &bytes)?;
        bytes.truncate(skip + len);
        bytes.drain(..skip);
        Ok(bytes)
    }
}

fn damaged(path: &Path) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), what: "its bytes do not hash to its name" }
}

impl Store {
    /// A verified reader of one object. One without block hashes is read whole and verified here; a large one is
    /// verified block by block as ranges are asked for, and damage is then an [`io::Error`] of kind `InvalidData`
    /// that holds [`StoreError::Damaged`].
    pub fn object(&self, hash: &Digest) -> Result<Arc<dyn ByteSource>, StoreError> {
        let path = self.object_path(hash);
        let file = self.vfs().open(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => StoreError::Missing { path: path.clone() },
            _ => io_at("read", &path)(e),
        })?;
        if file.len() > BLOCKS_ABOVE as u64 {
            let blocks_path = self.layout().blocks(hash);
            if let Some(bytes) = self.read_if_there(&blocks_path)? {
                let Some(blocks) = Blocks::decode(&bytes, hash, file.len()) else {
                    self.suspect(hash);
                    return Err(StoreError::Damaged { path: blocks_path, what: "it does not fit its object" });
                };
                let (store, hash) = (self.clone(), *hash);
                return Ok(Arc::new(Blocked { store, hash, file, blocks, path, last: Mutex::new(None) }));
            }
            // It can be read all the same, at the price of reading all of it.
            self.suspect(hash);
        }
        let len = usize::try_from(file.len()).map_err(|_| damaged(&path))?;
        let bytes = file.read_at(0, len).map_err(io_at("read", &path))?;
        if Digest::of(&bytes) != *hash {
            self.suspect(hash);
            return Err(damaged(&path));
        }
        Ok(Arc::new(bytes))
    }

    /// Reads the whole object, and its block hashes where it has them. `Ok`: all of it is what its name says.
    pub fn verify_object(&self, hash: &Digest) -> Result<(), StoreError> {
        let (source, path) = (self.object(hash)?, self.object_path(hash));
        let len = usize::try_from(source.len()).map_err(|_| damaged(&path))?;
        match source.read_at(0, len) {
            Ok(_) => Ok(()),
            Err(e) if e.kind() == io::ErrorKind::InvalidData => Err(damaged(&path)),
            Err(e) => Err(io_at("read", &path)(e)),
        }
    }

    /// The object's bytes, if they are there and hash to their name.
    pub(in super::super) fn object_is_whole(&self, hash: &Digest) -> Result<bool, StoreError> {
        Ok(self.read_if_there(&self.object_path(hash))?.is_some_and(|bytes| Digest::of(&bytes) == *hash))
    }

    /// A digest over the times of the object directories: equal while no object came or went. It holds on this
    /// machine only, and says nothing of the objects' bytes.
    pub fn objects_stamp(&self) -> Result<Digest, StoreError> {
        let dir = self.layout().objects();
        let mut entries = match self.vfs().list_stat(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(io_at("list", &dir)(e)),
        };
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut hasher = KeyHasher::new("sawmill.objects-stamp.v1");
        for (name, stat) in entries {
            if stat.kind == FileKind::Dir {
                hasher.bytes(name.as_encoded_bytes()).int(stat.mtime.0.cast_unsigned()).int(stat.ino);
            }
        }
        Ok(hasher.finish())
    }
}
