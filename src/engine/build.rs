//! A run: scan, null check, run, publish, promote.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use crate::plan::{Plan, RepoPlan};
use crate::source;
use crate::store::{Generation, Pinned, Provenance, RepoBuild, RepoProvenance, Writer, generation_id};

use super::db::EngineDb;
use super::event::Event;
use super::failure::{Cause, Failure};
use super::report::{BuildOutcome, RepoOutcome};
use super::scan::{self, Scanned};
use super::services::Services;
use super::world::{Parts, World, store_failure};
use super::{assemble, drive};

/// How often a repository is scanned again because its files changed while they were read.
const SCANS: usize = 3;

/// Up to this many files, a repository that is built is asked whether it differs from its commit: that costs a
/// stat of every tracked file.
const DIRTY_FILES: u64 = 20_000;

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

/// What people are shown of a repository; kept beside a generation, outside every hash.
#[derive(Clone, Debug, Default)]
pub struct Display {
    pub tags: Vec<String>,
    pub priority: i64,
    pub enabled: bool,
}

/// One repository on its way through a run.
struct Work<'a> {
    plan: &'a RepoPlan,
    scanned: Option<Scanned>,
    /// The build that stands, once it is known.
    build: Option<String>,
    current: bool,
    failure: Option<Failure>,
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
    let head = pin(services);
    for notice in writer.notices() {
        services.notice_store(&notice);
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.max(1))
        .build()
        .map_err(|e| Failure::bug(&format!("no thread pool: {e}"), ""))?;
    services.tell(Event::ScanStarted { repos: plan.repos.len() });
    let mut works = pool.install(|| scan_all(services, &writer, plan, options))?;
    mark_current(services, &mut works, head.as_deref(), options)?;
    let same = works.iter().all(|w| w.current) && same_repositories(head.as_deref(), &works, options);
    if same && let Some(head) = &head {
        let provenance = record(services, plan, display, &works, Some(head), options);
        writer.refresh_provenance(&head.generation().id, &provenance).map_err(|e| store_failure(&e))?;
        return Ok(outcome(works, head.generation().id.clone(), true, 0));
    }
    let mut healed = 0;
    if works.iter().any(Work::is_due) {
        let world = Arc::new(world(services, &works, options, &writer, head.clone())?);
        let ran = pool.install(|| run(services, &world, &mut works));
        // What was finished is kept, even where the run was stopped.
        world.commit()?;
        ran?;
        healed = world.healed();
    }
    let generation = generation(&works, head.as_deref(), options)?;
    let provenance = record(services, plan, display, &works, head.as_ref(), options);
    services.tell(Event::Publishing);
    writer.promote(&generation, &provenance).map_err(|e| store_failure(&e))?;
    writer.record_stamp(&generation.id).map_err(|e| store_failure(&e))?;
    services.tell(Event::Promoted { generation: generation.id.clone() });
    Ok(outcome(works, generation.id, false, healed))
}

impl Work<'_> {
    fn is_due(&self) -> bool {
        !self.current && self.failure.is_none() && self.build.is_none()
    }
}

/// HEAD, if there is one that can be read; damage is told and built anew.
fn pin(services: &Services) -> Option<Arc<Pinned>> {
    match services.store.pin() {
        Ok(head) => head.map(Arc::new),
        Err(error) => {
            services.notice(&error, None);
            None
        }
    }
}

fn scan_all<'a>(
    services: &Services,
    writer: &Writer,
    plan: &'a Plan,
    options: &BuildOptions,
) -> Result<Vec<Work<'a>>, Failure> {
    let wanted: Vec<&RepoPlan> =
        plan.repos.iter().filter(|r| options.only.is_empty() || options.only.contains(&r.name)).collect();
    // Few repositories share the threads inside; many take one each.
    let threads = if wanted.len() >= options.jobs { 1 } else { options.jobs };
    let works: Vec<Work<'a>> = wanted
        .into_par_iter()
        .map(|plan| {
            let (scanned, failure) = match scan::scan(services, Some(writer), plan, threads) {
                Ok(scanned) => (Some(scanned), None),
                Err(failure) => (None, Some(failure)),
            };
            Work { plan, scanned, build: None, current: false, failure }
        })
        .collect();
    match works.iter().find_map(|w| w.failure.as_ref().filter(|f| f.is_cancelled())) {
        Some(failure) => Err(failure.clone()),
        None => Ok(works),
    }
}

/// Marks the repositories whose inputs are those of the build that HEAD has: equal root keys, and no object
/// directory touched since. No manifest is decoded for it.
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
        if !build.stale && known == Some(scanned.root_key) {
            work.current = true;
            work.build = Some(build.build.clone());
            services.tell(Event::Current { repo: Arc::clone(&scanned.name) });
        }
    }
    Ok(())
}

