//! Whose rows and merges a commit's build takes what did not change from.
//!
//! The best one is that of a parent or a child. Which of the others is nearest, costs a walk through the history to
//! tell exactly; the commits' times tell it nearly as well, for one object each. It decides how much is made anew, and
//! never what.

use std::sync::Arc;

use crate::plan::RepoPlan;
use crate::source::CommittedTree;
use crate::store::{Pinned, Ref};

use super::super::services::Services;

/// The build that is nearest to a commit, pinned: of another commit, built with the same configuration, or the one that
/// HEAD has. The commit's own where there is one.
pub(super) fn nearest(services: &Services, plan: &RepoPlan, tree: &CommittedTree) -> Option<Arc<Pinned>> {
    let head = head(services, plan);
    let head_commit = head.as_ref().and_then(|head| head.provenance().repos.get(&plan.name)?.commit.clone());
    let head_distance = head_commit.and_then(|commit| tree.distance(&commit));
    let commits = match services.store.git_commits(&plan.name) {
        Ok(commits) => commits,
        Err(error) => {
            services.notice(&error, Some(&plan.name));
            Vec::new()
        }
    };
    let known = commits.into_iter().filter_map(|commit| Some((tree.distance(&commit)?, commit)));
    let mut known: Vec<(u64, String)> = known.collect();
    known.sort_unstable();
    for (distance, commit) in known {
        if head_distance.is_some_and(|head| head < distance) {
            break;
        }
        // One that is damaged, or goes at this moment, is no neighbour; who asks for it is told.
        let Ok(pinned) = services.store.pin_commit(&Ref::Git(commit.clone()), &plan.name, &commit) else { continue };
        if pinned.build(&plan.name).is_ok_and(|root| root.config_digest == plan.config_digest) {
            return Some(Arc::new(pinned));
        }
    }
    head
}

/// HEAD, where it has a build of the repository.
fn head(services: &Services, plan: &RepoPlan) -> Option<Arc<Pinned>> {
    match services.store.pin() {
        Ok(head) => head.filter(|head| head.generation().repos.contains_key(&plan.name)).map(Arc::new),
        Err(error) => {
            services.notice(&error, None);
            None
        }
    }
}
