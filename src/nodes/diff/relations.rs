//! Which relations of a file came and went.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::model::{Change, RelationState};

/// Compares both sides as multisets.
pub fn changes(path: &Arc<str>, before: Vec<RelationState>, after: Vec<RelationState>, out: &mut Vec<Change>) {
    let mut counts: BTreeMap<RelationState, i64> = BTreeMap::new();
    for relation in before {
        *counts.entry(relation).or_default() -= 1;
    }
    for relation in after {
        *counts.entry(relation).or_default() += 1;
    }
    for (relation, more) in counts {
        let count = u32::try_from(more.unsigned_abs()).unwrap_or(u32::MAX);
        let path = Arc::clone(path);
        match more {
            0 => {}
            1.. => out.push(Change::RelationAdded(path, relation, count)),
            _ => out.push(Change::RelationRemoved(path, relation, count)),
        }
    }
}