/// Has HEAD exactly the repositories that this run would promote?
fn same_repositories(head: Option<&Pinned>, works: &[Work<'_>], options: &BuildOptions) -> bool {
    head.is_some_and(|head| {
        let known: BTreeSet<&str> = head.generation().repos.keys().map(String::as_str).collect();
        let stale = |name: &String| head.generation().repos.get(name).is_none_or(|b| b.stale);
        let kept = options.unavailable.keys().filter(|name| known.contains(name.as_str())).count();
        works.iter().all(|w| known.contains(w.plan.name.as_str()))
            && options.unavailable.keys().all(stale)
            && (!options.only.is_empty() || known.len() == works.len() + kept)
    })
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

/// Runs what is due. A repository whose files changed under way is scanned again, a few times.
fn run(services: &Services, world: &Arc<World>, works: &mut [Work<'_>]) -> Result<(), Failure> {
    for attempt in 1..=SCANS {
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
            finish(services, world, work, made, attempt)?;
        }
        if !works.iter().any(Work::is_due) {
            break;
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
    attempt: usize,
) -> Result<(), Failure> {
    match made {
        Ok(made) => {
            let segments = work.scanned.as_ref().map(|s| s.segments.as_slice()).unwrap_or_default();
            work.build = Some(assemble::build(&world.writer, work.plan, segments, &made)?.id);
        }
        Err(failure) if failure.is_cancelled() => return Err(failure),
        Err(failure) if matches!(failure.cause(), Cause::Changed { .. }) && attempt < SCANS => {
            match scan::scan(services, Some(&world.writer), work.plan, 1) {
                Ok(scanned) => work.scanned = Some(scanned),
                Err(failure) => work.failure = Some(failure),
            }
        }
        Err(failure) => work.failure = Some(failure),
    }
    Ok(())
}

/// The generation to promote: new builds, and the old ones of what failed or was not asked for.
fn generation(works: &[Work<'_>], head: Option<&Pinned>, options: &BuildOptions) -> Result<Generation, Failure> {
    let old = |name: &str| head.and_then(|h| h.generation().repos.get(name)).cloned();
    let mut repos: BTreeMap<String, RepoBuild> = BTreeMap::new();
    if let Some(head) = head.filter(|_| !options.only.is_empty()) {
        repos.clone_from(&head.generation().repos);
    }
    for work in works {
        let standing = match &work.build {
            Some(build) => Some(RepoBuild { build: build.clone(), stale: false }),
            None => old(&work.plan.name).map(|b| RepoBuild { stale: true, ..b }),
        };
        match standing {
            Some(build) => repos.insert(work.plan.name.clone(), build),
            None => repos.remove(&work.plan.name),
        };
    }
    for name in options.unavailable.keys() {
        if let Some(build) = old(name) {
            repos.insert(name.clone(), RepoBuild { stale: true, ..build });
        }
    }
    let mut failures = works.iter().filter_map(|w| w.failure.as_ref()).chain(options.unavailable.values());
    if repos.is_empty()
        && let Some(failure) = failures.next().cloned()
    {
        return Err(failure);
    }
    let mut generation = Generation { format: 1, id: String::new(), repos };
    generation.id = generation_id(&generation.repos);
    Ok(generation)
}

fn record(
    services: &Services,
    plan: &Plan,
    display: &BTreeMap<String, Display>,
    works: &[Work<'_>],
    head: Option<&Arc<Pinned>>,
    options: &BuildOptions,
) -> Provenance {
    let now = services.clock.now();
    let mut repos: BTreeMap<String, RepoProvenance> = match head {
        Some(head) if !options.only.is_empty() => head.provenance().repos.clone(),
        _ => BTreeMap::new(),
    };
    for work in works {
        let before = head.and_then(|h| h.provenance().repos.get(&work.plan.name)).cloned();
        let shown = display.get(&work.plan.name).cloned().unwrap_or_default();
        let mut entry = before.unwrap_or_default();
        entry.tags = shown.tags;
        entry.priority = shown.priority;
        entry.enabled = shown.enabled;
        entry.failure = work.failure.as_ref().map(ToString::to_string);
        if let (Some(scanned), Some(_)) = (&work.scanned, &work.build) {
            let with_dirty = !work.current && scanned.files <= DIRTY_FILES;
            let (git, notices) = source::provenance(&*services.vfs, &work.plan.root, with_dirty);
            services.notice_source(&scanned.name, &notices);
            let git = git.unwrap_or(source::Provenance { branch: None, commit: None, dirty: None });
            // Nothing changed since it was last asked: what was told of `dirty` then still holds.
            entry.dirty = if work.current && entry.commit == git.commit { entry.dirty } else { git.dirty };
            entry.branch = git.branch;
            entry.commit = git.commit;
            entry.root_key = Some(scanned.root_key);
            entry.files = scanned.files;
            entry.bytes = scanned.bytes;
            if !work.current {
                entry.built_at = now;
            }
        }
        repos.insert(work.plan.name.clone(), entry);
    }
    for (name, failure) in &options.unavailable {
        if let Some(before) = head.and_then(|h| h.provenance().repos.get(name)) {
            repos.insert(name.clone(), RepoProvenance { failure: Some(failure.to_string()), ..before.clone() });
        }
    }
    let created_at = head.map_or(now, |h| h.provenance().created_at);
    Provenance {
        format: 1,
        workspace: plan.workspace.clone(),
        tool: concat!("sawmill ", env!("CARGO_PKG_VERSION")).to_owned(),
        created_at,
        checked_at: now,
        previous: head.and_then(|h| h.provenance().previous.clone()),
        repos,
    }
}

fn outcome(works: Vec<Work<'_>>, generation: String, nothing_to_do: bool, healed: usize) -> BuildOutcome {
    let repos = works
        .into_iter()
        .map(|work| RepoOutcome {
            name: work.plan.name.clone(),
            build: work.build,
            current: work.current,
            files: work.scanned.as_ref().map_or(0, |s| s.files),
            bytes: work.scanned.as_ref().map_or(0, |s| s.bytes),
            notices: work.scanned.map(|s| s.notices).unwrap_or_default(),
            failure: work.failure,
        })
        .collect();
    BuildOutcome { generation, nothing_to_do, repos, healed }
}
