//! A file's bytes as lines of text.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

/// How bytes stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// UTF-8, or said to be.
    Utf8,
    Utf16 {
        big: bool,
    },
    /// Another encoding of the WHATWG list; one in which a line feed is the byte 0x0A.
    Other(&'static Encoding),
}

impl Coding {
    /// By the name in the `files` table. A name that nobody knows is read as UTF-8, so that bytes above 0x7F show as
    /// U+FFFD; `text_bytes` keeps them.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "utf-8" | "utf-8-bom" => Self::Utf8,
            "utf-16le" => Self::Utf16 { big: false },
            "utf-16be" => Self::Utf16 { big: true },
            other => Encoding::for_label(other.as_bytes()).map_or(Self::Utf8, Self::Other),
        }
    }

    fn encoding(self) -> &'static Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16 { big: true } => UTF_16BE,
            Self::Utf16 { big: false } => UTF_16LE,
            Self::Other(encoding) => encoding,
        }
    }

    /// The text of `bytes`, and whether its UTF-8 is exactly them.
    pub(super) fn decode(self, bytes: &[u8]) -> (String, bool) {
        if let (Self::Utf8, Ok(text)) = (self, std::str::from_utf8(bytes)) {
            return (text.to_owned(), true);
        }
        let text = self.encoding().decode_without_bom_handling(bytes).0.into_owned();
        let exact = text.as_bytes() == bytes;
        (text, exact)
    }

    /// Characters in `bytes`.
    pub(super) fn chars(self, bytes: &[u8]) -> u32 {
        match self {
            // Every byte but the continuation bytes 0x80..=0xBF starts a character.
            Self::Utf8 => bytes.iter().filter(|b| (**b).cast_signed() >= -0x40).count() as u32,
            Self::Utf16 { .. } => bytes.len().div_ceil(2) as u32,
            Self::Other(_) => bytes.len() as u32,
        }
    }
}

/// The text of `bytes` in an encoding of the `files` table, what is no text in it as U+FFFD.
pub fn decoded(bytes: &[u8], encoding: &str) -> String {
    Coding::named(encoding).decode(bytes).0
}

/// A file and where its lines start.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) coding: Coding,
    /// Offset of each line's first byte. An empty file has no line; a final line end starts none. Where a region begins or
    /// ends inside a line, that counts as two.
    starts: Vec<u32>,
    /// Those of `starts` that are no line starts of the file.
    inner: Vec<u32>,
    /// Characters before each line, and in all; empty where a character is a byte.
    chars: Vec<u32>,
}

impl<'a> Text<'a> {
    /// `borders` are offsets where a line is to be cut in two, ascending.
    pub(super) fn new(bytes: &'a [u8], coding: Coding, borders: &[u32]) -> Self {
        let mut starts = Vec::with_capacity(bytes.len() / 24 + 2);
        if !bytes.is_empty() {
            starts.push(0);
        }
        for at in memchr_iter(b'\n', bytes) {
            let next = match coding {
                Coding::Utf16 { big } => after_utf16_feed(bytes, at, big),
                _ => Some(at + 1),
            };
            starts.extend(next.filter(|n| *n < bytes.len()).map(|n| n as u32));
        }
        let len = bytes.len() as u32;
        let mut inner: Vec<u32> = borders.to_vec();
        inner.retain(|at| (1..len).contains(at) && starts.binary_search(at).is_err());
        inner.dedup();
        starts.extend(&inner);
        starts.sort_unstable();
        let mut text = Self { bytes, coding, starts, inner, chars: Vec::new() };
        let byte_is_char = match coding {
            Coding::Utf8 => bytes.is_ascii(),
            Coding::Utf16 { .. } => false,
            Coding::Other(_) => true,
        };
        if !byte_is_char {
            text.chars = text.count();
        }
        text
    }

    fn count(&self) -> Vec<u32> {
        let mut total = 0;
        let mut chars = Vec::with_capacity(self.starts.len() + 1);
        chars.push(0);
        for line in 0..self.lines() {
            total += self.coding.chars(self.line(line));
            chars.push(total);
        }
        chars
    }

    pub(super) fn lines(&self) -> u32 {
        self.starts.len() as u32
    }

    /// First byte of `line`; the file's length for the line after the last.
    pub(super) fn start(&self, line: u32) -> u32 {
        self.starts.get(line as usize).copied().unwrap_or(self.bytes.len() as u32)
    }

    /// The bytes of `line`, its end included.
    pub(super) fn line(&self, line: u32) -> &'a [u8] {
        self.span(self.start(line), self.start(line + 1))
    }

    pub(super) fn span(&self, start: u32, end: u32) -> &'a [u8] {
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// The line, from 0, that holds byte `at`; the last one for bytes behind the end.
    pub(super) fn line_of(&self, at: u32) -> u32 {
        (self.starts.partition_point(|s| *s <= at) as u32).saturating_sub(1)
    }

    /// The number of the file's line, from 1, that holds byte `at`.
    pub(super) fn number(&self, at: u32) -> u32 {
        let at = at.min((self.bytes.len() as u32).saturating_sub(1));
        self.line_of(at) + 1 - self.inner.partition_point(|start| *start <= at) as u32
    }

    /// Characters in lines `first..end`.
    pub(super) fn chars(&self, first: u32, end: u32) -> u32 {
        let before = |line: u32| match self.chars.get(line as usize).or(self.chars.last()) {
            Some(chars) => *chars,
            None => self.start(line),
        };
        before(end).saturating_sub(before(first))
    }

    /// Nothing but white space?
    pub(super) fn is_blank(&self, line: u32) -> bool {
        is_blank(self.line(line))
    }

    /// Characters of white space at the start of `line`, a tab counting as four, and the line without them.
    pub(super) fn indent(&self, line: u32) -> (u32, &'a [u8]) {
        let mut rest = self.line(line);
        let mut columns = 0;
        while let Some((first, tail)) = rest.split_first() {
            match first {
                b' ' => columns += 1,
                b'\t' => columns += 4,
                // The other half of a UTF-16 unit.
                0 if matches!(self.coding, Coding::Utf16 { .. }) => {}
                _ => break,
            }
            rest = tail;
        }
        (columns, rest)
    }
}

/// Nothing but ASCII white space, or UTF-16 of it?
pub(super) fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_whitespace() || *b == 0)
}

/// The offset behind the unit of UTF-16 that byte `at`, 0x0A, belongs to, where that unit is a line feed.
fn after_utf16_feed(bytes: &[u8], at: usize, big: bool) -> Option<usize> {
    let unit = at & !1;
    let feed = if big { [0, b'\n'] } else { [b'\n', 0] };
    (bytes.get(unit..unit + 2) == Some(&feed[..])).then_some(unit + 2)
}
