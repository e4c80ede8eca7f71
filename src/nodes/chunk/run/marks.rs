//! Places where a text may be cut, and how good each is.
//!
//! A mark's rank depends on the two lines around it and on nothing else, so that an edit elsewhere moves no rank.

use std::ops::Range;

use super::text::{Coding, Text, is_blank};

/// A place between two characters where a text may be cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Byte of the file.
    pub(super) at: u32,
    /// Characters between the start of the text and here.
    pub(super) chars: u32,
    /// The higher the better. The top byte is the strength of the separation, the rest a hash that makes neighbours
    /// differ: among equally good places the choice is arbitrary, but the same wherever the lines stand.
    pub(super) rank: u64,
}

/// Deepest indentation that is told apart.
const LEVELS: u32 = 15;
const BLANK: u64 = 0;
const CLOSER: u64 = 1;
const LEAST_LINE: u64 = 2;
/// Every so many characters of a line without any separator there is a mark.
const HARD_STEP: u32 = 64;

/// Marks at the starts of `lines`, but the first, for which `may` holds, and inside lines longer than `max` characters.
pub(super) fn marks(text: &Text<'_>, lines: Range<u32>, max: u32, solid: impl Fn(u32) -> Solid) -> Vec<Mark> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines.clone() {
        let how = solid(line);
        if how == Solid::Whole {
            continue;
        }
        let chars = text.chars(lines.start, line);
        if line > lines.start {
            let mut strength = strength(text, line);
            if how == Solid::Weak && strength > LEAST_LINE {
                strength = strength / 8 + LEAST_LINE;
            }
            let hash = hash(hash(0, text.line(line - 1)), text.line(line));
            out.push(Mark { at: text.start(line), chars, rank: strength << 56 | hash >> 8 });
        }
        if text.chars(line, line + 1) > max {
            inside(text, line, chars, &mut out);
        }
    }
    out
}

/// How much a line start resists a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Solid {
    /// Not at all.
    No,
    /// Somewhat: inside a fence.
    Weak,
    /// Inside something small that stays whole.
    Whole,
}

/// A blank line above counts as one and a half levels of indentation.
fn strength(text: &Text<'_>, line: u32) -> u64 {
    let (columns, rest) = text.indent(line);
    // Blank lines belong to what stands above them.
    if is_blank(rest) {
        return BLANK;
    }
    if closes(rest) {
        return CLOSER;
    }
    let level = (columns / 4).min(LEVELS);
    let blank = line > 0 && text.is_blank(line - 1);
    u64::from(2 * (LEVELS - level)) + if blank { 3 } else { 0 } + LEAST_LINE
}

/// Does a line, without its indentation, end something, or go on with it?
pub(super) fn closes(rest: &[u8]) -> bool {
    const WORDS: [&[u8]; 7] = [b"end", b"else", b"elif", b"elsif", b"except", b"finally", b"catch"];
    if rest.starts_with(b"</") || rest.starts_with(b"#e") {
        return true;
    }
    match rest.first() {
        Some(b'}' | b')' | b']') => true,
        Some(_) => WORDS.iter().any(|word| {
            let tail = rest.strip_prefix(*word);
            tail.is_some_and(|t| t.first().is_none_or(|b| !b.is_ascii_alphanumeric() && *b != b'_'))
        }),
        None => false,
    }
}

/// Marks inside one long line: behind separators; elsewhere behind some characters that their neighbours choose; and,
/// as the last resort, at fixed steps.
fn inside(text: &Text<'_>, line: u32, before: u32, out: &mut Vec<Mark>) {
    let (start, bytes) = (text.start(line), text.line(line));
    let wide = matches!(text.coding, Coding::Utf16 { .. });
    let mut chars = before;
    let mut near = 0u64;
    for (at, byte) in bytes.iter().enumerate() {
        let opens = match text.coding {
            Coding::Utf8 => byte.cast_signed() >= -0x40,
            Coding::Utf16 { .. } => at % 2 == 0 && !low_surrogate(text.coding, bytes, at),
            Coding::Other(_) => true,
        };
        if opens && at > 0 {
            let ends = if wide { bytes.get(at - 2..at) } else { bytes.get(at - 1..at) };
            let separates = ends.is_some_and(|e| e.iter().any(|b| b" \t,;>)}]".contains(b)));
            let spread = finish(near);
            let rank = if separates {
                Some(1 << 48 | spread >> 16)
            } else if spread.is_multiple_of(u64::from(HARD_STEP)) {
                Some(1 << 47 | spread >> 18)
            } else {
                (chars - before).is_multiple_of(HARD_STEP).then_some(0)
            };
            out.extend(rank.map(|rank| Mark { at: start + at as u32, chars, rank }));
        }
        let counts = if wide { at % 2 == 0 } else { opens };
        chars += u32::from(counts);
        // The last eight bytes.
        near = near << 8 | u64::from(*byte);
    }
}

/// Is the unit at `at` the second half of a surrogate pair?
fn low_surrogate(coding: Coding, bytes: &[u8], at: usize) -> bool {
    let high_byte = if coding == (Coding::Utf16 { big: true }) { at } else { at + 1 };
    bytes.get(high_byte).is_some_and(|b| (0xDC..=0xDF).contains(b))
}

/// FNV-1a over `bytes`, going on from `from` (Fowler, Noll, Vo; parameters of draft-eastlake-fnv), then finished.
fn hash(from: u64, bytes: &[u8]) -> u64 {
    let fold = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    finish(bytes.trim_ascii().iter().fold(from ^ 0xcbf2_9ce4_8422_2325, fold))
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): spreads every bit over all.
fn finish(mut value: u64) -> u64 {
    value = (value ^ value >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ value >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ value >> 31
}
