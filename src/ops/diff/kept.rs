//! The kept diffs: which there are, and which go.

use crate::config::Workspace;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::store::{KeepDiffs, KeptDiff, Store, diffs_to_remove};

use super::compute::summary;
use super::report::{ListReport, Listed, PruneReport, PruneRequest};
use super::show::end;

pub fn list(context: &Context) -> Result<ListReport, OpsError> {
    let store = context.store(&context.workspace()?)?;
    listed(&store)
}

fn listed(store: &Store) -> Result<ListReport, OpsError> {
    let mut report = ListReport { diffs: Vec::new(), damaged: Vec::new() };
    for id in store.diff_ids()? {
        let record = match store.diff(&id) {
            Ok(Some(record)) => record,
            // Without a summary it was not kept to its end.
            Ok(None) => {
                report.damaged.push(id);
                continue;
            }
            Err(e) if e.is_damage() => {
                report.damaged.push(id);
                continue;
            }
            Err(e) => return Err(e.into()),
        };
        report.diffs.push(Listed {
            events: summary(&record)?.events,
            bytes: record.result.events.bytes,
            from: end(&record.inputs.from),
            to: end(&record.inputs.to),
            automatic: record.inputs.automatic,
            created_at: record.inputs.created_at,
            id: record.inputs.id,
        });
    }
    report.diffs.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    Ok(report)
}

/// Removes what the workspace's `diffs:` does not keep, and what cannot be read.
pub fn prune(context: &Context, request: &PruneRequest) -> Result<PruneReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let (removed, bytes, kept) = plan(context, &workspace, &store)?;
    if !request.dry_run && !removed.is_empty() {
        let writer = store.writer(&*context.clock, request.wait)?;
        for id in &removed {
            writer.remove_diff(id)?;
        }
        writer.empty_away()?;
    }
    Ok(PruneReport { dry_run: request.dry_run, removed, bytes, kept })
}

/// What goes, how many bytes of events that is, and how many stay. The same for a dry run.
fn plan(context: &Context, workspace: &Workspace, store: &Store) -> Result<(Vec<String>, u64, u64), OpsError> {
    let mut report = listed(store)?;
    let whole = |id: &str| -> Result<bool, OpsError> {
        let Some(record) = store.diff(id)? else { return Ok(false) };
        match store.diff_events(&record) {
            Ok(_) => Ok(true),
            Err(e) if e.is_damage() => Ok(false),
            Err(e) => Err(e.into()),
        }
    };
    let mut believed = Vec::new();
    for diff in std::mem::take(&mut report.diffs) {
        if whole(&diff.id)? {
            believed.push(diff);
        } else {
            report.damaged.push(diff.id);
        }
    }
    report.diffs = believed;
    let diffs: Vec<KeptDiff> = report
        .diffs
        .iter()
        .map(|diff| KeptDiff {
            id: diff.id.clone(),
            created_at: diff.created_at,
            automatic: diff.automatic,
            bytes: diff.bytes,
        })
        .collect();
    let rules = workspace.diffs;
    let rules = KeepDiffs {
        keep: rules.keep,
        keep_automatic: rules.keep_automatic,
        max_age_days: rules.max_age_days,
        max_total_bytes: rules.max_total_bytes,
    };
    let going = diffs_to_remove(&diffs, rules, context.clock.now());
    let bytes = diffs.iter().filter(|diff| going.contains(&diff.id)).map(|diff| diff.bytes).sum();
    let kept = (diffs.len() - going.len()) as u64;
    Ok((report.damaged.into_iter().chain(going).collect(), bytes, kept))
}
