//! Dividing a file into pieces along its outline.
//!
//! | what | becomes |
//! |---|---|
//! | a definition that fits a chunk | one piece: its documentation, itself, blank lines behind it |
//! | a larger one, at least half of which are definitions inside and their documentation | a head (up to the first large one inside), then these |
//! | a larger one otherwise | parts, cut by [`super::split`] |
//! | a section | its heading and own text; the sections inside are pieces of their own |
//! | an embedded region | pieces as a file of its own has them |
//! | a run of small definitions and loose lines | one piece, or several if too large |
//! | a small loose paragraph that touches a large definition | goes with that |
//! | comments, where they are wanted alone | pieces of their own, see [`super::prose`] |

use std::ops::Range;

use super::marks::{Solid, marks};
use super::outline::{Build, Item, Tree};
use super::region::{Bit, Sizes, bits};
use super::split::split;
use super::text::{Text, is_blank};
use super::{prose, zones};

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A definition or section, or the first part of one.
    Whole(usize),
    /// What opens a definition whose members are pieces of their own.
    Head(usize),
    /// A further part of a definition or section.
    Part(usize),
    /// As `Part`, behind documentation that is a piece of its own; it keeps the name.
    Body(usize),
    /// Several small definitions, or some and loose lines.
    Group,
    /// Loose lines.
    Text,
    /// Comments: the documentation of a definition, or such as stand alone.
    Prose {
        item: Option<usize>,
        /// Or does it go on with a piece before it?
        first: bool,
    },
    /// Blank lines, and marks around regions, alone.
    Rest,
}

/// A stretch of a file that becomes one chunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) bytes: Range<u32>,
    pub(super) role: Role,
    /// The definitions of a group.
    pub(super) members: Vec<usize>,
    /// The innermost definition or section around it.
    pub(super) within: Option<usize>,
    /// The piece that opens what it is inside of.
    pub(super) above: Option<usize>,
}

/// Divides the file. The pieces tile it, in order.
pub(super) fn cut(text: &Text<'_>, tree: &Tree<'_>, sizes: Sizes) -> Vec<Piece> {
    let mut cutter = Cutter { text, tree, sizes, pieces: Vec::new(), work: Vec::new() };
    let roots = tree.roots.clone();
    cutter.region(0..text.lines(), &roots, None, None);
    while let Some(work) = cutter.work.pop() {
        match work {
            Work::Run(bits, within, above) => {
                cutter.run(&bits, within, above, None);
            }
            Work::Large(lines, item, within, above) => cutter.large(lines, item, within, above),
        }
    }
    let pieces = zones::hold(cutter.pieces, text, tree);
    match sizes.prose {
        Some(least) => prose::lift(pieces, text, tree, least),
        None => pieces,
    }
}

/// What is still to be cut, each with what is around it.
enum Work {
    Run(Vec<Bit>, Option<usize>, Option<usize>),
    Large(Range<u32>, usize, Option<usize>, Option<usize>),
}

struct Cutter<'t, 'a> {
    text: &'t Text<'a>,
    tree: &'t Tree<'a>,
    sizes: Sizes,
    pieces: Vec<Piece>,
    /// Last first.
    work: Vec<Work>,
}

impl Cutter<'_, '_> {
    /// Cuts `lines`, of which `children` are the definitions; `owner` is what is being divided, if anything. A region has
    /// no head.
    fn region(&mut self, lines: Range<u32>, children: &[usize], owner: Option<usize>, above: Option<usize>) {
        let headed = owner.filter(|at| self.tree.get(*at).is_some_and(|item| item.build != Build::Region));
        let opener = headed.and_then(|at| self.tree.get(at)).map(|item| self.text.line_of(item.start));
        let bits = bits(self.text, self.tree, lines, children, opener, self.sizes);
        let mut rest = bits.into_iter().peekable();
        let mut above = above;
        let mut work = Vec::new();
        if let Some(owner) = headed {
            let head = take_small(&mut rest);
            let within = self.tree.get(owner).and_then(|i| i.parent);
            above = self.run(&head, within, above, Some(owner)).or(above);
        }
        while rest.peek().is_some() {
            let run = take_small(&mut rest);
            if !run.is_empty() {
                work.push(Work::Run(run, owner, above));
            }
            if let Some(Bit { lines, item: Some(item), .. }) = rest.next() {
                work.push(Work::Large(lines, item, owner, above));
            }
        }
        self.work.extend(work.into_iter().rev());
    }

