//! Does the body of a definition differ, where its signature, documentation or name does?

use std::collections::BTreeSet;

/// A chunk's text, and what of it is no body.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    pub text: &'a str,
    pub signature: &'a str,
    pub doc: &'a str,
}

/// Do both have the same body? White space at the ends of lines, and blank lines, are not looked at: taking the rest out
/// moves them.
pub fn is_same(before: Text<'_>, after: Text<'_>) -> bool {
    remainder(before) == remainder(after)
}

/// What stands before the words of a comment's line, or after them, in the languages that are read.
const MARKS: [char; 10] = ['/', '*', '!', '#', '-', ';', '%', '"', '\'', '<'];

/// The text without its documentation and signature, white space folded.
fn remainder(of: Text<'_>) -> String {
    let doc: BTreeSet<&str> = of.doc.lines().map(bare).filter(|line| !line.is_empty()).collect();
    let is_doc = |line: &str| {
        let bare = bare(line);
        // A line of marks alone opens or closes a comment.
        if bare.is_empty() { !of.doc.is_empty() } else { doc.contains(bare) }
    };
    let lines = of.text.lines().filter(|line| !is_doc(line));
    let folded: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let folded = folded.join(" ");
    match (of.signature.is_empty(), folded.find(of.signature)) {
        (false, Some(at)) => {
            let (head, rest) = folded.split_at(at);
            format!("{head}{}", rest.get(of.signature.len()..).unwrap_or_default())
        }
        _ => folded,
    }
}

fn bare(line: &str) -> &str {
    line.trim().trim_matches(|c: char| MARKS.contains(&c) || c == '>' || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(before: (&str, &str, &str), after: (&str, &str, &str)) -> bool {
        let of = |(text, signature, doc)| Text { text, signature, doc };
        is_same(of(before), of(after))
    }

    #[test]
    fn documentation_and_signature_are_no_body() {
        let before = ("/// Adds.\nfn add(a: u8) -> u8 {\n    a + 1\n}\n", "fn add(a: u8) -> u8", "Adds.");
        let doc = (
            "/// Adds one.\n///\n/// Wraps.\nfn add(a: u8) -> u8 {\n    a + 1\n}\n",
            "fn add(a: u8) -> u8",
            "Adds one.\n\nWraps.",
        );
        let signature = ("/// Adds.\nfn add(a: u16) -> u16 {\n    a + 1\n}\n", "fn add(a: u16) -> u16", "Adds.");
        let body = ("/// Adds one.\nfn add(a: u16) -> u16 {\n    a + 2\n}\n", "fn add(a: u16) -> u16", "Adds one.");
        assert!(same(before, doc));
        assert!(same(before, signature));
        assert!(!same(before, body));
    }

    #[test]
    fn a_string_that_documents_is_no_body_either() {
        let before = ("def f(x):\n    \"\"\"Old.\"\"\"\n    return x\n", "def f(x)", "Old.");
        let after =
            ("def f(x, y):\n    \"\"\"New\n    words.\n    \"\"\"\n    return x\n", "def f(x, y)", "New\nwords.");
        assert!(same(before, after));
    }

    #[test]
    fn a_comment_inside_counts_where_it_is_no_documentation() {
        let before = ("fn f() {\n    // one\n}\n", "fn f()", "");
        let after = ("fn f() {\n    // two\n}\n", "fn f()", "");
        assert!(!same(before, after));
    }
}
