//! A run: scan, null check, run, publish, promote.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rayon::prelude::*;

use crate::plan::Plan;
use crate::store::{Generation, Pinned, Provenance, Stamped, StoreError, Writer, workspace_name};
use crate::worker::Confinement;

use super::db::EngineDb;
use super::event::Event;
use super::failure::{Cause, Failure};
use super::federation::{self, WorkspaceOutcome};
use super::report::{BuildOutcome, RepoOutcome};
use super::scan;
use super::services::Services;
use super::standing::{Display, Standing};
use super::work::{self, BuildOptions, Work};
use super::world::{World, store_failure};
use super::{assemble, drive, ledger};

/// How often a repository is scanned again because its files changed while they were read.
const SCANS: usize = 3;

/// How often a repository is asked again because what its artifacts were made of had to be made again. One round
/// finds all damage of one node; a disk that damages on and on must come to an end.
const HEALS: usize = 32;

/// The same of the nodes of the workspace: their parts, the whole and the links are rounds of their own.
const FEDERATION_HEALS: usize = 8;

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
    let writer = Arc::new(writer(services, options)?);
    let told = tell_notices(services, &writer, 0);
    let (head, options) = &work::pin(services, options)?;
    decided(services, Some(&writer))?;
    if !services.decisions.revoke(|decision| options.revoke.contains(&decision.content)).is_empty() {
        keep_decisions(services, &writer)?;
    }
    let done = build_from(services, plan, display, options, &writer, head.as_ref());
    tell_confinement(services);
    if let Some(pool) = &services.workers {
        pool.rest();
    }
    tell_notices(services, &writer, told);
    done
}

/// Becomes the one writer. Who has to wait for another one says so first.
fn writer(services: &Services, options: &BuildOptions) -> Result<Writer, Failure> {
    let writer = match services.store.writer(&*services.clock, Duration::ZERO) {
        Err(StoreError::Locked { holder, .. }) if !options.wait.is_zero() => {
            services.tell(Event::waiting(&holder, options.wait));
            services.store.writer(&*services.clock, options.wait)
        }
        writer => writer,
    };
    writer.map_err(|e| store_failure(&e))
}

/// Reads what is decided. A record that is damaged is told, and empty from now on: what stood in it is found out again.
pub(super) fn decided(services: &Services, writer: Option<&Writer>) -> Result<(), Failure> {
    match services.read_decisions() {
        Ok(()) => Ok(()),
        Err(error) if error.is_damage() => {
            services.notice(&error, None);
            services.decisions.spoil();
            writer.map_or(Ok(()), |writer| keep_decisions(services, writer))
        }
        Err(error) => Err(store_failure(&error)),
    }
}

/// Keeps what was decided, if anything was.
pub(super) fn keep_decisions(services: &Services, writer: &Writer) -> Result<(), Failure> {
    match services.decisions.news() {
        Some(record) => writer.replace_decisions(&record).map_err(|e| store_failure(&e)),
        None => Ok(()),
    }
}

