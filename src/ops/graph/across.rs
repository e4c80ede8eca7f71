//! Nodes of pipelines of workspace scope, with what the repositories' nodes give them.

use std::collections::{BTreeMap, BTreeSet};

use super::counts::Standing;
use super::report::{Drawing, GraphEdge, GraphNode, GraphReport};
use super::run::{GraphRequest, each_once};
use crate::ops::error::OpsError;
use crate::plan::{Plan, Selection, WorkspaceNode};
use crate::store::workspace_name;
use crate::table::schema::MEMBERS;

/// Adds a drawing for each such pipeline; the repositories' drawings are there.
pub(super) fn draw(
    plan: &Plan,
    selection: &Selection,
    request: &GraphRequest,
    standing: Option<&Standing<'_>>,
    out: &mut GraphReport,
) -> Result<(), OpsError> {
    let mut pipelines: BTreeMap<&str, Vec<&WorkspaceNode>> = BTreeMap::new();
    for node in selection.of_workspace.iter().filter_map(|at| plan.workspace_nodes.get(*at)) {
        pipelines.entry(node.pipeline.as_str()).or_default().push(node);
    }
    for (pipeline, nodes) in pipelines {
        let members: BTreeSet<&str> = nodes.iter().flat_map(|node| &node.members).map(|m| m.repo.as_str()).collect();
        // Where each repository has a drawing, one may be called as the pipeline is.
        let is_taken = out.drawings.iter().any(|drawing| drawing.id == pipeline);
        let id = if is_taken { format!("{pipeline}#workspace") } else { pipeline.to_owned() };
        let repos = members.into_iter().map(str::to_owned).collect();
        let drawing = Drawing { id, pipeline: pipeline.to_owned(), repos };
        for node in nodes {
            let mut drawn = drawn(node, &drawing);
            let name = workspace_name(&node.id());
            if let Some(would) = request.would.get(&(name.clone(), node.name.clone())) {
                drawn.would.insert(name.clone(), would.clone());
            }
            if let Some(known) = standing.map(|standing| standing.of_workspace(node)).transpose()? {
                known.enter(&name, &mut drawn);
            }
            let edges = edges(node, &drawn.id, out);
            out.edges.extend(edges);
            out.nodes.push(drawn);
        }
        out.drawings.push(drawing);
    }
    Ok(())
}

fn drawn(node: &WorkspaceNode, drawing: &Drawing) -> GraphNode {
    let kind = node.kind;
    let tables = kind.part_tables().into_iter().chain([&MEMBERS, kind.whole_table(), kind.link_table()]);
    GraphNode {
        id: format!("{}/{}", drawing.id, node.name),
        drawing: drawing.id.clone(),
        name: node.name.clone(),
        kind: kind.name().to_owned(),
        tables: each_once(tables.map(|table| table.name)),
        counts: None,
        table_counts: BTreeMap::new(),
        states: BTreeMap::new(),
        would: BTreeMap::new(),
    }
}

/// An edge from each drawing in which a node stands that feeds `node`.
fn edges(node: &WorkspaceNode, id: &str, out: &GraphReport) -> Vec<GraphEdge> {
    let port = node.kind.port();
    let mut edges = Vec::new();
    for drawing in &out.drawings {
        let feeders: BTreeSet<&str> = node
            .members
            .iter()
            .filter(|member| drawing.repos.contains(&member.repo))
            .map(|member| member.node.as_str())
            .collect();
        for from in out.nodes.iter().filter(|from| from.drawing == drawing.id && feeders.contains(from.name.as_str())) {
            edges.push(GraphEdge {
                from: from.id.clone(),
                to: id.to_owned(),
                port: port.name.to_owned(),
                tables: port.tables.iter().map(|table| (*table).to_owned()).collect(),
            });
        }
    }
    edges
}
