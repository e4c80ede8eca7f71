//! A part of a repository's graph.

use std::collections::BTreeSet;

use super::model::{PlannedInput, PlannedNode, RepoPlan};

impl RepoPlan {
    /// The graph with only the nodes of `keep` (indices into [`nodes`](Self::nodes)), which must hold whatever they
    /// take from. Digests are those of the whole: a part makes what the whole makes.
    #[must_use]
    pub fn keep(&self, keep: &BTreeSet<usize>) -> Self {
        let place = |at: usize| keep.iter().position(|kept| *kept == at);
        let nodes = keep.iter().filter_map(|at| self.nodes.get(*at)).map(|node| PlannedNode {
            inputs: node
                .inputs
                .iter()
                .filter_map(|input| place(input.node).map(|node| PlannedInput { node, ..*input }))
                .collect(),
            ..node.clone()
        });
        Self { nodes: nodes.collect(), serve: self.serve.and_then(place), ..self.clone() }
    }
}
