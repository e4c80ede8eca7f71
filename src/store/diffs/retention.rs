//! Which diffs go.

use crate::base::Timestamp;

/// How many are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepDiffs {
    pub keep: u32,
    pub keep_automatic: u32,
    pub max_age_days: u32,
    /// Of all together; `None`: as many as there are.
    pub max_total_bytes: Option<u64>,
}

/// A diff as far as retention looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDiff {
    pub id: String,
    pub created_at: Timestamp,
    pub automatic: bool,
    pub bytes: u64,
}

/// The ids that go, oldest first, then by id: what is not within its count (automatic ones have one of their own), or is
/// older than the age; then the oldest until the rest fits into the bytes.
pub fn diffs_to_remove(diffs: &[KeptDiff], keep: KeepDiffs, now: Timestamp) -> Vec<String> {
    let mut newest: Vec<&KeptDiff> = diffs.iter().collect();
    newest.sort_by(|a, b| (b.created_at, &b.id).cmp(&(a.created_at, &a.id)));
    let (mut left, mut left_automatic) = (keep.keep, keep.keep_automatic);
    let (mut total, mut going) = (0_u64, Vec::new());
    let age = u64::from(keep.max_age_days) * 86_400;
    let mut is_full = false;
    for diff in newest {
        let left = if diff.automatic { &mut left_automatic } else { &mut left };
        let young = now.since(diff.created_at).as_secs() < age;
        let counted = *left > 0 && young;
        is_full |= counted && keep.max_total_bytes.is_some_and(|most| total.saturating_add(diff.bytes) > most);
        if !counted || is_full {
            going.push(diff.id.clone());
            continue;
        }
        *left -= 1;
        total = total.saturating_add(diff.bytes);
    }
    going.reverse();
    going
}
