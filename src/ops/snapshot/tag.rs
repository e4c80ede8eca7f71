//! `tag`: gives a snapshot tags, or takes them away.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::base::suggest::nearest;
use crate::store::RefError;

use super::super::context::Context;
use super::super::error::OpsError;
use super::named::{named, retention};
use super::report::{SnapshotReport, SnapshotSeen, told};

/// Which tags of which snapshot.
#[derive(Clone, Debug, Default)]
pub struct TagRequest {
    /// An id or the beginning of one, or `tag:TAG`.
    pub snapshot: String,
    pub tags: Vec<String>,
    /// Take them away.
    pub remove: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
}

pub fn tag(context: &Context, request: &TagRequest) -> Result<SnapshotReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let id = named(&store, &request.snapshot)?;
    let writer = store.writer(&*context.clock, request.wait)?;
    let mut tags: BTreeSet<String> = store.snapshot(&id)?.tags.into_iter().collect();
    for tag in &request.tags {
        if !request.remove {
            tags.insert(tag.clone());
        } else if !tags.remove(tag) {
            return Err(not_there(&id, tag, &tags));
        }
    }
    let snapshot = writer.set_snapshot_tags(&id, &tags.into_iter().collect::<Vec<_>>())?;
    let notices = told(&store, &writer.notices());
    Ok(SnapshotReport { ok: true, snapshot: SnapshotSeen::of(&store, &retention(&workspace), snapshot), notices })
}

fn not_there(id: &str, tag: &str, tags: &BTreeSet<String>) -> OpsError {
    let help = match nearest(tag, tags.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if tags.is_empty() => "it has no tag".to_owned(),
        None => format!("it has {}", tags.iter().cloned().collect::<Vec<_>>().join(", ")),
    };
    RefError::Unknown { asked: format!("tag:{tag}"), what: format!("snapshot {id} does not have this tag"), help }
        .into()
}
