//! A directory of immutable pieces, each named by the BLAKE3 of its bytes: the memo.
//!
//! A run adds one piece; when there are many they are merged into one. A piece is a cache of what can be found out
//! again: a damaged one is reported, counts as absent, and is set aside by the next writer.

use std::io;
use std::path::{Path, PathBuf};

use super::error::{StoreError, StoreNotice, io_at};
use super::layout::{MAX_PIECES, MODE_FILE};
use super::open::Store;
use super::writer::Writer;
use crate::base::Digest;

/// A kind of piece: where its pieces stand.
#[derive(Clone, Debug)]
pub(super) struct PieceDir {
    pub dir: PathBuf,
    pub extension: &'static str,
}

/// The pieces of a directory.
#[derive(Debug)]
pub(super) struct Loaded<P> {
    /// By name.
    pub pieces: Vec<(Digest, P)>,
    /// What is to be told about those that are not among them.
    pub notices: Vec<StoreNotice>,
}

impl PieceDir {
    pub(super) fn path(&self, name: &Digest) -> PathBuf {
        self.dir.join(format!("{name}.{}", self.extension))
    }

    /// The names of the pieces, sorted. Other files are none of ours.
    pub(super) fn names(&self, store: &Store) -> Result<Vec<Digest>, StoreError> {
        let entries = match store.vfs().list(&self.dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(io_at("list", &self.dir)(e)),
        };
        let name = |path: &Path| -> Option<Digest> {
            let fits = path.extension()?.to_str()? == self.extension;
            if fits { path.file_stem()?.to_str()?.parse().ok() } else { None }
        };
        let mut names: Vec<Digest> = entries.iter().filter_map(|entry| name(Path::new(&entry.name))).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// Every piece that is whole. `parse` says whether bytes that
    /// hash to their name are a piece of this version.
    pub(super) fn load<P>(&self, store: &Store, parse: impl Fn(Vec<u8>) -> Option<P>) -> Result<Loaded<P>, StoreError> {
        // A writer may merge pieces between our listing and our reading; the merged piece is in the next listing.
        for _ in 0..8 {
            if let Some(loaded) = self.load_listed(store, &parse)? {
                return Ok(loaded);
            }
        }
        Err(StoreError::Moving { path: self.dir.clone() })
    }

    /// `None` when a piece vanished after it was listed.
    fn load_listed<P>(
        &self,
        store: &Store,
        parse: impl Fn(Vec<u8>) -> Option<P>,
    ) -> Result<Option<Loaded<P>>, StoreError> {
        let (mut pieces, mut notices) = (Vec::new(), Vec::new());
        for name in self.names(store)? {
            let path = self.path(&name);
            let Some(bytes) = store.read_if_there(&path)? else { return Ok(None) };
            if Digest::of(&bytes) != name {
                store.remember_damaged([path.clone()]);
                notices.push(StoreNotice { path, what: "damaged: what it held counts as never done".into() });
            } else if let Some(piece) = parse(bytes) {
                pieces.push((name, piece));
            } else {
                notices.push(StoreNotice { path, what: "not a piece that this version reads: left alone".into() });
            }
        }
        Ok(Some(Loaded { pieces, notices }))
    }
}

impl Writer {
    /// Gives a written temporary its name as a piece.
    pub(super) fn name_piece(&self, pieces: &PieceDir, temporary: &Path, name: &Digest) -> Result<(), StoreError> {
        let to = pieces.path(name);
        self.rename(temporary, &to)
    }

    pub(super) fn piece_is_whole(&self, path: &Path) -> Result<bool, StoreError> {
        let name = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse::<Digest>().ok());
        Ok(self.store().read_if_there(path)?.is_some_and(|bytes| Some(Digest::of(&bytes)) == name))
    }

    /// Merges the pieces when there are too many. A power cut leaves the old ones, the merged one, or both.
    pub(super) fn merge_pieces<P>(
        &self,
        pieces: &PieceDir,
        parse: impl Fn(Vec<u8>) -> Option<P>,
        merge: impl Fn(&[(Digest, P)]) -> Result<Vec<u8>, StoreError>,
    ) -> Result<(), StoreError> {
        if pieces.names(self.store())?.len() <= MAX_PIECES {
            return Ok(());
        }
        let old = pieces.load(self.store(), parse)?.pieces;
        let bytes = merge(&old)?;
        let name = Digest::of(&bytes);
        let temporary = self.write_temporary(&self.store().layout().cache_tmp(), &bytes, MODE_FILE)?;
        self.sync_file(&temporary)?;
        self.name_piece(pieces, &temporary, &name)?;
        self.sync_dir(&pieces.dir)?;
        for (old, _) in old.iter().filter(|(old, _)| *old != name) {
            self.remove_if_there(&pieces.path(old))?;
        }
        Ok(())
    }
}
