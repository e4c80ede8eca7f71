//! Files and functions stay short.

use super::{hold, text, tree};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;

/// Files that are longer, with their exact length: (path, lines). A ratchet: write down less, never more.
const LONG_FILES: &[(&str, usize)] = &[];

/// Functions that are longer, with their exact length: (path, function, lines).
const LONG_FUNCTIONS: &[(&str, &str, usize)] = &[];

#[test]
fn files_stay_under_five_hundred_lines() {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for source in tree::sources() {
        let lines = source.text.lines().count();
        let allowed = LONG_FILES.iter().find(|(path, _)| *path == source.path);
        used.extend(allowed.filter(|_| lines > FILE_LINES));
        if let Some(finding) = judge(lines, FILE_LINES, allowed.map(|(_, lines)| *lines)) {
            findings.push(format!("{}: {finding}", source.path));
        }
    }
    findings
        .extend(LONG_FILES.iter().filter(|e| !used.contains(e)).map(|(p, _)| format!("{p}: no exception is needed")));
    hold("files stay under 500 lines", &findings);
}

#[test]
fn functions_stay_under_seventy_lines() {
    let mut findings = Vec::new();
    let mut used = Vec::new();
    for source in tree::sources() {
        for (at, name, end) in text::functions(&source.code) {
            let lines = source.code[at..end].matches('\n').count() + 1;
            let allowed = LONG_FUNCTIONS.iter().find(|(path, function, _)| *path == source.path && *function == name);
            used.extend(allowed.filter(|_| lines > FUNCTION_LINES));
            if let Some(finding) = judge(lines, FUNCTION_LINES, allowed.map(|(_, _, lines)| *lines)) {
                findings.push(format!("{}: `{name}`: {finding}", source.place(at)));
            }
        }
    }
    let unused = LONG_FUNCTIONS.iter().filter(|e| !used.contains(e));
    findings.extend(unused.map(|(path, name, _)| format!("{path}: `{name}`: no exception is needed")));
    hold("functions stay under 70 lines", &findings);
}

fn judge(lines: usize, limit: usize, allowed: Option<usize>) -> Option<String> {
    match allowed {
        _ if lines <= limit => None,
        Some(exact) if exact == lines => None,
        Some(more) if more > lines => Some(format!("{lines} lines: lower the exception from {more} to {lines}")),
        Some(less) => Some(format!("{lines} lines: it grew from {less}, and an exception may only shrink")),
        None => Some(format!("{lines} lines, over {limit}")),
    }
}

#[test]
fn an_exception_is_a_ratchet() {
    assert_eq!(judge(70, 70, None), None);
    assert_eq!(judge(80, 70, Some(80)), None);
    assert!(judge(80, 70, Some(81)).unwrap().contains("lower"));
    assert!(judge(80, 70, Some(79)).unwrap().contains("grew"));
    assert!(judge(71, 70, None).unwrap().contains("over 70"));
}
