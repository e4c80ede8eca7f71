//! `snapshot list` and `snapshot show`.

use super::super::context::Context;
use super::super::error::OpsError;
use super::named::{named, retention};
use super::report::{SnapshotReport, SnapshotSeen, SnapshotsReport, told};

/// All of them, the newest first. A damaged record is told and hides no other.
pub fn list(context: &Context) -> Result<SnapshotsReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let retention = retention(&workspace);
    let (mut found, notices) = store.snapshots()?;
    found.sort_by(|a, b| (b.record.created_at, &b.record.id).cmp(&(a.record.created_at, &a.record.id)));
    let snapshots: Vec<SnapshotSeen> =
        found.into_iter().map(|snapshot| SnapshotSeen::of(&store, &retention, snapshot)).collect();
    let mut notices = told(&store, &notices);
    notices.extend(snapshots.iter().filter_map(SnapshotSeen::notice));
    Ok(SnapshotsReport { ok: true, snapshots, notices })
}

/// One, in full: an id or the beginning of one, or `tag:TAG`.
pub fn show(context: &Context, snapshot: &str) -> Result<SnapshotReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let snapshot = store.snapshot(&named(&store, snapshot)?)?;
    let snapshot = SnapshotSeen::of(&store, &retention(&workspace), snapshot);
    let notices = snapshot.notice().into_iter().collect();
    Ok(SnapshotReport { ok: true, snapshot, notices })
}
