//! Documentation and comments as pieces of their own.
//!
//! Code is cut first, as if there were none. Then the whole lines of comments that are large enough are taken out of the
//! pieces: what they document keeps its name, so that its id stays. Nothing is said twice: the pieces tile the file still.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::cut::{Piece, Role};
use super::divided::{divided, holding, split};
use super::outline::Tree;
use super::text::{Text, is_blank};

/// Whole lines of documentation or comments, blank lines behind them included.
struct Stretch {
    bytes: Range<u32>,
    /// The definition that they document.
    item: Option<usize>,
}

/// A part of a piece: a stretch, or what stands between stretches.
type Part<'s> = (Range<u32>, Option<&'s Stretch>);

/// The pieces, without stretches of at least `least` characters, which are pieces of their own.
pub(super) fn lift(pieces: Vec<Piece>, text: &Text<'_>, tree: &Tree<'_>, least: u32) -> Vec<Piece> {
    let stretches = stretches(text, tree, least);
    if stretches.is_empty() {
        return pieces;
    }
    let mut lift = Lift {
        text,
        tree,
        out: Vec::with_capacity(pieces.len() + stretches.len()),
        placed: Vec::new(),
        headless: None,
        heads: BTreeMap::new(),
    };
    let mut next = 0;
    for piece in pieces {
        let parts = parts(&piece.bytes, stretches.get(next..).unwrap_or_default());
        next += stretches.get(next..).unwrap_or_default().partition_point(|s| s.bytes.end <= piece.bytes.end);
        lift.piece(piece, parts);
    }
    let mut out = lift.out;
    for place in 0..out.len() {
        let Some(Piece { role: Role::Prose { item: Some(item), .. }, .. }) = out.get(place) else { continue };
        let start = tree.get(*item).map_or(0, |item| item.start);
        let holder = out.partition_point(|piece| piece.bytes.end <= start);
        let holds = out.get(holder).is_some_and(|piece| !matches!(piece.role, Role::Prose { .. }));
        if let Some(piece) = out.get_mut(place) {
            piece.above = holds.then_some(holder);
        }
    }
    out
}

/// Documentation and other comments of at least `least` characters that share no line with anything else, in order.
fn stretches(text: &Text<'_>, tree: &Tree<'_>, least: u32) -> Vec<Stretch> {
    let docs = tree.items.iter().enumerate().filter_map(|(at, item)| Some((item.doc?, Some(at))));
    let mut found: Vec<_> = docs.chain(tree.comments.iter().map(|bytes| (*bytes, None))).collect();
    found.sort_unstable_by_key(|((start, end), item)| (*start, Reverse(*end), *item));
    let mut out: Vec<Stretch> = Vec::with_capacity(found.len());
    for ((start, end), item) in found {
        let (first, last) = (text.line_of(start), text.line_of(end.saturating_sub(1)) + 1);
        let before = text.span(text.start(first), start);
        let before = before.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(before);
        let alone = is_blank(before) && is_blank(text.span(end, text.start(last)));
        let from = text.start(first);
        if !alone || text.chars(first, last) < least || out.last().is_some_and(|above| from < above.bytes.end) {
            continue;
        }
        let last = (last..text.lines()).find(|line| !text.is_blank(*line)).unwrap_or(text.lines());
        out.push(Stretch { bytes: from..text.start(last), item });
    }
    out
}

/// Divides `bytes` at the borders of `stretches`, the first of which ends behind its start.
fn parts<'s>(bytes: &Range<u32>, stretches: &'s [Stretch]) -> Vec<Part<'s>> {
    let mut out = Vec::new();
    let mut at = bytes.start;
    for stretch in stretches.iter().take_while(|s| s.bytes.start < bytes.end) {
        let (start, end) = (stretch.bytes.start.max(at), stretch.bytes.end.min(bytes.end));
        if at < start {
            out.push((at..start, None));
        }
        if start < end {
            out.push((start..end, Some(stretch)));
            at = end;
        }
    }
    if at < bytes.end {
        out.push((at..bytes.end, None));
    }
    out
}

