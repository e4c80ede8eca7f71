//! Pieces of the ledger's tables: `ledger/<table>/<8 digits>-<16 hex>.parquet`. The digits are the newest run of the
//! piece, the hexadecimal characters the first of the BLAKE3 of its bytes, which is looked at before anything decodes
//! them. A damaged piece is told and left out; the next writer that has rows to keep, or that finds a reader's note,
//! removes it.

use std::io;
use std::path::PathBuf;

use super::super::error::{StoreError, StoreNotice, io_at};
use super::super::layout::{MAX_PIECES, MODE_FILE};
use super::super::open::Store;
use super::super::writer::Writer;
use crate::base::Digest;

/// Characters of the hash in a piece's name.
const HASH_CHARS: usize = 16;

/// A table of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LedgerTable {
    Failures,
    History,
}

impl LedgerTable {
    pub const ALL: [Self; 2] = [Self::Failures, Self::History];

    pub fn name(self) -> &'static str {
        match self {
            Self::Failures => "failures",
            Self::History => "history",
        }
    }
}

/// A piece whose bytes hash to its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerPiece {
    /// The newest run that it has rows of.
    pub run: u64,
    pub bytes: Vec<u8>,
    name: String,
}

/// What there is of a table.
#[derive(Clone, Debug, Default)]
pub struct LedgerPieces {
    /// Oldest first.
    pub pieces: Vec<LedgerPiece>,
    /// Of pieces that are not among them.
    pub notices: Vec<StoreNotice>,
}

/// The name of the piece that holds `bytes`, of which `run` is the newest run.
fn piece_name(run: u64, bytes: &[u8]) -> String {
    format!("{run:08}-{}.parquet", Digest::of(bytes).prefix_hex(HASH_CHARS))
}

/// The newest run of the piece of that name.
fn run_of(name: &str) -> Option<u64> {
    let (run, hash) = name.strip_suffix(".parquet")?.split_once('-')?;
    let is_hash = hash.len() == HASH_CHARS && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_hash && run.len() >= 8).then(|| run.parse().ok()).flatten()
}

/// Is that the name of a piece, and do the bytes hash to it? `None`: it is no name of a piece.
pub(in crate::store) fn is_piece_of_ledger(name: &str, bytes: &[u8]) -> Option<bool> {
    run_of(name).map(|run| piece_name(run, bytes) == name)
}

impl Store {
    /// The pieces of `table` by name: oldest first. Other files are none of ours.
    pub(in crate::store) fn names_of_ledger(&self, table: LedgerTable) -> Result<Vec<(u64, String)>, StoreError> {
        let dir = self.layout().ledger(table.name());
        let entries = match self.vfs().list(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(io_at("list", &dir)(e)),
        };
        let named = |entry: &crate::base::vfs::DirEntry| {
            let name = entry.name.to_str()?;
            Some((run_of(name)?, name.to_owned()))
        };
        let mut names: Vec<(u64, String)> = entries.iter().filter_map(named).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The newest run that `table` may have rows of.
    pub(super) fn last_of_ledger(&self, table: LedgerTable) -> Result<Option<u64>, StoreError> {
        Ok(self.names_of_ledger(table)?.last().map(|(run, _)| *run))
    }

    /// Where the pieces of `table` stand.
    pub fn ledger_dir(&self, table: LedgerTable) -> PathBuf {
        self.layout().ledger(table.name())
    }

    /// Every piece of `table` that is whole. Of what is damaged a note is left for the next writer.
    pub fn ledger(&self, table: LedgerTable) -> Result<LedgerPieces, StoreError> {
        // A writer may merge pieces between our listing and our reading; the merged piece is in the next listing.
        for _ in 0..8 {
            if let Some(found) = self.ledger_listed(table)? {
                return Ok(found);
            }
        }
        Err(StoreError::Moving { path: self.layout().ledger(table.name()) })
    }

    /// `None` when a piece vanished after it was listed.
    fn ledger_listed(&self, table: LedgerTable) -> Result<Option<LedgerPieces>, StoreError> {
        let mut found = LedgerPieces::default();
        for (run, name) in self.names_of_ledger(table)? {
            let path = self.layout().ledger(table.name()).join(&name);
            let bytes = match self.read_if_there(&path) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Ok(None),
                Err(e) => {
                    found.notices.push(StoreNotice { path, what: format!("left out of `{}`: {e}", table.name()) });
                    continue;
                }
            };
            if piece_name(run, &bytes) == name {
                found.pieces.push(LedgerPiece { run, bytes, name });
            } else {
                self.suspect_ledger();
                let what = format!("damaged: what `{}` had in it is lost", table.name());
                found.notices.push(StoreNotice { path, what });
            }
        }
        Ok(Some(found))
    }

