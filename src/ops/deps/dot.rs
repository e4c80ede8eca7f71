//! Graphviz. Source of the syntax: <https://graphviz.org/doc/info/lang.html>.

use std::fmt::Write as _;

use super::super::graph::quoted;
use crate::query::deps::{DepNode, DepsAnswer, NodeKind};

/// A digraph: arrows lead from what depends to what it depends on, whichever way the walk went.
pub fn dot(answer: &DepsAnswer) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=LR;\n", quoted(&answer.target));
    out.push_str("  node [shape=box, style=rounded, fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n");
    for node in &answer.nodes {
        let weight = if node.id == answer.target { ", penwidth=2" } else { "" };
        let _ = writeln!(out, "  {} [label={}{weight}];", quoted(&node.id), quoted(&label(node)));
    }
    for edge in &answer.edges {
        let types = edge.types.iter().map(|(name, count)| match count {
            1 => (*name).to_owned(),
            count => format!("{name} {count}"),
        });
        let types = types.collect::<Vec<_>>().join("\n");
        let style = if edge.cycle { ", style=dashed" } else { "" };
        let _ = writeln!(out, "  {} -> {} [label={}{style}];", quoted(&edge.from), quoted(&edge.to), quoted(&types));
    }
    out.push_str("}\n");
    out
}

fn label(node: &DepNode) -> String {
    let mut label = match (&node.symbol, node.line, node.kind) {
        (Some(symbol), Some(line), _) => format!("{symbol}\n{}:{line}", node.path),
        (Some(symbol), None, _) => format!("{symbol}\n{}", node.path),
        (None, _, NodeKind::Directory) => format!("{}/", node.path),
        (None, ..) => node.path.clone(),
    };
    let loose = [(node.ambiguous, "ambiguous"), (node.outside, "outside")];
    for (count, word) in loose.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(label, "\n{count} {word}");
    }
    label
}
