//! Which artifacts passed validation. Validation is a function of the bytes, so it is done once for each.

use super::error::{StoreError, StoreNotice};
use super::layout::{MODE_FILE, VALIDATED_EXTENSION, VALIDATED_MAGIC};
use super::open::Store;
use super::pieces::{Loaded, PieceDir};
use super::writer::Writer;
use crate::base::Digest;

/// A set of hashes.
#[derive(Debug, Default)]
pub struct Validated {
    sorted: Vec<Digest>,
    notices: Vec<StoreNotice>,
}

impl Validated {
    pub fn contains(&self, hash: &Digest) -> bool {
        self.sorted.binary_search(hash).is_ok()
    }

    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// What was damaged and therefore counts as not validated.
    pub fn notices(&self) -> &[StoreNotice] {
        &self.notices
    }
}

fn directory(store: &Store) -> PieceDir {
    PieceDir { dir: store.layout().validated(), extension: VALIDATED_EXTENSION }
}

fn encode(hashes: impl IntoIterator<Item = Digest>) -> Vec<u8> {
    let mut hashes: Vec<Digest> = hashes.into_iter().collect();
    hashes.sort_unstable();
    hashes.dedup();
    VALIDATED_MAGIC.iter().copied().chain(hashes.iter().flat_map(|hash| hash.0)).collect()
}

fn decode(bytes: Vec<u8>) -> Option<Vec<Digest>> {
    let (hashes, rest) = bytes.strip_prefix(VALIDATED_MAGIC)?.as_chunks::<32>();
    rest.is_empty().then(|| hashes.iter().map(|hash| Digest(*hash)).collect())
}

/// Are these the bytes of a set?
pub(super) fn is_set(bytes: Vec<u8>) -> bool {
    decode(bytes).is_some()
}

impl Store {
    /// Everything that was marked as validated.
    pub fn validated(&self) -> Result<Validated, StoreError> {
        let Loaded { pieces, notices } = directory(self).load(self, decode)?;
        let mut sorted: Vec<Digest> = pieces.into_iter().flat_map(|(_, hashes)| hashes).collect();
        sorted.sort_unstable();
        sorted.dedup();
        Ok(Validated { sorted, notices })
    }
}

impl Writer {
    /// See [`Store::validated`].
    pub fn validated(&self) -> Result<Validated, StoreError> {
        self.store().validated()
    }

    /// Remembers that these passed. Not synced: a piece that a power cut tears does not hash to its name.
    pub fn mark_validated(&self, hashes: &[Digest]) -> Result<(), StoreError> {
        self.check_healthy()?;
        if hashes.is_empty() {
            return Ok(());
        }
        let pieces = directory(self.store());
        let bytes = encode(hashes.iter().copied());
        let temporary = self.write_temporary(&self.store().layout().cache_tmp(), &bytes, MODE_FILE)?;
        self.name_piece(&pieces, &temporary, &Digest::of(&bytes))?;
        self.merge_pieces(&pieces, decode, |old| Ok(encode(old.iter().flat_map(|(_, hashes)| hashes.clone()))))
    }
}
