//! Pictures of made-up plans.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::report::{Amount, Drawing, GraphEdge, GraphNode, GraphRepo, GraphReport, NodeState};
use super::{Rail, dot, mermaid, rails, svg};

/// A report with one drawing. `edges` are (from, to, port) with from < to.
pub(super) fn made(names: &[String], edges: &[(usize, usize, &str)]) -> GraphReport {
    let drawing = Drawing {
        id: "code".to_owned(),
        pipeline: "code".to_owned(),
        repos: (0..12).map(|n| format!("repo-{n}")).collect(),
    };
    let kinds = ["extract", "chunk", "index", "join"];
    let nodes = names.iter().enumerate().map(|(at, name)| GraphNode {
        id: format!("code/{name}"),
        drawing: "code".to_owned(),
        name: name.clone(),
        kind: kinds[at % kinds.len()].to_owned(),
        tables: vec!["chunks".to_owned()],
        counts: (at % 3 == 0).then_some(Amount { pieces: 104, rows: 1_234_567, bytes: 38_400_000 }),
        table_counts: BTreeMap::new(),
        states: (0..1).filter(|_| at % 3 == 0).map(|n| (format!("repo-{n}"), NodeState::Built)).collect(),
        would: BTreeMap::new(),
    });
    let id = |at: usize| format!("code/{}", names[at]);
    let edges = edges.iter().map(|(from, to, port)| GraphEdge {
        from: id(*from),
        to: id(*to),
        port: (*port).to_owned(),
        tables: vec!["files".to_owned(), "outline".to_owned()],
    });
    let repo = GraphRepo {
        name: "repo-1".to_owned(),
        available: true,
        pipeline: Some("code".to_owned()),
        drawing: Some("code".to_owned()),
        nodes: names.to_vec(),
    };
    GraphReport {
        workspace: "w".to_owned(),
        drawings: vec![drawing],
        nodes: nodes.collect(),
        edges: edges.collect(),
        repos: vec![repo],
    }
}

/// Nodes with at most four inputs each, from nodes before them; now and then two from one.
pub(super) fn plans() -> impl Strategy<Value = GraphReport> {
    let inputs = proptest::collection::vec(0usize..1000, 0..4);
    let node = ("[a-z][a-z0-9-]{0,40}", inputs);
    proptest::collection::vec(node, 1..40).prop_map(|nodes| {
        let names: Vec<String> = nodes.iter().enumerate().map(|(at, (name, _))| format!("{name}-{at}")).collect();
        let ports = ["left", "right", "outline", "a-port-with-a-long-name"];
        let mut edges = Vec::new();
        for (to, (_, inputs)) in nodes.iter().enumerate().skip(1) {
            edges.extend(inputs.iter().zip(ports).map(|(from, port)| (from % to, to, port)));
        }
        made(&names, &edges)
    })
}

fn code() -> GraphReport {
    let names = ["extract", "chunk", "index"].map(str::to_owned);
    let mut report = made(&names, &[(0, 1, "outline"), (1, 2, "chunks")]);
    for node in &mut report.nodes {
        (node.counts, node.states) = (None, BTreeMap::new());
    }
    report
}

/// The lines, rails and names.
fn text(report: &GraphReport, unicode: bool) -> String {
    let lines = rails(report, unicode).into_iter().map(|line| match line {
        Rail::Title { head, names } => format!("{head}: {names}\n"),
        Rail::Node { rails, node, .. } => format!("{rails} {}\n", node.name),
        Rail::Edge { rails, edge, from } => format!("{rails}  {} <- {from}\n", edge.port),
    });
    lines.collect()
}

#[test]
fn a_line_of_nodes_is_one_rail() {
    let expected = "\
code × 12 repositories: repo-0, repo-1, repo-2, repo-3, repo-4, repo-5 and 6 more
● extract
│  outline <- extract
● chunk
│  chunks <- chunk
● index
";
    assert_eq!(text(&code(), true), expected);
}

#[test]
fn rails_part_and_meet() {
    let names = ["a", "b", "c", "d"].map(str::to_owned);
    let report = made(&names, &[(0, 1, "in"), (0, 2, "in"), (1, 3, "left"), (2, 3, "right")]);
    let expected = "\
code × 12 repositories: repo-0, repo-1, repo-2, repo-3, repo-4, repo-5 and 6 more
● a
├─╮  in <- a
│ ● b
│ │  in <- a
● │ c
│ │  right <- c
├─╯  left <- b
● d
";
    assert_eq!(text(&report, true), expected);
    let plain = text(&report, false);
    assert!(plain.lines().skip(1).all(str::is_ascii) && plain.contains("+-.  in <- a"), "{plain}");
}

