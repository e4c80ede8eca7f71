//! Templates of another language in a file: Helm's charts are YAML only once Go's templates have run.
//!
//! The parser is given the same bytes with something harmless in the place of each action `{{ … }}`: blanks where actions
//! are all that is on their lines, else a word. Every offset stays, and names are read from the text itself.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

/// Longest action, in bytes.
const ACTION: usize = 4096;

/// `bytes` without actions.
pub(super) fn without_actions(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut out = Cow::Borrowed(bytes);
    let mut at = 0;
    while let Some(first) = next(bytes, at) {
        at = first.end;
        // Actions beside each other stand on their lines together.
        let mut row = vec![first];
        while let Some(more) =
            next(bytes, at).filter(|more| blank(bytes, at..more.start) && !breaks(bytes, at..more.start))
        {
            at = more.end;
            row.push(more);
        }
        let (start, end) = (row.first().map_or(at, |r| r.start), at);
        let line = memchr::memrchr(b'\n', bytes.get(..start).unwrap_or_default()).map_or(0, |at| at + 1);
        let rest = bytes.get(end..).unwrap_or_default();
        let behind = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let alone = blank(bytes, line..start) && blank(bytes, end..end + behind);
        let filler = if alone { b' ' } else { b'x' };
        for action in row {
            for byte in out.to_mut().get_mut(action).unwrap_or_default() {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = filler;
                }
            }
        }
    }
    out
}

/// The next action from `at`. `${{ … }}` is an expression that YAML holds as it is.
fn next(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let mut at = at;
    loop {
        let start = at + memmem::find(bytes.get(at..)?, b"{{")?;
        at = start + 2;
        let is_expression = start.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'$');
        let inside = bytes.get(at..bytes.len().min(at + ACTION)).unwrap_or_default();
        if let Some(end) = memmem::find(inside, b"}}").filter(|_| !is_expression) {
            return Some(start..at + end + 2);
        }
    }
}

fn blank(bytes: &[u8], range: Range<usize>) -> bool {
    bytes.get(range).unwrap_or_default().trim_ascii().is_empty()
}

fn breaks(bytes: &[u8], range: Range<usize>) -> bool {
    bytes.get(range).unwrap_or_default().contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seen(text: &str) -> String {
        String::from_utf8(without_actions(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn actions_alone_on_their_lines_are_blanks_and_others_a_word() {
        for (text, expected) in [
            ("{{- if .a }}\nname: {{ .b }}-c\n{{- end }}", "            \nname: xxxxxxxx-c\n          "),
            ("  {{ .a }} {{ .b }}\n", "                   \n"),
            ("{{/* a\n b */}}\n", "      \n       \n"),
            ("a: \"{{ .x | default \"y\" }}\"", "a: \"xxxxxxxxxxxxxxxxxxxxxx\""),
        ] {
            assert_eq!(seen(text), expected);
        }
    }

    #[test]
    fn expressions_of_workflows_and_what_has_no_end_stay() {
        for text in ["if: ${{ matrix.os }}", "a: {{ b", "{a: {b: c}}", "}} {{"] {
            assert_eq!(seen(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_line_and_every_offset_stays(text in "([{}]{1,3}|[$a:é\n ]|\\{\\{ a \\}\\}){0,40}") {
            let out = without_actions(text.as_bytes());
            prop_assert_eq!(out.len(), text.len());
            let breaks = |bytes: &[u8]| memchr::memchr_iter(b'\n', bytes).collect::<Vec<_>>();
            prop_assert_eq!(breaks(&out), breaks(text.as_bytes()));
            prop_assert!(std::str::from_utf8(&out).is_ok());
        }
    }
}
