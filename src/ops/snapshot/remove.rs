//! `snapshot rm` and `snapshot prune`.

use std::time::Duration;

use crate::store::{PrunePlan, Store, StoreNotice};

use super::super::context::Context;
use super::super::error::OpsError;
use super::named::{named, retention};
use super::report::{RemovedReport, RemovedSnapshot, WhyRemoved, told};

/// Which ones go.
#[derive(Clone, Debug, Default)]
pub struct RemoveRequest {
    /// Ids or beginnings of them, or `tag:TAG`.
    pub snapshots: Vec<String>,
    /// Also where a tag protects them.
    pub force: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// Removes snapshots. All of them must be named well and may be removed; else none is.
pub fn remove(context: &Context, request: &RemoveRequest) -> Result<RemovedReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let retention = retention(&workspace);
    let mut ids = request.snapshots.iter().map(|text| named(&store, text)).collect::<Result<Vec<_>, _>>()?;
    ids.sort_unstable();
    ids.dedup();
    let writer = store.writer(&*context.clock, request.wait)?;
    let mut doomed = Vec::new();
    for id in &ids {
        doomed.push(match store.snapshot(id) {
            Ok(snapshot) if !request.force && retention.protects(&snapshot.tags) => {
                let (id, tags) = (id.clone(), snapshot.tags);
                return Err(crate::store::SnapshotError::Protected { id, tags }.into());
            }
            Ok(snapshot) => RemovedSnapshot::of(&snapshot, WhyRemoved::Asked),
            // Nothing protects it that could be read.
            Err(e) if e.is_damage() && request.force => {
                RemovedSnapshot { id: id.clone(), kind: None, why: WhyRemoved::Asked, bytes: 0, created: None }
            }
            Err(e) => return Err(e.into()),
        });
    }
    for id in &ids {
        writer.remove_snapshot(id, (!request.force).then_some(&retention))?;
    }
    let (left, _) = store.snapshots()?;
    let protected = left.iter().filter(|snapshot| retention.protects(&snapshot.tags)).count();
    Ok(RemovedReport {
        ok: true,
        dry_run: false,
        removed: doomed,
        in_use: Vec::new(),
        kept: left.len() - protected,
        protected,
        notices: told(&store, &writer.notices()),
    })
}

/// What retention is to do.
#[derive(Clone, Debug, Default)]
pub struct PruneRequest {
    /// Only say what would go.
    pub dry_run: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

/// Removes the snapshots that the workspace's retention does not keep.
pub fn prune(context: &Context, request: &PruneRequest) -> Result<RemovedReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let plan = || -> Result<(PrunePlan, Vec<StoreNotice>), OpsError> {
        let (snapshots, notices) = store.snapshots()?;
        Ok((retention(&workspace).plan(snapshots, context.clock.now()), notices))
    };
    // Nothing was ever made: no writer is needed to find that out.
    if request.dry_run || store.snapshot_ids()?.is_empty() {
        let (plan, notices) = plan()?;
        return Ok(report(&store, request.dry_run, &plan, &[], &notices));
    }
    let writer = store.writer(&*context.clock, request.wait)?;
    let (plan, mut notices) = plan()?;
    let pruned = writer.prune_snapshots(&plan)?;
    notices.extend(writer.notices());
    Ok(report(&store, false, &plan, &pruned.in_use, &notices))
}

pub(super) fn report(
    store: &Store,
    dry_run: bool,
    plan: &PrunePlan,
    in_use: &[String],
    notices: &[StoreNotice],
) -> RemovedReport {
    let gone = plan.remove.iter().filter(|(snapshot, _)| !in_use.contains(&snapshot.record.id));
    RemovedReport {
        ok: true,
        dry_run,
        removed: gone.map(|(snapshot, why)| RemovedSnapshot::of(snapshot, (*why).into())).collect(),
        in_use: in_use.to_vec(),
        kept: plan.kept,
        protected: plan.protected,
        notices: told(store, notices),
    }
}
