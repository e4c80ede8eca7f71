//! What nothing names, what was left half-written, and what was set aside.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::error::{StoreError, io_at};
use super::super::open::Store;
use crate::base::Digest;
use crate::base::cancel::{Cancel, Cancelled};
use crate::base::vfs::FileKind;

/// Files, and their bytes together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Amount {
    pub files: u64,
    pub bytes: u64,
}

impl Amount {
    pub fn add(&mut self, other: Self) {
        self.files += other.files;
        self.bytes += other.bytes;
    }
}

/// What takes room and is no part of a generation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// All files of the objects' directories.
    pub objects: Amount,
    /// Objects, with their block hashes, that no generation of any registered workspace names. `None`: a workspace
    /// that shares the cache could not be read, so that nobody knows.
    pub unreferenced: Option<Amount>,
    /// Temporaries: of a build that runs now, or of a killed one.
    pub temporaries: Amount,
    pub quarantined: Amount,
}

/// A file of the objects' directories.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct StoredFile {
    pub hash: Digest,
    /// Block hashes, not the object itself.
    pub is_blocks: bool,
    pub amount: Amount,
}

impl Store {
    /// Counts. Files that vanish meanwhile are not counted.
    pub fn census(&self, cancel: &Cancel) -> Result<Result<Census, StoreError>, Cancelled> {
        cancel.check()?;
        let reach = self.reach(&|_, _| true);
        cancel.check()?;
        Ok(self.count(&reach))
    }

    fn count(&self, reach: &super::super::reach::Reach) -> Result<Census, StoreError> {
        let layout = self.layout();
        let mut census = Census { unreferenced: reach.is_complete().then(Amount::default), ..Census::default() };
        for StoredFile { hash, amount, .. } in self.objects_there()? {
            census.objects.add(amount);
            if let Some(unreferenced) = census.unreferenced.as_mut().filter(|_| !reach.objects.contains_key(&hash)) {
                unreferenced.add(amount);
            }
        }
        for tmp in [layout.cache_tmp(), layout.state_tmp()] {
            census.temporaries.add(self.measure(&tmp)?);
        }
        census.quarantined = self.measure(&layout.quarantine())?;
        Ok(census)
    }

    /// The objects on disk and their block hashes, by name, an object before its block hashes.
    pub(in super::super) fn objects_there(&self) -> Result<Vec<StoredFile>, StoreError> {
        let objects = self.layout().objects();
        let mut found = Vec::new();
        for (dir, stat) in self.list_stat_or_none(&objects)? {
            let Some(prefix) = dir.to_str().filter(|_| stat.kind == FileKind::Dir) else { continue };
            for (name, stat) in self.list_stat_or_none(&objects.join(prefix))? {
                let path = Path::new(&name);
                let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
                let Ok(hash) = format!("{prefix}{stem}").parse::<Digest>() else { continue };
                let is_blocks = path.extension().is_some_and(|extension| extension == "blocks");
                found.push(StoredFile { hash, is_blocks, amount: Amount { files: 1, bytes: stat.size } });
            }
        }
        found.sort_unstable_by_key(|file| (file.hash, file.is_blocks));
        Ok(found)
    }

    /// Everything beneath `dir`, links counted and never followed; nothing where it is not there.
    pub(in super::super) fn measure(&self, dir: &Path) -> Result<Amount, StoreError> {
        let mut amount = Amount::default();
        let mut dirs = vec![dir.to_owned()];
        while let Some(dir) = dirs.pop() {
            for (name, stat) in self.list_stat_or_none(&dir)? {
                match stat.kind {
                    FileKind::Dir => dirs.push(dir.join(name)),
                    FileKind::File => amount.add(Amount { files: 1, bytes: stat.size }),
                    FileKind::Symlink | FileKind::Other => amount.add(Amount { files: 1, bytes: 0 }),
                }
            }
        }
        Ok(amount)
    }

    fn list_stat_or_none(&self, dir: &Path) -> Result<Vec<(std::ffi::OsString, crate::base::vfs::Stat)>, StoreError> {
        match self.vfs().list_stat(dir) {
            Ok(entries) => Ok(entries),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(Vec::new()),
            Err(e) => Err(io_at("list", dir)(e)),
        }
    }
}
