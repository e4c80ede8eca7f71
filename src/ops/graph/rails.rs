//! The plan as lines of a terminal: a rail for each node's tables, from the node down to the last one that takes
//! them, as `git log --graph` draws commits.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Amount, Drawing, GraphEdge, GraphNode, GraphReport};
use super::words;

/// One line, cut into what a terminal may paint in its own way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rail<'a> {
    /// Before a drawing.
    Title { head: String, names: String },
    /// A node; `rails` is what stands before it.
    Node { rails: String, node: &'a GraphNode, amount: Option<String>, state: Option<String>, would: Option<String> },
    /// What comes to the node below through one port.
    Edge { rails: String, edge: &'a GraphEdge, from: &'a str },
}

/// The signs of rails.
struct Signs {
    node: char,
    down: char,
    across: char,
    /// A rail that goes on, with a branch to the right or to the left.
    branch: [char; 2],
    /// A rail that ends by turning to the right or to the left.
    turn: [char; 2],
    /// A rail that begins, coming from the left or from the right.
    begin: [char; 2],
}

const UNICODE: Signs =
    Signs {
        node: '●', down: '│', across: '─', branch: ['├', '┤'], turn: ['╰', '╯'], begin: ['╮', '╭']
    };
const ASCII: Signs =
    Signs { node: '*', down: '|', across: '-', branch: ['+', '+'], turn: ['`', '\''], begin: ['.', '.'] };

/// Every drawing, line by line. Each node and each edge is one line.
pub fn rails(report: &GraphReport, unicode: bool) -> Vec<Rail<'_>> {
    let mut lines = Vec::new();
    for drawing in &report.drawings {
        let (head, names) = words::title(drawing);
        lines.push(Rail::Title { head, names });
        Draft::new(report, drawing, if unicode { &UNICODE } else { &ASCII }).draw(&mut lines);
    }
    lines
}

/// A drawing in progress.
struct Draft<'a> {
    signs: &'static Signs,
    nodes: BTreeMap<usize, &'a GraphNode>,
    /// By node: what it takes, as (from, edge).
    takes: BTreeMap<usize, Vec<(usize, &'a GraphEdge)>>,
    /// By node: what it takes of other drawings.
    fed: BTreeMap<usize, Vec<&'a GraphEdge>>,
    /// By node: edges that are still to be drawn.
    open: BTreeMap<usize, usize>,
    /// Whose rail each column is.
    columns: Vec<Option<usize>>,
    drawn: Vec<usize>,
}

impl<'a> Draft<'a> {
    fn new(report: &'a GraphReport, drawing: &'a Drawing, signs: &'static Signs) -> Self {
        let nodes: BTreeMap<usize, &GraphNode> = report.nodes_of(drawing).collect();
        let (mut takes, mut open) = (BTreeMap::<usize, Vec<(usize, &GraphEdge)>>::new(), BTreeMap::new());
        let mut fed = BTreeMap::<usize, Vec<&GraphEdge>>::new();
        for (from, to, edge) in report.links() {
            if nodes.contains_key(&to) && !nodes.contains_key(&from) {
                fed.entry(to).or_default().push(edge);
            } else if nodes.contains_key(&to) {
                takes.entry(to).or_default().push((from, edge));
                *open.entry(from).or_default() += 1;
            }
        }
        Self { signs, nodes, takes, fed, open, columns: Vec::new(), drawn: Vec::new() }
    }

    fn draw(mut self, lines: &mut Vec<Rail<'a>>) {
        let mut waiting: BTreeSet<usize> = self.nodes.keys().copied().collect();
        while let Some(next) = self.next(&waiting) {
            waiting.remove(&next);
            self.node(next, lines);
            self.drawn.push(next);
        }
    }

    /// Of the nodes whose inputs are drawn, the one that takes from the latest: rails stay short.
    fn next(&self, waiting: &BTreeSet<usize>) -> Option<usize> {
        let when = |node: &usize| self.drawn.iter().position(|drawn| drawn == node);
        let ready = waiting.iter().filter_map(|node| {
            let sources: Option<Vec<usize>> = self.inputs(*node).iter().map(|(from, _)| when(from)).collect();
            Some((sources?.into_iter().max(), std::cmp::Reverse(*node)))
        });
        ready.max().map(|(_, node)| node.0)
    }

