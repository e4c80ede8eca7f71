//! A run: scan, null check, run, publish, promote.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use crate::plan::{Plan, RepoPlan};
use crate::store::{Generation, Pinned, Provenance, StoreError, Writer};

use super::db::EngineDb;
use super::event::Event;
use super::failure::{Cause, Failure};
use super::report::{BuildOutcome, RepoOutcome};
use super::scan::{self, Scanned};
use super::services::Services;
use super::standing::{Display, Standing};
use super::world::{Parts, World, store_failure};
use super::{assemble, drive};

/// How often a repository is scanned again because its files changed while they were read.
const SCANS: usize = 3;

/// How often a repository is asked again because what its artifacts were made of had to be made again. One round
/// finds all damage of one node; a disk that damages on and on must come to an end.
const HEALS: usize = 32;

/// How to run.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// Threads, at least one.
    pub jobs: usize,
    /// Only these repositories; the others keep their builds. Empty: all.
    pub only: BTreeSet<String>,
    /// Reuse rows of unchanged files of a changed shard? Off only to compare.
    pub reuse: bool,
    /// Believe the null check? Off only to compare.
    pub null_check: bool,
    /// How long to wait for another writer.
    pub wait: Duration,
    /// Repositories that are declared but cannot be worked on now, and why: they keep their old builds.
    pub unavailable: BTreeMap<String, Failure>,
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
            reuse: true,
            null_check: true,
            wait: Duration::ZERO,
            unavailable: BTreeMap::new(),
        }
    }
}

/// One repository on its way through a run.
pub(super) struct Work<'a> {
    pub plan: &'a RepoPlan,
    pub scanned: Option<Scanned>,
    /// The build that stands, once it is known.
    pub build: Option<String>,
    pub current: bool,
    pub failure: Option<Failure>,
    scans: usize,
    heals: usize,
}

/// Builds what changed, and promotes the result.
///
/// A failing repository keeps its old build, marked stale; the others advance. `Err` only where nothing could
/// be promoted: the run was stopped, the store cannot be written, another writer holds it, or no repository
/// has a build at all.
pub fn build(
    services: &Services,
    plan: &Plan,
    display: &BTreeMap<String, Display>,
    options: &BuildOptions,
) -> Result<BuildOutcome, Failure> {
    let writer = services.store.writer(&*services.clock, options.wait).map_err(|e| store_failure(&e))?;
    let writer = Arc::new(writer);
    let told = tell_notices(services, &writer, 0);
    let (head, options) = &pin(services, options)?;
    let done = build_from(services, plan, display, options, &writer, head.as_ref());
    tell_notices(services, &writer, told);
    done
}

/// [`build`], from what stands.
fn build_from(
    services: &Services,
    plan: &Plan,
    display: &BTreeMap<String, Display>,
    options: &BuildOptions,
    writer: &Arc<Writer>,
    head: Option<&Arc<Pinned>>,
) -> Result<BuildOutcome, Failure> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.max(1))
        .build()
        .map_err(|e| Failure::bug(&format!("no thread pool: {e}"), ""))?;
    services.tell(Event::ScanStarted { repos: plan.repos.len() });
    let mut works = pool.install(|| scan_all(services, writer, plan, options))?;
    mark_current(services, &mut works, head.map(AsRef::as_ref), options)?;
    let standing = Standing { services, plan, display, options, head: head.map(AsRef::as_ref) };
    let same = options.null_check
        && works.iter().all(|w| w.current)
        && same_repositories(standing.head, plan, &works, options);
    if same && let Some(head) = head {
        let provenance = standing.provenance(&works, head.generation());
        writer.refresh_provenance(&head.generation().id, &provenance).map_err(|e| store_failure(&e))?;
        return Ok(outcome(works, head.generation(), true, 0));
    }
    let (mut healed, mut settled) = (0, true);
    if works.iter().any(Work::is_due) {
        let world = Arc::new(world(services, &works, options, writer, head.cloned())?);
        let ran = pool.install(|| run(services, &world, &mut works));
        // What was finished is kept, even where the run was stopped.
        world.commit()?;
        ran?;
        (healed, settled) = (world.lost.healed(), world.lost.is_settled());
    }
    let generation = standing.generation(&works)?;
    let provenance = standing.provenance(&works, &generation);
    publish(services, writer, &generation, &provenance, settled)?;
    Ok(outcome(works, &generation, false, healed))
}

