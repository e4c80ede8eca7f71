//! All nodes of the workspace in a run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::plan::WorkspaceNode;
use crate::store::{Generation, RepoBuild, Stamped, workspace_name};

use super::super::db::EngineDb;
use super::super::event::{ActionDone, Event, Outcome, Unit};
use super::super::failure::Failure;
use super::super::standing::Standing;
use super::super::work::Work;
use super::super::world::{World, store_failure};
use super::action::{SHOWN, WHOLE, part_id};
use super::members::{Member, members, root_key};
use super::{assemble, drive};
use crate::base::Digest;

/// What became of a node of the workspace.
#[derive(Clone, Debug)]
pub struct WorkspaceOutcome {
    /// `pipeline/node`.
    pub node: String,
    /// The build that stands now; none where the first one failed.
    pub build: Option<RepoBuild>,
    /// What stands is what stood before.
    pub current: bool,
    pub root_key: Digest,
    /// Why the old build was kept.
    pub failure: Option<Failure>,
}

/// What a run would do with a node of the workspace.
#[derive(Clone, Debug)]
pub struct WorkspaceOutlook {
    /// `pipeline/node`.
    pub node: String,
    /// Nothing of it would run.
    pub current: bool,
}

/// Is what `node` made of `repos` what HEAD has? No artifact is read; where objects may have come or gone, each must be
/// there with its size.
fn stands(
    standing: &Standing<'_>,
    node: &WorkspaceNode,
    repos: &BTreeMap<String, RepoBuild>,
    stamped: Stamped,
) -> Result<bool, Failure> {
    let (Some(head), id) = (standing.head, node.id()) else { return Ok(false) };
    let known = head.provenance().nodes.get(&id).and_then(|known| known.root_key);
    let is_built = head.generation().workspace.get(&id).is_some_and(|build| !build.stale);
    if !is_built || known != Some(root_key(standing, node, repos)) {
        return Ok(false);
    }
    let name = workspace_name(&id);
    let whole = head.verify_manifest(&name).and_then(|()| match stamped {
        Stamped::Holds => Ok(true),
        Stamped::Moved | Stamped::No => head.has_artifacts(&name),
    });
    match whole {
        Ok(whole) => Ok(whole),
        Err(error) if error.is_damage() => {
            standing.services.notice(&error, None);
            Ok(false)
        }
        Err(error) => Err(store_failure(&error)),
    }
}

