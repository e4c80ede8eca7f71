//! Copies of objects outside of this store's cache, each read back before it counts.

use std::io;
use std::path::Path;

use super::super::error::{StoreError, io_at};
use super::super::layout::{BLOCKS_ABOVE, MODE_OBJECT};
use super::super::open::Store;
use super::blocks::Blocks;
use crate::base::Digest;

/// How an object's bytes come to another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Transfer {
    Clone,
    Copy,
    Link,
}

/// Why an object did not come across.
#[derive(Debug)]
pub(in super::super) enum ExportError {
    /// The file systems cannot do this kind of transfer; nothing was left there.
    CannotBe(io::Error),
    /// The original is whole, and what was written reads back as something else.
    BadCopy,
    Cancelled,
    Store(StoreError),
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Store {
    /// Brings an object to `to`, reads it back, and writes its block hashes to `blocks` where it is so large that it
    /// has them. Gives its bytes' number. Memory does not grow with the object.
    pub(in super::super) fn export_object(
        &self,
        hash: &Digest,
        to: &Path,
        blocks: &Path,
        how: Transfer,
    ) -> Result<u64, ExportError> {
        let (vfs, from) = (self.vfs(), self.object_path(hash));
        let brought = match how {
            Transfer::Clone => vfs.clone_file(&from, to, MODE_OBJECT),
            Transfer::Copy => vfs.copy_file(&from, to, MODE_OBJECT),
            Transfer::Link => vfs.hard_link(&from, to),
        };
        brought.map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => StoreError::Missing { path: from.clone() }.into(),
            io::ErrorKind::Unsupported | io::ErrorKind::CrossesDevices => ExportError::CannotBe(e),
            _ => io_at("write", to)(e).into(),
        })?;
        let (found, of_copy, len) = self.hashed(to)?;
        if found != *hash {
            let (original, ..) = self.hashed(&from)?;
            if original == *hash {
                return Err(ExportError::BadCopy);
            }
            self.suspect(hash);
            return Err(StoreError::Damaged { path: from, what: "its bytes do not hash to its name" }.into());
        }
        if let Some(of_copy) = of_copy.filter(|_| len > BLOCKS_ABOVE as u64) {
            vfs.write_new(blocks, &of_copy.encode(), MODE_OBJECT).map_err(io_at("write", blocks))?;
            let back = vfs.read(blocks).map_err(io_at("read", blocks))?;
            if Blocks::decode(&back, hash, len).is_none() {
                return Err(ExportError::BadCopy);
            }
        }
        Ok(len)
    }

    /// The hash of a file's bytes, its blocks where it has more than one, and its length.
    fn hashed(&self, path: &Path) -> Result<(Digest, Option<Blocks>, u64), StoreError> {
        let file = self.vfs().open(path).map_err(io_at("read", path))?;
        let (hash, blocks) = Blocks::of_source(&*file).map_err(io_at("read", path))?;
        Ok((hash, blocks, file.len()))
    }
}
