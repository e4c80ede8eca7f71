//! Just enough of Rust's lexical rules to tell code from comments and literals.

/// `source` with every comment, string and character literal overwritten by spaces; line ends stay.
pub fn blank(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'/') => line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'*') => block_comment_end(bytes, at),
            b'"' => string_end(bytes, at),
            b'r' if !is_word_before(bytes, at) || bytes.get(at.wrapping_sub(1)) == Some(&b'b') => {
                raw_string_end(bytes, at).unwrap_or(at)
            }
            b'\'' => char_end(bytes, at).unwrap_or(at),
            _ => at,
        };
        for byte in &mut out[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end.max(at + 1);
    }
    String::from_utf8(out).unwrap()
}

/// Positions of `word` in `code` where it stands alone.
pub fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let bytes = code.as_bytes();
        !is_word_before(bytes, *at) && !bytes.get(at + word.len()).copied().is_some_and(is_word)
    })
}

/// The identifier at `at`, empty where there is none.
pub fn word_at(code: &str, at: usize) -> &str {
    let rest = &code[at..];
    let len = rest.bytes().take_while(|b| is_word(*b)).count();
    &rest[..len]
}

/// Where the block that opens at `open` (a `{`, `(` or `[`) closes; the end of the text where it does not.
pub fn matching(code: &str, open: usize) -> usize {
    let mut depth = 0usize;
    for (at, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    code.len()
}

/// The functions that have a body: (position of `fn`, name, position of the closing brace).
pub fn functions(code: &str) -> Vec<(usize, &str, usize)> {
    let mut found = Vec::new();
    for at in words(code, "fn") {
        let name_at = at + 2 + code[at + 2..].bytes().take_while(u8::is_ascii_whitespace).count();
        let name = word_at(code, name_at);
        if name.is_empty() {
            continue; // a function pointer type
        }
        let mut cursor = name_at;
        while let Some(byte) = code.as_bytes().get(cursor) {
            match byte {
                b'(' | b'[' => cursor = matching(code, cursor),
                b'{' => {
                    found.push((at, name, matching(code, cursor)));
                    break;
                }
                b';' => break,
                _ => {}
            }
            cursor += 1;
        }
    }
    found
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_word_before(bytes: &[u8], at: usize) -> bool {
    at > 0 && is_word(bytes[at - 1])
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |len| at + len)
}

fn block_comment_end(bytes: &[u8], at: usize) -> usize {
    let (mut depth, mut cursor) = (0usize, at);
    while cursor < bytes.len() {
        if bytes[cursor..].starts_with(b"/*") {
            depth += 1;
            cursor += 2;
        } else if bytes[cursor..].starts_with(b"*/") {
            depth -= 1;
            cursor += 2;
            if depth == 0 {
                return cursor;
            }
        } else {
            cursor += 1;
        }
    }
    bytes.len()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut cursor = at + 1;
    while cursor < bytes.len() {
        match bytes[cursor] {
            b'\\' => cursor += 2,
            b'"' => return cursor + 1,
            _ => cursor += 1,
        }
    }
    bytes.len()
}

fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let hashes = bytes[at + 1..].iter().take_while(|b| **b == b'#').count();
    let open = at + 1 + hashes;
    if bytes.get(open) != Some(&b'"') {
        return None;
    }
    let close: Vec<u8> = std::iter::once(b'"').chain(std::iter::repeat_n(b'#', hashes)).collect();
    let len = bytes[open + 1..].windows(close.len()).position(|w| w == close)?;
    Some(open + 1 + len + close.len())
}

/// The end of a character literal; `None` for a lifetime.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        let close = bytes[at + 3..].iter().position(|b| *b == b'\'')?;
        return Some(at + 3 + close + 1);
    }
    let width = std::str::from_utf8(&bytes[at + 1..(at + 5).min(bytes.len())])
        .unwrap_or_else(|e| std::str::from_utf8(&bytes[at + 1..=at + e.valid_up_to()]).unwrap_or(""))
        .chars()
        .next()?
        .len_utf8();
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + width + 2)
}

#[test]
fn comments_and_literals_are_blanked_and_code_stays() {
    let source = "let a = \"fn x() {\"; // {\nlet b = r#\"}\"# ; /* { /* { */ */ let c: &'a str = '{'; let d = '\\'';";
    let code = blank(source);
    assert_eq!(code.len(), source.len());
    assert_eq!(code.matches(['{', '}']).count(), 0, "{code}");
    for kept in ["let a", "let b", "let c: &'a str", "let d"] {
        assert!(code.contains(kept), "{kept} is gone: {code}");
    }
}

#[test]
fn no_source_of_ours_fools_the_lexer() {
    for source in super::tree::sources() {
        for (open, close) in [('{', '}'), ('(', ')'), ('[', ']')] {
            let count = |c| source.code.matches(c).count();
            assert_eq!(count(open), count(close), "{}: `{open}` and `{close}`", source.path);
        }
    }
}

#[test]
fn functions_are_found_with_their_bodies_only() {
    let code = "trait T { fn a(x: [u8; 3]); fn b() { { } } } type F = fn(u8);\nfn c() -> u8 {\n 1\n}";
    let names: Vec<_> = functions(code).into_iter().map(|(_, name, _)| name).collect();
    assert_eq!(names, ["b", "c"]);
}
