//! Lines with their places.

/// A line of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Offset of its first byte.
    pub start: usize,
    /// Offset behind its line end.
    pub end: usize,
    /// Its bytes without the line end and blanks before that.
    pub text: &'a [u8],
}

impl<'a> Line<'a> {
    /// Columns of white space before its text; a tab goes to the next multiple of eight.
    pub fn indent(&self) -> usize {
        let mut columns = 0;
        for byte in self.text {
            match byte {
                b' ' => columns += 1,
                b'\t' => columns = (columns / 8 + 1) * 8,
                _ => break,
            }
        }
        columns
    }

    pub fn is_blank(&self) -> bool {
        self.text.is_empty()
    }

    /// Its bytes without the white space before them.
    pub fn inner(&self) -> &'a [u8] {
        self.text.trim_ascii_start()
    }
}

/// The lines of `bytes` from `start`.
pub(super) fn lines(bytes: &[u8], start: usize) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = start;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let end = memchr::memchr(b'\n', rest).map_or(bytes.len(), |feed| at + feed + 1);
        let text = bytes.get(at..end).unwrap_or_default().trim_ascii_end();
        out.push(Line { start: at, end, text });
        at = end;
    }
    out
}

/// The character that makes up all of `text`, if it is one of ASCII's punctuation.
pub(super) fn ruler(text: &[u8]) -> Option<u8> {
    let first = *text.first()?;
    (first.is_ascii_punctuation() && text.iter().all(|b| *b == first)).then_some(first)
}

/// Columns that a text takes, counting each character as one.
pub(super) fn width(text: &[u8]) -> usize {
    text.iter().filter(|b| (**b).cast_signed() >= -0x40).count()
}