struct Lift<'t, 'a> {
    text: &'t Text<'a>,
    tree: &'t Tree<'a>,
    out: Vec<Piece>,
    /// For each piece the place of what is left of it.
    placed: Vec<Option<usize>>,
    /// A piece that opens a definition and had nothing but its documentation: the next part takes its role.
    headless: Option<(usize, Role)>,
    /// Of definitions inside a piece that are divided, the place of the part with the head.
    heads: BTreeMap<usize, usize>,
}

impl Lift<'_, '_> {
    fn piece(&mut self, mut piece: Piece, parts: Vec<Part<'_>>) {
        piece.above = piece.above.and_then(|at| self.placed.get(at).copied().flatten());
        let headless = self.take_head(&mut piece);
        let number = self.placed.len();
        if parts.iter().all(|(_, stretch)| stretch.is_none()) {
            self.place(headless, Some(0));
            self.out.push(piece);
            return;
        }
        let of_piece = match piece.role {
            Role::Whole(item) | Role::Head(item) | Role::Part(item) => Some(item),
            _ => None,
        };
        let stretches: Vec<Range<u32>> =
            parts.iter().filter(|(_, stretch)| stretch.is_some()).map(|(bytes, _)| bytes.clone()).collect();
        let inside = divided(self.text, self.tree, &piece.bytes, of_piece, &stretches);
        let parts: Vec<Part<'_>> = parts
            .into_iter()
            .flat_map(|(bytes, stretch)| match stretch {
                Some(_) => vec![(bytes, stretch)],
                None => split(&bytes, &inside).into_iter().map(|bytes| (bytes, None)).collect(),
            })
            .collect();
        let own = self.own(&piece, &parts);
        if let (None, Role::Whole(_) | Role::Head(_)) = (own, piece.role) {
            self.headless = Some((number, piece.role));
        }
        self.place(headless, own);
        for (at, (bytes, stretch)) in parts.into_iter().enumerate() {
            let part = match stretch {
                Some(stretch) => {
                    let role = Role::Prose { item: stretch.item, first: bytes.start == stretch.bytes.start };
                    let within = stretch.item.or(piece.within);
                    Piece { role, within, members: Vec::new(), above: piece.above, bytes }
                }
                None => match holding(&inside, bytes.start) {
                    Some(item) => self.inside(&piece, item, bytes, number),
                    None => self.code(&piece, bytes, own.map(|own| at.cmp(&own)), number),
                },
            };
            self.out.push(part);
        }
    }

    /// Notes where a piece's own part will be, and that of the piece which it opens instead.
    fn place(&mut self, headless: Option<usize>, own: Option<usize>) {
        let place = own.map(|at| self.out.len() + at);
        if let Some(placed) = headless.and_then(|number| self.placed.get_mut(number)) {
            *placed = place;
        }
        self.placed.push(place);
    }

    /// A part that holds the start of what a piece before it should have opened, opens it; that piece's number.
    fn take_head(&mut self, piece: &mut Piece) -> Option<usize> {
        let Some((number, role @ (Role::Whole(item) | Role::Head(item)))) = self.headless else { return None };
        let starts = self.tree.get(item).is_some_and(|found| piece.bytes.contains(&found.start));
        if piece.role == Role::Part(item) && starts {
            self.headless = None;
            piece.role = role;
            piece.within = self.tree.get(item).and_then(|found| found.parent);
            return Some(number);
        }
        None
    }