/// Swaps HEAD. What goes wrong after that is told, and repaired by the next build.
fn publish(
    services: &Services,
    writer: &Writer,
    generation: &Generation,
    provenance: &Provenance,
    settled: bool,
) -> Result<(), Failure> {
    services.tell(Event::Publishing);
    match writer.promote(generation, provenance) {
        Ok(()) => {}
        Err(error @ StoreError::View { .. }) => services.notice(&error, None),
        Err(error) => return Err(store_failure(&error)),
    }
    services.tell(Event::Promoted { generation: generation.id.clone() });
    // Where something was lost and not made again, a repository that was not looked at may need it: without a
    // stamp the next build looks at every memo.
    if settled && let Err(error) = writer.record_stamp(&generation.id) {
        services.notice(&error, None);
    }
    Ok(())
}

/// Tells the notices after the first `told`, and gives how many there are.
fn tell_notices(services: &Services, writer: &Writer, told: usize) -> usize {
    let notices = writer.notices();
    for notice in notices.iter().skip(told) {
        services.notice_store(notice);
    }
    notices.len()
}

impl Work<'_> {
    fn is_due(&self) -> bool {
        !self.current && self.failure.is_none() && self.build.is_none() && self.scanned.is_some()
    }
}

/// HEAD, if there is one, and the options that hold beside it. Where it is damaged or gone, that is told, the newest
/// whole generation stands in for it, and every repository is built anew: what the lost HEAD said of the others is
/// not known. Those that cannot be built keep what the generation before had.
fn pin(services: &Services, options: &BuildOptions) -> Result<(Option<Arc<Pinned>>, BuildOptions), Failure> {
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

fn scan_all<'a>(
    services: &Services,
    writer: &Writer,
    plan: &'a Plan,
    options: &BuildOptions,
) -> Result<Vec<Work<'a>>, Failure> {
    let wanted: Vec<&RepoPlan> = plan.repos.iter().filter(|r| options.wants(&r.name)).collect();
    // Few repositories share the threads inside; many take one each.
    let threads = if wanted.len() >= options.jobs { 1 } else { options.jobs };
    let works: Vec<Work<'a>> = wanted
        .into_par_iter()
        .map(|plan| {
            let (scanned, failure) = match scan::scan(services, Some(writer), plan, threads) {
                Ok(scanned) => (Some(scanned), None),
                Err(failure) => (None, Some(failure)),
            };
            Work { plan, scanned, build: None, current: false, failure, scans: 1, heals: 0 }
        })
        .collect();
    match works.iter().find_map(|w| w.failure.as_ref().filter(|f| f.is_cancelled())) {
        Some(failure) => Err(failure.clone()),
        None => Ok(works),
    }
}

