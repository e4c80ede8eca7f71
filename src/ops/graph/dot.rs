//! Graphviz. Source of the syntax: <https://graphviz.org/doc/info/lang.html>.

use std::fmt::Write as _;

use super::report::GraphReport;
use super::words::{facts, title};

/// A digraph with a cluster for each drawing.
pub fn dot(report: &GraphReport) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=TB;\n", quoted(&report.workspace));
    out.push_str("  node [shape=box, style=rounded, fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n");
    for (at, drawing) in report.drawings.iter().enumerate() {
        let (head, names) = title(drawing);
        let label = if names.is_empty() { head } else { format!("{head}\n{names}") };
        let _ = writeln!(out, "  subgraph cluster_{at} {{\n    label={};", quoted(&label));
        for (_, node) in report.nodes_of(drawing) {
            let mut lines = vec![node.name.clone(), format!("kind {}", node.kind)];
            lines.extend(facts(node));
            let _ = writeln!(out, "    {} [label={}];", quoted(&node.id), quoted(&lines.join("\n")));
        }
        out.push_str("  }\n");
    }
    for edge in &report.edges {
        let label = format!("{}: {}", edge.port, edge.tables.join(", "));
        let _ = writeln!(out, "  {} -> {} [label={}];", quoted(&edge.from), quoted(&edge.to), quoted(&label));
    }
    out.push_str("}\n");
    out
}

/// A double-quoted id. A backslash would begin an escape of labels.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
