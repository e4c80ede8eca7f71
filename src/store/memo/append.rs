//! Adding and merging pieces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::super::error::StoreError;
use super::super::layout::MODE_FILE;
use super::super::model::MemoEntry;
use super::super::writer::Writer;
use super::encode::{self, PieceBytes};
use super::lookup::{directory, newest_first};
use crate::base::Digest;

/// A memo piece that is written and has no name yet.
#[derive(Debug)]
pub(in super::super) struct PendingPiece {
    temporary: PathBuf,
    name: Digest,
}

impl Writer {
    /// Writes `entries` to a temporary. They become visible by [`publish_memo`](Self::publish_memo), after the
    /// objects that they name.
    pub(in super::super) fn write_memo(&self, entries: &[MemoEntry]) -> Result<Option<PendingPiece>, StoreError> {
        if entries.is_empty() {
            return Ok(None);
        }
        let mut encoded = BTreeMap::new();
        for entry in entries {
            encoded.insert(entry.key, encode::entry(entry)?);
        }
        let bytes = encode::piece(self.next_sequence()?, &encoded)?;
        let temporary = self.write_temporary(&self.store().layout().cache_tmp(), &bytes, MODE_FILE)?;
        Ok(Some(PendingPiece { temporary, name: Digest::of(&bytes) }))
    }

    pub(in super::super) fn publish_memo(&self, piece: &PendingPiece) -> Result<(), StoreError> {
        let pieces = directory(self.store());
        self.name_piece(&pieces, &piece.temporary, &piece.name)?;
        self.merge_pieces(&pieces, PieceBytes::parse, merge)
    }

    /// One above the highest that stands. Looked up once; this is the only writer.
    fn next_sequence(&self) -> Result<u64, StoreError> {
        let mut last = self.memo_sequence();
        let highest = if let Some(highest) = *last {
            highest
        } else {
            let loaded = directory(self.store()).load(self.store(), PieceBytes::parse)?;
            loaded.pieces.iter().map(|(_, piece)| piece.sequence).max().unwrap_or(0)
        };
        let next = highest.saturating_add(1);
        *last = Some(next);
        Ok(next)
    }
}

impl Writer {
    /// Drops the entries of these actions: all pieces become one without them.
    pub(in super::super) fn forget_actions(&self, actions: &BTreeSet<Digest>) -> Result<(), StoreError> {
        let pieces = directory(self.store());
        let old = pieces.load(self.store(), PieceBytes::parse)?.pieces;
        if !old.iter().any(|(_, piece)| actions.iter().any(|action| piece.find(action).is_some())) {
            return Ok(());
        }
        let bytes = merge_without(&old, actions)?;
        let name = Digest::of(&bytes);
        let temporary = self.write_temporary(&self.store().layout().cache_tmp(), &bytes, MODE_FILE)?;
        self.sync_file(&temporary)?;
        self.name_piece(&pieces, &temporary, &name)?;
        self.sync_dir(&pieces.dir)?;
        for (old, _) in old.iter().filter(|(old, _)| *old != name) {
            self.remove_if_there(&pieces.path(old))?;
        }
        self.sync_dir(&pieces.dir)
    }
}

/// The newest entry of each key, under the highest sequence.
fn merge(old: &[(Digest, PieceBytes)]) -> Result<Vec<u8>, StoreError> {
    merge_without(old, &BTreeSet::new())
}

fn merge_without(old: &[(Digest, PieceBytes)], without: &BTreeSet<Digest>) -> Result<Vec<u8>, StoreError> {
    let mut order: Vec<&(Digest, PieceBytes)> = old.iter().collect();
    order.sort_by(|a, b| newest_first(a, b));
    let mut newest: BTreeMap<Digest, &[u8]> = BTreeMap::new();
    for (_, piece) in order {
        for (key, bytes) in (0..piece.len()).filter_map(|at| piece.at(at)) {
            if !without.contains(&key) {
                newest.entry(key).or_insert(bytes);
            }
        }
    }
    encode::piece(old.iter().map(|(_, piece)| piece.sequence).max().unwrap_or(0), &newest)
}