    /// Cuts a definition or section that stands by itself.
    fn large(&mut self, lines: Range<u32>, item: usize, within: Option<usize>, above: Option<usize>) {
        let Some(found) = self.tree.get(item) else { return };
        if found.build == Build::Region {
            self.region(lines, &found.children, Some(item), above);
            return;
        }
        let fits = self.text.chars(lines.start, lines.end) <= self.sizes.max;
        let divided =
            if found.build == Build::Section { !found.children.is_empty() } else { !fits && self.divides(item) };
        if divided && let Some(children) = self.opened(item, lines.start) {
            self.region(lines, &children, Some(item), above);
            return;
        }
        let within = found.parent.or(within);
        let ranges = if fits { vec![self.span(&lines)] } else { self.cuts(&lines, |line| self.fenced(line)) };
        self.parted(ranges, Role::Whole(item), item, within, above);
    }

    /// Do the definitions inside, with their documentation, make up at least half of it? Its own documentation does not
    /// count.
    fn divides(&self, item: usize) -> bool {
        let Some(found) = self.tree.get(item) else { return false };
        let with_doc = |child: &Item<'_>| {
            let start = self.text.start(child.first).clamp(found.start, child.start.max(found.start));
            u64::from(child.end.saturating_sub(start))
        };
        let inside: u64 = found.children.iter().filter_map(|child| self.tree.get(*child)).map(with_doc).sum();
        let own_doc = found.doc.filter(|(from, _)| *from >= found.start).map_or(0, |(from, to)| to - from);
        inside * 2 >= u64::from((found.end - found.start).saturating_sub(own_doc))
    }

    /// What stands inside `item`, of which `line` is the first. A large child on that same line is opened, too
    /// (`namespace a { namespace b {`). `None` if it cannot be: then there is no head to cut off.
    fn opened(&self, item: usize, line: u32) -> Option<Vec<usize>> {
        let mut children = self.tree.get(item)?.children.clone();
        while let Some(first) = children.first().and_then(|c| self.tree.get(*c)) {
            let chars = self.text.chars(first.first, first.last);
            if first.first > line || self.sizes.small(first.build, chars) {
                break;
            }
            if chars <= self.sizes.max || first.children.is_empty() {
                return None;
            }
            let inside = first.children.clone();
            children.splice(0..1, inside);
        }
        Some(children)
    }

    /// Emits a run of small bits as one piece or several. With `head`, the first opens that definition; its place is
    /// returned.
    fn run(&mut self, run: &[Bit], within: Option<usize>, above: Option<usize>, head: Option<usize>) -> Option<usize> {
        let (first, last) = (run.first()?, run.last()?);
        let lines = first.lines.start..last.lines.end;
        let ranges = self.divided(run, &lines);
        let mut opener = None;
        for (bytes, lines) in ranges {
            let members: Vec<&Bit> =
                run.iter().filter(|b| b.item.is_some() && lines.contains(&b.lines.start)).collect();
            let place = self.pieces.len();
            let piece = match (head, opener) {
                (Some(item), None) => {
                    opener = Some(place);
                    Piece { bytes, role: Role::Head(item), members: Vec::new(), within, above }
                }
                (Some(item), Some(_)) if members.is_empty() => {
                    Piece { bytes, role: Role::Part(item), members: Vec::new(), within: head, above: opener }
                }
                (Some(_), Some(_)) => self.grouped(bytes, &lines, &members, head, opener),
                (None, _) => self.grouped(bytes, &lines, &members, within, above),
            };
            self.pieces.push(piece);
        }
        opener
    }

    fn grouped(
        &self,
        bytes: Range<u32>,
        lines: &Range<u32>,
        members: &[&Bit],
        within: Option<usize>,
        above: Option<usize>,
    ) -> Piece {
        let items: Vec<usize> = members.iter().flat_map(|b| b.items()).collect();
        let role = match members {
            [] if is_blank(self.text.span(bytes.start, bytes.end)) => Role::Rest,
            [] if self.tree.is_marks(self.text, bytes.start, bytes.end) => Role::Rest,
            [] => Role::Text,
            [Bit { lines: only, item: Some(item), shared, .. }] if only == lines && shared.is_empty() => {
                Role::Whole(*item)
            }
            _ => Role::Group,
        };
        let within = items.first().and_then(|i| self.tree.get(*i)?.parent).or(within);
        Piece { bytes, members: if role == Role::Group { items } else { Vec::new() }, role, within, above }
    }

    /// The pieces of a run, each with its bytes and the lines that start in it.
    fn divided(&self, run: &[Bit], lines: &Range<u32>) -> Vec<(Range<u32>, Range<u32>)> {
        if self.text.chars(lines.start, lines.end) <= self.sizes.max {
            return vec![(self.span(lines), lines.clone())];
        }
        let solid = |line: u32| {
            let at = run.partition_point(|b| b.lines.end <= line);
            match run.get(at) {
                Some(bit) if bit.item.is_some() && line != bit.lines.start => Solid::Whole,
                _ => self.fenced(line),
            }
        };
        let starts = self.cuts(lines, solid);
        let with_lines = |bytes: Range<u32>| {
            let first = self.text.line_of(bytes.start);
            let first = if self.text.start(first) < bytes.start { first + 1 } else { first };
            let last =
                if bytes.end < self.text.start(lines.end) { self.text.line_of(bytes.end - 1) + 1 } else { lines.end };
            (bytes, first..last.max(first))
        };
        starts.into_iter().map(with_lines).collect()
    }

    /// Inside a fence, a text is better not cut.
    fn fenced(&self, line: u32) -> Solid {
        let fences = &self.tree.fences;
        match fences.get(fences.partition_point(|f| f.end <= line)) {
            Some(fence) if line > fence.start => Solid::Weak,
            _ => Solid::No,
        }
    }

    fn cuts(&self, lines: &Range<u32>, solid: impl Fn(u32) -> Solid) -> Vec<Range<u32>> {
        let marks = marks(self.text, lines.clone(), self.sizes.max, solid);
        let total = self.text.chars(lines.start, lines.end);
        let cuts = split(&marks, total, self.sizes.max, self.sizes.max / 4);
        let whole = self.span(lines);
        let ends = cuts.iter().map(|m| m.at).chain([whole.end]);
        let starts = [whole.start].into_iter().chain(cuts.iter().map(|m| m.at));
        starts.zip(ends).map(|(start, end)| start..end).collect()
    }

    fn parted(
        &mut self,
        ranges: Vec<Range<u32>>,
        first: Role,
        item: usize,
        within: Option<usize>,
        above: Option<usize>,
    ) {
        let opener = self.pieces.len();
        for (at, bytes) in ranges.into_iter().enumerate() {
            let (role, within, above) =
                if at == 0 { (first, within, above) } else { (Role::Part(item), Some(item), Some(opener)) };
            self.pieces.push(Piece { bytes, role, members: Vec::new(), within, above });
        }
    }

    fn span(&self, lines: &Range<u32>) -> Range<u32> {
        self.text.start(lines.start)..self.text.start(lines.end)
    }
}

/// The small bits up to the next large one.
fn take_small(rest: &mut std::iter::Peekable<std::vec::IntoIter<Bit>>) -> Vec<Bit> {
    let mut run = Vec::new();
    while let Some(bit) = rest.next_if(|b| b.small) {
        run.push(bit);
    }
    run
}