/// With the repositories that HEAD has: would no node of the workspace do anything? `stamped` says whether objects came or went.
pub(in super::super) fn is_current(standing: &Standing<'_>, stamped: Stamped) -> Result<bool, Failure> {
    let Some(head) = standing.head else { return Ok(standing.plan.workspace_nodes.is_empty()) };
    let planned: BTreeSet<String> = standing.plan.workspace_nodes.iter().map(WorkspaceNode::id).collect();
    if !head.generation().workspace.keys().eq(planned.iter()) {
        return Ok(false);
    }
    for node in &standing.plan.workspace_nodes {
        if !stands(standing, node, &head.generation().repos, stamped)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs every node of the workspace over the builds of `generation`, and gives what stands for each. `Err` is damage to
/// what repositories made: they must be asked again first; or the end of the run.
pub(in super::super) fn federate(
    standing: &Standing<'_>,
    world: &Arc<World>,
    generation: &Generation,
) -> Result<Vec<WorkspaceOutcome>, Failure> {
    let mut outcomes = Vec::new();
    for node in &standing.plan.workspace_nodes {
        let root_key = root_key(standing, node, &generation.repos);
        let made = one(standing, world, node, generation);
        let (build, failure) = match made {
            Ok(build) => (Some(RepoBuild { build, stale: false }), None),
            Err(failure) if failure.is_cancelled() || failure.is_damage() => return Err(failure),
            Err(failure) => (old(standing, node), Some(failure)),
        };
        let stood = standing.head.and_then(|head| head.generation().workspace.get(&node.id()));
        let current = failure.is_none() && stood == build.as_ref();
        outcomes.push(WorkspaceOutcome { node: node.id(), build, current, root_key, failure });
    }
    Ok(outcomes)
}

/// Where nothing is to do: what stands.
pub(in super::super) fn unmoved(standing: &Standing<'_>) -> Vec<WorkspaceOutcome> {
    let Some(head) = standing.head else { return Vec::new() };
    let of = |node: &WorkspaceNode| WorkspaceOutcome {
        node: node.id(),
        build: head.generation().workspace.get(&node.id()).cloned(),
        current: true,
        root_key: root_key(standing, node, &head.generation().repos),
        failure: None,
    };
    standing.plan.workspace_nodes.iter().map(of).collect()
}

/// Where damage cannot be mended in this run: the old builds, told.
pub(in super::super) fn given_up(
    standing: &Standing<'_>,
    generation: &Generation,
    failure: &Failure,
) -> Vec<WorkspaceOutcome> {
    let of = |node: &WorkspaceNode| WorkspaceOutcome {
        node: node.id(),
        build: old(standing, node),
        current: false,
        root_key: root_key(standing, node, &generation.repos),
        failure: Some(failure.clone()),
    };
    standing.plan.workspace_nodes.iter().map(of).collect()
}

fn old(standing: &Standing<'_>, node: &WorkspaceNode) -> Option<RepoBuild> {
    let old = standing.head.and_then(|head| head.generation().workspace.get(&node.id()));
    old.map(|old| RepoBuild { stale: true, ..old.clone() })
}

fn one(
    standing: &Standing<'_>,
    world: &Arc<World>,
    node: &WorkspaceNode,
    generation: &Generation,
) -> Result<String, Failure> {
    let members = members(standing, node, &generation.repos)?;
    let db = EngineDb::new(Arc::clone(world));
    let input = drive::input(&db, node, &members);
    let spec = Arc::clone(input.spec(&db));
    let actions = drive::actions(&spec, &members);
    standing.services.tell(Event::Planned { repo: Arc::clone(&spec.store_name), actions });
    let made = drive::run(&db, input)?;
    let manifest = assemble::manifest(&members, world.tables());
    let bytes = assemble::bytes_of(&manifest, &spec.store_name)?;
    let shown = assemble::members(world, &spec, &members, &manifest, &bytes)?;
    // Objects have their places before a manifest names them.
    world.commit()?;
    assemble::build(world, node, &spec, &members, &made, &shown, &bytes)
}

/// What [`federate`] would do. `due` are the repositories whose builds are not known yet.
pub(in super::super) fn forecast(
    standing: &Standing<'_>,
    world: &Arc<World>,
    works: &[Work<'_>],
) -> Result<Vec<WorkspaceOutlook>, Failure> {
    let repos = standing.head.map(|head| head.generation().repos.clone()).unwrap_or_default();
    let due: BTreeMap<&str, &Work<'_>> =
        works.iter().filter(|work| !work.current).map(|work| (work.plan.name.as_str(), work)).collect();
    let mut outlooks = Vec::new();
    for node in &standing.plan.workspace_nodes {
        let members = members(standing, node, &repos)?;
        let is_due = |member: &&Member| due.contains_key(&*member.name);
        if members.iter().any(|member| is_due(&member)) {
            unknown(world, node, &members, &due);
        } else {
            let db = EngineDb::new(Arc::clone(world));
            match foreseen(&db, world, node, &members) {
                Err(failure) if failure.waits_for().is_none() => return Err(failure),
                Err(_) => unknown(world, node, &members, &due),
                Ok(()) => {}
            }
        }
        outlooks.push(WorkspaceOutlook { node: node.id(), current: false });
    }
    Ok(outlooks)
}

fn foreseen(db: &EngineDb, world: &Arc<World>, node: &WorkspaceNode, members: &[Member]) -> Result<(), Failure> {
    let input = drive::input(db, node, members);
    let spec = Arc::clone(input.spec(db));
    let manifest = assemble::manifest(members, world.tables());
    let bytes = assemble::bytes_of(&manifest, &spec.store_name)?;
    let shown = assemble::members(world, &spec, members, &manifest, &bytes);
    drive::run(db, input)?;
    shown.map(drop)
}

/// Notes everything that may run: what the builds of some repositories will be is not known.
fn unknown(world: &World, node: &WorkspaceNode, members: &[Member], due: &BTreeMap<&str, &Work<'_>>) {
    let name: Arc<str> = workspace_name(&node.id()).into();
    let may = |unit: Unit, id: String, fed: &str| {
        let done = ActionDone {
            repo: Arc::clone(&name),
            node: node.name.as_str().into(),
            unit,
            id: id.into(),
            outcome: Outcome::Ran,
            action: Digest([0; 32]),
            reason: None,
            files: 0,
            fresh: 0,
            rows: 0,
            bytes: 0,
        };
        world.may(&done, fed);
    };
    let ports = drive::ports(node.kind, world.tables());
    for member in members {
        let fed = member.node.as_deref().unwrap_or_default();
        match due.get(&*member.name).and_then(|work| work.scanned.as_ref()) {
            Some(scanned) => {
                for segment in scanned.segments.iter() {
                    may(Unit::Shard, part_id(&member.name, segment.mode, &segment.id), fed);
                }
            }
            None => {
                for segment in member.segments(&ports) {
                    may(Unit::Shard, part_id(&member.name, segment.mode, &segment.id), fed);
                }
            }
        }
        may(Unit::Resolution, member.name.to_string(), &node.name);
    }
    for id in [WHOLE, SHOWN] {
        may(Unit::Segment, id.to_owned(), &node.name);
    }
}
