//! References counted into edges.

use std::collections::BTreeMap;

use super::node::Node;
use super::request::{Loose, Site};
use super::rows::{ALL, RelationView, Target};
use crate::nodes::Relation;

/// Most places that an edge names.
const PLACES: usize = 5;

/// All references of one node to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edge {
    counts: [u64; ALL.len()],
    /// The first places, in order, each once.
    pub at: Vec<Site>,
}

impl Edge {
    fn add(&mut self, row: &RelationView<'_>) {
        for (count, known) in self.counts.iter_mut().zip(ALL) {
            *count += u64::from(known == row.relation);
        }
        self.place(Site { path: row.path.to_owned(), line: row.line });
    }

    fn place(&mut self, site: Site) {
        if let Err(at) = self.at.binary_search(&site) {
            self.at.insert(at, site);
            self.at.truncate(PLACES);
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
        other.at.into_iter().for_each(|site| self.place(site));
    }

    /// By type, without those that there are none of.
    pub fn types(&self) -> BTreeMap<&'static str, u64> {
        ALL.iter().map(|known| known.name()).zip(self.counts).filter(|(_, count)| *count > 0).collect()
    }

    pub fn references(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// What a level found on from one of its nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// By the node at the other end.
    pub edges: BTreeMap<Node, Edge>,
    pub ambiguous: u64,
    pub outside: u64,
    /// Those references, where they are asked for.
    pub loose: Vec<Loose>,
}

impl Found {
    pub fn edge(&mut self, other: Node, row: &RelationView<'_>) {
        self.edges.entry(other).or_default().add(row);
    }

    /// A reference that leads nowhere certain.
    pub fn loose(&mut self, row: &RelationView<'_>, list: bool) {
        let status = match row.target {
            Target::Ambiguous => "ambiguous",
            _ => "unresolved",
        };
        *(if status == "ambiguous" { &mut self.ambiguous } else { &mut self.outside }) += 1;
        if list {
            let (path, line, name) = (row.path.to_owned(), row.line, row.name.to_owned());
            self.loose.push(Loose { path, line, relation: row.relation.name(), name, status });
        }
    }

    pub fn merge(&mut self, other: Self) {
        for (node, edge) in other.edges {
            self.edges.entry(node).or_default().merge(edge);
        }
        self.ambiguous += other.ambiguous;
        self.outside += other.outside;
        self.loose.extend(other.loose);
    }
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Empty: all.
    pub relations: &'a [Relation],
    pub list: bool,
}

impl Asked<'_> {
    pub fn counts(&self, relation: Relation) -> bool {
        self.relations.is_empty() || self.relations.contains(&relation)
    }
}

/// The parts of several shards, in order, as one.
pub fn merged(nodes: usize, parts: impl IntoIterator<Item = Vec<Found>>) -> Vec<Found> {
    let mut all = vec![Found::default(); nodes];
    for part in parts {
        for (sum, found) in all.iter_mut().zip(part) {
            sum.merge(found);
        }
    }
    for found in &mut all {
        found.loose.sort_unstable();
    }
    all
}