/// Marks the repositories whose inputs are those of the build that HEAD has: equal root keys, no object directory
/// touched since, and a manifest that is whole. No list is decoded for it, and no artifact read.
fn mark_current(
    services: &Services,
    works: &mut [Work<'_>],
    head: Option<&Pinned>,
    options: &BuildOptions,
) -> Result<(), Failure> {
    let Some(head) = head.filter(|_| options.null_check) else { return Ok(()) };
    if !services.store.stamp_holds(&head.generation().id).map_err(|e| store_failure(&e))? {
        return Ok(());
    }
    for work in works {
        let Some(scanned) = &work.scanned else { continue };
        let Some(build) = head.generation().repos.get(&work.plan.name) else { continue };
        let known = head.provenance().repos.get(&work.plan.name).and_then(|p| p.root_key);
        if build.stale || known != Some(scanned.root_key) {
            continue;
        }
        match head.verify_manifest(&work.plan.name) {
            Ok(()) => {
                work.current = true;
                work.build = Some(build.build.clone());
                services.tell(Event::Current { repo: Arc::clone(&scanned.name) });
            }
            Err(error) if error.is_damage() => services.notice(&error, Some(&work.plan.name)),
            Err(error) => return Err(store_failure(&error)),
        }
    }
    Ok(())
}

/// Has HEAD exactly the repositories that this run would promote?
fn same_repositories(head: Option<&Pinned>, plan: &Plan, works: &[Work<'_>], options: &BuildOptions) -> bool {
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

fn world(
    services: &Services,
    works: &[Work<'_>],
    options: &BuildOptions,
    writer: &Arc<Writer>,
    head: Option<Arc<Pinned>>,
) -> Result<World, Failure> {
    let memo = services.store.memo().map_err(|e| store_failure(&e))?;
    for notice in memo.notices() {
        services.notice_store(notice);
    }
    Ok(World::new(Parts {
        vfs: Arc::clone(&services.vfs),
        store: services.store.clone(),
        writer: Arc::clone(writer),
        memo,
        limits: services.limits,
        cancel: services.cancel.clone(),
        listener: Arc::clone(&services.listener),
        roots: works.iter().map(|w| (w.plan.name.as_str().into(), w.plan.root.clone())).collect(),
        kinds: works.iter().flat_map(|w| w.plan.nodes.iter().map(|n| n.kind)).collect(),
        reuse: options.reuse,
        head,
    }))
}

/// Runs what is due, until nothing is: a repository whose files changed under way is scanned again, a few times,
/// and one that met damage is asked again with a fresh database, in which the damaged artifacts are not believed.
fn run(services: &Services, world: &Arc<World>, works: &mut [Work<'_>]) -> Result<(), Failure> {
    while works.iter().any(Work::is_due) {
        let db = EngineDb::new(Arc::clone(world));
        let due: Vec<usize> = (0..works.len()).filter(|at| works.get(*at).is_some_and(Work::is_due)).collect();
        let repos: Vec<_> = due
            .iter()
            .filter_map(|at| works.get(*at).and_then(|w| w.scanned.as_ref().map(|s| (w.plan, s))))
            .map(|(plan, scanned)| {
                let actions = drive::actions(plan, &scanned.segments);
                services.tell(Event::Planned { repo: Arc::clone(&scanned.name), actions });
                drive::inputs(&db, plan, &scanned.segments)
            })
            .collect();
        let made: Vec<_> = repos.into_par_iter().map_with(db, |db, repo| drive::repository(db, repo)).collect();
        world.commit()?;
        for (at, made) in due.into_iter().zip(made) {
            let Some(work) = works.get_mut(at) else { continue };
            finish(services, world, work, made)?;
        }
    }
    Ok(())
}

/// Writes the manifest of a repository that came through, or notes why it did not.
fn finish(
    services: &Services,
    world: &World,
    work: &mut Work<'_>,
    made: Result<Vec<Arc<super::queries::SegmentMade>>, Failure>,
) -> Result<(), Failure> {
    match made {
        Ok(made) => {
            let segments = work.scanned.as_ref().map(|s| s.segments.as_slice()).unwrap_or_default();
            work.build = Some(assemble::build(&world.writer, work.plan, segments, &made)?.id);
        }
        Err(failure) if failure.is_cancelled() => return Err(failure),
        Err(failure) if matches!(failure.cause(), Cause::Changed { .. }) && work.scans < SCANS => {
            work.scans += 1;
            match scan::scan(services, Some(&world.writer), work.plan, 1) {
                Ok(scanned) => work.scanned = Some(scanned),
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(failure) => work.failure = Some(failure),
            }
        }
        Err(failure) if failure.is_damage() && work.heals < HEALS => work.heals += 1,
        Err(failure) => work.failure = Some(failure),
    }
    Ok(())
}

fn outcome(works: Vec<Work<'_>>, generation: &Generation, nothing_to_do: bool, healed: usize) -> BuildOutcome {
    let repos = works
        .into_iter()
        .map(|work| RepoOutcome {
            name: work.plan.name.clone(),
            build: generation.repos.get(&work.plan.name).map(|b| b.build.clone()),
            current: work.current,
            files: work.scanned.as_ref().map_or(0, |s| s.files),
            bytes: work.scanned.as_ref().map_or(0, |s| s.bytes),
            notices: work.scanned.map(|s| s.notices).unwrap_or_default(),
            failure: work.failure,
        })
        .collect();
    BuildOutcome { generation: generation.id.clone(), nothing_to_do, repos, healed }
}
