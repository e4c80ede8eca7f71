//! [`Memo`].

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::super::error::{StoreError, StoreNotice};
use super::super::layout::MEMO_EXTENSION;
use super::super::model::MemoEntry;
use super::super::open::Store;
use super::super::pieces::{Loaded, PieceDir};
use super::encode::{PieceBytes, decode};
use crate::base::Digest;

/// All entries of the memo as it stood when it was loaded. Entries stay encoded until they are asked for: a
/// workspace of 100 000 files has about 8 000 of them.
#[derive(Debug, Default)]
pub struct Memo {
    /// The newest first.
    pieces: Vec<PieceBytes>,
    notices: Vec<StoreNotice>,
}

pub(super) fn directory(store: &Store) -> PieceDir {
    PieceDir { dir: store.layout().memo(), extension: MEMO_EXTENSION }
}

impl Store {
    /// Loads all pieces. A damaged piece is a miss: it is told in [`Memo::notices`] and set aside by the next commit.
    pub fn memo(&self) -> Result<Memo, StoreError> {
        let Loaded { mut pieces, notices } = directory(self).load(self, PieceBytes::parse)?;
        pieces.sort_by(newest_first);
        Ok(Memo { pieces: pieces.into_iter().map(|(_, piece)| piece).collect(), notices })
    }
}

/// Ties (two pieces can have one sequence after a power cut) go by name.
pub(super) fn newest_first(a: &(Digest, PieceBytes), b: &(Digest, PieceBytes)) -> Ordering {
    (b.1.sequence, b.0).cmp(&(a.1.sequence, a.0))
}

impl Memo {
    /// The newest entry of `key`.
    pub fn get(&self, key: &Digest) -> Option<MemoEntry> {
        self.pieces.iter().find_map(|piece| decode(*key, piece.find(key)?))
    }

    /// Entries in all pieces; a key that stands in two pieces counts twice.
    pub fn len(&self) -> usize {
        self.pieces.iter().map(PieceBytes::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every entry, newest of each key, by key.
    pub fn entries(&self) -> impl Iterator<Item = MemoEntry> {
        let mut newest: BTreeMap<Digest, &[u8]> = BTreeMap::new();
        for piece in &self.pieces {
            for (key, bytes) in (0..piece.len()).filter_map(|at| piece.at(at)) {
                newest.entry(key).or_insert(bytes);
            }
        }
        newest.into_iter().filter_map(|(key, bytes)| decode(key, bytes))
    }

    /// What was damaged and therefore counts as never done.
    pub fn notices(&self) -> &[StoreNotice] {
        &self.notices
    }
}
