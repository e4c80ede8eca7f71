//! What became of files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::model::{Change, FileState};
use super::renames::Rename;

/// The files of one side by path, the bytes of those that are no UTF-8 beside it.
pub type Files = BTreeMap<(Arc<str>, Option<Vec<u8>>), FileState>;

/// Files that are on one side only, with content that can be compared, by path.
pub fn only_in<'f>(side: &'f Files, other: &Files) -> Vec<&'f FileState> {
    side.iter().filter(|(key, file)| !other.contains_key(*key) && file.hash.is_some()).map(|(_, file)| file).collect()
}

/// Every change; `renames` are places in what [`only_in`] gives.
pub fn changes(before: &Files, after: &Files, renames: &[Rename]) -> Vec<Change> {
    let (removed, added) = (only_in(before, after), only_in(after, before));
    let key = |file: &FileState| (Arc::clone(&file.path), file.path_bytes.clone());
    let (mut left, mut came) = (BTreeSet::new(), BTreeSet::new());
    let mut changes = Vec::new();
    for rename in renames {
        if let (Some(from), Some(to)) = (removed.get(rename.from), added.get(rename.to)) {
            left.insert(key(from));
            came.insert(key(to));
            health(from, to, &mut changes);
            changes.push(Change::FileRenamed((*from).clone(), (*to).clone(), rename.similarity));
        }
    }
    for (key, old) in before {
        match after.get(key) {
            Some(new) => {
                if old.hash != new.hash {
                    changes.push(Change::FileModified(old.clone(), new.clone()));
                }
                health(old, new, &mut changes);
            }
            None if !left.contains(key) => changes.push(Change::FileRemoved(old.clone())),
            None => {}
        }
    }
    let new = after.iter().filter(|(key, _)| !before.contains_key(*key) && !came.contains(*key));
    changes.extend(new.map(|(_, file)| Change::FileAdded(file.clone())));
    changes
}

fn health(before: &FileState, after: &FileState, changes: &mut Vec<Change>) {
    if before.status != after.status || before.errors != after.errors {
        changes.push(Change::HealthChanged(before.clone(), after.clone()));
    }
}
