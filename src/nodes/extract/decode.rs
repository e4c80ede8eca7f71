//! What bytes are: text or not, in which encoding, with which line ends.
//!
//! Spans are always offsets into the original bytes, so nothing is transcoded here.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// A NUL in so many first bytes makes a file binary.
const BINARY_WINDOW: usize = 8 << 10;
/// So many bytes from shortly before the first that is no UTF-8 are shown to the detector.
const GUESS_WINDOW: usize = 64 << 10;
const GUESS_BEFORE: usize = 4 << 10;

/// The encoding of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    /// Text in another encoding, by guess.
    Other(&'static encoding_rs::Encoding),
    Binary,
}

impl Encoding {
    /// As in the table `files`.
    pub fn name(self) -> String {
        match self {
            Self::Utf8 => "utf-8".to_owned(),
            Self::Utf8Bom => "utf-8-bom".to_owned(),
            Self::Utf16Le => "utf-16le".to_owned(),
            Self::Utf16Be => "utf-16be".to_owned(),
            Self::Other(encoding) => encoding.name().to_ascii_lowercase(),
            Self::Binary => "binary".to_owned(),
        }
    }

    /// Are its ASCII characters single bytes, so that a parser for UTF-8 finds its way?
    pub fn is_parseable(self) -> bool {
        matches!(self, Self::Utf8 | Self::Utf8Bom | Self::Other(_))
    }
}

/// Finds the encoding of a file.
pub(super) fn encoding(bytes: &[u8]) -> Encoding {
    if bytes.starts_with(b"\xEF\xBB\xBF") && std::str::from_utf8(bytes).is_ok() {
        return Encoding::Utf8Bom;
    }
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        // UTF-32: nothing here can show it.
        return Encoding::Binary;
    }
    if bytes.starts_with(b"\xFF\xFE") {
        return Encoding::Utf16Le;
    }
    if bytes.starts_with(b"\xFE\xFF") {
        return Encoding::Utf16Be;
    }
    let window = bytes.get(..BINARY_WINDOW).unwrap_or(bytes);
    if memchr::memchr(0, window).is_some() {
        return wide(window).unwrap_or(Encoding::Binary);
    }
    match std::str::from_utf8(bytes) {
        Ok(_) => Encoding::Utf8,
        Err(error) => Encoding::Other(guess(bytes, error.valid_up_to())),
    }
}

/// UTF-16 without a mark: whole units, all of them text, a third of them ASCII, and all NULs on one side.
fn wide(window: &[u8]) -> Option<Encoding> {
    let (units, rest) = window.as_chunks::<2>();
    if !rest.is_empty() || units.len() < 2 {
        return None;
    }
    let even = units.iter().filter(|[first, _]| *first == 0).count();
    let odd = units.iter().filter(|[_, second]| *second == 0).count();
    let encoding = match (even, odd) {
        (0, odd) if odd * 3 >= units.len() => Encoding::Utf16Le,
        (even, 0) if even * 3 >= units.len() => Encoding::Utf16Be,
        _ => return None,
    };
    let decoded = units.iter().map(|pair| match encoding {
        Encoding::Utf16Be => u16::from_be_bytes(*pair),
        _ => u16::from_le_bytes(*pair),
    });
    let text = decoded.clone().all(|unit| unit >= 0x20 || matches!(unit, 0x09..=0x0D | 0x1B));
    // The window may cut one pair of surrogates in two.
    let lone = char::decode_utf16(decoded).filter(Result::is_err).count();
    (text && lone <= 1).then_some(encoding)
}

fn guess(bytes: &[u8], first_bad: usize) -> &'static encoding_rs::Encoding {
    let from = first_bad.saturating_sub(GUESS_BEFORE);
    let upto = bytes.len().min(from + GUESS_WINDOW);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes.get(from..upto).unwrap_or_default(), true);
    detector.guess(None, Utf8Detection::Deny)
}

/// The lines of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lines {
    /// Split at `\n`; a last line without a line end counts.
    pub count: u32,
    /// `lf`, `crlf`, `cr`, `mixed` or `none`.
    pub eol: &'static str,
    /// Bytes of the longest, without its `\n`.
    pub longest: u64,
}

pub(super) fn lines(bytes: &[u8]) -> Lines {
    let (mut feeds, mut pairs, mut longest, mut start) = (0_u32, 0_u32, 0, 0);
    for at in memchr::memchr_iter(b'\n', bytes) {
        feeds += 1;
        longest = longest.max(at - start);
        pairs += u32::from(at > start && bytes.get(at - 1) == Some(&b'\r'));
        start = at + 1;
    }
    longest = longest.max(bytes.len() - start);
    let returns = memchr::memchr_iter(b'\r', bytes).count() as u32;
    let eol = match (feeds - pairs > 0, pairs > 0, returns > pairs) {
        (false, false, false) => "none",
        (true, false, false) => "lf",
        (false, true, false) => "crlf",
        (false, false, true) => "cr",
        _ => "mixed",
    };
    Lines { count: feeds + u32::from(start < bytes.len()), eol, longest: longest as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> String {
        encoding(bytes).name()
    }

    #[test]
    fn marks_name_the_encoding() {
        assert_eq!(name(b"\xEF\xBB\xBFa"), "utf-8-bom");
        assert_eq!(name(b"\xFF\xFEa\0"), "utf-16le");
        assert_eq!(name(b"\xFE\xFF\0a"), "utf-16be");
        assert_eq!(name(b"\xFF\xFE\0\0a\0\0\0"), "binary");
    }

    #[test]
    fn text_without_a_mark_is_told_by_its_bytes() {
        assert_eq!(name(b""), "utf-8");
        assert_eq!(name("fn é() {}".as_bytes()), "utf-8");
        assert_eq!(name(b"char *s = \"caf\xe9\"; /* d\xe9j\xe0 vu */"), "windows-1252");
        let sjis = "/* \u{65e5}\u{672c}\u{8a9e}\u{306e}\u{30c6}\u{30ad}\u{30b9}\u{30c8} */";
        assert_eq!(name(&encoding_rs::SHIFT_JIS.encode(sjis).0), "shift_jis");
        let wide: Vec<u8> = "fn main() {}\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(name(&wide), "utf-16be");
    }

    #[test]
    fn a_nul_near_the_start_is_binary_and_a_late_one_is_not() {
        assert_eq!(name(b"MZ\0\x01\x02\0\0"), "binary");
        let mut late = vec![b'a'; BINARY_WINDOW];
        late.push(0);
        assert_eq!(name(&late), "utf-8");
    }

    #[test]
    fn lines_are_counted_at_line_feeds() {
        let of = |text: &str| {
            let lines = lines(text.as_bytes());
            (lines.count, lines.eol, lines.longest)
        };
        assert_eq!(of(""), (0, "none", 0));
        assert_eq!(of("a"), (1, "none", 1));
        assert_eq!(of("a\nbcd"), (2, "lf", 3));
        assert_eq!(of("a\r\nb\r\n"), (2, "crlf", 2));
        assert_eq!(of("a\rb\r"), (1, "cr", 4));
        assert_eq!(of("a\nb\r\n"), (2, "mixed", 2));
        assert_eq!(of("\n\n"), (2, "lf", 0));
    }
}
