//! The rules of one directory, standing on those of the directories above.

use std::sync::Arc;

use super::parse::{BadRule, Rule, file_name};

/// What the last matching rule says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Matched,
    /// A `!` rule matched last.
    Negated,
}

/// Rules in the order written; the last that matches decides. Rules of a deeper directory decide first.
#[derive(Debug)]
pub struct Rules {
    lines: Vec<Rule>,
    /// Length of the path of the directory that the rules are relative to, with its final slash.
    base: usize,
    above: Option<Arc<Self>>,
}

impl Rules {
    /// Rules relative to the root, from a configuration; the first bad one is given back with its text.
    pub fn of_root<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, (&'a str, BadRule)> {
        let parse = |line: &'a str| Rule::parse(line.as_bytes()).map_err(|why| (line, why));
        Ok(Self { lines: lines.into_iter().map(parse).collect::<Result<_, _>>()?, base: 0, above: None })
    }

    /// Rules of the ignore files of one directory, `base` bytes of path deep. What is no valid rule is passed
    /// over, as git does.
    pub fn of_files<'a>(files: impl IntoIterator<Item = &'a [u8]>, base: usize, above: Option<Arc<Self>>) -> Self {
        let mut lines = Vec::new();
        for bytes in files {
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            lines.extend(text.split(|b| *b == b'\n').filter_map(|line| Rule::parse(line).ok()));
        }
        Self { lines, base, above }
    }

    /// What the rules say of `path` (relative to the root, no final slash). It is the caller's part that a
    /// directory above it was not ignored: git never looks beneath one.
    pub fn verdict(&self, path: &[u8], is_dir: bool) -> Option<Verdict> {
        let name = file_name(path);
        let mut level = Some(self);
        while let Some(rules) = level {
            let relative = path.get(rules.base..).unwrap_or_default();
            if let Some(rule) = rules.lines.iter().rev().find(|rule| rule.matches(relative, name, is_dir)) {
                return Some(if rule.negated { Verdict::Negated } else { Verdict::Matched });
            }
            level = rules.above.as_deref();
        }
        None
    }
}
