//! Attributes that hide behind macros, taken out of the parser's sight.
//!
//! `static __always_inline __alloc_size(1) void *kmalloc(size_t n)` is no C before the preprocessor has run, and a
//! grammar that has to guess takes `__alloc_size` for the function. The parser is given the same text with blanks
//! in the place of such words, so that every offset stays; names and signatures are read from the text itself.

use std::borrow::Cow;

use memchr::memmem;

use crate::nodes::extract::spec::Attributes;

/// Longest argument list of an attribute, in bytes.
const ARGUMENTS: usize = 256;

/// What every attribute begins with.
const MARK: &[u8] = b"__";

/// `bytes` with blanks for each attribute outside preprocessor directives, or without actions of templates.
pub(super) fn attributes<'a>(known: &Attributes, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    if known.templates {
        return super::template::without_actions(bytes);
    }
    if known.plain.is_empty() && known.called.is_empty() {
        return Cow::Borrowed(bytes);
    }
    let marks = memmem::Finder::new(MARK);
    let mut out = Cow::Borrowed(bytes);
    let (mut at, mut lines) = (0, Lines::default());
    while let Some(found) = marks.find(bytes.get(at..).unwrap_or_default()) {
        let start = at + found;
        at = match lines.directive(bytes, start) {
            Some(end) => end,
            None => of_word(known, bytes, start, &mut out),
        };
    }
    out
}

/// The line that was asked about last.
#[derive(Default)]
struct Lines {
    start: usize,
    /// Behind its line feed.
    end: usize,
    directive: bool,
}

impl Lines {
    /// The end of the line that holds `at`, where it belongs to a preprocessor directive: it begins with `#`, or continues
    /// such a line. Asked in rising order, so that no line is read twice.
    fn directive(&mut self, bytes: &[u8], at: usize) -> Option<usize> {
        if at >= self.end {
            self.seek(bytes, at);
        }
        self.directive.then_some(self.end)
    }

    fn seek(&mut self, bytes: &[u8], at: usize) {
        let known = (self.end, self.directive && continues(bytes.get(self.start..self.end).unwrap_or_default()));
        let before = |upto: usize| {
            let text = bytes.get(known.0..upto).unwrap_or_default();
            memchr::memrchr(b'\n', text).map_or(known.0, |feed| known.0 + feed + 1)
        };
        let behind = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default());
        self.start = before(at);
        self.end = behind.map_or(bytes.len(), |feed| at + feed + 1);
        let mut first = self.start;
        self.directive = loop {
            if bytes.get(first..self.end).unwrap_or_default().trim_ascii_start().starts_with(b"#") {
                break true;
            }
            if first <= known.0 {
                break known.1;
            }
            let above = before(first - 1);
            if !continues(bytes.get(above..first).unwrap_or_default()) {
                break false;
            }
            first = above;
        };
    }
}

/// Does a line go on behind its line feed?
fn continues(line: &[u8]) -> bool {
    line.trim_ascii_end().ends_with(b"\\")
}

/// Blanks the attribute that begins with the mark at `start`, if one does; gives where to go on.
fn of_word(known: &Attributes, bytes: &[u8], start: usize, out: &mut Cow<'_, [u8]>) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let end = start + rest.iter().take_while(|b| is_word(**b)).count();
    if start.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|b| is_word(*b)) {
        return end;
    }
    let word = bytes.get(start..end).unwrap_or_default();
    let called = next(bytes, end).is_some_and(|at| bytes.get(at) == Some(&b'('));
    let upto = match () {
        () if !called && holds(known.plain, word) => Some(end),
        () if called && holds(known.called, word) => arguments(bytes, start, end),
        () => None,
    };
    let Some(upto) = upto else { return end };
    for byte in out.to_mut().get_mut(start..upto).unwrap_or_default() {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    upto
}

fn holds(words: &[&str], word: &[u8]) -> bool {
    words.iter().any(|known| known.as_bytes() == word)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The first byte from `at` that is no blank.
fn next(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.iter().take(ARGUMENTS);
    Some(at + rest.take_while(|b| b.is_ascii_whitespace()).count())
}

/// Behind the arguments of the attribute at `start..end`; `None` where the text looks like a call: a statement of
/// its own, or with a string in it.
fn arguments(bytes: &[u8], start: usize, end: usize) -> Option<usize> {
    let open = next(bytes, end)?;
    let mut depth = 0_u32;
    let mut close = None;
    for (at, byte) in bytes.get(open..)?.iter().take(ARGUMENTS).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' | b'{' | b'}' | b'"' => return None,
            _ => {}
        }
        if depth == 0 {
            close = Some(open + at + 1);
            break;
        }
    }
    let close = close?;
    let behind = next(bytes, close).and_then(|at| bytes.get(at)).copied()?;
    let before = bytes.get(..start)?.iter().rev().take(ARGUMENTS).find(|b| !b.is_ascii_whitespace()).copied();
    let continues = before.is_some_and(|b| is_word(b) || matches!(b, b')' | b']' | b'}' | b'*'));
    (is_word(behind) || behind == b'*' || continues).then_some(close)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    static KNOWN: Attributes = Attributes { plain: &["__init", "__packed"], called: &["__printf"], templates: false };

    fn blanked(text: &str) -> String {
        String::from_utf8(attributes(&KNOWN, text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn attributes_become_blanks_of_the_same_length() {
        for (text, expected) in [
            ("int __init f(void)", "int        f(void)"),
            ("__printf(1, 2) void f(const char *)", "               void f(const char *)"),
            ("struct a { int b; } __packed;", "struct a { int b; }         ;"),
            ("void f(int) __printf(1,\n 2);", "void f(int)            \n   ;"),
        ] {
            assert_eq!(blanked(text), expected);
        }
    }

    #[test]
    fn what_only_looks_like_an_attribute_stays() {
        for text in [
            "#define __init __section(\".init\")\n",
            "#define f(x) \\\n  int __init x\n",
            "int a__init, __init2;",
            "{ __printf(1, 2); }",
            "x = y; __printf(\"%d\", 2) z",
            "__init(x)",
        ] {
            assert_eq!(blanked(text), text);
        }
    }

    #[test]
    fn a_directive_ends_with_its_last_continued_line() {
        assert_eq!(blanked("#define a \\\n __init\nint __init b;"), "#define a \\\n __init\nint        b;");
    }

    proptest! {
        #[test]
        fn blanks_keep_every_line_and_every_offset(
            text in "(__init|__packed|__printf|[a(){};*#\\\\\n ]|1){0,40}",
        ) {
            let out = blanked(&text);
            prop_assert_eq!(out.len(), text.len());
            for (new, old) in out.bytes().zip(text.bytes()) {
                prop_assert!(new == old || (new == b' ' && old != b'\n'));
            }
            prop_assert_eq!(blanked(&out), out.clone());
        }
    }
}
