//! AsciiDoc: sections by their `=`, code by its attributes.
//!
//! As the AsciiDoc Language Documentation has it: a heading is `==` and a title (or, older, a title over a line of `=`,
//! `-`, `~`, `^` or `+` of its length); lines of attributes above belong to it; between the delimiters of a block there is
//! none. Blocks of plain text run to their own delimiter; other blocks may hold blocks.

use crate::nodes::extract::embed::{self, Embedded};

use super::found::Found;
use super::line::{Line, lines, ruler, width};

/// Underlines of titles, by level.
const UNDERLINES: &[u8] = b"=-~^+";
const SOURCE_LANGUAGE: &[u8] = b":source-language:";

/// What the lines of attributes above a block say.
#[derive(Default)]
struct Above<'a> {
    start: Option<usize>,
    /// Is it code, and in which language?
    source: Option<&'a [u8]>,
    /// A heading that opens no section.
    discrete: bool,
}

/// Reads a document.
pub(super) fn read(found: &mut Found<'_>) {
    let lines = lines(found.bytes, found.start);
    let mut default: &[u8] = b"";
    let mut above = Above::default();
    // Delimiters of blocks that may hold blocks.
    let mut around: Vec<&[u8]> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let start = above.start.unwrap_or(line.start);
        if attributes(line, &mut above) {
            at += 1;
            continue;
        }
        let said = std::mem::take(&mut above);
        if let Some(title) = title(&lines, at) {
            if around.is_empty() && !said.discrete {
                found.heading(title.level, title.text, start, title.end);
            }
            at += title.lines;
            continue;
        }
        if let Some(language) = line.text.strip_prefix(SOURCE_LANGUAGE) {
            default = language.trim_ascii();
        }
        let source = said.source.map(|word| if word.is_empty() { default } else { word });
        at = match delimiter(line.text) {
            Some(Delimiter::Text) => verbatim(found, &lines, at, start, source),
            Some(Delimiter::Blocks) => {
                match around.iter().rposition(|open| *open == line.text) {
                    Some(open) => around.truncate(open),
                    None => around.push(line.text),
                }
                at + 1
            }
            None => match source.filter(|_| !line.is_blank()) {
                Some(word) => paragraph(found, &lines, at, start, word),
                None => at + 1,
            },
        };
    }
}

/// Is `line` one of attributes, a title of a block, or an anchor? If so, `above` knows what it says.
fn attributes<'a>(line: &Line<'a>, above: &mut Above<'a>) -> bool {
    let titled = matches!(line.text, [b'.', next, ..] if !matches!(next, b' ' | b'.'));
    let list = line.text.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    let Some(list) = list else {
        if titled {
            above.start = above.start.or(Some(line.start));
        }
        return titled;
    };
    above.start = above.start.or(Some(line.start));
    let mut words = list.split(|b| *b == b',').map(<[u8]>::trim_ascii);
    let style = words.next().unwrap_or_default();
    let style = style.split(|b| matches!(b, b'%' | b'#' | b'.')).next().unwrap_or_default();
    match style {
        b"source" => above.source = Some(words.next().unwrap_or_default()),
        b"" => above.source = words.next().or(above.source),
        b"discrete" | b"float" => above.discrete = true,
        _ => {}
    }
    true
}

struct Title<'a> {
    level: usize,
    text: &'a [u8],
    lines: usize,
    end: usize,
}

fn title<'a>(lines: &[Line<'a>], at: usize) -> Option<Title<'a>> {
    let line = lines.get(at)?;
    let mark = *line.text.first()?;
    let marks = line.text.iter().take_while(|b| **b == mark).count();
    let rest = line.text.get(marks..)?;
    if matches!(mark, b'=' | b'#') && (1..=6).contains(&marks) && rest.starts_with(b" ") {
        return Some(Title { level: marks, text: rest.trim_ascii(), lines: 1, end: line.end });
    }
    let under = lines.get(at + 1)?;
    let level = UNDERLINES.iter().position(|b| ruler(under.text) == Some(*b))? + 1;
    let apart = at.checked_sub(1).and_then(|before| lines.get(before)).is_none_or(|before| {
        // A line of attributes may stand between.
        before.is_blank() || before.text.starts_with(b"[")
    });
    let word = !mark.is_ascii_punctuation() && !mark.is_ascii_whitespace();
    let fits = under.text.len() > 1 && width(line.text).abs_diff(under.text.len()) <= 1;
    (word && apart && fits).then_some(Title { level, text: line.text, lines: 2, end: under.end })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimiter {
    /// Around plain text.
    Text,
    /// Around blocks.
    Blocks,
}

fn delimiter(text: &[u8]) -> Option<Delimiter> {
    if text.starts_with(b"```") || matches!(text, [b'|' | b',' | b':' | b'!', b'=', b'=', b'=', ..]) {
        return Some(Delimiter::Text);
    }
    if text == b"--" {
        return Some(Delimiter::Blocks);
    }
    match ruler(text).filter(|_| text.len() >= 4)? {
        b'-' | b'.' | b'+' | b'/' => Some(Delimiter::Text),
        b'=' | b'*' | b'_' => Some(Delimiter::Blocks),
        _ => None,
    }
}

/// A block of plain text whose delimiter is line `at`; gives the line behind it.
fn verbatim(found: &mut Found<'_>, lines: &[Line<'_>], at: usize, start: usize, source: Option<&[u8]>) -> usize {
    let Some(open) = lines.get(at) else { return at + 1 };
    let fence = open.text.strip_prefix(b"```");
    let close = if fence.is_some() { b"```" } else { open.text };
    let inside = lines.get(at + 1..).unwrap_or_default();
    let count = inside.iter().take_while(|line| line.text != close).count();
    let end = inside.get(count).map_or(found.bytes.len(), |line| line.end);
    let body = inside.get(..count).unwrap_or_default();
    let is_code = matches!(open.text.first(), Some(b'-' | b'.' | b'`'));
    if let Some(word) = fence.filter(|word| !word.is_empty()).or(source).filter(|_| is_code) {
        block(found, (start, end), body, word);
    }
    at + 2 + count
}

/// A paragraph that is code; gives the line behind it.
fn paragraph(found: &mut Found<'_>, lines: &[Line<'_>], at: usize, start: usize, word: &[u8]) -> usize {
    let rest = lines.get(at..).unwrap_or_default();
    let count = rest.iter().take_while(|line| !line.is_blank()).count();
    let body = rest.get(..count).unwrap_or_default();
    if let Some(last) = body.last() {
        block(found, (start, last.end), body, word);
    }
    at + count
}

fn block(found: &mut Found<'_>, span: (usize, usize), body: &[Line<'_>], word: &[u8]) {
    let (Some(first), Some(last)) = (body.first(), body.last()) else { return };
    let language = embed::language(word);
    let code = language.and_then(|language| Embedded::new(language, "block", first.start, last.end, found.bytes));
    found.element("block", word, span, first.start, code.map(Embedded::example));
}
