//! Files that a grammar's scanner could not hold.
//!
//! Some scanners keep a stack (open indentations, open heredocs) that they write into a buffer of 1024 bytes without
//! looking at its end; the parser then aborts the process. One calls itself for a comment inside a comment, until the
//! stack of the thread is used up. Counting first, from above, keeps such files away from them.
//! Sources: `serialize` in `src/scanner.c` of tree-sitter-python 0.25.0, -yaml 0.7.2 and -ruby 0.23.1; `scan_comment` in
//! `common/scanner.h` of tree-sitter-ocaml 0.26.0.

use crate::nodes::extract::spec::Scanner;

/// Why `bytes` must not come near the scanner.
pub(super) fn overflow(scanner: Scanner, bytes: &[u8]) -> Option<String> {
    match scanner {
        Scanner::Sound => None,
        Scanner::Indents(most) => {
            let depth = rising(lines(bytes).map(indent));
            (depth > most as usize).then(|| format!("more than {most} indentations inside each other"))
        }
        Scanner::Columns(most) => {
            let depth = rising(lines(bytes).flat_map(columns));
            (depth > most as usize).then(|| format!("more than {most} indentations inside each other"))
        }
        Scanner::Heredocs(most) => {
            (heredocs(bytes) > most as usize).then(|| format!("heredocs with more than {most} bytes of names at once"))
        }
        Scanner::Comments(most) => {
            // How deep they are inside each other is not told without reading strings as the scanner does.
            let opened = memchr::memmem::find_iter(bytes, b"(*").count();
            (opened > most as usize).then(|| format!("more than {most} block comments"))
        }
    }
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|b| matches!(b, b'\n' | b'\r'))
}

/// The length of the longest strictly rising sequence of columns, in order: a stack of rising columns is one.
fn rising(columns: impl Iterator<Item = usize>) -> usize {
    let mut lowest_ends: Vec<usize> = Vec::new();
    for column in columns {
        let at = lowest_ends.partition_point(|end| *end < column);
        match lowest_ends.get_mut(at) {
            Some(end) => *end = column,
            None => lowest_ends.push(column),
        }
    }
    lowest_ends.len()
}

/// The indentation of a line as Python counts it.
fn indent(line: &[u8]) -> usize {
    let mut width = 0;
    for byte in line {
        match byte {
            b' ' => width += 1,
            b'\t' => width += 8,
            0x0C => width = 0,
            _ => break,
        }
    }
    width
}

/// The columns at which a line can start a block: behind its blanks, and behind each `- `, `? `, `: `, `&anchor `, `!tag `.
fn columns(line: &[u8]) -> Vec<usize> {
    let blanks =
        |from: usize| line.get(from..).unwrap_or_default().iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let mut at = blanks(0);
    let mut found = vec![at];
    while let Some(b'-' | b'?' | b':' | b'&' | b'!') = line.get(at) {
        let rest = line.get(at..).unwrap_or_default();
        let word = rest.iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
        let next = at + word + blanks(at + word);
        if next >= line.len() {
            break;
        }
        at = next;
        found.push(at);
    }
    found
}

/// The bytes of names of heredocs that can be open at once: the longest, or those on lines that open several or open
/// one inside an interpolation.
fn heredocs(bytes: &[u8]) -> usize {
    let (mut longest, mut together) = (0, 0);
    for line in lines(bytes) {
        let opened: Vec<usize> =
            memchr::memmem::find_iter(line, b"<<").filter_map(|at| heredoc(line, at + 2)).collect();
        longest = longest.max(opened.iter().copied().max().unwrap_or(0));
        if opened.len() > 1 || (!opened.is_empty() && memchr::memmem::find(line, b"#{").is_some()) {
            together += opened.iter().sum::<usize>();
        }
    }
    longest.max(together)
}

/// The space that a heredoc's name takes in the scanner, if one starts at `at`.
fn heredoc(line: &[u8], at: usize) -> Option<usize> {
    let rest = line.get(at..)?;
    let rest = rest.strip_prefix(b"-").or_else(|| rest.strip_prefix(b"~")).unwrap_or(rest);
    let length = match rest.first()? {
        quote @ (b'"' | b'\'' | b'`') => rest.iter().skip(1).take_while(|b| *b != quote).count(),
        b if b.is_ascii_alphabetic() || *b == b'_' || !b.is_ascii() => {
            rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_' || !b.is_ascii()).count()
        }
        _ => return None,
    };
    // Four bytes beside the name; a character may be kept in as many as it has.
    Some(length + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_nesting_beyond_what_a_scanner_holds_is_refused() {
        let steps = |n: usize, unit: &str| (0..n).map(|i| unit.repeat(i) + "x:\n").collect::<String>();
        assert_eq!(overflow(Scanner::Indents(100), steps(100, " ").as_bytes()), None);
        assert!(overflow(Scanner::Indents(100), steps(102, " ").as_bytes()).is_some());
        let wide = steps(50, " ").repeat(20);
        assert_eq!(overflow(Scanner::Indents(100), wide.as_bytes()), None);
        assert!(overflow(Scanner::Columns(80), steps(90, "  ").as_bytes()).is_some());
        assert_eq!(overflow(Scanner::Columns(80), ("- ".repeat(70) + "a").as_bytes()), None);
        assert!(overflow(Scanner::Columns(80), ("- ".repeat(90) + "a").as_bytes()).is_some());
        let one_each = "x = <<~TEXT\n  a\nTEXT\n".repeat(500);
        assert_eq!(overflow(Scanner::Heredocs(200), one_each.as_bytes()), None);
        assert!(overflow(Scanner::Heredocs(200), format!("<<{}", "A".repeat(256)).as_bytes()).is_some());
        assert!(overflow(Scanner::Heredocs(200), "<<A;".repeat(60).as_bytes()).is_some());
        assert_eq!(overflow(Scanner::Comments(3), b"(* a *) (* b (* c *) *)"), None);
        assert!(overflow(Scanner::Comments(3), b"(*(*(*(*").is_some());
    }
}
