//! One rule: a line of an ignore file.

use super::glob::Glob;

/// A line of an ignore file that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pattern: Pattern,
    /// `!…`: what matches is not ignored after all.
    pub(super) negated: bool,
    /// `…/`
    directories_only: bool,
    /// No slash but a final one: the last part of a path is matched, at any depth.
    by_name: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    Literal(Box<[u8]>),
    /// `*` and a literal, matched against names only.
    Suffix(Box<[u8]>),
    Glob(Glob),
}

/// A rule that can match nothing. Git passes over it in silence; a rule of our own configuration is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    #[error("it is empty or a comment")]
    Nothing,
    #[error("a `[` is never closed, an unknown `[:class:]` is named, or a lone `\\` ends it")]
    Unfinished,
}

impl Rule {
    /// A line without its line feed.
    pub fn parse(line: &[u8]) -> Result<Self, BadRule> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Git reads lines as C strings.
        let line = line.split(|b| *b == 0).next().unwrap_or_default();
        if line.is_empty() || line.starts_with(b"#") {
            return Err(BadRule::Nothing);
        }
        let line = trim_trailing_spaces(line);
        let (negated, body) = match line.strip_prefix(b"!") {
            Some(body) => (true, body),
            None => (false, line),
        };
        let (directories_only, body) = match body.strip_suffix(b"/") {
            Some(body) => (true, body),
            None => (false, body),
        };
        let by_name = !body.contains(&b'/');
        let body = body.strip_prefix(b"/").unwrap_or(body);
        if body.is_empty() {
            return Err(BadRule::Nothing);
        }
        let pattern = Pattern::parse(body, by_name).ok_or(BadRule::Unfinished)?;
        Ok(Self { pattern, negated, directories_only, by_name })
    }

    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// Does the rule match the file at `path`, or a directory above it?
    pub fn covers(&self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at);
        ends.map(|end| (end, true)).chain([(path.len(), false)]).any(|(end, is_dir)| {
            let part = path.get(..end).unwrap_or(path);
            self.matches(part, file_name(part), is_dir)
        })
    }

    /// Does the rule speak of `path`, relative to the rule's directory, whose last part is `name`?
    pub(super) fn matches(&self, path: &[u8], name: &[u8], is_dir: bool) -> bool {
        if self.directories_only && !is_dir {
            return false;
        }
        let text = if self.by_name { name } else { path };
        match &self.pattern {
            Pattern::Literal(literal) => **literal == *text,
            Pattern::Suffix(suffix) => text.ends_with(suffix),
            Pattern::Glob(glob) => glob.matches(text),
        }
    }
}

impl Pattern {
    fn parse(body: &[u8], by_name: bool) -> Option<Self> {
        let plain = |text: &[u8]| !text.iter().any(|b| matches!(b, b'*' | b'?' | b'[' | b'\\'));
        if plain(body) {
            return Some(Self::Literal(body.into()));
        }
        match body.strip_prefix(b"*") {
            Some(suffix) if by_name && plain(suffix) => Some(Self::Suffix(suffix.into())),
            _ => Glob::parse(body).map(Self::Glob),
        }
    }
}

/// The last part of a path.
pub(super) fn file_name(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

/// Git's `trim_trailing_spaces`: spaces at the end go, unless quoted; a lone final backslash keeps them all.
fn trim_trailing_spaces(line: &[u8]) -> &[u8] {
    let mut kept = 0;
    let mut at = 0;
    while let Some(byte) = line.get(at) {
        match byte {
            b' ' => {}
            b'\\' if at + 1 == line.len() => return line,
            b'\\' => {
                at += 1;
                kept = at + 1;
            }
            _ => kept = at + 1,
        }
        at += 1;
    }
    line.get(..kept).unwrap_or(line)
}
