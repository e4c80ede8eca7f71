//! The one sanitizer: text that came from files (names, lines, messages about them) on its way to a terminal.
//!
//! A terminal obeys what it prints. A file name may hold an escape sequence that rewrites the screen, a source line
//! a bidirectional override that shows other code than it runs. Nothing of that kind passes; it is shown instead,
//! `␛` for the escape character and `\u{…}` for the rest. JSON keeps every character, written with its own escapes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// A name or message: one line, tabs shown as a space.
pub fn name(text: &str) -> Cow<'_, str> {
    clean(text, " ")
}

/// One line of a file, without its line end: tabs become four spaces.
pub fn line(text: &str) -> Cow<'_, str> {
    clean(text, "    ")
}

/// Text of several lines: line ends stay, each line is cleaned.
pub fn lines(text: &str) -> String {
    text.split('\n').map(|part| line(part.strip_suffix('\r').unwrap_or(part))).collect::<Vec<_>>().join("\n")
}

/// Text of several lines as it is to be read by programs, too: tabs and line ends stay.
pub fn source(text: &str) -> String {
    let line = |part: &str| clean(part.strip_suffix('\r').unwrap_or(part), "\t").into_owned();
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Bytes of a file in which positions must stay: whatever may not pass becomes as many `?` as it had bytes. Line
/// feeds and tabs stay; a carriage return before a line feed becomes a space.
pub fn in_place(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        let mut chars = chunk.valid().chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\r' && chars.peek() == Some(&'\n') {
                out.push(b' ');
            } else if is_dangerous(c) && !matches!(c, '\n' | '\t') {
                out.extend(std::iter::repeat_n(b'?', c.len_utf8()));
            } else {
                out.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        out.extend(std::iter::repeat_n(b'?', chunk.invalid().len()));
    }
    out
}

/// JSON in which the same characters, and the invisible joiners with them, stand as `\uXXXX`: the value is the same,
/// and no byte of it acts on a terminal. Outside strings JSON is ASCII, so that escapes never stand where they may not.
/// Line ends between tokens stay.
pub fn json(text: &str) -> Cow<'_, str> {
    let escaped = |c: char| c != '\n' && (is_dangerous(c) || matches!(c, '\u{200c}' | '\u{200d}'));
    if !text.chars().any(escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if escaped(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing into a `String` cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn clean<'a>(text: &'a str, tab: &str) -> Cow<'a, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push_str(tab),
            '\u{1b}' => out.push('␛'),
            c if is_dangerous(c) => {
                // Writing into a `String` cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Characters that act on a terminal or hide text, and are not needed to write any language: controls (C0, DEL, C1),
/// line and paragraph separators, bidirectional marks and overrides, invisible operators, tags.
/// Source: Unicode 16, general categories Cc, Zl, Zp and the `Bidi_Control` property; UTS #39, section 3.1.
fn is_dangerous(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{2028}' | '\u{2029}'
        | '\u{ad}' | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_would_act_on_a_terminal_is_shown_instead() {
        assert_eq!(name("a\u{1b}[31mred"), "a␛[31mred");
        assert_eq!(name("two\nlines"), "two\\u{a}lines");
        assert_eq!(name("bell\u{7}, csi \u{9b}2J"), "bell\\u{7}, csi \\u{9b}2J");
        assert_eq!(name("if (\u{202e}admin"), "if (\\u{202e}admin");
    }

    #[test]
    fn text_of_every_language_passes_untouched() {
        for text in ["grüße", "日本語", "עברית", "می‌خواهم", "👩‍🚀", "\\u{1b} written out"] {
            assert!(matches!(name(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_ends_and_lose_carriage_returns() {
        assert_eq!(lines("a\tb\r\nc\rd\n"), "a    b\nc\\u{d}d\n");
        assert_eq!(source("a\tb\r\nc\rd\n"), "a\tb\nc\\u{d}d\n");
    }

    #[test]
    fn json_is_escaped_beyond_the_basic_plane() {
        assert_eq!(
            json("[\"a\u{7f}\u{9b}\u{202e}\u{200d}\u{e0041}é\"]\n"),
            "[\"a\\u007f\\u009b\\u202e\\u200d\\udb40\\udc41é\"]\n"
        );
        assert!(matches!(json("{\"a\":\"grüße\"}\n"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn escaped_json_is_the_same_value_without_a_raw_control_character(
            texts in proptest::collection::vec(any::<String>(), 0..4),
            bad in proptest::collection::vec(prop_oneof![0u32..0xa0, 0x2000u32..0x2070, 0xe0000u32..0xe0080], 0..6),
        ) {
            let bad: String = bad.into_iter().filter_map(char::from_u32).collect();
            let object: serde_json::Map<_, _> = texts.iter().map(|t| (format!("{bad}{t}"), serde_json::json!([t, bad]))).collect();
            let value = serde_json::Value::from(object);
            let text = format!("{value}\n");
            let written = json(&text);
            prop_assert!(!written.chars().any(|c| c != '\n' && (c.is_control() || is_dangerous(c))), "{written:?}");
            prop_assert_eq!(written.matches('\n').count(), 1);
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
        }

        #[test]
        fn no_raw_control_character_survives(text in any::<String>(), at in 0usize..40, bad in 0u32..0xa0) {
            let mut text: Vec<char> = text.chars().collect();
            text.insert(at.min(text.len()), char::from_u32(bad).unwrap());
            let text: String = text.into_iter().collect();
            for cleaned in [name(&text), line(&text)] {
                prop_assert!(!cleaned.chars().any(|c| c.is_control() || is_dangerous(c)), "{cleaned:?}");
            }
            prop_assert!(!lines(&text).chars().any(|c| c != '\n' && is_dangerous(c)));
        }

        #[test]
        fn cleaning_in_place_moves_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let cleaned = in_place(&bytes);
            prop_assert_eq!(cleaned.len(), bytes.len());
            let text = String::from_utf8(cleaned).unwrap();
            prop_assert!(!text.chars().any(|c| is_dangerous(c) && !matches!(c, '\n' | '\t')));
            let ends = |b: &[u8]| b.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at).collect::<Vec<_>>();
            prop_assert_eq!(ends(text.as_bytes()), ends(&bytes));
        }
    }
}
