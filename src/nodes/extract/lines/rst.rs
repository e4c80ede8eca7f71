//! reStructuredText: sections by their underlines, code by its directives.
//!
//! A title is a line over a line of one punctuation mark, or between two such lines. Which mark stands for which level is
//! up to the document: the order of their first appearance decides (Docutils, *reStructuredText Markup Specification*,
//! "Sections"). Titles are never indented, so that everything that hides one (directives, literal blocks, quotations) is
//! passed over by its indentation.

use crate::nodes::extract::embed::{self, Embedded};

use super::found::Found;
use super::line::{Line, lines, ruler, width};

/// A mark shorter than its title is still one from so many characters on.
const SURE: usize = 4;
/// Directives whose content is code in the language of their argument.
const CODE: [&[u8]; 4] = [b"code", b"code-block", b"sourcecode", b"raw"];

/// Reads a document.
pub(super) fn read(found: &mut Found<'_>) {
    let lines = lines(found.bytes, found.start);
    let mut styles: Vec<(u8, bool)> = Vec::new();
    // Of literal blocks, as the directive `highlight` says.
    let mut highlighted = None;
    let mut at = 0;
    let mut open = true;
    while let Some(line) = lines.get(at) {
        if let Some(title) = title(&lines, at, open) {
            let known = styles.iter().position(|style| *style == title.style);
            let level = known.unwrap_or_else(|| {
                styles.push(title.style);
                styles.len() - 1
            });
            found.heading(level + 1, title.text, line.start, title.end);
            at += title.lines;
            open = true;
            continue;
        }
        open = line.is_blank();
        at += 1;
        let (language, named) = match directive(line) {
            Some((b"highlight", word)) => {
                highlighted = embed::language(word);
                continue;
            }
            Some((name, word)) if CODE.contains(&name) => (embed::language(word), word),
            None if line.text.ends_with(b"::") => (highlighted, &b""[..]),
            Some(_) | None => continue,
        };
        let body = content(&lines, at, line.indent());
        if let (Some(first), Some(last)) = (lines.get(body.0), body.1.checked_sub(1).and_then(|at| lines.get(at)))
            && body.0 < body.1
        {
            let inside = lines.get(body.0..body.1).unwrap_or_default();
            let code = language.and_then(|language| code(found.bytes, language, inside));
            found.element("block", named, (line.start, last.end), first.start, code);
            at = body.1;
            open = true;
        }
    }
}

struct Title<'a> {
    text: &'a [u8],
    /// Its mark; is there one above, too?
    style: (u8, bool),
    lines: usize,
    /// Offset behind it.
    end: usize,
}

/// The title that starts at line `at`; `open`: nothing that it could go on with stands directly above.
fn title<'a>(lines: &[Line<'a>], at: usize, open: bool) -> Option<Title<'a>> {
    let (first, second) = (lines.get(at)?, lines.get(at + 1)?);
    if first.is_blank() || !open {
        return None;
    }
    if let Some(mark) = ruler(first.text) {
        let third = lines.get(at + 2)?;
        let fits = third.text == first.text && covers(first.text, second.inner()) && !second.is_blank();
        let title = Title { text: second.inner(), style: (mark, true), lines: 3, end: third.end };
        return (fits && ruler(second.text).is_none()).then_some(title);
    }
    let mark = ruler(second.text)?;
    let plain = first.indent() == 0 && !first.text.starts_with(b".. ") && covers(second.text, first.text);
    plain.then_some(Title { text: first.text, style: (mark, false), lines: 2, end: second.end })
}

fn covers(mark: &[u8], title: &[u8]) -> bool {
    mark.len() >= width(title) || mark.len() >= SURE
}

/// The name and the argument of the directive on `line`.
fn directive<'a>(line: &Line<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let rest = line.inner().strip_prefix(b".. ")?.trim_ascii_start();
    let colons = memchr::memmem::find(rest, b"::")?;
    let (name, argument) = rest.split_at_checked(colons)?;
    let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.' | b'+');
    (!name.is_empty() && name.iter().all(word)).then_some((name, argument.get(2..)?.trim_ascii()))
}

/// The lines, from `at` on, that are indented more than `indent`: without options and blank lines at both ends.
fn content(lines: &[Line<'_>], at: usize, indent: usize) -> (usize, usize) {
    let inside = |line: &Line<'_>| line.is_blank() || line.indent() > indent;
    let upto = at + lines.get(at..).unwrap_or_default().iter().take_while(|line| inside(line)).count();
    let within = |range: std::ops::Range<usize>| lines.get(range).unwrap_or_default();
    let options = within(at..upto).iter().take_while(|line| line.inner().starts_with(b":")).count();
    let first = at + options;
    let blank = within(first..upto).iter().take_while(|line| line.is_blank()).count();
    let tail = within(first + blank..upto).iter().rev().take_while(|line| line.is_blank()).count();
    (first + blank, upto - tail)
}

/// The region that `lines` are, without the indentation that all of them share.
fn code(bytes: &[u8], language: &'static str, lines: &[Line<'_>]) -> Option<Embedded> {
    let blanks = |line: &Line<'_>| line.text.len() - line.inner().len();
    let shared = lines.iter().filter(|line| !line.is_blank()).map(blanks).min()?;
    let (first, last) = (lines.first()?, lines.last()?);
    let range = |line: &Line<'_>| ((line.start + shared.min(line.text.len())) as u32, line.end as u32);
    let ranges = lines.iter().map(range).collect();
    Some(Embedded::new(language, "block", first.start, last.end, bytes)?.example().ranges(ranges))
}
