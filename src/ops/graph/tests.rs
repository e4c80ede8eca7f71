//! Pictures of made-up plans.

use std::collections::BTreeMap;

use super::report::{Amount, Drawing, GraphEdge, GraphNode, GraphRepo, GraphReport, NodeState};

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
        states: (at % 3 == 0).then(|| BTreeMap::from([("repo-1".to_owned(), NodeState::Built)])).unwrap_or_default(),
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

#[test]
fn look() {
    let names: Vec<String> = (0..50)
        .map(|n| {
            if n % 7 == 3 {
                format!("a-very-long-name-of-a-node-that-goes-on-and-on-number-{n}")
            } else {
                format!("node-{n}")
            }
        })
        .collect();
    let mut edges = Vec::new();
    for to in 3..50usize {
        let a = (to * 7919) % to;
        edges.push((a.max(to.saturating_sub(9)), to, "left"));
        if to % 3 == 0 {
            edges.push(((to * 31) % to.min(6), to, "right"));
        }
        if to % 11 == 0 {
            edges.push((to - 1, to, "outline"));
        }
    }
    let report = made(&names, &edges);
    std::fs::write("/tmp/graph-look.svg", super::svg(&report)).unwrap();
    std::fs::write("/tmp/graph-look.dot", super::dot(&report)).unwrap();
    std::fs::write("/tmp/graph-look.mmd", super::mermaid(&report)).unwrap();
    let mut text = String::new();
    for line in super::rails(&report, true) {
        match line {
            super::Rail::Title { head, .. } => text += &format!("{head}\n"),
            super::Rail::Node { rails, node, .. } => text += &format!("{rails:20} {}\n", node.name),
            super::Rail::Edge { rails, from, .. } => text += &format!("{rails:20}   {from}\n"),
        }
    }
    std::fs::write("/tmp/graph-look.txt", text).unwrap();
}
