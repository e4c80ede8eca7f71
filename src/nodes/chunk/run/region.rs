//! The lines between two cuts as a row of bits: definitions, and the loose lines between them.

use std::ops::Range;

use super::marks::closes;
use super::outline::{Build, Tree};
use super::text::Text;

/// Sizes, in characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    pub(super) max: u32,
    pub(super) min: u32,
    /// Is everything that fits a chunk small (records), or only what is below `min`?
    pub(super) group_all: bool,
    /// Fewest characters of comments that are a piece of their own, where they are to be.
    pub(super) prose: Option<u32>,
}

impl Sizes {
    /// Loose lines with fewer characters are no chunk beside something large.
    fn tiny(self) -> u32 {
        self.min / 4
    }

    /// May a definition of that many characters share a chunk with its neighbours?
    pub(super) fn small(self, build: Build, chars: u32) -> bool {
        match build {
            Build::Section | Build::Region => false,
            Build::Unit => !self.group_all && chars < self.tiny(),
            _ if self.group_all => chars <= self.max,
            Build::Low => chars < self.min,
            Build::Tall => chars < self.tiny(),
        }
    }
}

/// A definition or a paragraph of loose lines, blank lines behind it included. Bits tile the lines of their region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bit {
    pub(super) lines: Range<u32>,
    /// The definition; the largest, where several share lines.
    pub(super) item: Option<usize>,
    /// All of them, in order, where several share lines.
    pub(super) shared: Vec<usize>,
    build: Build,
    /// May share a chunk with its neighbours.
    pub(super) small: bool,
    /// Blank lines behind it.
    blanks: u32,
    /// Opens the region's owner: stays where it is.
    fixed: bool,
}

impl Bit {
    fn loose(lines: Range<u32>) -> Self {
        Self { lines, item: None, shared: Vec::new(), build: Build::Low, small: true, blanks: 0, fixed: false }
    }

    /// Its definitions, in order.
    pub(super) fn items(&self) -> impl Iterator<Item = usize> {
        let one = if self.shared.is_empty() { self.item } else { None };
        self.shared.iter().copied().chain(one)
    }
}

/// The bits of `lines`, of which `children` are the definitions. `opener`: the line on which the definition begins that
/// is being divided; what stands before, its documentation, goes with that.
pub(super) fn bits(
    text: &Text<'_>,
    tree: &Tree<'_>,
    lines: Range<u32>,
    children: &[usize],
    opener: Option<u32>,
    sizes: Sizes,
) -> Vec<Bit> {
    let mut bits = definitions(tree, &lines, children);
    for bit in &mut bits {
        bit.small = sizes.small(bit.build, text.chars(bit.lines.start, bit.lines.end));
    }
    let mut bits = fill(text, &lines, bits);
    if let Some(opener) = opener {
        let opens = |(at, bit): (usize, &Bit)| at == 0 || (bit.item.is_none() && bit.lines.start <= opener);
        let count = bits.iter().enumerate().take_while(|bit| opens(*bit)).count();
        bits.iter_mut().take(count).for_each(|bit| bit.fixed = true);
    }
    glue(text, bits, sizes)
}

/// Children as bits, those that share a line as one.
fn definitions(tree: &Tree<'_>, lines: &Range<u32>, children: &[usize]) -> Vec<Bit> {
    let mut bits: Vec<Bit> = Vec::with_capacity(children.len());
    let weight = |item: Option<usize>| item.and_then(|i| tree.get(i)).map_or(0, |i| i.end - i.start);
    for place in children {
        let Some(item) = tree.get(*place) else { continue };
        let (first, last) = (item.first.clamp(lines.start, lines.end), item.last.clamp(lines.start, lines.end));
        match bits.last_mut() {
            Some(bit) if first < bit.lines.end => {
                bit.lines.end = bit.lines.end.max(last);
                if bit.shared.is_empty() {
                    bit.shared.extend(bit.item);
                }
                bit.shared.push(*place);
                bit.build = bit.build.max(item.build);
                if weight(Some(*place)) > weight(bit.item) {
                    bit.item = Some(*place);
                }
            }
            _ if first < last => bits.push(Bit { item: Some(*place), build: item.build, ..Bit::loose(first..last) }),
            _ => {}
        }
    }
    bits
}

