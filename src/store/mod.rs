//! The store: objects, memo, manifests, generations, locks.
//!
//! Two directories. The **cache** holds what is named by its content and may be shared between workspaces:
//! objects and memo. The **state** holds what one workspace stands at: HEAD, generations, builds,
//! leases, views. `layout.rs` draws both and owns every name in them.
//!
//! One writer at a time holds the kernel locks of both ([`Store::writer`]); it stages objects, commits them with
//! their memo entries, puts manifests, and promotes a generation by swapping HEAD last. Readers never wait: they
//! [pin](Store::pin) the generation that HEAD names, and every byte that they are handed was verified before.
//! Bytes are never believed for standing in the right place: objects, lists and pieces are named by their hash,
//! every other file carries a checksum.
//!
//! This folder knows neither Arrow nor node kinds.

mod model;

mod envelope;
mod error;
mod layout;

mod open;

mod generation;
mod lease;
mod manifest;
mod memo;
mod object;
mod pieces;
mod reach;
mod recover;

pub mod federation;

mod diffs;
mod gitbuild;
mod refs;
mod snapshot;

mod answers;
mod decisions;
mod durable;
mod ledger;
mod local;
mod lock;
mod publish;
mod views;
mod writer;

pub mod probe;

pub mod clear;
pub mod gc;
pub mod verify;

#[cfg(test)]
mod tests;

pub use diffs::{
    DiffEnd, DiffInputs, DiffRecord, DiffResult, EventsFile, KeepDiffs, KeptDiff, diff_id, diffs_to_remove,
};
pub use error::{StoreError, StoreNotice};
pub use generation::generation_id;
pub use gitbuild::{GitBuild, GitRetention};
pub use layout::FORMAT;
pub use lease::Pinned;
pub use ledger::{LedgerPiece, LedgerPieces, LedgerTable};
pub use local::{Stamped, git_stat_name};
pub use manifest::build_id;
pub use memo::Memo;
pub use model::{
    BuildRoot, Generation, MemoEntry, MemoOutput, NodeRecord, Piece, Provenance, RepoBuild, RepoProvenance,
    SegmentList, SegmentRef, ShardRecord, WorkspaceProvenance, workspace_name, workspace_node,
};
pub use open::{Store, StoreDirs};
pub use refs::{Identity, Ref, RefError, RepoIdentity};
pub use snapshot::{
    Freeze, FreezeMethod, FrozenRecord, FrozenState, NewSnapshot, Origin, PrunePlan, Pruned, Retention, Snapshot,
    SnapshotError, SnapshotRecord, Surplus, is_tag,
};
pub use writer::Writer;
