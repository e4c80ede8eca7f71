//! What is written into pictures.

use std::collections::BTreeMap;

use super::report::{Amount, Drawing, GraphNode, NodeState};
use crate::ops::picture::{counted, size};

/// Repositories that a title names.
const NAMED: usize = 6;

/// `code × 4 repositories`, and their names.
pub(super) fn title(drawing: &Drawing) -> (String, String) {
    let count = drawing.repos.len();
    let head = match drawing.repos.first() {
        Some(only) if count == 1 => format!("{} · {only}", drawing.pipeline),
        _ => format!("{} × {count} repositories", drawing.pipeline),
    };
    let listed = drawing.repos.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    let names = match count.saturating_sub(NAMED) {
        _ if count <= 1 => String::new(),
        0 => listed,
        more => format!("{listed} and {more} more"),
    };
    (head, names)
}

/// What is known of a node beside its place: counts, states, what a build would do; a line each.
pub(super) fn facts(node: &GraphNode) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(counts) = node.counts.filter(|counts| counts.pieces > 0) {
        lines.push(format!("{} · {}", counted(counts.pieces, "piece", "pieces"), counted(counts.rows, "row", "rows")));
        lines.push(size(counts.bytes));
    }
    lines.extend(tally(node.states.values().copied().map(NodeState::words)));
    lines.extend(tally(node.would.values().map(String::as_str)));
    lines
}

/// `3 pieces · 120 rows · 5.2 kB` in one line.
pub(super) fn amount(amount: Amount) -> String {
    let (pieces, rows) = (counted(amount.pieces, "piece", "pieces"), counted(amount.rows, "row", "rows"));
    format!("{pieces} · {rows} · {}", size(amount.bytes))
}

/// `built`, or `11 built, 1 stale` where copies differ; nothing where nothing is known.
pub(super) fn tally<'a>(words: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in words {
        *counts.entry(word).or_default() += 1;
    }
    match counts.len() {
        0 => None,
        1 => counts.keys().next().map(|word| (*word).to_owned()),
        _ => Some(counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")),
    }
}

/// `text` in lines of at most `width` characters, broken behind a space, `-`, `_`, `.` or `,` where there is one.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let (mut lines, mut rest) = (Vec::new(), text.trim());
    while rest.chars().count() > width {
        let hard = rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at);
        let head = rest.get(..hard).unwrap_or(rest);
        let soft = head.rfind([' ', '-', '_', '.', ',']).map(|at| at + 1).filter(|at| *at * 2 > hard);
        let (line, left) = rest.split_at_checked(soft.unwrap_or(hard)).unwrap_or((rest, ""));
        lines.push(line.trim_end().to_owned());
        rest = left.trim_start();
    }
    if !rest.is_empty() || lines.is_empty() {
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_broken_at_signs_and_lose_nothing() {
        assert_eq!(wrapped("short", 10), ["short"]);
        assert_eq!(wrapped("a-rather-long-name", 10), ["a-rather-", "long-name"]);
        assert_eq!(wrapped("abcdefghijkl", 5), ["abcde", "fghij", "kl"]);
        assert_eq!(wrapped("files, outline, chunks", 15), ["files, outline,", "chunks"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn copies_that_agree_are_one_word() {
        assert_eq!(tally(["built", "built"].into_iter()).as_deref(), Some("built"));
        assert_eq!(tally(["built", "stale", "built"].into_iter()).as_deref(), Some("2 built, 1 stale"));
        assert_eq!(tally(std::iter::empty()), None);
    }
}
