//! A walk over relations as a tree for people.

use std::collections::BTreeMap;

use sawmill::ops::deps::{DepEdge, DepNode, DepsAnswer, Loose, Site};

use super::human;
use super::page::Page;
use super::paint::Paint;
use super::sanitize;

/// What a terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub width: usize,
    pub unicode: bool,
}

/// Most places that a line names.
const PLACES: usize = 3;

/// Most of a line, in percent, that names take before what is said of them.
const NAMES: usize = 55;

/// Each node under the one from which the walk came to it first, with what connects them. An edge to a node that
/// stands elsewhere ends there: it is a `cycle` where it leads back, else the node comes `again`.
pub fn tree(answer: &DepsAnswer, paint: Paint, look: Look) -> String {
    let mut edges: BTreeMap<&str, Vec<&DepEdge>> = BTreeMap::new();
    for edge in &answer.edges {
        edges.entry(if answer.reverse { &edge.to } else { &edge.from }).or_default().push(edge);
    }
    let nodes = answer.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    let drawing = Drawing { answer, nodes, edges, look };
    let Some(root) = answer.nodes.first() else { return String::new() };
    let mut lines = vec![drawing.root(root)];
    let mut open = drawing.below(root, "");
    while let Some(branch) = open.pop() {
        open.extend(drawing.branch(branch, &mut lines));
    }
    set(&lines, paint, look.width)
}

struct Drawing<'a> {
    answer: &'a DepsAnswer,
    nodes: BTreeMap<&'a str, &'a DepNode>,
    /// By the end from which the walk went on.
    edges: BTreeMap<&'a str, Vec<&'a DepEdge>>,
    look: Look,
}

/// What hangs below a node: its rails, whether it is the last, and what it is.
type Branch<'a> = (String, bool, Below<'a>);

