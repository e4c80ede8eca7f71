//! A kept diff.

use crate::base::suggest::nearest;
use crate::nodes::diff::EVENTS;
use crate::ops::at::AtReport;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::query::diff::EventFilter;
use crate::store::{DiffEnd, DiffRecord, Store, StoreError};

use super::compute::summary;
use super::error::DiffError;
use super::report::{DiffSeen, ShowReport, ShowRequest};

pub fn show(context: &Context, request: &ShowRequest) -> Result<ShowReport, OpsError> {
    if let Some((filter, _)) = &request.show {
        check(filter)?;
    }
    let store = context.store(&context.workspace()?)?;
    let record = meant(&store, request.id.as_deref())?;
    let events = store.diff_events(&record).map_err(|error| damaged(&record.inputs.id, error))?;
    let (summary, inputs) = (summary(&record)?, record.inputs);
    let none = DiffSeen::of(inputs.id, end(&inputs.from), end(&inputs.to), summary);
    let diff = none.with(&events, request.show.as_ref(), request.review)?;
    Ok(ShowReport { diff, automatic: inputs.automatic, created_at: inputs.created_at })
}

fn damaged(id: &str, error: StoreError) -> OpsError {
    if error.is_damage() { DiffError::Damaged { id: id.to_owned(), source: error }.into() } else { error.into() }
}

pub(super) fn end(of: &DiffEnd) -> AtReport {
    AtReport { asked: of.asked.clone(), resolved: of.resolved.clone(), identity_hash: of.identity.hash() }
}

/// The diff that `id` begins; the newest where none is named.
fn meant(store: &Store, id: Option<&str>) -> Result<DiffRecord, OpsError> {
    let ids = store.diff_ids()?;
    let Some(id) = id else {
        let mut newest: Option<DiffRecord> = None;
        for id in &ids {
            // One that cannot be read is not the newest that can be shown.
            let Ok(Some(record)) = store.diff(id) else { continue };
            let key = |of: &DiffRecord| (of.inputs.created_at, of.inputs.id.clone());
            if newest.as_ref().is_none_or(|best| key(best) < key(&record)) {
                newest = Some(record);
            }
        }
        return newest.ok_or_else(|| none("newest", &ids).into());
    };
    let full = if id.starts_with("diff_") { id.to_owned() } else { format!("diff_{id}") };
    let fit: Vec<&String> = ids.iter().filter(|known| known.starts_with(&full)).collect();
    match fit.as_slice() {
        [one] => store.diff(one).map_err(|error| damaged(one, error))?.ok_or_else(|| none(id, &ids).into()),
        [] => Err(none(id, &ids).into()),
        _ => Err(DiffError::Ambiguous { id: id.to_owned() }.into()),
    }
}

fn none(id: &str, ids: &[String]) -> DiffError {
    let help = match nearest(id, ids.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if ids.is_empty() => "none is kept: `sawmill diff compute` makes one".to_owned(),
        None => "`sawmill diff list` names those that are kept".to_owned(),
    };
    DiffError::Unknown { id: id.to_owned(), help }
}

/// Refuses a word that is no event.
pub(super) fn check(filter: &EventFilter) -> Result<(), DiffError> {
    let sorts = EVENTS.iter().filter_map(|event| event.split_once('.').map(|(sort, _)| sort));
    let known: Vec<&str> = EVENTS.iter().copied().chain(sorts).collect();
    match filter.events.iter().find(|event| !known.contains(&event.as_str())) {
        None => Ok(()),
        Some(event) => {
            let help = match nearest(event, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("events are {}", EVENTS.join(", ")),
            };
            Err(DiffError::UnknownEvent { event: event.clone(), help })
        }
    }
}
