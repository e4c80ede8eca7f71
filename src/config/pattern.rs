//! Patterns in gitignore syntax: which of them can match nothing.
//!
//! The syntax is git's (`gitignore(5)`, `wildmatch.c`); the layer that walks trees matches them. Here they are
//! only read, in one pass, so that a mistake has its place in the file.

/// Longest pattern, in bytes. Nobody writes longer ones.
const MOST_BYTES: usize = 1024;

/// Names that may stand in `[[:…:]]`.
const CLASSES: &[&str] =
    &["alnum", "alpha", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "xdigit"];

/// Why `pattern` is no rule, where it is none.
pub fn fault(pattern: &str) -> Option<&'static str> {
    if pattern.len() > MOST_BYTES {
        return Some("longer than 1024 bytes");
    }
    if pattern.contains(['\0', '\n']) {
        return Some("it has a line end or a NUL byte");
    }
    if pattern.starts_with('#') {
        return Some("a comment in gitignore syntax; write `\\#` for the character");
    }
    let pattern = trim_end_spaces(pattern.strip_suffix('\r').unwrap_or(pattern));
    let body = pattern.strip_prefix('!').unwrap_or(pattern);
    let body = body.strip_suffix('/').unwrap_or(body);
    let body = body.strip_prefix('/').unwrap_or(body);
    if body.is_empty() {
        return Some("empty");
    }
    wildcards(body.as_bytes())
}

/// Is it a choice in the shell, `{a,b}`? gitignore syntax has none.
pub fn has_braces(pattern: &str) -> bool {
    let after = pattern.split_once('{').map(|(_, after)| after);
    after.and_then(|after| after.split_once('}')).is_some_and(|(inside, _)| inside.contains(','))
}

/// Spaces at the end go, unless quoted.
fn trim_end_spaces(pattern: &str) -> &str {
    let bytes = pattern.as_bytes();
    let (mut kept, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b' ' => {}
            b'\\' if at + 1 == bytes.len() => return pattern,
            b'\\' => {
                at += 1;
                kept = at + 1;
            }
            _ => kept = at + 1,
        }
        at += 1;
    }
    // A quoted character may be the first byte of several; the cut is then moved to its end.
    let cut = (kept..=pattern.len()).find(|at| pattern.is_char_boundary(*at)).unwrap_or(pattern.len());
    pattern.get(..cut).unwrap_or(pattern)
}

fn wildcards(body: &[u8]) -> Option<&'static str> {
    let mut at = 0;
    while let Some(byte) = body.get(at) {
        at += 1;
        match byte {
            b'\\' if at == body.len() => return Some("a lone `\\` ends it"),
            b'\\' => at += 1,
            b'[' => match class(body, at) {
                Ok(end) => at = end,
                Err(why) => return Some(why),
            },
            _ => {}
        }
    }
    None
}

/// The end of the class whose bracket stands just before `at`.
fn class(body: &[u8], mut at: usize) -> Result<usize, &'static str> {
    const OPEN: &str = "a `[` is never closed";
    at += usize::from(matches!(body.get(at), Some(b'!' | b'^')));
    let mut first = true;
    // A `-` between two members makes a range, and its end is no member that could start something.
    let mut may_range = false;
    loop {
        let byte = *body.get(at).ok_or(OPEN)?;
        if byte == b']' && !first {
            return Ok(at + 1);
        }
        first = false;
        let next = body.get(at + 1).filter(|b| **b != b']');
        match (byte, next) {
            (b'\\', _) => {
                at += 1;
                body.get(at).ok_or(OPEN)?;
                may_range = true;
            }
            (b'-', Some(end)) if may_range => {
                at += 1;
                if *end == b'\\' {
                    at += 1;
                    body.get(at).ok_or(OPEN)?;
                }
                may_range = false;
            }
            (b'[', Some(b':')) => match named(body.get(at + 2..).unwrap_or_default())? {
                Some(length) => {
                    at += 1 + length;
                    may_range = false;
                }
                None => may_range = true,
            },
            _ => may_range = true,
        }
        at += 1;
    }
}

/// The length of `name:]`; `None` when no `:]` ends it, so that `[` is a member like others.
fn named(text: &[u8]) -> Result<Option<usize>, &'static str> {
    let end = text.iter().position(|b| *b == b']').ok_or("a `[` is never closed")?;
    let Some(name) = text.get(..end).and_then(|name| name.strip_suffix(b":")) else { return Ok(None) };
    if CLASSES.iter().any(|class| class.as_bytes() == name) {
        return Ok(Some(end + 1));
    }
    Err("an unknown `[:class:]`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_reads_as_a_rule_is_one() {
        for good in [
            "*.rs",
            "/a/",
            "!x",
            "**/b/**",
            "[a-z]",
            "[]]",
            "[!]a]",
            "[[:digit:]x]",
            "[[x]",
            "[a-]",
            "{a,b}",
            "\\#",
            "a\\ ",
            "é[é]",
            "[z-a]",
            " a",
        ] {
            assert_eq!(fault(good), None, "{good}");
        }
    }

    #[test]
    fn what_can_match_nothing_says_why() {
        let cases = [
            ("", "empty"),
            ("  ", "empty"),
            ("!", "empty"),
            ("/", "empty"),
            ("!/", "empty"),
            ("# x", "a comment in gitignore syntax; write `\\#` for the character"),
            ("[", "a `[` is never closed"),
            ("a[]", "a `[` is never closed"),
            ("[a-\\", "a `[` is never closed"),
            ("[[:digit:]", "a `[` is never closed"),
            ("[[:nothing:]]", "an unknown `[:class:]`"),
            ("a\\", "a lone `\\` ends it"),
            ("a\0b", "it has a line end or a NUL byte"),
        ];
        for (bad, why) in cases {
            assert_eq!(fault(bad), Some(why), "{bad:?}");
        }
        assert_eq!(fault(&"x".repeat(1025)), Some("longer than 1024 bytes"));
    }

    #[test]
    fn braces_are_a_choice_only_in_the_shell() {
        assert!(has_braces("*.{rs,toml}"));
        assert!(!has_braces("{a}") && !has_braces("a,b") && !has_braces("}{,"));
    }
}
