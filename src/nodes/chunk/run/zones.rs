//! Which bytes of a file are in which region: no piece has bytes of two.

use super::cut::{Piece, Role};
use super::outline::Tree;
use super::text::{Text, is_blank};

/// A stretch of a file in one region.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Zone<'a> {
    pub(super) start: u32,
    pub(super) end: u32,
    /// 0 for the file itself.
    pub(super) region: u32,
    /// The region's.
    pub(super) language: Option<&'a str>,
}

/// The zones of a file: they tile it, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Zones<'a>(Vec<Zone<'a>>);

impl<'a> Zones<'a> {
    /// From regions in order of (start, -end). One that crosses the end of another ends there.
    pub(super) fn new(regions: &[Zone<'a>], len: u32) -> Self {
        let mut zones = Vec::new();
        let mut open = vec![Zone { end: len, ..Zone::default() }];
        let mut at = 0;
        let mut upto = |zone: Zone<'a>, end: u32| {
            if at < end {
                zones.push(Zone { start: at, end, ..zone });
                at = end;
            }
        };
        for region in regions {
            while let Some(ended) = open.pop_if(|zone| zone.end <= region.start && zone.end < len) {
                upto(ended, ended.end);
            }
            let Some(around) = open.last().copied() else { break };
            upto(around, region.start.min(around.end));
            let end = region.end.min(around.end);
            if region.start < end {
                open.push(Zone { end, ..*region });
            }
        }
        while let Some(ended) = open.pop() {
            upto(ended, ended.end);
        }
        Self(zones)
    }

    /// The zone that holds byte `at`.
    pub(super) fn at(&self, at: u32) -> Zone<'a> {
        let place = self.0.partition_point(|zone| zone.end <= at);
        self.0.get(place).or(self.0.last()).copied().unwrap_or_default()
    }

    /// The offsets between two zones, ascending.
    pub(super) fn borders(&self) -> Vec<u32> {
        self.0.iter().skip(1).map(|zone| zone.start).collect()
    }

    /// The zones that `start..end` has bytes of.
    fn over(&self, start: u32, end: u32) -> &[Zone<'a>] {
        let first = self.0.partition_point(|zone| zone.end <= start);
        let last = self.0.partition_point(|zone| zone.start < end);
        self.0.get(first..last).unwrap_or_default()
    }
}

/// The pieces, with those that cross a border cut there. Cutting goes by regions already, where their elements stand on
/// lines of their own; this is for all others (`<b id=x><script>…</script></b>`), and for blank lines beside regions.
pub(super) fn hold(pieces: Vec<Piece>, text: &Text<'_>, tree: &Tree<'_>) -> Vec<Piece> {
    if tree.zones.0.len() < 2 {
        return pieces;
    }
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    // For each piece the place of what is left of it.
    let mut placed: Vec<usize> = Vec::with_capacity(pieces.len());
    for mut piece in pieces {
        piece.above = piece.above.and_then(|at| placed.get(at)).copied();
        let over = tree.zones.over(piece.bytes.start, piece.bytes.end);
        if over.len() < 2 {
            placed.push(out.len());
            out.push(piece);
            continue;
        }
        let own = own_zone(&piece, over, text, tree);
        let mut place = None;
        for zone in over {
            let bytes = zone.start.max(piece.bytes.start)..zone.end.min(piece.bytes.end);
            let blank = is_blank(text.span(bytes.start, bytes.end));
            let keeps = place.is_none() && zone.start == own && !blank;
            let part = if keeps {
                place = Some(out.len());
                Piece { bytes, ..piece.clone() }
            } else {
                let role = if blank { Role::Rest } else { Role::Text };
                Piece { bytes, role, members: Vec::new(), within: piece.within, above: piece.above }
            };
            out.push(part);
        }
        placed.push(place.unwrap_or(out.len() - 1));
    }
    out
}

/// The start of the zone that a piece is named after.
fn own_zone(piece: &Piece, over: &[Zone<'_>], text: &Text<'_>, tree: &Tree<'_>) -> u32 {
    let item = match piece.role {
        Role::Whole(item) | Role::Head(item) => Some(item),
        Role::Group => piece.members.first().copied(),
        Role::Part(_) | Role::Body(_) | Role::Text | Role::Prose { .. } | Role::Rest => None,
    };
    let named = item.and_then(|item| tree.get(item)).map(|item| tree.zones.at(item.start));
    let written = || {
        let inside = |z: &&Zone<'_>| !is_blank(text.span(z.start.max(piece.bytes.start), z.end.min(piece.bytes.end)));
        over.iter().find(inside).copied()
    };
    named.filter(|zone| over.contains(zone)).or_else(written).map_or(piece.bytes.start, |zone| zone.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(regions: &[(u32, u32)], len: u32) -> Vec<(u32, u32, u32)> {
        let zone = |(at, (start, end)): (usize, &(u32, u32))| Zone {
            start: *start,
            end: *end,
            region: at as u32 + 1,
            ..Zone::default()
        };
        let zones = Zones::new(&regions.iter().enumerate().map(zone).collect::<Vec<_>>(), len);
        zones.0.iter().map(|zone| (zone.start, zone.end, zone.region)).collect()
    }

    #[test]
    fn zones_tile_the_file_and_the_innermost_region_has_the_byte() {
        assert_eq!(spans(&[], 9), [(0, 9, 0)]);
        assert_eq!(spans(&[], 0), []);
        assert_eq!(spans(&[(2, 4), (4, 6)], 9), [(0, 2, 0), (2, 4, 1), (4, 6, 2), (6, 9, 0)]);
        assert_eq!(spans(&[(0, 8), (2, 4), (5, 6)], 8), [(0, 2, 1), (2, 4, 2), (4, 5, 1), (5, 6, 3), (6, 8, 1)]);
        assert_eq!(spans(&[(2, 5), (4, 9)], 9), [(0, 2, 0), (2, 4, 1), (4, 5, 2), (5, 9, 0)]);
        assert_eq!(spans(&[(3, 3), (7, 20)], 9), [(0, 3, 0), (3, 7, 0), (7, 9, 2)]);
    }
}
