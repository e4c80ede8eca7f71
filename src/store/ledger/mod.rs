//! The ledger: what runs did, beside the builds and outside every hash.
//!
//! [`runs`] are records of whole runs, [`tables`] pieces of the tables `failures` and `history`. What is in either is the
//! engine's. None of it is synced, and nothing but an answer to people depends on it: to lose it costs that answer.

mod runs;
mod tables;

pub(in crate::store) use tables::is_piece_of_ledger;
pub use tables::{LedgerPiece, LedgerPieces, LedgerTable};
