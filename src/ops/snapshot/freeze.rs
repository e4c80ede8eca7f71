//! `snapshot freeze`.

use std::time::Duration;

use super::super::context::Context;
use super::super::error::OpsError;
use super::create::freezing;
use super::named::{named, retention};
use super::report::{SnapshotReport, SnapshotSeen, told};

/// Which one.
#[derive(Clone, Debug, Default)]
pub struct FreezeRequest {
    /// An id or the beginning of one, or `tag:TAG`.
    pub snapshot: String,
    /// By hard links.
    pub link: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// Makes a pointer a store of its own. One that is frozen already stays as it is.
pub fn freeze(context: &Context, request: &FreezeRequest) -> Result<SnapshotReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let id = named(&store, &request.snapshot)?;
    let writer = store.writer(&*context.clock, request.wait)?;
    let snapshot = writer.freeze_snapshot(&id, &freezing(context, request.link))?;
    let notices = told(&store, &writer.notices());
    Ok(SnapshotReport { ok: true, snapshot: SnapshotSeen::of(&store, &retention(&workspace), snapshot), notices })
}
