//! What only some repositories need.
//!
//! Their lists go last: a clear that was killed before finds there what it still has to remove.

use super::super::error::StoreError;
use super::super::local::git_stat_name;
use super::super::writer::Writer;
use super::plan::ClearPlan;
use crate::base::Timestamp;

impl Writer {
    pub(super) fn clear_repos(&self, plan: &ClearPlan, now: Timestamp) -> Result<(), StoreError> {
        let store = self.store();
        let layout = store.layout();
        let stamp_held = match store.head()? {
            Some(head) => store.stamp_holds(&head)?,
            None => false,
        };
        if let Some(next) = &plan.next {
            let mut provenance = match store.head()? {
                Some(head) => store.provenance(&head).or_else(|e| if e.is_damage() { Ok(None) } else { Err(e) })?,
                None => None,
            }
            .unwrap_or_default();
            provenance.repos.retain(|repo, _| next.repos.contains_key(repo));
            // The generation before is about to go.
            provenance.previous = None;
            (provenance.created_at, provenance.checked_at) = (now, now);
            self.promote_held(next, &provenance)?;
        }
        for id in &plan.generations {
            // The record last: it is how a later clear finds the rest.
            self.move_away(&layout.view(id))?;
            self.remove_file_of_ours(&layout.lease(id))?;
            self.remove_file_of_ours(&layout.provenance(id))?;
            self.sync_dir(&layout.generations())?;
            self.remove_file_of_ours(&layout.generation(id))?;
        }
        self.sync_dir(&layout.generations())?;
        for repo in &plan.repos {
            self.move_away(&layout.git_commits(repo))?;
        }
        for lease in &plan.git_leases {
            self.remove_file_of_ours(&layout.lease(lease))?;
        }
        self.forget_actions(&plan.actions)?;
        self.remove_objects(&plan.objects)?;
        for repo in &plan.repos {
            self.move_away(&layout.stat(repo))?;
            self.move_away(&layout.stat(&git_stat_name(repo)))?;
            match &plan.manifests {
                Some(items) => self.remove_manifests(items)?,
                None => drop(self.move_away(&layout.builds().join(repo))?),
            }
        }
        match store.head()? {
            // Nothing that the other repositories need came or went: the next build may believe that.
            Some(head) if stamp_held => self.record_stamp(&head),
            _ => Ok(()),
        }
    }
}
