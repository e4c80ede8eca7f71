//! What readers found damaged. A reader may not write to objects, and the null check of the next build looks at no
//! object's bytes: so a reader leaves a note, and the next writer looks at what is noted before it does anything.

use std::io;
use std::path::Path;

use super::super::error::{StoreError, io_at};
use super::super::layout::{BLOCKS_ABOVE, MODE_FILE, MODE_OBJECT};
use super::super::open::Store;
use super::super::writer::Writer;
use super::blocks::Blocks;
use crate::base::Digest;
use crate::base::vfs::FileKind;

impl Store {
    /// Notes that an object, or its block hashes, should be looked at. The damage itself is the reader's answer; a
    /// store that may not be written stays as it is, and a note that is there already says the same.
    pub(in super::super) fn suspect(&self, hash: &Digest) {
        drop(self.vfs().write_new(&self.layout().suspect(hash), b"", MODE_FILE));
    }
}

impl Writer {
    /// Sets aside what is damaged among the suspects, so that it is missing from now on, and writes block hashes
    /// again whose object is whole.
    pub(in super::super) fn look_at_suspects(&self) -> Result<(), StoreError> {
        let dir = self.store().layout().suspects();
        for entry in self.store().vfs().list(&dir).map_err(io_at("list", &dir))? {
            let note = dir.join(&entry.name);
            if let Some(hash) = entry.name.to_str().and_then(|name| name.parse::<Digest>().ok()) {
                self.mend(&hash)?;
            }
            if entry.kind != FileKind::Dir {
                self.remove_if_there(&note)?;
            }
        }
        Ok(())
    }

    fn mend(&self, hash: &Digest) -> Result<(), StoreError> {
        let path = self.store().object_path(hash);
        let bytes = match self.store().vfs().read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(io_at("read", &path)(e)),
        };
        let (found, blocks) = Blocks::of(&bytes);
        if found != *hash {
            self.notice(&path, "damaged: set aside");
            return self.quarantine(hash);
        }
        match blocks.filter(|_| bytes.len() > BLOCKS_ABOVE) {
            Some(blocks) => self.mend_blocks(&self.store().layout().blocks(hash), &blocks.encode()),
            None => Ok(()),
        }
    }

    fn mend_blocks(&self, path: &Path, expected: &[u8]) -> Result<(), StoreError> {
        if self.store().read_if_there(path)?.is_some_and(|there| there == expected) {
            return Ok(());
        }
        self.set_aside(path)?;
        self.notice(path, "damaged or missing: written again");
        self.replace(path, expected, MODE_OBJECT)
    }
}
