//! From the workspace to a report.

use std::collections::{BTreeMap, BTreeSet};

use super::across;
use super::counts::Standing;
use super::report::{Drawing, GraphEdge, GraphNode, GraphRepo, GraphReport};
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::plan::{Plan, RepoPlan, Selection};

/// What to draw.
#[derive(Clone, Debug, Default)]
pub struct GraphRequest {
    /// Empty: everything.
    pub selectors: Vec<String>,
    /// A drawing for each repository.
    pub expand: bool,
    /// With what the last build left of each node.
    pub counts: bool,
    /// (repository, node) → what a build would do with it, where that is known.
    pub would: BTreeMap<(String, String), String>,
}

/// The selected part of the plan. Reads the store only for counts.
pub fn run(context: &Context, request: &GraphRequest) -> Result<GraphReport, OpsError> {
    let workspace = context.workspace()?;
    let plan = context.plan(&workspace)?;
    let selection = context.selection(&workspace, &plan, &request.selectors)?;
    let head = if request.counts { context.store(&workspace)?.pin()? } else { None };
    let standing = request.counts.then_some(Standing { head: head.as_ref() });
    report(&plan, &selection, request, standing.as_ref())
}

/// The report of a plan that is at hand.
pub(super) fn report(
    plan: &Plan,
    selection: &Selection,
    request: &GraphRequest,
    standing: Option<&Standing<'_>>,
) -> Result<GraphReport, OpsError> {
    let mut out = GraphReport { workspace: plan.workspace.clone(), ..GraphReport::default() };
    for (drawing, repos, chosen) in drawings(plan, selection, request.expand) {
        if let Some(first) = repos.first() {
            draw(first, chosen, &drawing, &mut out);
        }
        for repo in &repos {
            enter(repo, &drawing, chosen, request, standing, &mut out)?;
        }
        out.drawings.push(drawing);
    }
    across::draw(plan, selection, request, standing, &mut out)?;
    let lost = selection.unavailable.iter().map(|name| GraphRepo {
        name: name.clone(),
        available: false,
        pipeline: None,
        drawing: None,
        nodes: Vec::new(),
    });
    out.repos.extend(lost);
    out.repos.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(out)
}

/// Each drawing with its repositories and the nodes that are drawn.
fn drawings<'a>(
    plan: &'a Plan,
    selection: &'a Selection,
    expand: bool,
) -> Vec<(Drawing, Vec<&'a RepoPlan>, &'a BTreeSet<usize>)> {
    let mut groups: BTreeMap<(&str, &str, &BTreeSet<usize>), Vec<&RepoPlan>> = BTreeMap::new();
    for repo in &plan.repos {
        let Some(chosen) = selection.repos.get(&repo.name) else { continue };
        let own = if expand { repo.name.as_str() } else { "" };
        groups.entry((repo.pipeline.as_str(), own, chosen)).or_default().push(repo);
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let drawings = groups.into_iter().map(|((pipeline, own, chosen), repos)| {
        let nth = seen.entry(pipeline).or_default();
        *nth += 1;
        let id = match nth {
            _ if expand => own.to_owned(),
            1 => pipeline.to_owned(),
            nth => format!("{pipeline}#{nth}"),
        };
        let names = repos.iter().map(|repo| repo.name.clone()).collect();
        (Drawing { id, pipeline: pipeline.to_owned(), repos: names }, repos, chosen)
    });
    drawings.collect()
}

/// The nodes and edges of a drawing. Its repositories have the same ones.
fn draw(repo: &RepoPlan, chosen: &BTreeSet<usize>, drawing: &Drawing, out: &mut GraphReport) {
    let id = |name: &str| format!("{}/{name}", drawing.id);
    for (_, node) in repo.nodes.iter().enumerate().filter(|(at, _)| chosen.contains(at)) {
        let tables = node.kind.outputs().iter().chain(node.kind.merged()).chain(node.kind.resolved());
        let names = each_once(tables.map(|table| table.name));
        out.nodes.push(GraphNode {
            id: id(&node.name),
            drawing: drawing.id.clone(),
            name: node.name.clone(),
            kind: node.kind.name().to_owned(),
            tables: names,
            counts: None,
            table_counts: BTreeMap::new(),
            states: BTreeMap::new(),
            would: BTreeMap::new(),
        });
        for input in node.inputs.iter().filter(|input| chosen.contains(&input.node)) {
            let Some(from) = repo.nodes.get(input.node) else { continue };
            let port = node.kind.ports().iter().find(|port| port.name == input.port);
            out.edges.push(GraphEdge {
                from: id(&from.name),
                to: id(&node.name),
                port: input.port.to_owned(),
                tables: port.map(|p| p.tables.iter().map(|t| (*t).to_owned()).collect()).unwrap_or_default(),
            });
        }
    }
}

/// Names in order, each once.
pub(super) fn each_once<'t>(tables: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for table in tables {
        if names.iter().all(|known| known != table) {
            names.push(table.to_owned());
        }
    }
    names
}

/// Adds what is known of one repository's copy.
fn enter(
    repo: &RepoPlan,
    drawing: &Drawing,
    chosen: &BTreeSet<usize>,
    request: &GraphRequest,
    standing: Option<&Standing<'_>>,
    out: &mut GraphReport,
) -> Result<(), OpsError> {
    let known = standing.map(|standing| standing.of(repo)).transpose()?;
    for node in out.nodes.iter_mut().filter(|node| node.drawing == drawing.id) {
        if let Some(would) = request.would.get(&(repo.name.clone(), node.name.clone())) {
            node.would.insert(repo.name.clone(), would.clone());
        }
        if let Some(known) = &known {
            known.enter(&repo.name, node);
        }
    }
    out.repos.push(GraphRepo {
        name: repo.name.clone(),
        available: true,
        pipeline: Some(repo.pipeline.clone()),
        drawing: Some(drawing.id.clone()),
        nodes: chosen.iter().filter_map(|at| repo.nodes.get(*at)).map(|node| node.name.clone()).collect(),
    });
    Ok(())
}
