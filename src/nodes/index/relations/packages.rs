//! Packages of Java and its kin: explicit imports come first, then the package, then what is imported as a whole.
//!
//! A package is a directory. Below the source roots of one module, as `src/main/java` and `src/test/java` are, equal
//! directories are one package; what is there for tests is seen by tests alone.

use super::kinds::{TYPES, container};
use super::modules::{Module, Names, parent};
use super::symbols::{All, Known, Place};
use crate::nodes::{Definition, Relation};

/// Names of directories for the sources of one language.
const LANGUAGES: &[&str] = &["groovy", "java", "kotlin", "scala"];
/// Names of directories for sources of a module.
const ROOTS: &[&str] = &["src", "source", "sources", "test", "tests"];

/// Where a directory of sources lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Root<'a> {
    /// The directory of the module.
    module: &'a str,
    /// Which of its sources: `main`, `test`.
    set: &'a str,
    /// Below the root.
    package: &'a str,
}

impl<'a> Root<'a> {
    fn of(directory: &'a str) -> Option<Self> {
        let (module, set, rest) = parts(directory).find(|(_, part, _)| ROOTS.contains(part))?;
        let whole = Self { module, set, package: rest };
        let (next, below) = first(rest);
        let (language, package) = first(below);
        if LANGUAGES.contains(&language) {
            return Some(Self { module, set: next, package });
        }
        Some(if next == "main" || is_test(next) { Self { module, set: next, package: below } } else { whole })
    }
}

/// Each part of a path, with what stands before and behind it.
fn parts(path: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let mut rest = Some(path);
    std::iter::from_fn(move || {
        let here = rest?;
        let before = path.get(..path.len() - here.len()).unwrap_or_default().trim_end_matches('/');
        let (part, behind) = first(here);
        rest = (!behind.is_empty()).then_some(behind);
        Some((before, part, behind))
    })
}

fn first(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or((path, ""))
}

fn is_test(set: &str) -> bool {
    set.to_ascii_lowercase().contains("test")
}

/// Are these directories one package, of which `from` sees what is in `to`?
fn sees(from: &str, to: &str) -> bool {
    if from == to {
        return true;
    }
    let (Some(from), Some(to)) = (Root::of(from), Root::of(to)) else { return false };
    from.module == to.module && from.package == to.package && (is_test(from.set) || !is_test(to.set))
}

impl<'n> Place<'_, 'n> {
    /// A name of a package that the file sees.
    pub fn packaged(&self, all: &All<'n>) -> Known<'n> {
        let outer = |one: &&Definition<'_>| container(one.qualified_name).is_empty();
        let own = self.of_package(all.iter().filter(outer).copied());
        if !own.is_empty() {
            return Known::of(self.one(own));
        }
        let shown = |one: &&Definition<'_>| self.has_whole(one, container(one.qualified_name));
        Known::of(self.one(all.iter().filter(shown).copied().collect()))
    }

    /// Of `found`, what the package of the file has: beside the file, else below another root.
    fn of_package(&self, found: impl Iterator<Item = Definition<'n>>) -> All<'n> {
        let here = parent(self.file.path);
        let mut own: All<'n> = found.filter(|one| one.path != self.file.path && sees(here, parent(one.path))).collect();
        if own.iter().any(|one| parent(one.path) == here) {
            own.retain(|one| parent(one.path) == here);
        }
        own
    }

    /// Does an import bring all of what has the definition: its package, where `around` is empty, or a type?
    fn has_whole(&self, one: &Definition<'_>, around: &str) -> bool {
        self.file.whole.iter().any(|bound| match bound.module {
            Module::Directory(directory) => around.is_empty() && sees(directory, parent(one.path)),
            Module::File(file) => file == one.path && self.is_top(one) && !around.is_empty(),
            Module::Unclear | Module::Outside => false,
        })
    }

    /// A member of the type that the names `parts` are.
    pub fn packaged_in(&self, parts: &[&str], owned: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let around = parts.join(".");
        let exact = owned.iter().filter(|one| container(one.qualified_name) == around).copied();
        let own = self.of_package(exact.clone());
        if !own.is_empty() {
            return Known::of(self.one(own));
        }
        // The package has another type of that name, which has no such member itself.
        let name = parts.first().copied().unwrap_or_default();
        let place = Place { relation: Relation::Extends, ..self.clone() };
        let types = place.candidates(name, names);
        let is_type = |one: &&Definition<'_>| TYPES.contains(&one.kind) && container(one.qualified_name).is_empty();
        if !self.of_package(types.iter().filter(is_type).copied()).is_empty() {
            return Known::Unclear;
        }
        Known::of(self.one(exact.filter(|one| self.has_whole(one, "")).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_one_below_the_roots_of_a_module_and_tests_see_more() {
        let table = [
            ("a/src/test/java/p/q", "a/src/main/java/p/q", true),
            ("a/src/test/kotlin/p/q", "a/src/main/java/p/q", true),
            ("a/src/main/java/p/q", "a/src/main/kotlin/p/q", true),
            ("a/src/main/java/p/q", "a/src/test/java/p/q", false),
            ("a/src/test/java/p/q", "b/src/main/java/p/q", false),
            ("a/src/test/java/p", "a/src/main/java/p/q", false),
            ("src/integrationTest/java/p", "src/testFixtures/java/p", true),
            ("src/test/java", "src/main/java", true),
            ("test/p/q", "src/p/q", true),
            ("src/p/q", "test/p/q", false),
            ("src/test/p", "src/main/p", true),
            ("p/q", "p/q", true),
            ("p/q", "p/r", false),
            ("", "", true),
            ("src", "test", false),
        ];
        for (from, to, expected) in table {
            assert_eq!(sees(from, to), expected, "{to} from {from}");
        }
    }
}
