//! One object against its name, its size and its block hashes.

use super::super::error::StoreError;
use super::super::layout::BLOCKS_ABOVE;
use super::super::open::Store;
use super::finding::{Finding, Record, What};
use crate::base::Digest;

impl Store {
    /// Is the object there with this many bytes? With `deep` all its bytes are hashed as well, and held against its
    /// block hashes. What is damaged is noted for the next build, where the store may be written.
    pub fn check_object(&self, hash: &Digest, bytes: u64, deep: bool) -> Option<Finding> {
        let path = self.object_path(hash);
        let find = |what, message: String| {
            let mut finding = Finding::new(self, Record::Object, &path, what, message);
            finding.artifact = Some(*hash);
            Some(finding)
        };
        match self.object_size(hash) {
            Ok(None) => return find(What::Missing, "it is not there".into()),
            Ok(Some(size)) if size != bytes => {
                self.suspect(hash);
                return find(What::Size, format!("it has {size} bytes, and the manifest tells {bytes}"));
            }
            Ok(Some(_)) => {}
            Err(e) => return Some(self.object_error(hash, &e)),
        }
        if bytes > BLOCKS_ABOVE as u64 {
            let blocks = self.layout().blocks(hash);
            match self.vfs().exists(&blocks) {
                Ok(true) => {}
                Ok(false) => {
                    self.suspect(hash);
                    return Some(self.object_error(hash, &StoreError::Missing { path: blocks }));
                }
                Err(source) => {
                    let error = StoreError::Io { doing: "look at", path: blocks, source };
                    return Some(self.object_error(hash, &error));
                }
            }
        }
        if !deep {
            return None;
        }
        // Block hashes first: an object that is whole beside hashes that are not is told as such.
        self.verify_object(hash).err().map(|e| self.object_error(hash, &e))
    }

    fn object_error(&self, hash: &Digest, error: &StoreError) -> Finding {
        let blocks = self.layout().blocks(hash);
        let at_blocks = match error {
            StoreError::Missing { path } | StoreError::Damaged { path, .. } | StoreError::Io { path, .. } => {
                *path == blocks
            }
            _ => false,
        };
        let mut finding = if at_blocks {
            Finding::of_error(self, Record::Blocks, &blocks, error)
        } else {
            Finding::of_error(self, Record::Object, &self.object_path(hash), error)
        };
        finding.artifact = Some(*hash);
        finding
    }

    /// A finding about an object by whoever knows what is in it.
    pub fn object_finding(&self, hash: &Digest, what: What, message: impl Into<String>) -> Finding {
        let mut finding = Finding::new(self, Record::Object, &self.object_path(hash), what, message);
        finding.artifact = Some(*hash);
        finding
    }
}
