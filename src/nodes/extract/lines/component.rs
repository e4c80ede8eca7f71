//! Components of Vue and Svelte: a few blocks around scripts, styles and markup.
//!
//! A component of Vue is its top-level blocks, each from a tag to its end (Vue's *SFC Syntax Specification*); what stands
//! inside one is text, and only a `<template>` of HTML may hold tags of its own name. A component of Svelte is markup with
//! scripts and styles in it. As in HTML, a script ends at the first `</script`, even inside a string.

use crate::nodes::extract::embed::{self, Embedded};

use super::found::Found;

/// Longest tag, in bytes.
const TAG: usize = 4 << 10;

/// A start tag.
struct Tag<'a> {
    name: &'a [u8],
    start: usize,
    end: usize,
    /// `<name/>`.
    closed: bool,
    lang: Option<&'a [u8]>,
    kind: Option<&'a [u8]>,
}

pub(super) fn vue(found: &mut Found<'_>) {
    let bytes = found.bytes;
    let mut at = found.start;
    while let Some(open) = next(bytes, at) {
        at = match comment(bytes, open).or_else(|| block(found, open, true)) {
            Some(end) => end,
            None => open + 1,
        };
    }
}

pub(super) fn svelte(found: &mut Found<'_>) {
    let bytes = found.bytes;
    let mut at = found.start;
    while let Some(open) = next(bytes, at) {
        let known = is_tag(bytes, open, b"script") || is_tag(bytes, open, b"style");
        let end = comment(bytes, open).or_else(|| if known { block(found, open, false) } else { None });
        at = end.unwrap_or(open + 1);
    }
}

/// The next `<`.
fn next(bytes: &[u8], at: usize) -> Option<usize> {
    memchr::memchr(b'<', bytes.get(at..)?).map(|found| at + found)
}

/// The offset behind the comment that begins at `at`.
fn comment(bytes: &[u8], at: usize) -> Option<usize> {
    let rest = bytes.get(at..)?.strip_prefix(b"<!--")?;
    Some(memchr::memmem::find(rest, b"-->").map_or(bytes.len(), |end| at + 4 + end + 3))
}

/// Takes in the block that begins at `at`; gives the offset behind it.
fn block(found: &mut Found<'_>, at: usize, templates: bool) -> Option<usize> {
    let bytes = found.bytes;
    let tag = tag(bytes, at)?;
    if tag.closed {
        return Some(tag.end);
    }
    let (kind, language) = match tag.name.to_ascii_lowercase().as_slice() {
        b"script" => ("script", embed::script(tag.kind, tag.lang)),
        b"style" => ("style", embed::style(tag.kind, tag.lang)),
        b"template" => ("template", embed::language(tag.lang.unwrap_or(b"html"))),
        b"i18n" => ("block", embed::language(tag.lang.unwrap_or(b"json"))),
        b"docs" => ("block", embed::language(tag.lang.unwrap_or(b"markdown"))),
        _ => ("block", tag.lang.and_then(embed::language)),
    };
    let nests = templates && kind == "template" && language == embed::language(b"html");
    let content = if nests { template_end(bytes, tag.end) } else { raw_end(bytes, tag.end, tag.name) };
    let (content, end) = match content {
        Some(close) => {
            let rest = bytes.get(close..).unwrap_or_default();
            (close, memchr::memchr(b'>', rest).map_or(bytes.len(), |at| close + at + 1))
        }
        None => (bytes.len(), bytes.len()),
    };
    let region = language.and_then(|language| Embedded::new(language, kind, tag.end, content, bytes));
    // Markup with directives is not quite HTML.
    let region = if kind == "template" { region.map(Embedded::example) } else { region };
    found.element(kind, tag.name, (tag.start, end), tag.end, region);
    Some(end)
}

/// Does `<name`, in any letter case, stand at `at`?
fn is_tag(bytes: &[u8], at: usize, name: &[u8]) -> bool {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let behind = rest.get(name.len());
    let ends = behind.is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
    ends && rest.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name))
}

/// Where `</name` begins, from `at` on.
fn raw_end(bytes: &[u8], mut at: usize, name: &[u8]) -> Option<usize> {
    loop {
        let open = next(bytes, at)?;
        if bytes.get(open + 1) == Some(&b'/') && is_tag(bytes, open + 1, name) {
            return Some(open);
        }
        at = open + 1;
    }
}

/// Where the `</template` begins that belongs to the template whose content begins at `at`.
fn template_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    loop {
        let open = next(bytes, at)?;
        at = comment(bytes, open).unwrap_or(open + 1);
        if bytes.get(open + 1) == Some(&b'/') && is_tag(bytes, open + 1, b"template") {
            if depth == 0 {
                return Some(open);
            }
            depth -= 1;
        } else if is_tag(bytes, open, b"template")
            && let Some(inner) = tag(bytes, open)
        {
            depth += u32::from(!inner.closed);
            at = inner.end;
        }
    }
}

/// The start tag at `at`.
fn tag(bytes: &[u8], at: usize) -> Option<Tag<'_>> {
    let rest = bytes.get(at + 1..bytes.len().min(at + TAG))?;
    let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':')).count();
    let name = rest.get(..length).filter(|name| name.first().is_some_and(u8::is_ascii_alphabetic))?;
    let mut tag = Tag { name, start: at, end: at, closed: false, lang: None, kind: None };
    let mut rest = rest.get(length..)?;
    loop {
        rest = rest.trim_ascii_start();
        match rest {
            [] => return None,
            [b'>', tail @ ..] => {
                tag.end = bytes.len().min(at + TAG) - tail.len();
                return Some(tag);
            }
            [b'/', tail @ ..] => {
                tag.closed = tail.first() == Some(&b'>');
                rest = tail;
            }
            _ => {
                let (name, value, tail) = attribute(rest)?;
                match name {
                    b"lang" => tag.lang = value,
                    b"type" => tag.kind = value,
                    _ => {}
                }
                rest = tail;
            }
        }
    }
}

/// An attribute's name and value, and what follows it.
type Attribute<'a> = (&'a [u8], Option<&'a [u8]>, &'a [u8]);

/// The attribute at the start of `rest`.
fn attribute(rest: &[u8]) -> Option<Attribute<'_>> {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'=' | b'>' | b'/');
    // An `=` in front is part of the name.
    let length = 1 + rest.iter().skip(1).take_while(|b| !ends(b)).count();
    let (name, tail) = rest.split_at_checked(length)?;
    let Some(value) = tail.trim_ascii_start().strip_prefix(b"=") else { return Some((name, None, tail)) };
    let value = value.trim_ascii_start();
    if let [quote @ (b'"' | b'\''), inner @ ..] = value {
        let end = memchr::memchr(*quote, inner)?;
        return Some((name, inner.get(..end), inner.get(end + 1..)?));
    }
    let end = value.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(value.len());
    let (value, tail) = value.split_at_checked(end)?;
    Some((name, Some(value), tail))
}
