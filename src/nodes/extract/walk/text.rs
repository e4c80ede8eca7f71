//! Text for people: one line, bounded.

use std::borrow::Cow;

use crate::nodes::extract::spec::Text;

/// Longest name, in bytes.
pub(super) const NAME_BYTES: usize = 512;
/// Longest part of a qualified name before the name itself, in bytes.
pub(super) const PREFIX_BYTES: usize = 1024;
/// Longest signature, in characters.
const SIGNATURE_CHARS: usize = 300;

/// The longest beginning of `text` of at most `bytes` bytes.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// `bytes` as text on one line: white space folded, at most `chars` characters, what is no UTF-8 replaced.
pub(in crate::nodes::extract) fn fold(bytes: &[u8], chars: usize) -> String {
    // A character has at most four bytes, and heads are mostly dense: so much is enough for almost any.
    let window = bytes.get(..bytes.len().min(chars * 8)).unwrap_or(bytes);
    let text = String::from_utf8_lossy(window);
    let mut out = String::with_capacity(window.len().min(chars));
    let mut count = 0;
    for word in text.split_whitespace() {
        if count > 0 {
            out.push(' ');
            count += 1;
        }
        for c in word.chars() {
            if count >= chars {
                return out;
            }
            out.push(c);
            count += 1;
        }
    }
    out
}

/// The head of a definition on one line, without what introduces its body.
pub(super) fn signature(head: &[u8]) -> String {
    let mut out = fold(head, SIGNATURE_CHARS);
    let kept = out.trim_end_matches([' ', ';', '{', ':', ',']);
    let kept = if kept.ends_with("=>") { kept } else { kept.trim_end_matches([' ', '=']) };
    out.truncate(kept.len());
    out
}

/// A text of `bytes` as one line of at most [`NAME_BYTES`].
pub(super) fn name<'a>(text: &'a Text, bytes: &'a [u8]) -> Cow<'a, str> {
    match text {
        Text::Fixed(text) => Cow::Borrowed(text),
        Text::Made(text) => line(text.as_bytes()),
        Text::Span(start, end) => span(bytes, *start, *end),
    }
}

/// A stretch of `bytes` as one line of at most [`NAME_BYTES`].
pub(super) fn span(bytes: &[u8], start: u32, end: u32) -> Cow<'_, str> {
    line(bytes.get(start as usize..end as usize).unwrap_or_default())
}

fn line(made: &[u8]) -> Cow<'_, str> {
    if made.iter().any(u8::is_ascii_whitespace) {
        let folded = fold(made, NAME_BYTES);
        return Cow::Owned(cut(&folded, NAME_BYTES).to_owned());
    }
    let window = made.get(..made.len().min(NAME_BYTES + 4)).unwrap_or(made);
    match String::from_utf8_lossy(window) {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text, NAME_BYTES)),
        Cow::Owned(text) => Cow::Owned(cut(&text, NAME_BYTES).to_owned()),
    }
}
