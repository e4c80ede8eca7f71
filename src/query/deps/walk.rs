//! Level by level.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Node, NodeKind};
use super::related::Related;
use super::request::{Counts, DepEdge, DepNode, DepsAnswer, DepsRequest};
use super::symbols::FileSymbols;
use super::tally::{Asked, Edge, Found};
use super::{forward, reverse, target};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;

/// Walks from what the request names, breadth first: every node comes at its least depth, and its edges once.
pub fn deps(pieces: &dyn Pieces, cache: &Cache, request: &DepsRequest) -> Result<DepsAnswer, QueryError> {
    let (related, root) = target::find(pieces, cache, request)?;
    let by_default = if root.kind() == NodeKind::Symbol { 2 } else { 1 };
    let depth = request.depth.unwrap_or(by_default);
    let mut walk = Walk::new(&related, root, request)?;
    let mut frontier = vec![0];
    let mut level = 0;
    while !frontier.is_empty() && (depth == 0 || level < depth) && !walk.full {
        level += 1;
        frontier = walk.level(&frontier, level)?;
    }
    Ok(walk.answer(depth))
}

/// A node on the way.
struct Stop {
    node: Node,
    /// From which it was reached first; the root's is itself.
    from: usize,
    depth: u32,
    /// What was found on from here.
    found: Option<Found>,
    edges: u64,
}

struct Walk<'a, 'p> {
    related: &'a Related<'p>,
    request: &'a DepsRequest,
    stops: Vec<Stop>,
    known: BTreeMap<Node, usize>,
    edges: Vec<(usize, usize, Edge, bool, bool)>,
    symbols: BTreeMap<String, FileSymbols>,
    found: u64,
    /// No edge more may be taken.
    full: bool,
}

impl<'a, 'p> Walk<'a, 'p> {
    fn new(related: &'a Related<'p>, root: Node, request: &'a DepsRequest) -> Result<Self, QueryError> {
        let mut walk = Self {
            related,
            request,
            stops: vec![Stop { node: root.clone(), from: 0, depth: 0, found: None, edges: 0 }],
            known: BTreeMap::from([(root.clone(), 0)]),
            edges: Vec::new(),
            symbols: BTreeMap::new(),
            found: 0,
            full: false,
        };
        walk.load(std::iter::once(&root))?;
        Ok(walk)
    }

    fn root(&self) -> Option<&Node> {
        self.stops.first().map(|stop| &stop.node)
    }

