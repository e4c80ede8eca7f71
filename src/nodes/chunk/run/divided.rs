//! Definitions that their own comments divide: a string that documents a function stands behind its head.
//!
//! Where a piece holds several definitions, each that is divided begins and ends a part, so that no part holds the end
//! of one and the head of the next.

use std::ops::Range;

use super::outline::Tree;
use super::text::Text;

/// A definition inside a piece with comments inside that are pieces of their own.
#[derive(Clone, Debug)]
pub(super) struct Divided {
    pub(super) item: usize,
    /// Its lines, and blank ones behind.
    bytes: Range<u32>,
}

/// The definitions inside `piece` that comments at `stretches` divide, in order; not `own`, which the piece is.
pub(super) fn divided(
    text: &Text<'_>,
    tree: &Tree<'_>,
    piece: &Range<u32>,
    own: Option<usize>,
    stretches: &[Range<u32>],
) -> Vec<Divided> {
    let first = tree.items.partition_point(|item| item.start < piece.start);
    let inside = tree.items.iter().enumerate().skip(first).take_while(|(_, item)| item.start < piece.end);
    let holds = |start: u32, end: u32| stretches.iter().any(|bytes| start < bytes.start && bytes.start < end);
    let divided = inside.filter(|(at, item)| Some(*at) != own && holds(item.start, item.end));
    divided
        .map(|(at, item)| {
            let last = (item.last..text.lines()).find(|line| !text.is_blank(*line)).unwrap_or(text.lines());
            let start = text.start(item.first).clamp(piece.start, piece.end);
            Divided { item: at, bytes: start..text.start(last).clamp(start, piece.end) }
        })
        .collect()
}

/// `bytes`, cut where a definition begins or ends.
pub(super) fn split(bytes: &Range<u32>, divided: &[Divided]) -> Vec<Range<u32>> {
    let mut borders: Vec<u32> = divided.iter().flat_map(|one| [one.bytes.start, one.bytes.end]).collect();
    borders.retain(|at| bytes.start < *at && *at < bytes.end);
    borders.sort_unstable();
    borders.dedup();
    let starts = [bytes.start].into_iter().chain(borders.iter().copied());
    starts.zip(borders.iter().copied().chain([bytes.end])).map(|(start, end)| start..end).collect()
}

/// The innermost definition that holds `at`.
pub(super) fn holding(divided: &[Divided], at: u32) -> Option<usize> {
    divided.iter().rev().find(|one| one.bytes.contains(&at)).map(|one| one.item)
}
