//! Dividing a text that is too large, so that an edit moves few cuts.
//!
//! The text is cut at its best mark, then each half at its own best mark, until no piece is too large. Which marks are
//! chosen depends on ranks, not on where an earlier cut fell, so nothing drifts: an insertion changes the piece that it
//! falls in, and sometimes the one beside it. A mark too near to an end of what it divides is passed over, so that no
//! piece is tiny.

use super::marks::Mark;

/// Chooses cuts among `marks` (ascending) of a text of `total` characters, so that no piece has more than `max`
/// characters where marks allow it, and none has fewer than `least`, unless there is no better place. Ascending.
pub(super) fn split(marks: &[Mark], total: u32, max: u32, least: u32) -> Vec<Mark> {
    let tree = Highest::new(marks);
    let mut cuts = Vec::new();
    // Characters from..to, and the marks strictly between.
    let mut work = vec![(0, total, 0, marks.len())];
    while let Some((from, to, low, high)) = work.pop() {
        if to - from <= max {
            continue;
        }
        let inner = marks.get(low..high).unwrap_or_default();
        let near = low + inner.partition_point(|m| m.chars < from.saturating_add(least));
        let far = low + inner.partition_point(|m| m.chars.saturating_add(least) <= to);
        let best = tree.best(near, far).or_else(|| tree.best(low, high));
        let Some((at, mark)) = best.and_then(|at| Some((at, marks.get(at)?))) else { continue };
        cuts.push(*mark);
        // Marks may stand at one place in characters only if they are one, so both halves shrink.
        work.push((from, mark.chars, low, at));
        work.push((mark.chars, to, at + 1, high));
    }
    cuts.sort_unstable_by_key(|m| m.at);
    cuts
}

/// Finds the highest rank in any range: a tournament over the marks, of which each node keeps the winner.
struct Highest<'a> {
    marks: &'a [Mark],
    /// Node n plays 2n against 2n+1; the leaves are the second half.
    winners: Vec<u32>,
}

impl<'a> Highest<'a> {
    fn new(marks: &'a [Mark]) -> Self {
        let count = marks.len();
        let mut tree = Self { marks, winners: vec![0; count] };
        tree.winners.extend(0..count as u32);
        for node in (1..count).rev() {
            let winner = tree.better(tree.winner(2 * node), tree.winner(2 * node + 1));
            if let (Some(winner), Some(slot)) = (winner, tree.winners.get_mut(node)) {
                *slot = winner;
            }
        }
        tree
    }

    fn winner(&self, node: usize) -> Option<u32> {
        self.winners.get(node).copied()
    }

    /// The higher rank; the earlier mark among equals.
    fn better(&self, a: Option<u32>, b: Option<u32>) -> Option<u32> {
        let key = |at: Option<u32>| {
            let at = at?;
            Some((self.marks.get(at as usize)?.rank, std::cmp::Reverse(at)))
        };
        if key(b) > key(a) { b } else { a }
    }

    /// The best of marks `low..high`.
    fn best(&self, low: usize, high: usize) -> Option<usize> {
        let (mut low, mut high) = (low + self.marks.len(), high + self.marks.len());
        let mut best = None;
        while low < high {
            if low % 2 == 1 {
                best = self.better(best, self.winner(low));
                low += 1;
            }
            if high % 2 == 1 {
                high -= 1;
                best = self.better(best, self.winner(high));
            }
            low /= 2;
            high /= 2;
        }
        best.map(|at| at as usize)
    }
}
