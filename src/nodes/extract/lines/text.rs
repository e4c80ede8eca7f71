//! Plain text: titles only where a line of `=` or `-` underlines one and nothing else stands near.

use super::found::Found;
use super::line::{Line, lines, ruler, width};

/// Shortest underline.
const LEAST: usize = 3;

/// Reads a text.
pub(super) fn read(found: &mut Found<'_>) {
    let lines = lines(found.bytes, found.start);
    for (at, line) in lines.iter().enumerate() {
        let near = |at: Option<usize>| at.and_then(|at| lines.get(at));
        let blank = |line: Option<&Line<'_>>| line.is_none_or(Line::is_blank);
        let Some(under) = near(at.checked_add(1)) else { continue };
        let level = match ruler(under.text) {
            Some(b'=') => 1,
            Some(b'-') => 2,
            _ => continue,
        };
        let length = under.text.len();
        let fits = length >= LEAST && width(line.text).abs_diff(length) <= 1;
        let title = !line.is_blank() && line.indent() == 0 && ruler(line.text).is_none();
        if fits && title && blank(near(at.checked_sub(1))) && blank(near(at.checked_add(2))) {
            found.heading(level, line.text, line.start, under.end);
        }
    }
}