    /// Leaves a note that pieces of the ledger should be looked at. A store that may not be written stays as it is.
    pub(in crate::store) fn suspect_ledger(&self) {
        drop(self.vfs().write_new(&self.layout().suspect_ledger(), b"", MODE_FILE));
    }
}

impl Writer {
    /// Keeps a piece of `table` whose newest run is `run`. Where there are too many pieces, `merge` makes one of the smaller
    /// ones, which come oldest first; `None` where it cannot, and then they stay as they are.
    pub fn keep_ledger(
        &self,
        table: LedgerTable,
        run: u64,
        bytes: &[u8],
        merge: impl FnOnce(&[LedgerPiece]) -> Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        self.put_piece(table, run, bytes)?;
        let names = self.store().names_of_ledger(table)?;
        if names.len() <= MAX_PIECES {
            return Ok(());
        }
        self.sweep(table)?;
        let found = self.store().ledger(table)?;
        let small = smaller(&found.pieces);
        let Some(newest) = small.iter().map(|piece| piece.run).max() else { return Ok(()) };
        if small.len() < 2 {
            return Ok(());
        }
        let Some(merged) = merge(&small) else { return Ok(()) };
        let name = self.put_piece(table, newest, &merged)?;
        for old in small.iter().filter(|old| old.name != name) {
            self.remove_if_there(&self.store().layout().ledger(table.name()).join(&old.name))?;
        }
        Ok(())
    }

    fn put_piece(&self, table: LedgerTable, run: u64, bytes: &[u8]) -> Result<String, StoreError> {
        let (layout, name) = (self.store().layout(), piece_name(run, bytes));
        let dir = layout.ledger(table.name());
        self.make_dir(&dir)?;
        let temporary = self.write_temporary(&layout.state_tmp(), bytes, MODE_FILE)?;
        self.rename(&temporary, &dir.join(&name))?;
        Ok(name)
    }

    /// Removes the damaged pieces of `table`.
    fn sweep(&self, table: LedgerTable) -> Result<(), StoreError> {
        for (run, name) in self.store().names_of_ledger(table)? {
            let path = self.store().layout().ledger(table.name()).join(&name);
            let Some(bytes) = self.store().read_if_there(&path)? else { continue };
            if piece_name(run, &bytes) != name {
                self.remove_if_there(&path)?;
                self.notice(&path, format!("damaged: removed, what `{}` had in it is lost", table.name()));
            }
        }
        Ok(())
    }

    /// Removes damaged pieces where a reader left a note. What keeps it from that is told, and left for the next writer.
    pub(in crate::store) fn look_at_ledger(&self) {
        let note: PathBuf = self.store().layout().suspect_ledger();
        match self.store().vfs().stat(&note) {
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => return,
            Err(e) => return self.notice(&note, format!("left for the next build: {e}")),
        }
        let swept = LedgerTable::ALL.into_iter().try_for_each(|table| self.sweep(table));
        if let Err(error) = swept.and_then(|()| self.remove_if_there(&note)) {
            self.notice(&note, format!("left for the next build: {error}"));
        }
    }
}

/// The pieces that are merged: all but the biggest ones of which each outweighs all smaller ones together. So a row is
/// written again only when what it is merged with is as much.
fn smaller(pieces: &[LedgerPiece]) -> Vec<LedgerPiece> {
    let mut by_size: Vec<&LedgerPiece> = pieces.iter().collect();
    by_size.sort_by(|a, b| (b.bytes.len(), &b.name).cmp(&(a.bytes.len(), &a.name)));
    let mut rest: usize = by_size.iter().map(|piece| piece.bytes.len()).sum();
    let big = by_size
        .iter()
        .take_while(|piece| {
            rest -= piece.bytes.len();
            rest < piece.bytes.len()
        })
        .count();
    let mut small: Vec<LedgerPiece> = by_size.into_iter().skip(big).cloned().collect();
    small.sort_by(|a, b| (a.run, &a.name).cmp(&(b.run, &b.name)));
    small
}