/// The threads of a run.
pub(super) fn pool(options: &BuildOptions) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(options.jobs.max(1))
        .build()
        .map_err(|e| Failure::bug(&format!("no thread pool: {e}"), ""))
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
    let started = services.clock.now();
    let pool = pool(options)?;
    services.tell(Event::ScanStarted { repos: plan.repos.len() });
    let mut works = pool.install(|| work::scan_all(services, Some(writer), plan, options))?;
    let stamped = pool.install(|| work::mark_current(services, &mut works, head.map(AsRef::as_ref), options))?;
    let standing = Standing { services, plan, display, options, head: head.map(AsRef::as_ref) };
    let same = options.null_check
        && works.iter().all(|w| w.current)
        && work::same_repositories(standing.head, plan, &works, options)
        && federation::is_current(&standing, stamped)?;
    if same && let Some(head) = head {
        return unmoved(&standing, writer, works, head, stamped);
    }
    let (mut healed, mut settled, mut record) = (0, true, ledger::Ran::default());
    let is_part = !works.is_empty() && works.iter().all(|w| w.partial);
    let federates = !plan.workspace_nodes.is_empty() && !is_part;
    let mut federated = Vec::new();
    if (federates || works.iter().any(Work::is_due)) && !stops(options, &works) {
        let world =
            Arc::new(work::world(services, &plan.workspace_nodes, &works, options, Some(writer), head.cloned())?);
        let mut ran = pool.install(|| run(services, &world, &mut works, options));
        if federates && ran.is_ok() && !stops(options, &works) {
            let made = pool.install(|| federate(&standing, &world, &mut works));
            ran = made.map(|made| federated = made);
        }
        // What was finished is kept, even where the run was stopped.
        world.commit()?;
        keep_decisions(services, writer)?;
        record = ledger::Ran::of(&world, failures(&standing, &federated));
        if let Err(failure) = ran {
            ledger::keep_stopped(services, writer, record);
            return Err(failure);
        }
        (healed, settled) = (world.lost.healed(), world.lost.is_settled());
    }
    let stands = head.map(|h| h.generation());
    let fails = options.fail_fast && federated.iter().any(|made| made.failure.is_some());
    let promoted = if fails || stops(options, &works) || is_part {
        None
    } else {
        let generation = match standing.generation(&works) {
            Ok(generation) => Standing::with_workspace(generation, &federated),
            Err(failure) => {
                ledger::keep(&standing, writer, &works, record, stands, healed, started);
                return Err(failure);
            }
        };
        let provenance = standing.provenance(&works, &generation, &federated);
        tell_dropped(services, stands, &generation);
        publish(services, writer, &generation, &provenance, settled)?;
        Some(generation)
    };
    ledger::keep(&standing, writer, &works, record, promoted.as_ref().or(stands), healed, started);
    let done = outcome(works, promoted.as_ref().or(stands), false, healed);
    Ok(BuildOutcome { workspace: federated, ..done })
}

/// Tells which repositories are no longer of the workspace.
fn tell_dropped(services: &Services, stands: Option<&Generation>, generation: &Generation) {
    let known = stands.iter().flat_map(|old| old.repos.keys());
    for repo in known.filter(|repo| !generation.repos.contains_key(*repo)) {
        services.tell(Event::dropped(repo));
    }
}

/// The end of a run that has nothing to do: only times are written.
fn unmoved(
    standing: &Standing<'_>,
    writer: &Writer,
    works: Vec<Work<'_>>,
    head: &Pinned,
    stamped: Stamped,
) -> Result<BuildOutcome, Failure> {
    let provenance = standing.provenance(&works, head.generation(), &[]);
    writer.refresh_provenance(&head.generation().id, &provenance).map_err(|e| store_failure(&e))?;
    // Everything was looked at: the next null check need not look again.
    if stamped == Stamped::Moved && works.len() == head.generation().repos.len() {
        note_stamp(standing.services, writer, &head.generation().id);
    }
    let workspace = federation::unmoved(standing);
    Ok(BuildOutcome { workspace, ..outcome(works, Some(head.generation()), true, 0) })
}

