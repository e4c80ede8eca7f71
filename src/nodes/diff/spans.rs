//! How alike two files are, as git measures it.
//!
//! A file is cut into spans: a line, or 64 bytes of a longer one. Of each span a number is taken, and the bytes under
//! each number are counted. What both files have under a number is what one has of the other. This is
//! `diffcore-delta.c` of git 2.44 and later, so that renames are found where `git diff -M` finds them.

use std::collections::BTreeMap;

const BASE: u32 = 107_927;
const SPAN: u32 = 64;
/// A file with a NUL this near its start is binary to git: a CR before a LF then counts.
const LOOKED_AT: usize = 8_000;

/// Bytes by number of span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spans {
    counts: BTreeMap<u32, u64>,
    bytes: u64,
}

impl Spans {
    pub fn of(content: &[u8]) -> Self {
        let is_text = !content.iter().take(LOOKED_AT).any(|byte| *byte == 0);
        let (mut first, mut second, mut length) = (0_u32, 0_u32, 0_u32);
        let mut spans = Self { counts: BTreeMap::new(), bytes: content.len() as u64 };
        let mut rest = content.iter().peekable();
        while let Some(byte) = rest.next() {
            if is_text && *byte == b'\r' && rest.peek() == Some(&&b'\n') {
                continue;
            }
            let old = first;
            first = (first << 7) ^ (second >> 25);
            second = (second << 7) ^ (old >> 25);
            first = first.wrapping_add(u32::from(*byte));
            length += 1;
            if length < SPAN && *byte != b'\n' {
                continue;
            }
            spans.add(first, second, length);
            (first, second, length) = (0, 0, 0);
        }
        if length > 0 {
            spans.add(first, second, length);
        }
        spans
    }

    fn add(&mut self, first: u32, second: u32, length: u32) {
        let number = first.wrapping_add(second.wrapping_mul(0x61)) % BASE;
        *self.counts.entry(number).or_default() += u64::from(length);
    }

    /// How much of the larger file is in the other, of [`MOST`]. Zero where the sizes alone rule out `least`.
    pub fn similarity(&self, after: &Self, least: u64) -> u64 {
        if !can_be_alike(self.bytes, after.bytes, least) || after.bytes == 0 {
            return 0;
        }
        let copied: u64 = self
            .counts
            .iter()
            .map(|(number, bytes)| after.counts.get(number).map_or(0, |others| *bytes.min(others)))
            .sum();
        copied * MOST / self.bytes.max(after.bytes)
    }
}

/// All of it.
pub const MOST: u64 = 60_000;

/// Can files of these sizes be alike to `least` of [`MOST`]?
pub fn can_be_alike(before: u64, after: u64, least: u64) -> bool {
    let (large, small) = (before.max(after), before.min(after));
    large.saturating_mul(MOST - least.min(MOST)) >= (large - small).saturating_mul(MOST)
}
