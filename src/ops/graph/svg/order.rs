//! The order within ranks: barycentres down and up, then neighbours that are better off exchanged.

use super::ranks::Ranks;

/// Sweeps over all ranks; later ones seldom find anything.
const SWEEPS: usize = 24;
/// With more cells than this, neighbours are not tried one by one.
const TRIED: usize = 600;

/// Puts the cells of each rank in an order with few crossings.
pub(super) fn order(ranks: &mut Ranks) {
    let mut best = ranks.rows.clone();
    let mut fewest = crossings(ranks);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let down = sweep % 2 == 0;
        let count = ranks.rows.len();
        for step in 1..count {
            let rank = if down { step } else { count - 1 - step };
            by_barycentre(ranks, rank, down);
        }
        if ranks.widths.len() <= TRIED {
            exchange(ranks);
        }
        let now = crossings(ranks);
        if now < fewest {
            (fewest, best) = (now, ranks.rows.clone());
        }
    }
    ranks.rows = best;
}

/// By cell, its place within its rank.
fn places(ranks: &Ranks) -> Vec<usize> {
    let mut places = vec![0; ranks.widths.len()];
    for rank in &ranks.rows {
        for (place, cell) in rank.iter().enumerate() {
            places.get_mut(*cell).into_iter().for_each(|slot| *slot = place);
        }
    }
    places
}

/// Sorts a rank by the mean place of each cell's neighbours in the rank that was sorted before it.
fn by_barycentre(ranks: &mut Ranks, rank: usize, upper: bool) {
    let places = places(ranks);
    let Some(cells) = ranks.rows.get(rank).cloned() else { return };
    let mut keyed: Vec<(usize, usize, usize)> = Vec::with_capacity(cells.len());
    for (place, cell) in cells.into_iter().enumerate() {
        let near = ranks.neighbours(cell, upper);
        let sum: usize = near.iter().filter_map(|cell| places.get(*cell)).sum();
        // A cell without neighbours stays about where it is.
        let key = if near.is_empty() { place << 10 } else { (sum << 10) / near.len() };
        keyed.push((key, place, cell));
    }
    keyed.sort_unstable();
    if let Some(slot) = ranks.rows.get_mut(rank) {
        *slot = keyed.into_iter().map(|(_, _, cell)| cell).collect();
    }
}

/// Exchanges neighbours of a rank while that takes crossings away.
fn exchange(ranks: &mut Ranks) {
    for _ in 0..8 {
        let mut better = false;
        for rank in 0..ranks.rows.len() {
            for place in 1..ranks.rows.get(rank).map_or(0, Vec::len) {
                let places = places(ranks);
                let Some(&[left, right]) = ranks.rows.get(rank).and_then(|cells| cells.get(place - 1..=place)) else {
                    continue;
                };
                if between(ranks, &places, right, left) < between(ranks, &places, left, right) {
                    ranks.rows.get_mut(rank).into_iter().for_each(|cells| cells.swap(place - 1, place));
                    better = true;
                }
            }
        }
        if !better {
            return;
        }
    }
}

/// Crossings of the edges of two cells of a rank, `left` before `right`.
fn between(ranks: &Ranks, places: &[usize], left: usize, right: usize) -> usize {
    let mut count = 0;
    for upper in [true, false] {
        for a in ranks.neighbours(left, upper) {
            for b in ranks.neighbours(right, upper) {
                count += usize::from(places.get(*a) > places.get(*b));
            }
        }
    }
    count
}

/// Crossings of the whole picture: for each pair of ranks, the inversions of their edges.
pub(super) fn crossings(ranks: &Ranks) -> usize {
    let places = places(ranks);
    let place = |cell: &usize| places.get(*cell).copied().unwrap_or(0);
    let mut count = 0;
    for (cells, next) in ranks.rows.iter().zip(ranks.rows.iter().skip(1)) {
        // A Fenwick tree over the lower places, filled from the left end of the upper rank.
        let mut tree = vec![0usize; next.len() + 1];
        let mut seen = 0;
        for cell in cells {
            let mut targets: Vec<usize> = ranks.neighbours(*cell, false).iter().map(place).collect();
            targets.sort_unstable();
            for target in &targets {
                let (mut at, mut not_beyond) = (target + 1, 0);
                while at > 0 {
                    not_beyond += tree.get(at).copied().unwrap_or(0);
                    at &= at - 1;
                }
                count += seen - not_beyond;
            }
            for target in targets {
                let mut at = target + 1;
                while let Some(slot) = tree.get_mut(at) {
                    *slot += 1;
                    at += at & at.wrapping_neg();
                }
                seen += 1;
            }
        }
    }
    count
}
