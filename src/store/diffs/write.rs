//! Keeping and removing diffs.

use super::diff_id;
use super::model::{DiffInputs, DiffResult, EventsFile};
use crate::base::Digest;
use crate::store::envelope;
use crate::store::error::StoreError;
use crate::store::layout::{FORMAT, is_diff_id};
use crate::store::writer::Writer;

impl Writer {
    /// Keeps a diff: its events, what was compared, and last the summary, by which it is there. Durable when this returns.
    pub fn put_diff(
        &self,
        inputs: &DiffInputs,
        events: &[u8],
        summary: serde_json::Value,
    ) -> Result<DiffResult, StoreError> {
        self.check_healthy()?;
        let id = &inputs.id;
        if !is_diff_id(id) || diff_id(inputs) != *id {
            return Err(StoreError::refused(format!("the diff `{id}` has another id")));
        }
        let layout = self.store().layout();
        let file = EventsFile { hash: Digest::of(events), bytes: events.len() as u64 };
        let result = DiffResult { format: FORMAT, events: file, summary };
        self.make_dir(&layout.diff(id))?;
        self.put_immutable(&layout.diff_events(id), events)?;
        let path = layout.diff_inputs(id);
        self.put_immutable(&path, &envelope::seal(&layout.name_of(&path), inputs)?)?;
        self.sync_everything(true)?;
        let path = layout.diff_summary(id);
        self.put_immutable(&path, &envelope::seal(&layout.name_of(&path), &result)?)?;
        self.sync_everything(true)?;
        Ok(result)
    }

    /// Deletes what was moved away.
    pub fn empty_away(&self) -> Result<(), StoreError> {
        self.empty_tmp()
    }

    /// Removes a diff; fine when it is gone.
    pub fn remove_diff(&self, id: &str) -> Result<(), StoreError> {
        self.check_healthy()?;
        if !is_diff_id(id) {
            return Err(StoreError::refused(format!("`{id}` names no diff")));
        }
        self.move_away(&self.store().layout().diff(id)).map(|_| ())
    }
}