    fn inputs(&self, node: usize) -> Vec<(usize, &'a GraphEdge)> {
        self.takes.get(&node).cloned().unwrap_or_default()
    }

    fn column_of(&self, node: usize) -> usize {
        self.columns.iter().position(|owner| *owner == Some(node)).unwrap_or(0)
    }

    /// The lines of what comes in, then the node's own.
    fn node(&mut self, at: usize, lines: &mut Vec<Rail<'a>>) {
        let mut inputs = self.inputs(at);
        let ends = |open: &BTreeMap<usize, usize>, from: usize| {
            let taken = inputs.iter().filter(|(other, _)| *other == from).count();
            open.get(&from).is_none_or(|left| *left <= taken)
        };
        // A rail that ends here is gone on with; else the node opens one of its own.
        let ending = inputs.iter().filter(|(from, _)| ends(&self.open, *from)).map(|(from, _)| self.column_of(*from));
        let (column, mut begun) = match ending.min() {
            Some(column) => (column, true),
            None => (self.free(), false),
        };
        inputs.sort_by_key(|(from, _)| {
            let source = self.column_of(*from);
            (source != column, source)
        });
        for (from, edge) in inputs {
            let source = self.column_of(from);
            let left = self.open.entry(from).or_default();
            *left = left.saturating_sub(1);
            let last = *left == 0;
            let rails = self.across(source, column, last, begun);
            begun = true;
            if last && source != column {
                self.put(source, None);
            }
            let name = self.nodes.get(&from).map_or("", |node| node.name.as_str());
            lines.push(Rail::Edge { rails, edge, from: name });
        }
        for edge in self.fed.get(&at).into_iter().flatten() {
            let rails = self.row(|_, owner| if owner.is_some() { self.signs.down } else { ' ' });
            lines.push(Rail::Edge { rails, edge, from: edge.from.as_str() });
        }
        let Some(node) = self.nodes.get(&at).copied() else { return };
        let rails = self.row(|place, owner| match owner {
            _ if place == column => self.signs.node,
            Some(_) => self.signs.down,
            None => ' ',
        });
        lines.push(Rail::Node {
            rails,
            node,
            amount: node.counts.filter(|counts| *counts != Amount::default()).map(words::amount),
            state: words::tally(node.states.values().map(|state| state.words())),
            would: words::tally(node.would.values().map(String::as_str)),
        });
        let goes_on = self.open.get(&at).is_some_and(|left| *left > 0);
        self.put(column, goes_on.then_some(at));
    }

    fn free(&mut self) -> usize {
        if let Some(free) = self.columns.iter().position(Option::is_none) {
            return free;
        }
        self.columns.push(None);
        self.columns.len() - 1
    }

    fn put(&mut self, column: usize, owner: Option<usize>) {
        if let Some(slot) = self.columns.get_mut(column) {
            *slot = owner;
        }
    }

    /// A line that leads from the rail in `source` to the one in `target`.
    fn across(&self, source: usize, target: usize, last: bool, begun: bool) -> String {
        let signs = self.signs;
        let leftward = usize::from(target < source);
        let (low, high) = (source.min(target), source.max(target));
        let mut out = String::new();
        for (place, owner) in self.columns.iter().enumerate() {
            let down = owner.is_some() || place == target && begun;
            let sign = match () {
                () if source == target => {
                    if down {
                        signs.down
                    } else {
                        ' '
                    }
                }
                () if place == source && last => *signs.turn.get(leftward).unwrap_or(&' '),
                () if place == source => *signs.branch.get(leftward).unwrap_or(&' '),
                () if place == target && begun => *signs.branch.get(1 - leftward).unwrap_or(&' '),
                () if place == target => *signs.begin.get(leftward).unwrap_or(&' '),
                () if down => signs.down,
                () if low < place && place < high => signs.across,
                () => ' ',
            };
            out.push(sign);
            out.push(if low <= place && place < high { signs.across } else { ' ' });
        }
        out.trim_end().to_owned()
    }

    fn row(&self, sign: impl Fn(usize, Option<usize>) -> char) -> String {
        let mut out = String::new();
        for (place, owner) in self.columns.iter().enumerate() {
            out.push(sign(place, *owner));
            out.push(' ');
        }
        out.trim_end().to_owned()
    }
}
