//! What a module gives to those that import it.

use std::collections::BTreeSet;

use super::defined::EXPORT;
use super::handed::{Handed, all_of};
use super::imports::places;
use super::kinds::{container, names_a_file, stem};
use super::modules::{Bound, DEFAULT, Module, Names, WHOLE, parent};
use super::rules::{Binds, Imports, Reach};
use super::scopes::{agreed, one_of};
use super::symbols::{All, Before, Known, Place, Target};
use crate::nodes::Definition;

/// Most modules that are looked through for one name.
const MODULES: usize = 64;

impl<'n> Place<'_, 'n> {
    /// What names that imports bind mean, with the names `rest` behind them: all of them the same.
    pub fn bound(&self, bound: &[Bound<'_, 'n>], rest: &[&str], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let of_import = bound.chunk_by(|one, other| one.row == other.row);
        let known: Vec<Known<'n>> = of_import.map(|bound| self.bound_by_one(bound, rest, all, names)).collect();
        agreed(known)
    }

    /// As [`bound`](Self::bound), by one import: the first that is there.
    fn bound_by_one(&self, bound: &[Bound<'_, 'n>], rest: &[&str], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let mut outside = true;
        for Bound { module, member, .. } in bound {
            outside &= *module == Module::Outside;
            let Some(path) = module.path() else { continue };
            let default = if *member == DEFAULT { exported(path, names) } else { None };
            let is_path = matches!(self.before, Before::Path(_));
            let target = match default {
                Some(export) if !is_path => Some(Target::Symbol(export.path, export.qualified_name)),
                Some(export) => {
                    Self::member_of(export.path, export.qualified_name, rest, all).and_then(|found| self.one(found))
                }
                None if member.is_empty() => self.in_module(path, self.name, rest, all, names),
                None if !is_path && *member == DEFAULT => {
                    let whole = self.candidates(WHOLE, names);
                    let default = self.candidates(DEFAULT, names);
                    self.in_module(path, DEFAULT, rest, &default, names)
                        .or_else(|| self.in_module(path, WHOLE, rest, &whole, names))
                }
                None if !is_path && *member == self.name => self.in_module(path, member, rest, all, names),
                None if !is_path => self.in_module(path, member, rest, &self.candidates(member, names), names),
                // A type, or an object, that the module has.
                None => self.through(path, member, rest, all, names),
            };
            match target {
                Some(Target::Ambiguous) => return Known::Unclear,
                Some(target) => return Known::Found(target),
                None => {}
            }
        }
        if outside { Known::Outside } else { Known::Unclear }
    }

    /// Members of what `member` of the module at `path` is, or of what `rest` names in it.
    fn through(
        &self,
        path: &str,
        member: &str,
        rest: &[&str],
        all: &All<'n>,
        names: &mut Names<'n>,
    ) -> Option<Target<'n>> {
        if let Some(found) = self.in_module(path, self.name, &[&[member], rest].concat(), all, names) {
            return Some(found);
        }
        let holders = names.find(member);
        let sees = |one: &&Definition<'n>| self.rules.sees(self.language, one.language);
        let holders: All<'n> = holders.iter().filter(sees).copied().collect();
        let mut seen = BTreeSet::new();
        match one_of(self.handed_on(path, member, &holders, names, &mut seen))? {
            Target::Symbol(path, holder) => Self::member_of(path, holder, rest, all).and_then(|found| self.one(found)),
            _ => None,
        }
    }

    /// Definitions in the file at `path` inside of `holder`, in what `rest` names there.
    fn member_of(path: &str, holder: &str, rest: &[&str], all: &All<'n>) -> Option<All<'n>> {
        let fits = |one: &&Definition<'n>| {
            let mut inner = container(one.qualified_name);
            for name in rest.iter().rev() {
                if super::kinds::tail(inner) != *name {
                    return false;
                }
                inner = container(inner);
            }
            one.path == path && inner == holder
        };
        let found: All<'n> = all.iter().filter(fits).copied().collect();
        (!found.is_empty()).then_some(found)
    }

    /// The definition of `name` in the module at `path`, in what `rest` names there.
    pub fn in_module(
        &self,
        path: &str,
        name: &str,
        rest: &[&str],
        all: &All<'n>,
        names: &mut Names<'n>,
    ) -> Option<Target<'n>> {
        let directory = if path == "." { "" } else { path };
        let fits = |one: &&Definition<'n>| {
            let container = container(one.qualified_name);
            if rest.is_empty() { self.is_top(one) } else { Self::ends_with(container, rest) }
        };
        let fitting: All<'n> = all.iter().filter(fits).copied().collect();
        if rest.is_empty() && matches!(self.rules.binds, Binds::Python | Binds::Script) {
            return one_of(self.handed_on(path, name, &fitting, names, &mut BTreeSet::new()));
        }
        let direct: All<'n> = fitting.iter().filter(|one| one.path == path).copied().collect();
        if !direct.is_empty() {
            return self.one(direct);
        }
        if self.rules.imports == Imports::GoPackage || self.rules.reach == Reach::Directory {
            return self.one(fitting.into_iter().filter(|one| parent(one.path) == directory).collect());
        }
        // The modules of a package lie below it.
        let below = if !names_a_file(path) {
            directory
        } else if stem(path) == "__init__" {
            parent(path)
        } else {
            return None;
        };
        let (first, more) = rest.split_first().filter(|_| self.rules.imports == Imports::Python)?;
        let file = [format!("{below}/{first}.py"), format!("{below}/{first}/__init__.py")];
        let modules = all.iter().filter(|one| file.iter().any(|file| file == one.path));
        let named = modules.filter(|one| {
            let container = container(one.qualified_name);
            if more.is_empty() { container.is_empty() } else { Self::ends_with(container, more) }
        });
        self.one(named.copied().collect())
    }

    /// What `name` may be in the module at `path`: what it defines, and what it hands on from others.
    fn handed_on(
        &self,
        path: &str,
        name: &str,
        all: &All<'n>,
        names: &mut Names<'n>,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Vec<Target<'n>> {
        if seen.len() >= MODULES || !seen.insert((path.to_owned(), name.to_owned())) {
            return Vec::new();
        }
        let is_here = |one: &&Definition<'n>| one.path == path && self.is_top(one);
        let direct: All<'n> = all.iter().filter(is_here).copied().collect();
        let mut targets: Vec<Target<'n>> = Vec::new();
        if !direct.is_empty() {
            targets.push(self.one(direct).unwrap_or(Target::Ambiguous));
        }
        for handed in handed_by(path, name, names) {
            let known = match handed.member {
                // A module, of which the members would be meant.
                "" => Vec::new(),
                DEFAULT if self.rules.binds == Binds::Script => self.default_of(&handed, names, seen),
                // Definitions of another name are not looked for.
                member if member != name => Vec::new(),
                member => self.from(&handed, member, all, names, seen),
            };
            // What cannot be followed may be anything.
            if known.is_empty() { targets.push(Target::Ambiguous) } else { targets.extend(known) }
        }
        if targets.is_empty() && (name != DEFAULT || self.rules.binds != Binds::Script) {
            for handed in handed_by(path, &all_of(self.rules.family), names) {
                targets.extend(self.from(&handed, name, all, names, seen));
            }
        }
        targets
    }

    /// What `name` may be in the module that `handed` has it from.
    fn from(
        &self,
        handed: &Handed<'n>,
        name: &str,
        all: &All<'n>,
        names: &mut Names<'n>,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Vec<Target<'n>> {
        let places = places(&self.rules, &names.roots, handed.path, "", handed.module);
        for exact in places.exact.iter().filter(|exact| exact.path != handed.path) {
            if exact.outside.as_deref().is_some_and(|directory| names.is_package(directory)) {
                continue;
            }
            let found = self.handed_on(&exact.path, name, all, names, seen);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// What the module that `handed` names exports where nothing is named.
    fn default_of(
        &self,
        handed: &Handed<'n>,
        names: &mut Names<'n>,
        seen: &mut BTreeSet<(String, String)>,
    ) -> Vec<Target<'n>> {
        let places = places(&self.rules, &names.roots, handed.path, "", handed.module);
        for exact in &places.exact {
            if let Some(export) = exported(&exact.path, names) {
                return vec![Target::Symbol(export.path, export.qualified_name)];
            }
            let default = self.candidates(DEFAULT, names);
            let found = self.handed_on(&exact.path, DEFAULT, &default, names, seen);
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }
}

/// What the file at `path` hands on under `name`.
fn handed_by<'n>(path: &str, name: &str, names: &mut Names<'n>) -> Vec<Handed<'n>> {
    names.find(name).iter().filter(|one| one.path == path).filter_map(Handed::of).collect()
}

/// What the module of JavaScript at `path` exports where nothing is named.
fn exported<'n>(path: &str, names: &mut Names<'n>) -> Option<Definition<'n>> {
    let found = names.find(DEFAULT);
    let mut exports = found.iter().filter(|one| one.kind == EXPORT && one.path == path);
    exports.next().copied().filter(|_| exports.next().is_none())
}
