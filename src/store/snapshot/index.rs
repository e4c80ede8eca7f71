//! `manifest.json`: an index of the records, for people and tools. Nothing here reads it but to see whether it is
//! current; the records are the truth.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::read::Snapshot;
use crate::base::Timestamp;
use crate::store::envelope;
use crate::store::error::StoreError;
use crate::store::layout::{FORMAT, MODE_FILE};
use crate::store::writer::Writer;

/// The index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct SnapshotIndex {
    pub format: u32,
    pub snapshots: BTreeMap<String, Indexed>,
}

/// One snapshot in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Indexed {
    pub created_at: Timestamp,
    pub generation: String,
    pub label: Option<String>,
    pub tags: Vec<String>,
    pub frozen: bool,
}

impl From<&Snapshot> for Indexed {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            created_at: snapshot.record.created_at,
            generation: snapshot.record.generation.clone(),
            label: snapshot.record.label.clone(),
            tags: snapshot.tags.clone(),
            frozen: snapshot.frozen.is_some(),
        }
    }
}

impl Writer {
    /// Makes the index anew where it is lost, damaged or differs from the records. A damaged record has no entry.
    pub(in crate::store) fn index_snapshots(&self) -> Result<(), StoreError> {
        let (store, path) = (self.store(), self.store().layout().snapshot_index());
        let (snapshots, _) = store.snapshots()?;
        let there = match store.record::<SnapshotIndex>(&path) {
            Ok(there) => there,
            Err(e) if e.is_damage() => None,
            Err(e) => return Err(e),
        };
        let snapshots = snapshots.iter().map(|s| (s.record.id.clone(), Indexed::from(s))).collect();
        let index = SnapshotIndex { format: FORMAT, snapshots };
        if there.as_ref() == Some(&index) || (there.is_none() && index.snapshots.is_empty()) {
            return Ok(());
        }
        // Not synced: one that a power cut tears is made anew.
        let bytes = envelope::seal(&store.layout().name_of(&path), &index)?;
        let temporary = self.write_temporary(&store.layout().state_tmp(), &bytes, MODE_FILE)?;
        self.rename(&temporary, &path)
    }

    /// What the index is of stands already: that the index does not follow is told, and the next writer mends it.
    pub(in crate::store) fn index_snapshots_or_notice(&self) {
        if let Err(error) = self.index_snapshots() {
            self.notice(&self.store().layout().snapshot_index(), format!("not written: {error}"));
        }
    }
}
