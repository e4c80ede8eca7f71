//! The lines around an error, and the head of a file in characters that can be shown and read back.

use std::fmt::Write as _;

use crate::nodes::chunk::decoded;

/// Lines before and after the one that is wrong.
const AROUND: usize = 5;
/// Characters of a line that are kept.
const LINE_CHARS: usize = 400;
/// Bytes of a file's head that are kept.
const FIRST_BYTES: usize = 1 << 10;

/// A line and its neighbours, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Up to five lines.
    pub before: Vec<String>,
    pub text: String,
    pub after: Vec<String>,
    /// The first character of the line that is no blank, from 1; none in an empty line.
    pub column: Option<u32>,
}

/// Line number `line` (from 1) of a file with its neighbours; `None` where the file has no such line. What follows a final
/// line end is a line that an error may stand on: something is missing there.
pub fn excerpt(bytes: &[u8], encoding: &str, line: u32) -> Option<Excerpt> {
    if encoding.starts_with("utf-16") {
        return excerpt(decoded(bytes, encoding).as_bytes(), "utf-8", line);
    }
    let at = (line as usize).checked_sub(1)?;
    let first = at.saturating_sub(AROUND);
    let mut lines = bytes.split(|b| *b == b'\n').enumerate().skip(first).take(at - first + 1 + AROUND).peekable();
    let mut out = Excerpt::default();
    let mut found = false;
    while let Some((number, raw)) = lines.next() {
        // What follows a final line end is shown only where the error stands on it.
        let is_phantom = raw.is_empty() && lines.peek().is_none() && number > at;
        let text = || shown(raw, encoding, number == 0);
        match number.cmp(&at) {
            std::cmp::Ordering::Less => out.before.push(cut(&text())),
            std::cmp::Ordering::Equal => {
                let text = text();
                out.column = text.chars().position(|c| !c.is_whitespace()).and_then(|at| u32::try_from(at + 1).ok());
                out.text = cut(&text);
                found = true;
            }
            std::cmp::Ordering::Greater if is_phantom => {}
            std::cmp::Ordering::Greater => out.after.push(cut(&text())),
        }
    }
    found.then_some(out)
}

fn shown(raw: &[u8], encoding: &str, is_first: bool) -> String {
    let text = decoded(raw.strip_suffix(b"\r").unwrap_or(raw), encoding);
    match text.strip_prefix('\u{feff}').filter(|_| is_first) {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LINE_CHARS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// The head of a file: characters as they are, but control characters and bytes that are no UTF-8 as `\n`, `\r`, `\t` or
/// `\xNN`, and a backslash twice. [`unescaped`] is the way back.
pub fn escaped(bytes: &[u8]) -> String {
    let head = bytes.get(..FIRST_BYTES).unwrap_or(bytes);
    let mut out = String::with_capacity(head.len() + 16);
    // Writing to a string cannot fail.
    for chunk in head.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c.is_control() => c.encode_utf8(&mut [0; 4]).bytes().for_each(|b| {
                    let _ = write!(out, "\\x{b:02x}");
                }),
                c => out.push(c),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

/// The bytes that [`escaped`] was given, as far as it took them; `None` where the text is not of its form.
pub fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        out.push(match rest.next()? {
            '\\' => b'\\',
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'x' => {
                let (high, low) = (rest.next()?.to_digit(16)?, rest.next()?.to_digit(16)?);
                u8::try_from(high * 16 + low).ok()?
            }
            _ => return None,
        });
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(numbers: std::ops::RangeInclusive<u32>) -> Vec<String> {
        numbers.map(|n| format!("  line {n}")).collect()
    }

    #[test]
    fn five_lines_stand_before_and_after_as_far_as_there_are_any() {
        let text = lines(1..=20).join("\r\n") + "\r\n";
        let of = |line| excerpt(text.as_bytes(), "utf-8", line);
        let middle = of(10).unwrap();
        assert_eq!((middle.before, middle.after), (lines(5..=9), lines(11..=15)));
        assert_eq!((middle.text.as_str(), middle.column), ("  line 10", Some(3)));
        assert_eq!((of(1).unwrap().before, of(1).unwrap().after), (Vec::new(), lines(2..=6)));
        assert_eq!((of(20).unwrap().before, of(20).unwrap().after), (lines(15..=19), Vec::new()));
        let end = of(21).unwrap();
        assert_eq!((end.before, end.text.as_str(), end.column), (lines(16..=20), "", None));
        assert_eq!((of(0), of(22)), (None, None));
    }

    #[test]
    fn encodings_are_decoded_and_long_lines_cut() {
        let utf_16: Vec<u8> = "é\nü\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let found = excerpt(&utf_16, "utf-16le", 2).unwrap();
        assert_eq!((found.before, found.text), (vec!["é".to_owned()], "ü".to_owned()));
        assert_eq!(excerpt(b"\xe9t\xe9", "windows-1252", 1).unwrap().text, "été");
        assert_eq!(excerpt(b"\xef\xbb\xbfa\xff", "utf-8-bom", 1).unwrap().text, "a\u{fffd}");
        let long = excerpt("é".repeat(1000).as_bytes(), "utf-8", 1).unwrap().text;
        assert_eq!((long.chars().count(), long.ends_with('…')), (401, true));
    }

    proptest! {
        #[test]
        fn what_was_escaped_has_no_control_character_and_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..1500)) {
            let text = escaped(&bytes);
            prop_assert!(!text.contains(char::is_control), "{text}");
            prop_assert_eq!(unescaped(&text), Some(bytes[..bytes.len().min(1024)].to_vec()));
        }

        #[test]
        fn no_text_and_no_line_number_is_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), line in any::<u32>(), wide in any::<bool>()) {
            let encoding = if wide { "utf-16be" } else { "no such encoding" };
            let _ = excerpt(&bytes, encoding, line % 16);
            let _ = excerpt(&bytes, encoding, line);
            let _ = unescaped(&String::from_utf8_lossy(&bytes));
        }
    }
}
