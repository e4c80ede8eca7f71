//! Who passes: the one place that decides whether an entry of a directory belongs to the repository.
//!
//! Each answer holds the rules that led to it; a scan looks only at whether and [`explain`](crate::source::explain)
//! at why.

use std::collections::BTreeSet;

use crate::base::vfs::FileKind;
use crate::source::rules::{Deciding, Rules, Verdict};

/// What holds for the whole walk.
pub struct Gate {
    /// Directories that are never entered, relative to the root.
    pub never: BTreeSet<Vec<u8>>,
    /// `None`: everything.
    pub include: Option<Rules>,
    pub exclude: Rules,
}

/// An entry that is not left out by itself.
#[derive(Clone, Copy, Debug)]
pub struct Admission<'r> {
    pub is_dir: bool,
    /// A file that is not `included` is left out. A directory is entered all the same: `include` may name
    /// something within.
    pub included: bool,
    /// The rule of an ignore file that says that the entry is not ignored.
    pub ignore: Option<Deciding<'r>>,
    /// The rule of `exclude` that says that the entry is not excluded.
    pub exclude: Option<Deciding<'r>>,
    /// The rule of `include` that speaks of this very entry.
    pub include: Option<Deciding<'r>>,
}

/// Why an entry is left out.
#[derive(Clone, Copy, Debug)]
pub enum Refusal<'r> {
    Link,
    /// A pipe, socket or device.
    Special,
    /// `.git`
    Git,
    /// `.sawmill`
    State,
    /// A directory of the request's `never`.
    Never,
    Ignored(Deciding<'r>),
    Excluded(Deciding<'r>),
}

impl Gate {
    pub fn includes_all(&self) -> bool {
        self.include.is_none()
    }

    /// Decides about the entry at `path`, relative to the root, of a directory that was `included` and whose ignore
    /// files and those above say `rules`.
    pub fn admit<'r>(
        &'r self,
        path: &[u8],
        kind: FileKind,
        included: bool,
        rules: Option<&'r Rules>,
    ) -> Result<Admission<'r>, Refusal<'r>> {
        let is_dir = match kind {
            FileKind::File => false,
            FileKind::Dir => true,
            FileKind::Symlink => return Err(Refusal::Link),
            FileKind::Other => return Err(Refusal::Special),
        };
        match path.rsplit(|b| *b == b'/').next().unwrap_or(path) {
            b".git" => return Err(Refusal::Git),
            b".sawmill" if is_dir => return Err(Refusal::State),
            _ if is_dir && self.never.contains(path) => return Err(Refusal::Never),
            _ => {}
        }
        let ignore = rules.and_then(|rules| rules.decide(path, is_dir));
        if let Some(rule) = ignore.filter(|rule| rule.verdict() == Verdict::Matched) {
            return Err(Refusal::Ignored(rule));
        }
        let exclude = self.exclude.decide(path, is_dir);
        if let Some(rule) = exclude.filter(|rule| rule.verdict() == Verdict::Matched) {
            return Err(Refusal::Excluded(rule));
        }
        let include = self.include.as_ref().and_then(|include| include.decide(path, is_dir));
        let included = include.map_or(included, |rule| rule.verdict() == Verdict::Matched);
        Ok(Admission { is_dir, included, ignore, exclude, include })
    }
}
