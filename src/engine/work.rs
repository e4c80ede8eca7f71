//! The repositories of a run on their way: what was scanned, what is current, what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use crate::base::Digest;
use crate::plan::{Plan, RepoPlan, WorkspaceNode};
use crate::source::CommittedTree;
use crate::store::{Pinned, Stamped, Writer, workspace_name};

use super::event::Event;
use super::failure::Failure;
use super::scan::{self, Scanned};
use super::services::Services;
use super::world::{Given, World, store_failure};

/// How to run.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Threads, at least one.
    pub jobs: usize,
    /// Only these repositories; the others keep their builds. Empty: all.
    pub only: BTreeSet<String>,
    /// Of these the plan is a part of the pipeline: what it makes is remembered, and their builds stay.
    pub partial: BTreeSet<String>,
    /// Does the first failure end the run, with nothing promoted?
    pub fail_fast: bool,
    /// Reuse rows of unchanged files of a changed shard? Off only to compare.
    pub reuse: bool,
    /// Believe the null check? Off only to compare.
    pub null_check: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// Repositories that are declared but cannot be worked on now, and why: they keep their old builds.
    pub unavailable: BTreeMap<String, Failure>,
    /// Files with these contents are read, whatever was decided about them.
    pub revoke: BTreeSet<Digest>,
}

impl BuildOptions {
    /// Is the repository among those that are asked for?
    pub fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.contains(name)
    }
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            jobs: crate::base::parallel::available(),
            only: BTreeSet::new(),
            partial: BTreeSet::new(),
            fail_fast: false,
            reuse: true,
            null_check: true,
            wait: Duration::ZERO,
            unavailable: BTreeMap::new(),
            revoke: BTreeSet::new(),
        }
    }
}

/// One repository on its way through a run.
pub(super) struct Work<'a> {
    pub plan: &'a RepoPlan,
    /// The tree of a commit, where that is built.
    pub tree: Option<Arc<CommittedTree>>,
    pub scanned: Option<Scanned>,
    /// It came through, and nothing is left to do.
    pub done: bool,
    /// The build that stands, once it is known.
    pub build: Option<String>,
    pub current: bool,
    pub failure: Option<Failure>,
    /// The plan is a part of the repository's pipeline: what it makes is remembered and stands for no build.
    pub partial: bool,
    /// How often it was scanned, and asked again.
    pub scans: usize,
    pub heals: usize,
}

impl<'a> Work<'a> {
    /// A repository after its scan.
    pub fn new(plan: &'a RepoPlan, scanned: Result<Scanned, Failure>) -> Self {
        let (scanned, failure) = match scanned {
            Ok(scanned) => (Some(scanned), None),
            Err(failure) => (None, Some(failure)),
        };
        Self {
            plan,
            tree: None,
            scanned,
            done: false,
            build: None,
            current: false,
            failure,
            partial: false,
            scans: 1,
            heals: 0,
        }
    }

    pub fn is_due(&self) -> bool {
        !self.current && !self.done && self.failure.is_none() && self.scanned.is_some()
    }
}

/// HEAD, if there is one, and the options that hold beside it. Where it is damaged or gone, that is told, the newest
/// whole generation stands in for it, and every repository is built anew: what the lost HEAD said of the others is
/// not known. Those that cannot be built keep what the generation before had.
pub(super) fn pin(services: &Services, options: &BuildOptions) -> Result<(Option<Arc<Pinned>>, BuildOptions), Failure> {
    let mut options = options.clone();
    let head = match services.store.pin() {
        Ok(Some(head)) => Some(head),
        lost => {
            match lost {
                Err(error) if error.is_damage() => {
                    services.notice(&error, None);
                    options.only.clear();
                }
                Err(error) => return Err(store_failure(&error)),
                Ok(_) => {}
            }
            let head = services.store.recover_head().map_err(|e| store_failure(&e))?;
            // Not before the first build, when there is nothing to stand in and `only` is what was asked for.
            if head.is_some() {
                options.only.clear();
                options.null_check = false;
            }
            head
        }
    };
    for notice in head.iter().flat_map(Pinned::notices) {
        services.notice_store(notice);
    }
    Ok((head.map(Arc::new), options))
}

/// Scans the repositories that are asked for. Without a writer no stat cache is left behind.
pub(super) fn scan_all<'a>(
    services: &Services,
    writer: Option<&Writer>,
    plan: &'a Plan,
    options: &BuildOptions,
) -> Result<Vec<Work<'a>>, Failure> {
    let wanted: Vec<&RepoPlan> = plan.repos.iter().filter(|r| options.wants(&r.name)).collect();
    // Few repositories share the threads inside; many take one each.
    let threads = if wanted.len() >= options.jobs { 1 } else { options.jobs };
    let works: Vec<Work<'a>> = wanted
        .into_par_iter()
        .map(|plan| {
            let scanned = scan::scan(services, writer, plan, None, threads);
            Work { partial: options.partial.contains(&plan.name), ..Work::new(plan, scanned) }
        })
        .collect();
    match works.iter().find_map(|w| w.failure.as_ref().filter(|f| f.is_cancelled())) {
        Some(failure) => Err(failure.clone()),
        None => Ok(works),
    }
}

