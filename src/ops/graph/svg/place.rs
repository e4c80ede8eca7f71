//! Where each cell stands.

use super::ranks::Ranks;

/// Between two boxes of a rank.
const BETWEEN: i64 = 28;
/// Beside an edge that passes.
const BESIDE: i64 = 12;
/// Between two ranks.
const GAP: i64 = 56;
const SWEEPS: usize = 16;

/// The places of a drawing, from its upper left corner.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By cell: the middle.
    pub x: Vec<i64>,
    /// By rank: upper and lower border.
    pub bands: Vec<(i64, i64)>,
    pub width: i64,
    pub height: i64,
}

/// Places for cells in their order. `heights` by node.
pub(super) fn place(ranks: &Ranks, heights: &[i64]) -> Places {
    let mut out = Places { x: vec![0; ranks.widths.len()], ..Places::default() };
    let mut y = 0;
    for cells in &ranks.rows {
        let height = cells.iter().filter_map(|cell| heights.get(*cell)).max().copied().unwrap_or(0);
        out.bands.push((y, y + height));
        y += height + GAP;
    }
    out.height = (y - GAP).max(0);
    for cells in &ranks.rows {
        let wanted: Vec<(i64, i64)> = cells.iter().map(|_| (0, 1)).collect();
        settle(ranks, cells, &wanted, &mut out.x);
    }
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let order: Vec<usize> =
            if down { (0..ranks.rows.len()).collect() } else { (0..ranks.rows.len()).rev().collect() };
        // The last sweeps look both ways.
        let both = sweep + 4 >= SWEEPS;
        for rank in order {
            let Some(cells) = ranks.rows.get(rank) else { continue };
            let wanted: Vec<(i64, i64)> =
                cells.iter().map(|cell| wanted(ranks, &out.x, *cell, down || both, !down || both)).collect();
            settle(ranks, cells, &wanted, &mut out.x);
        }
    }
    let left = edge_of(ranks, &out.x, -1).min().unwrap_or(0);
    for x in &mut out.x {
        *x -= left;
    }
    out.width = edge_of(ranks, &out.x, 1).max().unwrap_or(0);
    out
}

fn edge_of<'a>(ranks: &'a Ranks, x: &'a [i64], side: i64) -> impl Iterator<Item = i64> + 'a {
    x.iter().enumerate().map(move |(cell, x)| x + side * ((ranks.width(cell) + 1) / 2))
}

/// Where a cell would like to be, and how much: the middle of its neighbours. Long edges insist on being straight.
fn wanted(ranks: &Ranks, x: &[i64], cell: usize, upper: bool, lower: bool) -> (i64, i64) {
    let (mut sum, mut weight) = (0, 0);
    for (asked, side) in [(upper, true), (lower, false)] {
        for near in ranks.neighbours(cell, side).iter().filter(|_| asked) {
            let pull = if ranks.is_bend(cell) && ranks.is_bend(*near) { 8 } else { 1 };
            sum += pull * x.get(*near).copied().unwrap_or(0);
            weight += pull;
        }
    }
    match weight {
        0 => (x.get(cell).copied().unwrap_or(0), 1),
        weight => (sum / weight, weight),
    }
}

/// The least squares of the wishes under the distances that cells must keep: an isotonic regression by pooling
/// adjacent violators, of the wishes less each cell's offset from the first.
fn settle(ranks: &Ranks, cells: &[usize], wanted: &[(i64, i64)], x: &mut [i64]) {
    let mut offsets = Vec::with_capacity(cells.len());
    let mut offset = 0;
    for (place, cell) in cells.iter().enumerate() {
        if let Some(before) = place.checked_sub(1).and_then(|before| cells.get(before)) {
            let gap = if ranks.is_bend(*before) || ranks.is_bend(*cell) { BESIDE } else { BETWEEN };
            offset += (ranks.width(*before) + 1) / 2 + gap + (ranks.width(*cell) + 1) / 2;
        }
        offsets.push(offset);
    }
    // (sum of weighted wishes, weight, cells)
    let mut pools: Vec<(i64, i64, usize)> = Vec::new();
    for ((wish, weight), offset) in wanted.iter().zip(&offsets) {
        let mut pool = ((wish - offset) * weight, *weight, 1);
        while let Some(last) = pools.last().copied() {
            if last.0.div_euclid(last.1) <= pool.0.div_euclid(pool.1) {
                break;
            }
            pool = (last.0 + pool.0, last.1 + pool.1, last.2 + pool.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let bases = pools.iter().flat_map(|(sum, weight, count)| std::iter::repeat_n(sum.div_euclid(*weight), *count));
    for ((cell, offset), base) in cells.iter().zip(&offsets).zip(bases) {
        x.get_mut(*cell).into_iter().for_each(|slot| *slot = base + offset);
    }
}
