//! Which snapshot a person means, and the rules that the workspace has for all of them.

use std::str::FromStr;

use crate::config::Workspace;
use crate::store::{Ref, RefError, Retention, Store};

use super::super::error::OpsError;

/// The id that `text` names: `snap-…` or the beginning of it, `snap:…`, or `tag:…`.
pub(super) fn named(store: &Store, text: &str) -> Result<String, OpsError> {
    let text = text.trim();
    let at = if text.contains(':') { Ref::from_str(text)? } else { Ref::from_str(&format!("snap:{text}"))? };
    match &at {
        Ref::Snapshot(id) => Ok(store.snapshot_named(&at, id)?),
        Ref::Tag(tag) => Ok(store.snapshot_tagged(&at, tag)?.record.id),
        other => {
            let what = "it names a moment that need not be a snapshot".to_owned();
            let help = "name a snapshot by its id, as `sawmill snapshot list` shows it, or as `tag:TAG`".to_owned();
            Err(RefError::Unknown { asked: other.redacted(), what, help }.into())
        }
    }
}

pub(super) fn retention(workspace: &Workspace) -> Retention {
    let written = &workspace.snapshots;
    Retention {
        keep_pointer: written.keep_pointer,
        keep_frozen: written.keep_frozen,
        max_age_days: written.max_age_days,
        protect_tags: written.protect_tags.clone(),
    }
}