/// Runs the nodes of the workspace over what stands after the repositories' part. Where they meet damage, the repositories
/// are asked again: what is damaged is set aside, so whoever made it makes it again.
fn federate(
    standing: &Standing<'_>,
    world: &Arc<World>,
    works: &mut [Work<'_>],
) -> Result<Vec<WorkspaceOutcome>, Failure> {
    let mut rounds = 0;
    loop {
        // No repository has a build: that is told by whoever promotes.
        let Ok(generation) = standing.generation(works) else { return Ok(Vec::new()) };
        match federation::federate(standing, world, &generation) {
            Err(failure) if failure.is_damage() && rounds < FEDERATION_HEALS => rounds += 1,
            Err(failure) if failure.is_damage() => {
                return Ok(federation::given_up(standing, &generation, &failure));
            }
            made => return made,
        }
        for work in works.iter_mut().filter(|work| work.failure.is_none() && !work.partial) {
            (work.current, work.done) = (false, false);
        }
        run(standing.services, world, works, standing.options)?;
    }
}

/// The nodes of the workspace that failed, as the record of a run tells it.
fn failures(standing: &Standing<'_>, federated: &[WorkspaceOutcome]) -> Vec<ledger::FailedRun> {
    let failed = federated.iter().filter_map(|made| Some((made, made.failure.as_ref()?)));
    let failed = failed.map(|(made, failure)| ledger::FailedRun {
        repo: workspace_name(&made.node),
        code: failure.code_name().to_owned(),
        message: standing.without(failure.to_string(), None),
    });
    failed.collect()
}

/// Without a stamp the next build looks at every memo; that is all.
fn note_stamp(services: &Services, writer: &Writer, generation: &str) {
    if let Err(error) = writer.record_stamp(generation) {
        services.notice(&error, None);
    }
}

/// Has something failed that is to end the run?
fn stops(options: &BuildOptions, works: &[Work<'_>]) -> bool {
    options.fail_fast && (!options.unavailable.is_empty() || works.iter().any(|w| w.failure.is_some()))
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
    // Where something was lost and not made again, a repository that was not looked at may need it.
    if settled {
        note_stamp(services, writer, &generation.id);
    }
    Ok(())
}

/// Tells which guards workers were without.
pub(super) fn tell_confinement(services: &Services) {
    let confinement = services.workers.as_ref().and_then(|pool| pool.confinement());
    let needs = confinement.map(Confinement::needs).unwrap_or_default();
    if !needs.is_empty() {
        services.tell(Event::Notice {
            repo: None,
            code: "sawmill::worker::guards".to_owned(),
            path: String::new(),
            message: format!("files were read by workers without {}", needs.join(" and ")),
            help: "this kernel does not have it: build trees that you do not trust on another machine, or in a container that is as confined".to_owned(),
        });
    }
}

/// Tells the notices after the first `told`, and gives how many there are.
pub(super) fn tell_notices(services: &Services, writer: &Writer, told: usize) -> usize {
    let notices = writer.notices();
    for notice in notices.iter().skip(told) {
        services.notice_store(notice);
    }
    notices.len()
}

/// Runs what is due, until nothing is: a repository whose files changed under way is scanned again, a few times,
/// and one that met damage is asked again with a fresh database, in which the damaged artifacts are not believed.
pub(super) fn run(
    services: &Services,
    world: &Arc<World>,
    works: &mut [Work<'_>],
    options: &BuildOptions,
) -> Result<(), Failure> {
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
        let made: Vec<_> = repos
            .into_par_iter()
            .map_with(db, |db, repo| {
                let made = drive::repository(db, repo);
                if options.fail_fast && made.as_ref().is_err_and(Failure::is_final) {
                    world.stop.store(true, Ordering::Relaxed);
                }
                made
            })
            .collect();
        world.commit()?;
        let stopped = world.stop.load(Ordering::Relaxed);
        for (at, made) in due.into_iter().zip(made) {
            let Some(work) = works.get_mut(at) else { continue };
            match made {
                Err(failure) if stopped && failure.is_cancelled() => {}
                made => finish(services, world, work, made)?,
            }
        }
        if stopped {
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
    made: Result<Vec<super::queries::SegmentMade>, Failure>,
) -> Result<(), Failure> {
    match made {
        Ok(made) => {
            let segments = work.scanned.as_ref().map(|s| s.segments.as_slice()).unwrap_or_default();
            work.done = true;
            if !work.partial {
                work.build = Some(assemble::build(world.writer()?, work.plan, segments, &made)?.id);
            }
        }
        Err(failure) if failure.is_cancelled() => return Err(failure),
        Err(failure) if matches!(failure.cause(), Cause::Changed { .. }) && work.scans < SCANS => {
            work.scans += 1;
            match scan::scan(services, Some(world.writer()?), work.plan, work.tree.as_deref(), 1) {
                Ok(scanned) => {
                    world.note_scan(&scanned.name, &scanned.segments);
                    work.scanned = Some(scanned);
                }
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(failure) => work.failure = Some(failure),
            }
        }
        Err(failure) if failure.is_damage() && work.heals < HEALS => work.heals += 1,
        Err(failure) => work.failure = Some(failure),
    }
    Ok(())
}

fn outcome(works: Vec<Work<'_>>, generation: Option<&Generation>, nothing_to_do: bool, healed: usize) -> BuildOutcome {
    let repos = works
        .into_iter()
        .map(|work| RepoOutcome {
            name: work.plan.name.clone(),
            build: generation.and_then(|g| g.repos.get(&work.plan.name)).map(|b| b.build.clone()),
            partial: work.partial,
            current: work.current,
            files: work.scanned.as_ref().map_or(0, |s| s.files),
            bytes: work.scanned.as_ref().map_or(0, |s| s.bytes),
            notices: work.scanned.map(|s| s.notices).unwrap_or_default(),
            failure: work.failure,
        })
        .collect();
    let generation = generation.map(|g| g.id.clone());
    BuildOutcome { generation, nothing_to_do, repos, workspace: Vec::new(), healed }
}
