//! The kernel lock of the one writer.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::{StoreError, io_at};
use super::layout::{FORMAT, LOCK_FILE};
use super::open::Store;
use crate::base::Timestamp;
use crate::base::vfs::{LockGuard, LockKind};

const PAUSE: Duration = Duration::from_millis(20);

/// `holder.json`: for the message to whoever waits.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Holder {
    pub format: u32,
    pub pid: u32,
    pub since: Timestamp,
}

impl Holder {
    pub(super) fn this_process(since: Timestamp) -> Self {
        Self { format: FORMAT, pid: std::process::id(), since }
    }
}

impl Store {
    /// Locks `dir`, trying for as long as `wait`.
    pub(super) fn lock(&self, dir: &Path, wait: Duration) -> Result<Box<dyn LockGuard>, StoreError> {
        let path = dir.join(LOCK_FILE);
        let mut left = wait;
        loop {
            if let Some(guard) = self.vfs().try_lock(&path, LockKind::Exclusive).map_err(io_at("lock", &path))? {
                return Ok(guard);
            }
            if left.is_zero() {
                return Err(StoreError::Locked { path, holder: self.describe_holder() });
            }
            let pause = PAUSE.min(left);
            std::thread::sleep(pause);
            left -= pause;
        }
    }

    /// Who holds the lock, as far as it can be told: the file may be that of the holder before.
    fn describe_holder(&self) -> String {
        match self.record::<Holder>(&self.layout().holder()) {
            Ok(Some(holder)) => format!("process {}, since {}", holder.pid, holder.since),
            Ok(None) | Err(_) => "a process that did not say which".to_owned(),
        }
    }
}
