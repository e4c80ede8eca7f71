//! Reading diffs.

use std::sync::Arc;

use super::diff_id;
use super::model::{DiffInputs, DiffRecord, DiffResult};
use crate::base::{ByteSource, Digest};
use crate::store::error::StoreError;
use crate::store::layout::is_diff_id;
use crate::store::open::Store;

impl Store {
    /// The diffs that have a directory, by id, whether they are whole or not.
    pub fn diff_ids(&self) -> Result<Vec<String>, StoreError> {
        self.names_under(&self.layout().diffs(), |name| is_diff_id(name).then(|| name.to_owned()))
    }

    /// The diff `id`; `None` where it was not kept, or not to its end.
    pub fn diff(&self, id: &str) -> Result<Option<DiffRecord>, StoreError> {
        if !is_diff_id(id) {
            return Err(StoreError::refused(format!("`{id}` names no diff")));
        }
        let path = self.layout().diff_inputs(id);
        let Some(inputs) = self.record::<DiffInputs>(&path)? else { return Ok(None) };
        if inputs.id != id || diff_id(&inputs) != id {
            return Err(StoreError::Damaged { path, what: "it describes another diff" });
        }
        let result = self.record::<DiffResult>(&self.layout().diff_summary(id))?;
        Ok(result.map(|result| DiffRecord { inputs, result }))
    }

    /// Is the diff there with all its events, as far as the file's size tells?
    pub fn has_diff(&self, id: &str) -> Result<bool, StoreError> {
        match self.diff(id) {
            Ok(Some(diff)) => {
                let size = self.vfs().stat(&self.layout().diff_events(id)).map(|stat| stat.size);
                Ok(size.is_ok_and(|size| size == diff.result.events.bytes))
            }
            Ok(None) => Ok(false),
            Err(e) if e.is_damage() => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// The events of a diff, verified.
    pub fn diff_events(&self, diff: &DiffRecord) -> Result<Arc<dyn ByteSource>, StoreError> {
        let path = self.layout().diff_events(&diff.inputs.id);
        let Some(bytes) = self.read_if_there(&path)? else { return Err(StoreError::Missing { path }) };
        if Digest::of(&bytes) != diff.result.events.hash {
            return Err(StoreError::Damaged { path, what: "its bytes do not hash to what its summary says" });
        }
        Ok(Arc::new(bytes))
    }
}