/// Marks the repositories whose inputs are those of the build that HEAD has: equal root keys and a manifest that is
/// whole. Where no object came or went since, no list is decoded; where another workspace may have been at the cache,
/// the artifacts must be there, each with its size. No artifact is read. Gives what the stamp said.
pub(super) fn mark_current(
    services: &Services,
    works: &mut [Work<'_>],
    head: Option<&Pinned>,
    options: &BuildOptions,
) -> Result<Stamped, Failure> {
    let Some(head) = head.filter(|_| options.null_check) else { return Ok(Stamped::No) };
    let stamped = services.store.stamped(&head.generation().id).map_err(|e| store_failure(&e))?;
    if stamped == Stamped::No {
        return Ok(stamped);
    }
    works.par_iter_mut().try_for_each(|work| {
        let Some(scanned) = work.scanned.as_ref().filter(|_| !work.partial) else { return Ok(()) };
        let Some(build) = head.generation().repos.get(&work.plan.name) else { return Ok(()) };
        let known = head.provenance().repos.get(&work.plan.name).and_then(|p| p.root_key);
        if build.stale || known != Some(scanned.root_key(&services.decisions)) {
            return Ok(());
        }
        let whole = match stamped {
            Stamped::Holds => head.verify_manifest(&work.plan.name).map(|()| true),
            _ => head.has_artifacts(&work.plan.name),
        };
        match whole {
            Ok(true) => {
                work.current = true;
                work.done = true;
                work.build = Some(build.build.clone());
            }
            Ok(false) => {}
            Err(error) if error.is_damage() => services.notice(&error, Some(&work.plan.name)),
            Err(error) => return Err(store_failure(&error)),
        }
        Ok(())
    })?;
    for scanned in works.iter().filter(|work| work.current).filter_map(|work| work.scanned.as_ref()) {
        services.tell(Event::Current { repo: Arc::clone(&scanned.name) });
    }
    Ok(stamped)
}

/// Has HEAD exactly the repositories that this run would promote?
pub(super) fn same_repositories(
    head: Option<&Pinned>,
    plan: &Plan,
    works: &[Work<'_>],
    options: &BuildOptions,
) -> bool {
    let Some(known) = head.map(|h| &h.generation().repos) else { return false };
    let declared = |name: &String| is_declared(plan, options, name);
    let stale = |name: &&String| known.get(*name).is_none_or(|b| b.stale);
    works.iter().all(|w| known.contains_key(&w.plan.name))
        && options.unavailable.keys().filter(|name| options.wants(name)).all(|name| stale(&name))
        && known.keys().all(declared)
}

/// Is a repository still part of the workspace?
pub(super) fn is_declared(plan: &Plan, options: &BuildOptions, name: &str) -> bool {
    options.unavailable.contains_key(name) || plan.repos.iter().any(|r| r.name == name)
}

/// The surroundings of the works that are due; without a writer, those of a dry run.
pub(super) fn world(
    services: &Services,
    nodes: &[WorkspaceNode],
    works: &[Work<'_>],
    options: &BuildOptions,
    writer: Option<&Arc<Writer>>,
    head: Option<Arc<Pinned>>,
) -> Result<World, Failure> {
    let memo = services.store.memo().map_err(|e| store_failure(&e))?;
    for notice in memo.notices() {
        services.notice_store(notice);
    }
    let world = World::new(Given {
        vfs: Arc::clone(&services.vfs),
        store: services.store.clone(),
        writer: writer.cloned(),
        memo,
        limits: services.limits,
        cancel: services.cancel.clone(),
        clock: Arc::clone(&services.clock),
        workers: services.workers.clone(),
        decisions: Arc::clone(&services.decisions),
        listener: Arc::clone(&services.listener),
        roots: works.iter().map(|w| (w.plan.name.as_str().into(), w.plan.root.clone())).collect(),
        kinds: works.iter().flat_map(|w| w.plan.nodes.iter().map(|n| n.kind)).collect(),
        workspace: nodes.iter().map(|node| (workspace_name(&node.id()).into(), node.kind)).collect(),
        reuse: options.reuse,
        jobs: options.jobs,
        head,
    });
    for scanned in works.iter().filter_map(|w| w.scanned.as_ref()) {
        world.note_scan(&scanned.name, &scanned.segments);
    }
    Ok(world)
}
