//! The line on which a chunk's definition begins, behind its documentation.

/// A shorter line says too little to be told from others.
const LEAST: usize = 3;

/// How block comments begin and end; a line that begins one belongs to it.
const BLOCKS: [(&str, &str); 6] =
    [("/*", "*/"), ("<!--", "-->"), ("{-", "-}"), ("(*", "*)"), ("\"\"\"", "\"\"\""), ("'''", "'''")];

/// Index of the first line with which `signature` begins; where none does, of the first with `name` as a whole word
/// outside the leading comments. `comments`: may lines be comments? In prose none is.
pub fn line_of(lines: &[&str], name: &str, signature: &str, comments: bool) -> Option<usize> {
    let behind = if comments { leading_comments(lines) } else { 0 };
    let code = || lines.iter().enumerate().skip(behind).filter(|(_, line)| !comments || !is_comment(line.trim()));
    let named = |from: usize| code().find(|(at, line)| *at >= from && has_word(line, name)).map(|(at, _)| at);
    let signature = folded(signature);
    let Some((at, line)) = code().find(|(_, line)| begins(&signature, &folded(line))) else { return named(0) };
    // What is noted on a definition (`@Override`) is part of its head, and not where people look for it.
    if line.trim_start().starts_with(['@', '[']) && !has_word(line, name) {
        return named(at).or(Some(at));
    }
    Some(at)
}

/// Is `line` the beginning of `signature`, or the whole of it and what follows?
fn begins(signature: &str, line: &str) -> bool {
    if signature.len() < LEAST || line.len() < LEAST {
        return false;
    }
    match (signature.strip_prefix(line), line.strip_prefix(signature)) {
        (Some(rest), _) => !is_one_word(line, rest),
        (None, Some(rest)) => !is_one_word(signature, rest),
        (None, None) => false,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many lines at the beginning are comments or blank.
fn leading_comments(lines: &[&str]) -> usize {
    let mut until: Option<&str> = None;
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim();
        if let Some(end) = until {
            if line.contains(end) {
                until = None;
            }
        } else if let Some((rest, end)) = opened(line) {
            match rest.split_once(end) {
                Some((_, behind)) if !behind.trim().is_empty() => return at,
                Some(_) => {}
                None => until = Some(end),
            }
        } else if !line.is_empty() && !is_comment(line) {
            return at;
        }
    }
    // An end that never comes, or nothing but comments: nothing is known to be documentation alone.
    0
}

/// What follows the beginning of a block comment, and how that ends.
fn opened(line: &str) -> Option<(&str, &'static str)> {
    // `@doc """` of Elixir
    let quoted = line.strip_prefix('@').and_then(|_| line.strip_suffix("\"\"\""));
    if quoted.is_some_and(|before| !before.contains("\"\"\"")) {
        return Some(("", "\"\"\""));
    }
    BLOCKS.iter().find_map(|(begin, end)| Some((line.strip_prefix(begin)?, *end)))
}

/// Is a line, without white space around it, a comment in most languages?
fn is_comment(line: &str) -> bool {
    let follows = |mark: char| line.strip_prefix(mark).map(|rest| rest.chars().next());
    match line.chars().next() {
        Some('#') => follows('#').is_some_and(|next| next.is_none_or(|c| !c.is_alphanumeric() && c != '[')),
        Some('*') => follows('*').is_some_and(|next| next.is_none_or(|c| c.is_whitespace() || c == '/' || c == '*')),
        Some('%' | ';') => true,
        Some('/') => line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/")),
        Some('-') => line.starts_with("--"),
        _ => false,
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let apart = |at: usize| {
        let (before, behind) = (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        !is_one_word(before, word) && !is_one_word(word, behind)
    };
    !word.is_empty() && line.match_indices(word).any(|(at, _)| apart(at))
}

/// Does a word go on from one text into the next?
fn is_one_word(before: &str, behind: &str) -> bool {
    before.ends_with(is_word) && behind.starts_with(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_begins_with_its_signature_behind_the_documentation() {
        for (text, name, signature, expected) in [
            ("/// fn a\nfn a() {\n}\n", "a", "fn a()", Some(1)),
            ("def  url_for(self):\n    '''url_for'''\n", "url_for", "def url_for(self)", Some(0)),
            ("# run\n\npub fn run(\n    a: u8,\n) {}", "run", "pub fn run( a: u8, )", Some(2)),
            ("/**\n run things\n fn run\n*/\nfn run() {}", "run", "fn run()", Some(4)),
            ("/*\n export run\n*/\nexport function run() {}", "run", "function run()", Some(3)),
            ("@Override\n@A(\n  1)\npublic void run() {}", "run", "@Override @A( 1) public void run()", Some(3)),
            ("@doc \"\"\"\nrun it\n\"\"\"\ndef run(a), do: a", "run", "run(a)", Some(3)),
            ("class AB:\nclass A:", "A", "class A", Some(1)),
            ("#define RUN 1", "RUN", "#define RUN", Some(0)),
            ("running\nrerun\n", "run", "", None),
            ("// run\n// it", "run", "", None),
            ("", "run", "fn run()", None),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(line_of(&lines, name, signature, true), expected, "{text}");
        }
        assert_eq!(line_of(&["", "# Run it"], "Run it", "h1", false), Some(1), "a heading is no comment");
    }
}
