//! Everything of this workspace, and the cache where nobody else uses it.

use super::super::error::StoreError;
use super::super::writer::Writer;
use super::plan::{ClearPlan, Kept};
use crate::base::Timestamp;

impl Writer {
    /// Does what the plan says. `now` is when the generation that is left was made.
    pub fn clear(&self, plan: &ClearPlan, now: Timestamp) -> Result<(), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        self.check_healthy()?;
        let _unread = self.lock_leases(plan.generations.iter().chain(&plan.git_leases))?;
        let _no_copy = if plan.snapshots { self.lock_copies()? } else { Vec::new() };
        let cleared = if plan.is_whole() { self.clear_whole(plan) } else { self.clear_repos(plan, now) };
        cleared.and_then(|()| self.empty_tmp())
    }

    fn clear_whole(&self, plan: &ClearPlan) -> Result<(), StoreError> {
        let layout = self.store().layout();
        // A link without HEAD means that HEAD was lost, so the link goes first: every writer makes it anew.
        self.move_away(&layout.latest())?;
        // HEAD is synced away before anything goes that it leads to. A writer that is killed after this and before the
        // generations go leaves them for `Store::recover_head`, whole.
        self.move_away(&layout.head())?;
        if plan.snapshots {
            self.move_away(&layout.snapshots())?;
        }
        for (word, area) in self.store().state_areas() {
            match &plan.manifests {
                Some(items) if word == "builds" => self.remove_manifests(items)?,
                _ => drop(self.move_away(&area)?),
            }
        }
        if !matches!(plan.kept(), Some(Kept::Shared(_))) {
            for (word, area) in self.store().cache_areas() {
                if word == "objects" && plan.manifests.is_some() {
                    self.remove_objects(&plan.objects)?;
                } else {
                    self.move_away(&area)?;
                }
            }
        }
        self.present().clear();
        if plan.manifests.is_some() {
            // Snapshots still need what is in the cache.
            return Ok(());
        }
        let registration = self.registration();
        self.remove_file_of_ours(&registration)?;
        self.sync_dir(&layout.roots())
    }
}