#[test]
fn dot_and_mermaid_say_what_flows() {
    let dot = dot(&code());
    assert!(dot.contains("\"code/extract\" -> \"code/chunk\" [label=\"outline: files, outline\"];"), "{dot}");
    assert!(dot.contains("\"code/chunk\" [label=\"chunk\\nkind chunk\"];"), "{dot}");
    let mermaid = mermaid(&code());
    assert!(mermaid.contains("  n0 -->|\"outline: files, outline\"| n1\n"), "{mermaid}");
    assert!(mermaid.contains("    n1[\"chunk<br/>kind chunk\"]\n"), "{mermaid}");
}

#[test]
fn signs_of_the_languages_are_escaped() {
    let mut report = code();
    for node in &mut report.nodes {
        node.kind = "<b>\"&\\#\u{7}".to_owned();
    }
    assert!(dot(&report).contains("kind <b>\\\"&\\\\#\""), "{}", dot(&report));
    assert!(mermaid(&report).contains("kind #60;b#62;#34;#38;#92;#35;\""), "{}", mermaid(&report));
    assert!(svg(&report).contains("kind &lt;b&gt;&quot;&amp;\\#<"), "{}", svg(&report));
}

/// Reads rails as a person does, by their signs alone: a line leads to the node below it. Gives the edges.
fn traced(lines: &[Rail<'_>]) -> Vec<(String, String)> {
    let mut owners: BTreeMap<usize, String> = BTreeMap::new();
    let (mut edges, mut waiting) = (Vec::new(), Vec::new());
    for line in lines {
        match line {
            Rail::Title { .. } => owners.clear(),
            Rail::Edge { rails, .. } => {
                let signs = rails.chars().enumerate();
                waiting.push(signs.filter(|(_, sign)| "├┤╰╯╮╭".contains(*sign)).map(|(at, _)| at).collect::<Vec<_>>());
            }
            Rail::Node { rails, node, .. } => {
                let column = rails.chars().position(|c| c == '●').unwrap();
                for ends in waiting.drain(..) {
                    let source = match ends[..] {
                        [] => column,
                        [source, target] | [target, source] if target == column => source,
                        _ => panic!("{ends:?} does not lead to the node in {rails}"),
                    };
                    edges.push((owners[&source].clone(), node.name.clone()));
                }
                owners.insert(column, node.name.clone());
            }
        }
    }
    edges
}

proptest! {
    #[test]
    fn every_node_and_edge_is_drawn_once_in_every_form(report in plans()) {
        let (nodes, edges) = (report.nodes.len(), report.edges.len());
        let count = |text: &str, what: &str| text.matches(what).count();
        let (svg, dot, mermaid) = (svg(&report), dot(&report), mermaid(&report));
        prop_assert_eq!((count(&svg, "<g class=\"node\">"), count(&svg, "<path class=\"edge\"")), (nodes, edges));
        prop_assert_eq!((count(&dot, "\" [label="), count(&dot, " -> ")), (nodes + edges, edges));
        prop_assert_eq!((count(&mermaid, "[\"") - 1, count(&mermaid, " -->|")), (nodes, edges));
        let lines = rails(&report, true);
        let mut names: Vec<&str> = lines.iter().filter_map(|l| if let Rail::Node { node, .. } = l { Some(node.name.as_str()) } else { None }).collect();
        names.sort_unstable();
        let mut expected: Vec<&str> = report.nodes.iter().map(|node| node.name.as_str()).collect();
        expected.sort_unstable();
        prop_assert_eq!(names, expected);
    }

    #[test]
    fn rails_lead_from_where_their_line_says(report in plans()) {
        let lines = rails(&report, true);
        let mut told: Vec<(String, String)> = Vec::new();
        for line in &lines {
            if let Rail::Edge { edge, from, .. } = line {
                let to = edge.to.strip_prefix("code/").unwrap_or_default();
                prop_assert_eq!(&edge.from, &format!("code/{from}"));
                told.push(((*from).to_owned(), to.to_owned()));
            }
        }
        prop_assert_eq!(told.len(), report.edges.len());
        prop_assert_eq!(traced(&lines), told);
    }
}
