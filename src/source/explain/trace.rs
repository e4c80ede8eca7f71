//! Following one path from the root, as a scan follows all.

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use crate::base::RelPath;
use crate::base::vfs::Stat;
use crate::source::model::Notice;
use crate::source::path_text::text_of;
use crate::source::rules::Deciding;
use crate::source::scan::{Admission, Dir, IGNORE_FILES, Opened, Refusal, SourceError, Walk};

use super::model::{DecidingRule, Exclusion, Near, RuleSource};
use super::near::near;

/// Where a path led.
pub(super) struct Trail {
    /// As far as it goes.
    pub path: Vec<u8>,
    pub end: End,
}

pub(super) enum End {
    File(Stat, Vec<DecidingRule>),
    Dir(Vec<DecidingRule>),
    Excluded(Exclusion),
    /// `path` itself is not there.
    Absent(Option<Near>),
    /// `path` is a file and has nothing below it.
    BelowFile,
}

/// A directory on the way.
struct Step {
    dir: Dir,
    said: Said,
}

/// What the rules said so far.
#[derive(Clone, Default)]
struct Said {
    /// Rules with `!`, of ignore files and of `exclude`.
    kept: Vec<DecidingRule>,
    /// The rule of `include` that holds.
    include: Option<DecidingRule>,
}

impl Said {
    fn with(mut self, path: &[u8], admission: &Admission<'_>) -> Self {
        self.kept.extend(admission.ignore.map(|rule| of_ignore_file(path, rule)));
        self.kept.extend(admission.exclude.map(|rule| of_exclude(path, rule)));
        self.include = admission.include.map(|rule| of_include(path, rule)).or(self.include);
        self
    }

    fn rules(self) -> Vec<DecidingRule> {
        self.kept.into_iter().chain(self.include).collect()
    }
}

/// Every path beneath the root with the text of `path`: one, unless bytes that are no UTF-8 are written in it.
pub(super) fn trace(walk: &Walk<'_>, path: &RelPath, told: &mut Vec<Notice>) -> Result<Vec<Trail>, SourceError> {
    let mut level = vec![Step { dir: walk.top(), said: Said::default() }];
    let mut trails = Vec::new();
    let mut parts = path.text().split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        for step in std::mem::take(&mut level) {
            walk.cancel.check()?;
            enter(
                walk,
                step,
                &Part { text: part, is_last },
                told,
                &mut Found { trails: &mut trails, below: &mut level },
            )?;
        }
    }
    Ok(trails)
}

struct Part<'a> {
    text: &'a str,
    is_last: bool,
}

struct Found<'a> {
    trails: &'a mut Vec<Trail>,
    below: &'a mut Vec<Step>,
}

/// Looks for `part` in one directory.
fn enter(
    walk: &Walk<'_>,
    step: Step,
    part: &Part<'_>,
    told: &mut Vec<Notice>,
    found: &mut Found<'_>,
) -> Result<(), SourceError> {
    let Step { dir, said } = step;
    let (entries, rules) = match walk.open(&dir, told)? {
        Opened::Entries(entries, rules) => (entries, rules),
        closed => {
            let end = match closed {
                Opened::Repository => End::Excluded(Exclusion::NestedRepository),
                Opened::Unreadable => End::Excluded(Exclusion::UnreadableDirectory),
                Opened::Gone | Opened::Entries(..) => End::Absent(None),
            };
            found.trails.push(Trail { path: dir.path, end });
            return Ok(());
        }
    };
    let mut is_there = false;
    for (name, stat) in entries.iter().filter(|(name, _)| has_text(name, part.text)) {
        is_there = true;
        let path = dir.entry(name.as_bytes());
        let end = match walk.gate.admit(&path, stat.kind, dir.included, rules.as_deref()) {
            Err(refusal) => End::Excluded(exclusion(&path, refusal)),
            Ok(admission) => {
                let said = said.clone().with(&path, &admission);
                match (admission.is_dir, part.is_last) {
                    (true, false) => {
                        found.below.push(Step { dir: Walk::within(&path, rules.as_ref(), &admission), said });
                        continue;
                    }
                    (true, true) => End::Dir(said.rules()),
                    (false, false) => End::BelowFile,
                    (false, true) if !admission.included => {
                        End::Excluded(Exclusion::NotIncluded { rule: said.include })
                    }
                    (false, true) => End::File(*stat, said.rules()),
                }
            }
        };
        found.trails.push(Trail { path, end });
    }
    if !is_there {
        let names: Vec<String> = entries.iter().map(|(name, _)| text_of(name.as_bytes())).collect();
        let near = near(part.text, &names, |name| text_of(&dir.entry(b"")) + name);
        found.trails.push(Trail { path: dir.entry(part.text.as_bytes()), end: End::Absent(near) });
    }
    Ok(())
}

fn has_text(name: &OsString, text: &str) -> bool {
    name.to_str().map_or_else(|| text_of(name.as_bytes()) == text, |name| name == text)
}

fn exclusion(path: &[u8], refusal: Refusal<'_>) -> Exclusion {
    match refusal {
        Refusal::Link => Exclusion::Link,
        Refusal::Special => Exclusion::Special,
        Refusal::Git => Exclusion::Git,
        Refusal::State => Exclusion::State,
        Refusal::Never => Exclusion::Store,
        Refusal::Ignored(rule) => Exclusion::Ignored { rule: of_ignore_file(path, rule) },
        Refusal::Excluded(rule) => Exclusion::Excluded { rule: of_exclude(path, rule) },
    }
}

fn of_ignore_file(path: &[u8], rule: Deciding<'_>) -> DecidingRule {
    let directory = path.get(..rule.base()).unwrap_or_default();
    let name = IGNORE_FILES.get(rule.file()).copied().unwrap_or_default();
    let file = text_of(&[directory, name.as_bytes()].concat());
    told(path, rule, RuleSource::IgnoreFile { file, line: rule.number() })
}

fn of_exclude(path: &[u8], rule: Deciding<'_>) -> DecidingRule {
    told(path, rule, RuleSource::Exclude { entry: rule.number() })
}

fn of_include(path: &[u8], rule: Deciding<'_>) -> DecidingRule {
    told(path, rule, RuleSource::Include { entry: rule.number() })
}

fn told(path: &[u8], rule: Deciding<'_>, source: RuleSource) -> DecidingRule {
    DecidingRule { pattern: String::from_utf8_lossy(rule.text()).into_owned(), source, matched: text_of(path) }
}
