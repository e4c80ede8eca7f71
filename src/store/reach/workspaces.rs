//! The workspaces that use a cache.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::super::error::{StoreError, io_at};
use super::super::open::{Store, StoreDirs};
use super::super::writer::WorkspaceRecord;

/// Another workspace that was registered in this cache.
#[derive(Debug)]
pub struct Registration {
    /// Its record, in `roots/`.
    pub record: PathBuf,
    /// Where it is; an error where nobody can tell.
    pub state: Result<StoreDirs, StoreError>,
    /// Its directory is gone.
    pub gone: bool,
}

impl Store {
    /// The other workspaces that are registered in this cache, by the names of their records. One whose registration
    /// is damaged is among them: it may be anybody's.
    pub(in super::super) fn registrations(&self) -> Result<Vec<Registration>, StoreError> {
        let ours = self.vfs().canonicalize(&self.layout().state).unwrap_or_else(|_| self.layout().state.clone());
        let mut others = Vec::new();
        for path in self.files_in(&self.layout().roots())? {
            let state = match self.record::<WorkspaceRecord>(&path) {
                Ok(None) => continue,
                Ok(Some(record)) => match &record.state_bytes {
                    Some(bytes) => PathBuf::from(OsStr::from_bytes(bytes)),
                    None => PathBuf::from(&record.state),
                },
                Err(e) => {
                    others.push(Registration { record: path, state: Err(e), gone: false });
                    continue;
                }
            };
            if state == ours {
                continue;
            }
            let there = self.vfs().exists(&state).map_err(io_at("look at", &state));
            let gone = matches!(there, Ok(false));
            let state = there.map(|_| StoreDirs { cache: self.layout().cache.clone(), state });
            others.push(Registration { record: path, state, gone });
        }
        Ok(others)
    }

    /// Those that are there, or may be.
    pub(in super::super) fn other_workspaces(&self) -> Result<Vec<Registration>, StoreError> {
        Ok(self.registrations()?.into_iter().filter(|other| !other.gone).collect())
    }
}