    /// Reads the symbols of the files of those of `nodes` that are symbols.
    fn load<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>) -> Result<(), QueryError> {
        let unread = |path: &&str| !self.symbols.contains_key(*path);
        let paths: BTreeSet<&str> =
            nodes.filter(|node| node.symbol().is_some()).map(Node::path).filter(unread).collect();
        if !paths.is_empty() {
            let read = self.related.symbols(&paths)?;
            self.symbols.extend(read);
        }
        Ok(())
    }

    /// Goes on from `frontier`; gives the nodes from which to go on next.
    fn level(&mut self, frontier: &[usize], level: u32) -> Result<Vec<usize>, QueryError> {
        let nodes: Vec<Node> = frontier.iter().filter_map(|at| self.stops.get(*at)).map(|s| s.node.clone()).collect();
        let asked = Asked { relations: &self.request.relations, list: self.request.list };
        let found = if self.request.reverse {
            reverse::level(self.related, &nodes, &mut self.symbols, asked)?
        } else {
            forward::level(self.related, &nodes, level == 1, &self.symbols, asked)?
        };
        let settled: Vec<Found> = nodes.iter().zip(found).map(|(node, found)| self.settled(node, found)).collect();
        self.load(settled.iter().flat_map(|found| found.edges.keys()))?;
        let mut next = Vec::new();
        for (at, mut found) in frontier.iter().copied().zip(settled) {
            let mut edges: Vec<(Node, Edge)> = std::mem::take(&mut found.edges).into_iter().collect();
            edges.sort_by(|(a, _), (b, _)| self.order(a).cmp(&self.order(b)));
            self.found += edges.len() as u64;
            if let Some(stop) = self.stops.get_mut(at) {
                stop.edges = edges.len() as u64;
                stop.found = Some(found);
            }
            for (node, edge) in edges {
                if self.edges.len() >= self.request.limit {
                    self.full = true;
                    break;
                }
                next.extend(self.take(at, node, edge, level));
            }
        }
        Ok(next)
    }

    /// By path, line and name.
    fn order<'n>(&self, node: &'n Node) -> (&'n str, Option<u32>, Option<&'n str>) {
        (node.path(), self.line(node), node.symbol())
    }

    fn line(&self, node: &Node) -> Option<u32> {
        let of_file = self.symbols.get(node.path())?;
        of_file.of(node.symbol()?).map(|symbol| symbol.start).min()
    }

    /// What is a part of the target is the target; what is a part of the node itself is no edge.
    fn settled(&self, node: &Node, mut found: Found) -> Found {
        let is_root = self.root() == Some(node);
        for (mut other, edge) in std::mem::take(&mut found.edges) {
            if let Some(root) = self.root().filter(|root| root.holds(&other, true)) {
                other = root.clone();
            }
            if !node.holds(&other, is_root) {
                found.edges.entry(other).or_default().merge(edge);
            }
        }
        found
    }

    /// Adds an edge; gives its far end where it is new and may be gone on from.
    fn take(&mut self, at: usize, node: Node, edge: Edge, depth: u32) -> Option<usize> {
        let other = self.known.get(&node).copied();
        let goes_on = self.root().is_some_and(|root| root.symbol().is_some() == node.symbol().is_some());
        let far = other.unwrap_or(self.stops.len());
        if other.is_none() {
            self.known.insert(node.clone(), far);
            self.stops.push(Stop { node, from: at, depth, found: None, edges: 0 });
        }
        self.edges.push((at, far, edge, self.is_before(far, at), other.is_none()));
        (other.is_none() && goes_on).then_some(far)
    }

    /// Does the way to `at` lead through `stop`?
    fn is_before(&self, stop: usize, mut at: usize) -> bool {
        while at != stop {
            match self.stops.get(at) {
                Some(here) if here.from < at => at = here.from,
                _ => return false,
            }
        }
        true
    }

    fn answer(mut self, depth: u32) -> DepsAnswer {
        let ids: Vec<String> = self.stops.iter().map(|stop| stop.node.id()).collect();
        let id = |at: usize| ids.get(at).cloned().unwrap_or_default();
        let mut counts = Counts { found: self.found, ..Counts::default() };
        let mut truncated = (self.edges.len() as u64) < self.found;
        let mut room = self.request.limit;
        let lines: Vec<Option<u32>> = self.stops.iter().map(|stop| self.line(&stop.node)).collect();
        let mut nodes = Vec::with_capacity(self.stops.len());
        for (stop, line) in std::mem::take(&mut self.stops).into_iter().zip(lines) {
            let edges = stop.found.as_ref().map(|_| stop.edges);
            let Found { ambiguous, outside, mut loose, .. } = stop.found.unwrap_or_default();
            counts.ambiguous += ambiguous;
            counts.outside += outside;
            truncated |= loose.len() > room;
            loose.truncate(room);
            room -= loose.len();
            let of_file = self.symbols.get(stop.node.path());
            let symbol = of_file.zip(stop.node.symbol()).and_then(|(of_file, name)| of_file.of(name).next());
            nodes.push(DepNode {
                id: stop.node.id(),
                kind: stop.node.kind(),
                path: stop.node.path().to_owned(),
                symbol: stop.node.symbol().map(str::to_owned),
                symbol_kind: symbol.map(|symbol| symbol.kind.clone()),
                line,
                depth: stop.depth,
                edges,
                ambiguous,
                outside,
                references: (self.request.list && edges.is_some()).then_some(loose),
            });
        }
        let mut edges = Vec::with_capacity(self.edges.len());
        for (at, far, edge, cycle, first) in self.edges {
            counts.references += edge.references();
            let (from, to) = if self.request.reverse { (far, at) } else { (at, far) };
            edges.push(DepEdge { from: id(from), to: id(to), types: edge.types(), at: edge.at, cycle, first });
        }
        (counts.nodes, counts.edges) = (nodes.len() as u64, edges.len() as u64);
        DepsAnswer {
            repo: self.related.repo.clone(),
            build: self.related.build.id.clone(),
            target: id(0),
            reverse: self.request.reverse,
            depth,
            nodes,
            edges,
            counts,
            truncated,
        }
    }
}
