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
        for repo in &plan.repos {
            self.move_away(&layout.git_commits(repo))?;
        }
        for lease in &plan.git_leases {
            self.remove_file_of_ours(&layout.lease(lease))?;
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
        self.forget_actions(&plan.actions)?;
        for hash in &plan.objects {
            self.present().remove(hash);
            self.remove_file_of_ours(&layout.object(hash))?;
            self.remove_file_of_ours(&layout.blocks(hash))?;
        }
        for repo in &plan.repos {
            self.move_away(&layout.stat(repo))?;
            self.move_away(&layout.stat(&git_stat_name(repo)))?;
            self.move_away(&layout.builds().join(repo))?;
        }
        match store.head()? {
            // Nothing that the other repositories need came or went: the next build may believe that.
            Some(head) if stamp_held => self.record_stamp(&head),
            _ => Ok(()),
        }
    }
}