/// Adds the loose lines: each paragraph is a bit; blank lines go to the bit above, or below at the very start.
fn fill(text: &Text<'_>, lines: &Range<u32>, definitions: Vec<Bit>) -> Vec<Bit> {
    let mut bits: Vec<Bit> = Vec::with_capacity(definitions.len() + 4);
    let mut at = lines.start;
    for bit in definitions {
        loose(text, at..bit.lines.start, &mut bits);
        at = bit.lines.end;
        bits.push(bit);
    }
    loose(text, at..lines.end, &mut bits);
    if let Some(first) = bits.first_mut() {
        first.lines.start = lines.start;
    }
    bits
}

fn loose(text: &Text<'_>, lines: Range<u32>, bits: &mut Vec<Bit>) {
    let mut open = false;
    let only = bits.is_empty();
    for line in lines.clone() {
        let blank = text.is_blank(line);
        match bits.last_mut() {
            Some(bit) if blank || open => {
                bit.lines.end = line + 1;
                bit.blanks = if blank { bit.blanks + 1 } else { 0 };
            }
            // Blank lines at the start wait for the first bit, or are one if nothing follows.
            _ if blank => continue,
            _ => bits.push(Bit::loose(line..line + 1)),
        }
        open = !blank;
    }
    if only && bits.is_empty() && !lines.is_empty() {
        bits.push(Bit::loose(lines));
    }
}

/// Joins loose paragraphs that are no chunk of their own to the large definition that they touch: first, from the end,
/// those that go below, then the others.
fn glue(text: &Text<'_>, mut bits: Vec<Bit>, sizes: Sizes) -> Vec<Bit> {
    let mut kept: Vec<Bit> = Vec::with_capacity(bits.len());
    while let Some(bit) = bits.pop() {
        match kept.last_mut() {
            Some(next) if goes_below(text, bits.last(), &bit, next, sizes) => next.lines.start = bit.lines.start,
            _ => kept.push(bit),
        }
    }
    for bit in kept.into_iter().rev() {
        match bits.last_mut() {
            Some(above) if goes_above(text, above, &bit, sizes) => {
                above.lines.end = bit.lines.end;
                above.blanks = bit.blanks;
            }
            _ => bits.push(bit),
        }
    }
    bits
}

/// Takes loose lines in. A section takes in nothing that stands before its heading, a region nothing at all.
fn takes(bit: &Bit) -> bool {
    !bit.small && bit.build < Build::Section
}

fn goes_below(text: &Text<'_>, above: Option<&Bit>, bit: &Bit, next: &Bit, sizes: Sizes) -> bool {
    if bit.item.is_some() || bit.fixed || !takes(next) {
        return false;
    }
    let tiny = |b: &Bit| text.chars(b.lines.start, b.lines.end) < sizes.tiny();
    let touches_above = above.is_some_and(|a| takes(a) && (a.blanks == 0 || closes(text.indent(bit.lines.start).1)));
    if touches_above && tiny(bit) {
        return false;
    }
    if bit.blanks == 0 && text.chars(bit.lines.start, bit.lines.end) < sizes.min {
        return true;
    }
    // Beside a small definition, it shares that one's chunk.
    tiny(bit) && above.is_none_or(|a| takes(a) || a.item.is_none() && tiny(a))
}

fn goes_above(text: &Text<'_>, above: &Bit, bit: &Bit, sizes: Sizes) -> bool {
    let loose = bit.item.is_none() && !bit.fixed;
    loose && takes(above) && text.chars(bit.lines.start, bit.lines.end) < sizes.tiny()
}
