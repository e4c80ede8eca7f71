//! The dry run: what a build would do, found on the build's own path.
//!
//! It scans, makes the null check and asks every query as a build does; only where an action would run it is noted
//! instead, and what depends on its output may run. So what will run is a part of what a build runs, and a build
//! runs nothing that is not listed: *will ⊆ ran ⊆ will ∪ may*, by place or by action key. (Damage inside an artifact
//! shows when it is read, and a dry run reads none.) It takes no lock and writes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::base::Digest;
use crate::plan::Plan;

use super::build::{decided, pool};
use super::db::EngineDb;
use super::drive;
use super::event::Event;
use super::failure::Failure;
use super::federation::{self, WorkspaceOutlook};
use super::reason::{Forecast, Recorded};
use super::services::Services;
use super::standing::Standing;
use super::work::{self, BuildOptions, Work};

/// What a build would do.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// The generation that stands.
    pub generation: Option<String>,
    /// By name.
    pub repos: Vec<RepoOutlook>,
    /// Nodes of the workspace.
    pub workspace: Vec<WorkspaceOutlook>,
    /// By place. Actions of current repositories are not listed: all of them are hits.
    pub actions: Vec<Recorded>,
    /// Hits for whose outputs others run, and why these are not what they were.
    pub taken: Vec<Recorded>,
}

/// One repository's part.
#[derive(Clone, Debug)]
pub struct RepoOutlook {
    pub name: String,
    /// Nothing of it would run.
    pub current: bool,
    pub files: u64,
    pub bytes: u64,
    /// Actions that its pipeline has.
    pub actions: u64,
    /// Digest of its plan and files; none where its tree cannot be read.
    pub root_key: Option<Digest>,
    /// Why it cannot be built now.
    pub failure: Option<Failure>,
}

/// Finds what [`build`](super::build::build) would do with the same options.
pub fn dry_run(services: &Services, plan: &Plan, options: &BuildOptions) -> Result<Outlook, Failure> {
    let (head, options) = &work::pin(services, options)?;
    decided(services, None)?;
    let pool = pool(options)?;
    services.tell(Event::ScanStarted { repos: plan.repos.len() });
    let mut works = pool.install(|| work::scan_all(services, None, plan, options))?;
    let stamped = pool.install(|| work::mark_current(services, &mut works, head.as_deref(), options))?;
    let (mut actions, mut taken) = (Vec::new(), Vec::new());
    let standing = Standing { services, plan, display: &BTreeMap::new(), options, head: head.as_deref() };
    let same = options.null_check
        && works.iter().all(|work| work.current)
        && work::same_repositories(standing.head, plan, &works, options)
        && federation::is_current(&standing, stamped)?;
    let is_part = !works.is_empty() && works.iter().all(|work| work.partial);
    let federates = !plan.workspace_nodes.is_empty() && !same && !is_part;
    let mut workspace: Vec<WorkspaceOutlook> = plan
        .workspace_nodes
        .iter()
        .filter(|_| same)
        .map(|node| WorkspaceOutlook { node: node.id(), current: true })
        .collect();
    if federates || works.iter().any(Work::is_due) {
        let world = Arc::new(work::world(services, &plan.workspace_nodes, &works, options, None, head.clone())?);
        let db = EngineDb::new(Arc::clone(&world));
        let due = works.iter().filter(|w| w.is_due()).filter_map(|w| w.scanned.as_ref().map(|s| (w.plan, s)));
        let repos: Vec<_> = due.map(|(plan, scanned)| drive::inputs(&db, plan, &scanned.segments)).collect();
        let asked: Result<Vec<()>, Failure> =
            pool.install(|| repos.into_par_iter().map_with(db, |db, repo| drive::forecast(db, repo)).collect());
        asked?;
        if federates {
            workspace = pool.install(|| federation::forecast(&standing, &world, &works))?;
        }
        actions = once(world.take_record());
        taken = world.trail.found();
    }
    let repos = works.into_iter().map(|work| RepoOutlook {
        name: work.plan.name.clone(),
        current: work.current,
        files: work.scanned.as_ref().map_or(0, |s| s.files),
        bytes: work.scanned.as_ref().map_or(0, |s| s.bytes),
        actions: work.scanned.as_ref().map_or(0, |s| drive::actions(work.plan, &s.segments) as u64),
        root_key: work.scanned.as_ref().map(|s| s.root_key(&services.decisions)),
        failure: work.failure,
    });
    let generation = head.as_ref().map(|h| h.generation().id.clone());
    Ok(Outlook { generation, repos: repos.collect(), workspace, actions, taken })
}

/// Two places with one key are worked on once: the second is a hit.
fn once(mut actions: Vec<Recorded>) -> Vec<Recorded> {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for recorded in actions.iter_mut().filter(|r| r.forecast == Forecast::Will) {
        if recorded.action.as_ref().is_some_and(|action| !seen.insert(action.clone())) {
            recorded.forecast = Forecast::Hit;
            recorded.reason = None;
        }
    }
    actions
}
