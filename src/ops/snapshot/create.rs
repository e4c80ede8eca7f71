//! `snapshot create`.

use std::time::Duration;

use crate::base::Cancel;
use crate::store::{Freeze, NewSnapshot, Origin, Ref, SnapshotError};

use super::super::at::At;
use super::super::context::Context;
use super::super::error::OpsError;
use super::named::retention;
use super::report::{SnapshotReport, SnapshotSeen, told};

/// What to keep. The moment is the context's.
#[derive(Clone, Debug, Default)]
pub struct CreateRequest {
    pub tags: Vec<String>,
    pub label: Option<String>,
    pub notes: Option<String>,
    /// Make it a store of its own at once.
    pub freeze: bool,
    /// Freeze by hard links.
    pub link: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// Makes a snapshot of the context's moment. Where it is to be frozen and that fails, none is made.
pub fn create(context: &Context, request: &CreateRequest) -> Result<SnapshotReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let pinned = match &context.at {
        Some(at) => at.pin(context, &workspace)?.pinned,
        None => store.pin()?.ok_or(OpsError::NotBuilt)?,
    };
    let writer = store.writer(&*context.clock, request.wait)?;
    let new = NewSnapshot {
        created_at: context.clock.now(),
        origin: Origin::Manual,
        label: request.label.clone(),
        notes: request.notes.clone(),
        tags: request.tags.clone(),
    };
    let mut snapshot = writer.create_snapshot(&pinned, &new).map_err(|error| match (error, &context.at) {
        (SnapshotError::Foreign, Some(At { moment: moment @ (Ref::Tag(_) | Ref::Snapshot(_)), .. })) => {
            SnapshotError::FrozenAlready { asked: moment.redacted() }
        }
        (error, _) => error,
    })?;
    if request.freeze {
        let how = freezing(context, request.link);
        snapshot = writer.freeze_snapshot(&snapshot.record.id, &how).inspect_err(|_| {
            // What is told is why it was not frozen. If this fails too, a pointer stays, which `list` shows.
            drop(writer.remove_snapshot(&snapshot.record.id, None));
        })?;
    }
    let notices = told(&store, &writer.notices());
    Ok(SnapshotReport { ok: true, snapshot: SnapshotSeen::of(&store, &retention(&workspace), snapshot), notices })
}

pub(super) fn freezing(context: &Context, link: bool) -> Freeze {
    let cancel: Cancel = context.cancel.clone();
    Freeze { now: context.clock.now(), link, cancel }
}
