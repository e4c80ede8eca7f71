//! Documentation without its comment markers.

/// Markers of line comments, the longer before those that they start with.
const LINE: [&str; 13] = ["///", "//!", "//", "---", "--|", "--", "##", "#'", "#", ";;;", ";;", "%%", "%"];
const OPEN: [&str; 6] = ["/**", "/*!", "/*", "<!--", "\"\"\"", "'''"];
const CLOSE: [&str; 5] = ["*/", "-->", "\"\"\"", "'''", "\""];

/// `comment` (one or several comments, or a string that documents) as plain text: markers, the stars that lead lines of
/// a block, and the indentation that all lines share are taken away; blank lines at both ends, too. The result is
/// language-independent: it goes by the markers themselves.
pub(super) fn plain(comment: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut block = false;
    // Does text stand behind an opening marker on the first line, less indented than the lines below?
    let mut hanging = false;
    for line in comment.lines() {
        let mut rest = line.trim_end();
        if !block {
            rest = string_prefix(rest.trim_start());
            if let Some(open) = OPEN.iter().find(|open| rest.starts_with(**open)) {
                rest = &rest[open.len()..];
                block = true;
                hanging |= lines.is_empty();
            } else {
                rest = LINE.iter().find_map(|m| rest.strip_prefix(m)).unwrap_or(rest);
            }
        } else if let Some(tail) = starred(rest) {
            rest = tail;
        }
        if block && let Some(tail) = CLOSE.iter().find_map(|close| rest.strip_suffix(close)) {
            rest = tail.trim_end_matches('*').trim_end();
            block = false;
        }
        lines.push(rest);
    }
    dedent(&lines, hanging)
}

/// What follows the star that leads a line of a block comment; the closing `*/` is no such star.
fn starred(line: &str) -> Option<&str> {
    let tail = line.trim_start().strip_prefix('*')?;
    (!tail.starts_with('/')).then_some(tail)
}

/// Python's and others' prefixes of strings, where a string with three quotes follows.
fn string_prefix(line: &str) -> &str {
    let tail = line.trim_start_matches(|c: char| "rRuUbBfF".contains(c));
    let short = line.len() - tail.len() <= 2;
    if short && (tail.starts_with("\"\"\"") || tail.starts_with("'''")) { tail } else { line }
}

fn dedent(lines: &[&str], hanging: bool) -> String {
    let blank = |line: &&str| line.trim().is_empty();
    let first = lines.iter().position(|l| !blank(l)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|l| !blank(l)).map_or(first, |l| l + 1);
    let kept = lines.get(first..last).unwrap_or_default();
    let indent = |line: &&str| line.len() - line.trim_start().len();
    let hanging = hanging && first == 0;
    let shared = kept.iter().skip(usize::from(hanging)).filter(|l| !blank(l)).map(indent).min().unwrap_or(0);
    let mut out = String::with_capacity(kept.iter().map(|l| l.len() + 1).sum());
    for (at, line) in kept.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let cut = if at == 0 && hanging { None } else { line.get(shared..) };
        out.push_str(cut.unwrap_or_else(|| line.trim_start()));
    }
    out.truncate(out.trim_end().len());
    out
}
