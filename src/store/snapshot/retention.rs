//! Which snapshots are kept.
//!
//! A snapshot without a protecting tag is kept while it is among the newest of its kind (pointers and frozen ones are
//! counted apart, protected ones not at all) **and** younger than the age. What is not kept goes oldest first, of
//! equally old ones by id. The plan is made by one function, for a dry run and for a run alike.

use super::read::Snapshot;
use super::tag::tag_fits;
use crate::base::Timestamp;

const SECONDS_A_DAY: u64 = 86_400;

/// What `snapshots:` of the workspace file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    pub keep_pointer: u32,
    pub keep_frozen: u32,
    pub max_age_days: u32,
    /// Patterns of tags that protect, as [`tag_fits`] reads them.
    pub protect_tags: Vec<String>,
}

/// Why a snapshot is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surplus {
    /// As many newer ones of its kind are there as are kept.
    Count,
    /// It is too old.
    Age,
}

/// What a prune does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrunePlan {
    /// In the order in which they go.
    pub remove: Vec<(Snapshot, Surplus)>,
    /// Kept for their number and age.
    pub kept: usize,
    /// Kept for a tag.
    pub protected: usize,
}

impl Retention {
    /// Is a snapshot with these tags protected?
    pub fn protects(&self, tags: &[String]) -> bool {
        tags.iter().any(|tag| self.protect_tags.iter().any(|pattern| tag_fits(pattern, tag)))
    }

    /// What to remove of `snapshots`, which may stand in any order.
    pub fn plan(&self, snapshots: Vec<Snapshot>, now: Timestamp) -> PrunePlan {
        let mut plan = PrunePlan::default();
        let (protected, mut free): (Vec<_>, Vec<_>) = snapshots.into_iter().partition(|s| self.protects(&s.tags));
        plan.protected = protected.len();
        // The newest first.
        free.sort_by(|a, b| (b.record.created_at, &b.record.id).cmp(&(a.record.created_at, &a.record.id)));
        let (mut pointers, mut frozen) = (self.keep_pointer, self.keep_frozen);
        for snapshot in free {
            let left = if snapshot.frozen.is_some() { &mut frozen } else { &mut pointers };
            let age = now.since(snapshot.record.created_at).as_secs();
            let too_old = age >= u64::from(self.max_age_days) * SECONDS_A_DAY;
            match left.checked_sub(1) {
                Some(fewer) if !too_old => {
                    *left = fewer;
                    plan.kept += 1;
                }
                Some(_) => plan.remove.push((snapshot, Surplus::Age)),
                None => plan.remove.push((snapshot, Surplus::Count)),
            }
        }
        plan.remove.reverse();
        plan
    }
}