    /// The part that keeps a piece's role.
    fn own(&self, piece: &Piece, parts: &[Part<'_>]) -> Option<usize> {
        let code = |(bytes, stretch): &Part<'_>| stretch.is_none() && !is_blank(self.text.span(bytes.start, bytes.end));
        match piece.role {
            Role::Whole(item) | Role::Head(item) => {
                let start = self.tree.get(item)?.start;
                parts.iter().position(|part| code(part) && part.0.contains(&start))
            }
            _ => parts.iter().position(code),
        }
    }

    /// What stands at `bytes` of `piece` between stretches: `order` is its place beside what keeps the piece's role.
    fn code(&self, piece: &Piece, bytes: Range<u32>, order: Option<std::cmp::Ordering>, number: usize) -> Piece {
        use std::cmp::Ordering::{Equal, Greater};
        let opener = self.placed.get(number).copied().flatten();
        let plain = Piece { bytes: bytes.clone(), role: Role::Text, members: Vec::new(), ..piece.clone() };
        if is_blank(self.text.span(bytes.start, bytes.end)) {
            return Piece { role: Role::Rest, ..plain };
        }
        match piece.role {
            Role::Whole(_) | Role::Head(_) if order == Some(Equal) => Piece { bytes, ..piece.clone() },
            Role::Whole(item) | Role::Head(item) if order == Some(Greater) => {
                let part = Piece { role: Role::Body(item), within: Some(item), above: opener, ..plain };
                match self.only(item, &part.bytes) {
                    Some(only) => Piece { role: Role::Whole(only), ..part },
                    None => part,
                }
            }
            Role::Part(item) => Piece { role: Role::Part(item), ..plain },
            Role::Group => self.group(piece, plain),
            _ => plain,
        }
    }

    /// What stands at `bytes` of a definition that is divided inside a piece: its head, or a further part.
    fn inside(&mut self, piece: &Piece, item: usize, bytes: Range<u32>, number: usize) -> Piece {
        let Some(found) = self.tree.get(item) else { return Piece { bytes, ..piece.clone() } };
        let rest = is_blank(self.text.span(bytes.start, bytes.end));
        let around = found.parent.and_then(|parent| self.heads.get(&parent)).copied();
        let opener = self.placed.get(number).copied().flatten().filter(|at| *at < self.out.len());
        let is_group = !matches!(piece.role, Role::Whole(_) | Role::Head(_));
        let above = around.or(opener.filter(|_| !is_group)).or(piece.above);
        let (role, within, above) = if rest {
            (Role::Rest, piece.within, above)
        } else if bytes.contains(&found.start) {
            self.heads.insert(item, self.out.len());
            (Role::Whole(item), found.parent, above)
        } else {
            (Role::Body(item), Some(item), self.heads.get(&item).copied().or(above))
        };
        Piece { bytes, role, members: Vec::new(), within, above }
    }

    /// What is left of a group: the definitions that start in it.
    fn group(&self, group: &Piece, part: Piece) -> Piece {
        let inside = |at: &usize| self.tree.get(*at).is_some_and(|item| part.bytes.contains(&item.start));
        let members: Vec<usize> = group.members.iter().copied().filter(inside).collect();
        match members.as_slice() {
            [] => part,
            [only] if self.is_all(*only, &part.bytes) => Piece { role: Role::Whole(*only), ..part },
            _ => Piece { role: Role::Group, members, ..part },
        }
    }

    /// The definition inside `item` that is all there is at `bytes`.
    fn only(&self, item: usize, bytes: &Range<u32>) -> Option<usize> {
        let children = self.tree.get(item)?.children.iter().copied();
        let mut inside = children.filter(|at| self.tree.get(*at).is_some_and(|child| bytes.contains(&child.start)));
        inside.next().filter(|only| inside.next().is_none() && self.is_all(*only, bytes))
    }

    /// Is there nothing else at `bytes`?
    fn is_all(&self, item: usize, bytes: &Range<u32>) -> bool {
        let Some(item) = self.tree.get(item) else { return false };
        let top =
            item.doc.map(|(from, _)| from).filter(|from| bytes.contains(from)).unwrap_or(item.start).min(item.start);
        let blank = |start: u32, end: u32| is_blank(self.text.span(start, end));
        item.end <= bytes.end && blank(bytes.start, top) && blank(item.end, bytes.end)
    }
}
