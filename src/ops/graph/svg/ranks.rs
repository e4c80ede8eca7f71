//! Which rank each node stands in, and where long edges bend.

use std::collections::BTreeMap;

/// Most nodes of a rank; a wider one is spread over the next ranks.
const WIDEST: usize = 8;
/// Width that an edge takes where it passes a rank.
const BEND: i64 = 10;

/// Nodes and bends, in ranks from above.
#[derive(Debug, Default)]
pub(super) struct Ranks {
    /// Cells of each rank, in order. A cell below the count of nodes is that node; the others are bends.
    pub rows: Vec<Vec<usize>>,
    /// By cell.
    pub rank_of: Vec<usize>,
    pub widths: Vec<i64>,
    /// By cell: its neighbours one rank above and one below, each once.
    pub above: Vec<Vec<usize>>,
    pub below: Vec<Vec<usize>>,
    /// By edge: the bends on its way, from above.
    pub bends: Vec<Vec<usize>>,
    pub nodes: usize,
}

impl Ranks {
    /// `widths` by node, in topological order; `edges` from a smaller to a larger node.
    pub(super) fn new(widths: &[i64], edges: &[(usize, usize)]) -> Self {
        let nodes = widths.len();
        let mut out = Self { widths: widths.to_vec(), rank_of: longest(nodes, edges), nodes, ..Self::default() };
        let mut pairs = Vec::new();
        // Edges of one node share their bends: they are the same tables on the same way.
        let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        for (from, to) in edges {
            let (mut last, mut bends) = (*from, Vec::new());
            for rank in out.rank(*from) + 1..out.rank(*to) {
                let bend = *shared.entry((*from, rank)).or_insert_with(|| {
                    out.widths.push(BEND);
                    out.rank_of.push(rank);
                    out.widths.len() - 1
                });
                pairs.push((last, bend));
                bends.push(bend);
                last = bend;
            }
            pairs.push((last, *to));
            out.bends.push(bends);
        }
        pairs.sort_unstable();
        pairs.dedup();
        let cells = out.widths.len();
        (out.above, out.below) = (vec![Vec::new(); cells], vec![Vec::new(); cells]);
        for (from, to) in pairs {
            out.below.get_mut(from).into_iter().for_each(|list| list.push(to));
            out.above.get_mut(to).into_iter().for_each(|list| list.push(from));
        }
        out.rows = vec![Vec::new(); out.rank_of.iter().max().map_or(0, |last| last + 1)];
        for (cell, rank) in out.rank_of.iter().enumerate() {
            out.rows.get_mut(*rank).into_iter().for_each(|list| list.push(cell));
        }
        // Long edges begin in the middle: where nothing pulls them aside, boxes stand on both sides of them.
        for cells in &mut out.rows {
            let boxes = cells.partition_point(|cell| *cell < nodes);
            if let Some(from_middle) = cells.get_mut(boxes / 2..) {
                from_middle.rotate_left(boxes - boxes / 2);
            }
        }
        out
    }

    pub(super) fn rank(&self, cell: usize) -> usize {
        self.rank_of.get(cell).copied().unwrap_or(0)
    }

    pub(super) fn is_bend(&self, cell: usize) -> bool {
        cell >= self.nodes
    }

    pub(super) fn width(&self, cell: usize) -> i64 {
        self.widths.get(cell).copied().unwrap_or(0)
    }

    pub(super) fn neighbours(&self, cell: usize, upper: bool) -> &[usize] {
        let lists = if upper { &self.above } else { &self.below };
        lists.get(cell).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The longest way from a node without inputs, put off while a rank is full.
fn longest(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut ranks: Vec<usize> = Vec::with_capacity(nodes);
    let mut counts: Vec<usize> = Vec::new();
    let mut sources: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in edges {
        sources.entry(*to).or_default().push(*from);
    }
    for node in 0..nodes {
        let above = sources.get(&node).into_iter().flatten().filter_map(|from| ranks.get(*from)).max();
        let mut rank = above.map_or(0, |above| above + 1);
        while counts.get(rank).is_some_and(|count| *count >= WIDEST) {
            rank += 1;
        }
        if counts.len() <= rank {
            counts.resize(rank + 1, 0);
        }
        counts.get_mut(rank).into_iter().for_each(|count| *count += 1);
        ranks.push(rank);
    }
    ranks
}
