//! The order of nodes, or the circles that forbid one. petgraph stays in this file.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::check::Checked;
use super::codes;
use super::edges::Edge;
use crate::config::Mistake;

/// Nodes in topological order, ties by name; `None` when there are circles, which are reported.
pub fn order(checked: &mut Checked<'_>, edges: &[Edge]) -> Option<Vec<usize>> {
    // Numbers follow names, so the smallest number is the first name.
    let mut graph: DiGraphMap<usize, ()> = DiGraphMap::new();
    for at in 0..checked.nodes().len() {
        graph.add_node(at);
    }
    for edge in edges {
        graph.add_edge(edge.from, edge.to, ());
    }
    let mut circles: Vec<Vec<usize>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|part| part.len() > 1 || part.iter().any(|n| graph.contains_edge(*n, *n)))
        .filter_map(|part| circle(&graph, &part))
        .collect();
    circles.sort();
    for circle in &circles {
        let mistake = cycle(checked, edges, circle);
        checked.mistakes.extend(mistake);
    }
    circles.is_empty().then(|| sorted(&graph))
}

/// Kahn's algorithm with the smallest free node first.
fn sorted(graph: &DiGraphMap<usize, ()>) -> Vec<usize> {
    let mut waiting: BTreeMap<usize, usize> =
        graph.nodes().map(|n| (n, graph.neighbors_directed(n, Incoming).count())).collect();
    let mut free: BTreeSet<usize> = waiting.iter().filter(|(_, count)| **count == 0).map(|(n, _)| *n).collect();
    let mut out = Vec::with_capacity(waiting.len());
    while let Some(node) = free.pop_first() {
        out.push(node);
        for next in graph.neighbors_directed(node, Outgoing) {
            if let Some(count) = waiting.get_mut(&next) {
                *count -= 1;
                if *count == 0 {
                    free.insert(next);
                }
            }
        }
    }
    out
}

/// A shortest circle through the first node of `part`, without the return to it.
fn circle(graph: &DiGraphMap<usize, ()>, part: &[usize]) -> Option<Vec<usize>> {
    let start = *part.iter().min()?;
    let inside: BTreeSet<usize> = part.iter().copied().collect();
    let mut came_from: BTreeMap<usize, usize> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        let mut next: Vec<usize> = graph.neighbors_directed(node, Outgoing).filter(|n| inside.contains(n)).collect();
        next.sort_unstable();
        for next in next {
            if next == start {
                let mut path = vec![node];
                while let Some(before) = path.last().and_then(|n| came_from.get(n)) {
                    path.push(*before);
                }
                path.reverse();
                return Some(path);
            }
            if let Entry::Vacant(unseen) = came_from.entry(next) {
                unseen.insert(node);
                queue.push_back(next);
            }
        }
    }
    None
}

/// `a → b → a`, with a label at each input on the way.
fn cycle(checked: &Checked<'_>, edges: &[Edge], circle: &[usize]) -> Option<Mistake> {
    let name = |at: usize| checked.nodes().get(at).map_or("", |n| n.name.value.as_str());
    let first = *circle.first()?;
    let path: Vec<&str> = circle.iter().chain([&first]).map(|at| name(*at)).collect();
    let steps = circle.iter().zip(circle.iter().skip(1).chain([&first]));
    let mut labels = steps.filter_map(|(from, to)| {
        let edge = edges.iter().find(|e| e.from == *from && e.to == *to)?;
        Some((edge.span, format!("`{}` takes from `{}`", name(*to), name(*from))))
    });
    let (span, label) = labels.next()?;
    let message = format!("nodes feed each other in a circle: {}", path.join(" → "));
    let mistake = Mistake::at(&codes::CYCLE, message, &checked.pipeline.file, span, label);
    Some(labels.fold(mistake, |m, (span, label)| m.label(span, label)).help("remove one of these inputs"))
}
