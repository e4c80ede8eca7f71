//! Mermaid, as Markdown viewers draw it. Source of the syntax: <https://mermaid.js.org/syntax/flowchart.html>.

use std::fmt::Write as _;

use super::report::GraphReport;
use super::words::{facts, title};

/// A flowchart with a subgraph for each drawing.
pub fn mermaid(report: &GraphReport) -> String {
    let mut out = String::from("flowchart TD\n");
    for (at, drawing) in report.drawings.iter().enumerate() {
        let (head, names) = title(drawing);
        let label = if names.is_empty() { head } else { format!("{head}\n{names}") };
        let _ = writeln!(out, "  subgraph d{at} [\"{}\"]", escaped(&label));
        for (place, node) in report.nodes_of(drawing) {
            let mut lines = vec![node.name.clone(), format!("kind {}", node.kind)];
            lines.extend(facts(node));
            let _ = writeln!(out, "    n{place}[\"{}\"]", escaped(&lines.join("\n")));
        }
        out.push_str("  end\n");
    }
    for (from, to, edge) in report.links() {
        let label = format!("{}: {}", edge.port, edge.tables.join(", "));
        let _ = writeln!(out, "  n{from} -->|\"{}\"| n{to}", escaped(&label));
    }
    out
}

/// Text within quotation marks: entities begin with `#`, and HTML is read.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("<br/>"),
            '"' | '#' | '<' | '>' | '&' | '`' | '\\' => {
                let _ = write!(out, "#{};", u32::from(c));
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
