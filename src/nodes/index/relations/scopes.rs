//! A name → what the scopes around it define or import under it.

use super::kinds::{MEMBERS, container};
use super::modules::{Bound, Names};
use super::rules::Binds;
use super::symbols::{All, Known, Place, Target};

impl<'n> Place<'_, 'n> {
    /// The scopes around the reference, the innermost first, the file last.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        std::iter::successors(Some(self.scope), |scope| (!scope.is_empty()).then(|| container(scope)))
    }

    /// What the innermost scope that has the name means by it: definitions and imports, which must be one thing.
    pub fn lexical(&self, all: &All<'n>, names: &mut Names<'n>) -> Option<Known<'n>> {
        let bound = self.file.bound(self.name, self.at, self.scope);
        // A variable that holds what an import brought is that.
        let holds = |kind: &str| kind == "variable" && !bound.is_empty();
        let here: All<'n> = all.iter().filter(|one| one.path == self.file.path && !holds(one.kind)).copied().collect();
        if here.is_empty() && bound.is_empty() {
            return None;
        }
        for scope in self.scopes() {
            // What a class of Python has, whatever is inside of it reaches through it alone.
            let is_class = || self.levels.clone().any(|level| level.name == scope && level.is_type());
            if self.rules.binds == Binds::Python && scope != self.scope && is_class() {
                continue;
            }
            // What an object of no name has is no name of the file.
            let is_bare = scope.is_empty() && self.rules.binds != Binds::Script;
            let counts = |kind: &str| is_bare || !MEMBERS.contains(&kind) || self.rules.members;
            let within = here.iter().filter(|one| container(one.qualified_name) == scope && counts(one.kind));
            let defined: All<'n> = within.copied().collect();
            let imported: Vec<Bound<'_, 'n>> = bound.iter().filter(|bound| bound.scope == scope).copied().collect();
            match (defined.is_empty(), imported.is_empty()) {
                (true, true) => {}
                (false, true) => return Some(Known::of(self.one(defined))),
                (true, false) => return Some(self.bound(&imported, &[], all, names)),
                (false, false) => {
                    let imported = self.bound(&imported, &[], all, names);
                    return Some(agreed([Known::of(self.one(defined)), imported]));
                }
            }
        }
        None
    }
}

/// What all of `known` tell: where they differ, nothing is known.
pub fn agreed<'n>(known: impl IntoIterator<Item = Known<'n>>) -> Known<'n> {
    let mut known = known.into_iter();
    let Some(first) = known.next() else { return Known::Unclear };
    if known.all(|other| other == first) { first } else { Known::Unclear }
}

/// The one of `targets` that all are.
pub fn one_of<'n>(targets: impl IntoIterator<Item = Target<'n>>) -> Option<Target<'n>> {
    let mut targets = targets.into_iter();
    let first = targets.next()?;
    targets.all(|other| other == first).then_some(first)
}
