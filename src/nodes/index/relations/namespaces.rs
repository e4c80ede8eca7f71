//! Types of C# and constants of Ruby: what the namespaces around a reference have, then what imports and the top level
//! have. A type in any other namespace is not seen by its name alone.

use super::kinds::{TYPES, container};
use super::levels::{Is, Level};
use super::modules::Names;
use super::rules::of;
use super::symbols::{All, Known, Place};
use crate::nodes::{Before, Definition, Reference, References, Relation};

/// The first name of the path before the reference's own, here and in packages: what it names nearest decides.
pub fn wanted<'a>(references: &'a References, row: &Reference) -> Option<&'a str> {
    let Before::Path(path) = row.before else { return None };
    let rules = of(references.text(row.language));
    (rules.has_namespaces() || rules.family == "jvm")
        .then(|| Place::parts(references.text(path)).first().copied())
        .flatten()
}

impl<'n> Place<'_, 'n> {
    /// A type, by its name alone, in the scope `level`.
    pub fn in_namespace(&self, level: &Level<'_>, all: &All<'n>) -> All<'n> {
        // `class A::B` stands in no `A`, as Ruby sees it.
        if self.rules.family == "ruby" && !level.is_written {
            return Vec::new();
        }
        let is_there = |one: &&Definition<'_>| TYPES.contains(&one.kind) && container(one.qualified_name) == level.name;
        let mut found: All<'n> = all.iter().filter(is_there).copied().collect();
        if found.iter().any(|one| one.path == self.file.path) {
            found.retain(|one| one.path == self.file.path);
        }
        found
    }

    /// A name that imports of C# bring: of types in a namespace, or of members of a class.
    pub fn used(&self, all: &All<'n>) -> Known<'n> {
        let is_used = |one: &&Definition<'_>| match self.alias(self.name) {
            Some(path) => one.qualified_name == path,
            None => self.uses(container(one.qualified_name)),
        };
        Known::of(self.one(all.iter().filter(is_used).copied().collect()))
    }

    /// What `using name = …` of the file says.
    fn alias(&self, name: &str) -> Option<&str> {
        let mut usings = self.usings();
        usings.find(|(local, written)| *local == name && local != written).map(|(_, written)| written)
    }

    /// Of each `using` of the file the name that it gives, and what it names; they are the same where it gives none.
    fn usings(&self) -> impl Iterator<Item = (&str, &str)> {
        self.file.imports.iter().map(|(row, _)| (self.levels.text(row.name), self.levels.text(row.written)))
    }

    /// Does a `using` of the file name this namespace, or this class whose members it brings?
    fn uses(&self, namespace: &str) -> bool {
        // Inside of a namespace its own names may be left out.
        let spaces = self.levels.clone().filter(|level| level.is == Is::Space);
        let inside = spaces.filter_map(|space| namespace.strip_prefix(space.name)?.strip_prefix('.'));
        let mut ways = inside.chain([namespace]);
        ways.any(|way| self.usings().any(|(local, written)| local == written && written == way))
    }

    /// A member of the type that the names `parts` are, where they stand.
    pub fn owned(&self, parts: &[&str], owned: All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let Some(first) = parts.first() else { return Known::Unclear };
        let candidates = self.candidates_of(first, names);
        let innermost = self.levels.clone().find(Level::is_type);
        for level in self.levels.clone() {
            if self.rules.family == "ruby" && !level.is_written {
                continue;
            }
            if self.rules.family == "ruby"
                && level.is == Is::Top
                && innermost.is_some_and(|innermost| self.inherits_type(&innermost, &candidates, names))
            {
                return Known::Unclear;
            }
            let found = self.below(level.name, parts, &owned);
            if !found.is_empty() {
                return Known::of(self.one(found));
            }
            // The first of the names is another type, which has no such member.
            if candidates.iter().any(|one| container(one.qualified_name) == level.name) {
                return Known::Unclear;
            }
        }
        if self.rules.family != "csharp" {
            return Known::Unclear;
        }
        let used: All<'n> = match self.alias(first) {
            Some(path) => {
                let whole = [&[path], parts.get(1..).unwrap_or_default()].concat().join(".");
                owned.into_iter().filter(|one| container(one.qualified_name) == whole).collect()
            }
            None => owned.into_iter().filter(|one| self.uses(Self::around(parts.len(), one))).collect(),
        };
        Known::of(self.one(used))
    }

    /// Of `owned`, what the names `parts` below `scope` have.
    fn below(&self, scope: &str, parts: &[&str], owned: &All<'n>) -> All<'n> {
        let found = owned.iter().filter(|one| Self::around(parts.len(), one) == scope).copied();
        let mut found: All<'n> = found.collect();
        if found.iter().any(|one| one.path == self.file.path) {
            found.retain(|one| one.path == self.file.path);
        }
        found
    }

    /// What is around the last `count` names before that of a definition.
    fn around<'d>(count: usize, one: &Definition<'d>) -> &'d str {
        (0..count).fold(container(one.qualified_name), |name, _| container(name))
    }

    /// The types of a name.
    fn candidates_of(&self, name: &str, names: &mut Names<'n>) -> All<'n> {
        let place = Place { relation: Relation::Extends, ..self.clone() };
        place.candidates(name, names)
    }
}
