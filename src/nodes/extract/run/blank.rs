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
    if known.plain.is_empty() && known.called.is_empty() || memmem::find(bytes, MARK).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Cow::Borrowed(bytes);
    let (mut start, mut directive) = (0, false);
    while start < bytes.len() {
        let end =
            memchr::memchr(b'\n', bytes.get(start..).unwrap_or_default()).map_or(bytes.len(), |at| start + at + 1);
        let line = bytes.get(start..end).unwrap_or_default();
        directive = directive || line.trim_ascii_start().starts_with(b"#");
        if !directive {
            of_line(known, bytes, start..end, &mut out);
        }
        directive = directive && line.trim_ascii_end().ends_with(b"\\");
        start = end;
    }
    out
}

fn of_line(known: &Attributes, bytes: &[u8], line: std::ops::Range<usize>, out: &mut Cow<'_, [u8]>) {
    let mut at = line.start;
    while let Some(found) = memmem::find(bytes.get(at..line.end).unwrap_or_default(), MARK) {
        let start = at + found;
        let rest = bytes.get(start..).unwrap_or_default();
        let end = start + rest.iter().take_while(|b| is_word(**b)).count();
        at = end;
        if start.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|b| is_word(*b)) {
            continue;
        }
        let word = bytes.get(start..end).unwrap_or_default();
        let called = next(bytes, end).is_some_and(|at| bytes.get(at) == Some(&b'('));
        let upto = match () {
            () if !called && holds(known.plain, word) => Some(end),
            () if called && holds(known.called, word) => arguments(bytes, start, end),
            () => None,
        };
        let Some(upto) = upto else { continue };
        for byte in out.to_mut().get_mut(start..upto).unwrap_or_default() {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        at = upto;
    }
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