enum Below<'a> {
    Edge(&'a DepEdge),
    Reference(&'a Loose),
    /// So many edges are not shown.
    Hidden(u64),
}

/// A line before it is set.
#[derive(Default)]
struct Line {
    /// Before the name.
    rails: String,
    /// Before what does not fit beside the name.
    under: String,
    name: String,
    weight: Weight,
    facts: Vec<String>,
    /// `cycle`.
    mark: Option<&'static str>,
}

impl Line {
    fn dim() -> Self {
        Self { weight: Weight::Dim, ..Self::default() }
    }

    fn facts(&self) -> String {
        self.facts.join(" · ")
    }

    /// Characters up to the end of the name.
    fn head(&self) -> usize {
        self.rails.chars().count() + self.name.chars().count()
    }

    /// Characters behind the name.
    fn room(&self) -> usize {
        match self.facts().chars().count() + self.mark.map_or(0, |mark| mark.len() + 1) {
            0 => 0,
            said => said + 2,
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Weight {
    #[default]
    Place,
    Bold,
    Dim,
}

impl<'a> Drawing<'a> {
    fn root(&self, node: &DepNode) -> Line {
        let (name, mut facts) = of_node(node);
        facts.insert(0, sanitize::name(&self.answer.repo).into_owned());
        facts.extend(loose(node));
        Line { name, weight: Weight::Bold, facts, ..Line::default() }
    }

    /// What hangs below `node`, the last first; `rails` stands before each line of it.
    fn below(&self, node: &'a DepNode, rails: &str) -> Vec<Branch<'a>> {
        let edges = self.edges.get(node.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let hidden = node.edges.unwrap_or(0).saturating_sub(edges.len() as u64);
        let edges = edges.iter().map(|edge| Below::Edge(edge));
        let references = node.references.iter().flatten().map(Below::Reference);
        let hidden = (hidden > 0).then_some(Below::Hidden(hidden));
        let all: Vec<Below<'a>> = edges.chain(references).chain(hidden).collect();
        all.into_iter().rev().enumerate().map(|(at, one)| (rails.to_owned(), at == 0, one)).collect()
    }

    /// Adds the line of a branch; gives what hangs below it.
    fn branch(&self, (rails, is_last, what): Branch<'a>, lines: &mut Vec<Line>) -> Vec<Branch<'a>> {
        let (before, under) = self.rails(&rails, is_last);
        let mut line = match &what {
            Below::Reference(reference) => of_reference(reference),
            Below::Hidden(count) => Line { name: format!("… {} more", human::count(*count)), ..Line::dim() },
            Below::Edge(edge) => self.edge(edge),
        };
        (line.rails, line.under) = (before, under.clone());
        lines.push(line);
        match what {
            Below::Edge(edge) if edge.first => self.far(edge).map_or_else(Vec::new, |node| self.below(node, &under)),
            _ => Vec::new(),
        }
    }

    fn far(&self, edge: &DepEdge) -> Option<&'a DepNode> {
        let id = if self.answer.reverse { &edge.from } else { &edge.to };
        self.nodes.get(id.as_str()).copied()
    }

    fn edge(&self, edge: &DepEdge) -> Line {
        let Some(node) = self.far(edge) else { return Line::default() };
        let (name, mut facts) = of_node(node);
        facts.insert(0, types(edge));
        facts.extend(places(&edge.at, edge.types.values().sum()));
        if edge.first {
            facts.extend(loose(node));
        } else if !edge.cycle && node.edges.is_some_and(|edges| edges > 0) {
            facts.push("again".to_owned());
        }
        let weight = if node.symbol.is_some() { Weight::Bold } else { Weight::Place };
        Line { name, weight, facts, mark: edge.cycle.then_some("cycle"), ..Line::default() }
    }

    /// What stands before a line, and before the lines below it.
    fn rails(&self, rails: &str, is_last: bool) -> (String, String) {
        let (branch, below) = match (self.look.unicode, is_last) {
            (true, false) => ("├─ ", "│  "),
            (true, true) => ("└─ ", "   "),
            (false, false) => ("|- ", "|  "),
            (false, true) => ("`- ", "   "),
        };
        (format!("{rails}{branch}"), format!("{rails}{below}"))
    }
}

/// The name of a node, and where it is if that does not say so.
fn of_node(node: &DepNode) -> (String, Vec<String>) {
    match (&node.symbol, node.line) {
        (None, _) => (sanitize::name(&node.id).into_owned(), Vec::new()),
        (Some(symbol), line) => {
            let line = line.map(|line| format!(":{line}")).unwrap_or_default();
            (sanitize::name(symbol).into_owned(), vec![format!("{}{line}", sanitize::name(&node.path))])
        }
    }
}

fn of_reference(reference: &Loose) -> Line {
    let status = if reference.status == "ambiguous" { "ambiguous" } else { "outside" };
    let facts = vec![reference.relation.to_owned(), format!("at {}", reference.line), status.to_owned()];
    Line { name: sanitize::name(&reference.name).into_owned(), facts, ..Line::dim() }
}

/// `calls 3, imports`.
fn types(edge: &DepEdge) -> String {
    let each = edge.types.iter().map(|(name, count)| match count {
        1 => (*name).to_owned(),
        count => format!("{name} {}", human::count(*count)),
    });
    each.collect::<Vec<_>>().join(", ")
}

/// `at 12, 40, 51 …`; with paths where these differ.
fn places(at: &[Site], references: u64) -> Option<String> {
    let first = at.first()?;
    let one_file = at.iter().all(|site| site.path == first.path);
    if !one_file {
        return Some(format!("at {}:{} …", sanitize::name(&first.path), first.line));
    }
    let lines: Vec<String> = at.iter().take(PLACES).map(|site| site.line.to_string()).collect();
    // A line may refer twice.
    let more = if at.len() > PLACES || (references > at.len() as u64 && at.len() >= PLACES) { " …" } else { "" };
    Some(format!("at {}{more}", lines.join(", ")))
}

/// `3 ambiguous, 2 outside`.
fn loose(node: &DepNode) -> Option<String> {
    let both = [(node.ambiguous, "ambiguous"), (node.outside, "outside")];
    let words = both.iter().filter(|(count, _)| *count > 0);
    let words: Vec<String> = words.map(|(count, word)| format!("{} {word}", human::count(*count))).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Names in one column and what is said of them in the next, if most lines have room for that; else each behind its
/// name. Beneath it, where there is no room.
fn set(lines: &[Line], paint: Paint, width: usize) -> String {
    let most = width * NAMES / 100;
    let column =
        lines.iter().filter(|line| line.room() > 0).map(Line::head).filter(|head| *head <= most).max().unwrap_or(0);
    let fit = lines.iter().filter(|line| line.head().max(column) + line.room() <= width).count();
    let column = if fit * 10 >= lines.len() * 9 { column } else { 0 };
    let mut page = Page::default();
    for line in lines {
        let name = match line.weight {
            Weight::Place => paint.place(&line.name),
            Weight::Bold => paint.bold(&line.name),
            Weight::Dim => paint.dim(&line.name),
        };
        let said = [paint.dim(&line.facts()), line.mark.map(|mark| paint.warn(mark)).unwrap_or_default()];
        let said = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        page.add(paint.dim(&line.rails));
        page.add(name);
        if said.is_empty() {
            page.add("\n");
        } else if line.head().max(column) + line.room() <= width {
            page.line(format!("{}  {said}", " ".repeat(column.saturating_sub(line.head()))));
        } else if line.head() + line.room() <= width {
            page.line(format!("  {said}"));
        } else {
            page.line(format!("\n{}  {said}", paint.dim(&line.under)));
        }
    }
    page.text()
}

#[cfg(test)]
mod tests {
    use sawmill::ops::deps::{Counts, NodeKind};

    use super::*;

    fn node(id: &str, edges: Option<u64>) -> DepNode {
        let (path, symbol) = id.split_once("::").map_or((id, None), |(path, symbol)| (path, Some(symbol)));
        DepNode {
            id: id.into(),
            kind: if symbol.is_some() { NodeKind::Symbol } else { NodeKind::File },
            path: path.into(),
            symbol: symbol.map(str::to_owned),
            symbol_kind: None,
            line: symbol.map(|_| 7),
            depth: 0,
            edges,
            ambiguous: 0,
            outside: 0,
            references: None,
        }
    }

    fn edge(from: &str, to: &str, cycle: bool, first: bool) -> DepEdge {
        let at = vec![Site { path: from.into(), line: 3 }];
        DepEdge { from: from.into(), to: to.into(), types: [("calls", 1)].into(), at, cycle, first }
    }

    fn answer(nodes: Vec<DepNode>, edges: Vec<DepEdge>) -> DepsAnswer {
        DepsAnswer {
            repo: "r".into(),
            build: String::new(),
            target: nodes[0].id.clone(),
            reverse: false,
            depth: 0,
            nodes,
            edges,
            counts: Counts::default(),
            truncated: false,
        }
    }

    fn drawn(answer: &DepsAnswer, width: usize) -> String {
        tree(answer, Paint::plain(), Look { width, unicode: true })
    }

    #[test]
    fn cycles_and_nodes_that_come_again_are_marked_and_end_there() {
        let nodes = vec![node("a", Some(2)), node("b", Some(2)), node("c", Some(1)), node("d", None)];
        let edges = vec![
            edge("a", "b", false, true),
            edge("a", "c", false, true),
            edge("b", "a", true, false),
            edge("b", "c", false, false),
            edge("c", "d", false, true),
        ];
        let expected = "\
a        r
├─ b     calls · at 3
│  ├─ a  calls · at 3 cycle
│  └─ c  calls · at 3 · again
└─ c     calls · at 3
   └─ d  calls · at 3
";
        assert_eq!(drawn(&answer(nodes, edges), 80), expected);
    }

    #[test]
    fn what_was_cut_is_counted_and_what_is_loose_is_listed() {
        let mut root = DepNode { ambiguous: 1, outside: 2, ..node("a", Some(1203)) };
        let (path, name) = ("a".to_owned(), "x\u{1b}[2J".to_owned());
        root.references = Some(vec![Loose { path, line: 9, relation: "calls", name, status: "unresolved" }]);
        let expected = "\
a         r · 1 ambiguous, 2 outside
├─ b      calls · at 3
├─ x␛[2J  calls · at 9 · outside
└─ … 1\u{202f}202 more
";
        assert_eq!(drawn(&answer(vec![root, node("b", None)], vec![edge("a", "b", false, true)]), 80), expected);
    }

    #[test]
    fn where_there_is_no_room_facts_stand_beneath() {
        let long = "a/very/long/path/of/a/file.rs::and::its::symbol";
        let nodes = vec![node("a", Some(1)), node(long, None)];
        let edges = vec![edge("a", long, false, true)];
        let expected = "\
a  r
└─ and::its::symbol
     calls · a/very/long/path/of/a/file.rs:7 · at 3
";
        assert_eq!(drawn(&answer(nodes, edges), 50), expected);
    }
}
