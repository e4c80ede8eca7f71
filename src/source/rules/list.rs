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

/// A rule and where it is written.
#[derive(Debug)]
struct Line {
    rule: Rule,
    /// As written, without line end.
    text: Box<[u8]>,
    /// Which of the files of its directory, from 0.
    file: usize,
    /// In its file or list, from 1.
    number: usize,
}

/// Rules in the order written; the last that matches decides. Rules of a deeper directory decide first.
#[derive(Debug)]
pub struct Rules {
    lines: Vec<Line>,
    /// Length of the path of the directory that the rules are relative to, with its final slash.
    base: usize,
    above: Option<Arc<Self>>,
}

/// The rule that decided, and where it is written.
#[derive(Clone, Copy, Debug)]
pub struct Deciding<'r> {
    line: &'r Line,
    base: usize,
}

impl<'r> Deciding<'r> {
    pub fn verdict(self) -> Verdict {
        if self.line.rule.negated { Verdict::Negated } else { Verdict::Matched }
    }

    /// The rule as written.
    pub fn text(self) -> &'r [u8] {
        &self.line.text
    }

    /// Its place in its file or list, from 1.
    pub fn number(self) -> usize {
        self.line.number
    }

    /// Which of the files given to [`Rules::of_files`] has it, from 0.
    pub fn file(self) -> usize {
        self.line.file
    }

    /// Length of the path of the directory whose file has it, with its final slash.
    pub fn base(self) -> usize {
        self.base
    }
}

impl Rules {
    /// Rules relative to the root, from a configuration; the first bad one is given back with its text.
    pub fn of_root<'a>(lines: impl IntoIterator<Item = &'a str>) -> Result<Self, (&'a str, BadRule)> {
        let parse = |(at, line): (usize, &'a str)| {
            let rule = Rule::parse(line.as_bytes()).map_err(|why| (line, why))?;
            Ok(Line { rule, text: line.as_bytes().into(), file: 0, number: at + 1 })
        };
        Ok(Self { lines: lines.into_iter().enumerate().map(parse).collect::<Result<_, _>>()?, base: 0, above: None })
    }

    /// Rules of the ignore files of one directory, `base` bytes of path deep. What is no valid rule is passed
    /// over, as git does.
    pub fn of_files<'a>(files: impl IntoIterator<Item = &'a [u8]>, base: usize, above: Option<Arc<Self>>) -> Self {
        let mut lines = Vec::new();
        for (file, bytes) in files.into_iter().enumerate() {
            let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            lines.extend(text.split(|b| *b == b'\n').enumerate().filter_map(|(at, line)| {
                let text = line.strip_suffix(b"\r").unwrap_or(line);
                Some(Line { rule: Rule::parse(line).ok()?, text: text.into(), file, number: at + 1 })
            }));
        }
        Self { lines, base, above }
    }

    /// What the rules say of `path` (relative to the root, no final slash). It is the caller's part that a
    /// directory above it was not ignored: git never looks beneath one.
    pub fn verdict(&self, path: &[u8], is_dir: bool) -> Option<Verdict> {
        self.decide(path, is_dir).map(Deciding::verdict)
    }

    /// The rule that [`verdict`](Self::verdict) follows.
    pub fn decide(&self, path: &[u8], is_dir: bool) -> Option<Deciding<'_>> {
        let name = file_name(path);
        let mut level = Some(self);
        while let Some(rules) = level {
            let relative = path.get(rules.base..).unwrap_or_default();
            if let Some(line) = rules.lines.iter().rev().find(|line| line.rule.matches(relative, name, is_dir)) {
                return Some(Deciding { line, base: rules.base });
            }
            level = rules.above.as_deref();
        }
        None
    }
}
