//! Symbols of Rust: by the path of modules that the crate's files make.

use std::collections::BTreeSet;

use super::crates::{self, Module, Path};
use super::handed::{Handed, all_of};
use super::kinds::{MEMBERS, container, tail};
use super::modules::{Bound, Names};
use super::scopes::agreed;
use super::symbols::{All, Known, Place};
use crate::nodes::Definition;

/// Most modules that are looked through for one name.
const MODULES: usize = 24;
/// Types that have members of their own.
const HOLDERS: &[&str] = &["struct", "enum", "union", "trait"];

pub fn same_crate(one: &str, other: &str, names: &mut Names<'_>) -> bool {
    names.root_of(one) == names.root_of(other)
}

/// A name without anything before it.
pub fn plain<'n>(place: &Place<'_, 'n>, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
    let mut search = Search::new(place, names);
    let bound = place.file.bound(place.name, place.at, place.scope);
    for scope in search.scopes() {
        let here = |one: &&Definition<'n>| {
            let is_member = scope != place.module && MEMBERS.contains(&one.kind);
            one.path == place.file.path && container(one.qualified_name) == scope && !is_member
        };
        let defined: All<'n> = all.iter().filter(here).copied().collect();
        let mut known: Vec<Known<'n>> = Vec::new();
        if !defined.is_empty() {
            known.push(Known::of(place.one(defined)));
        }
        for bound in bound.iter().filter(|bound| bound.scope == scope) {
            known.push(search.bound(bound, names));
        }
        if !known.is_empty() {
            return agreed(known);
        }
    }
    let mut found: All<'n> = Vec::new();
    for whole in search.whole() {
        search.seen.clear();
        let here = names.module(place.file.path, whole.inside);
        found.extend(search.path(&here, &crates::names(whole.member), place.name, names));
    }
    if !found.is_empty() {
        return Known::of(place.one(found));
    }
    // A macro is seen everywhere behind its definition.
    let is_macro = |one: &&Definition<'n>| one.kind == "macro" && same_crate(one.path, place.file.path, names);
    let macros: All<'n> = all.iter().filter(is_macro).copied().collect();
    let own: All<'n> = macros.iter().filter(|one| one.path == place.file.path).copied().collect();
    Known::of(place.one(if own.is_empty() { macros } else { own }))
}

/// A name with a path before it.
pub fn qualified<'n>(place: &Place<'_, 'n>, path: &[String], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
    let mut search = Search::new(place, names);
    search.known.extend(path.iter().cloned());
    let Some((first, rest)) = path.split_first() else { return Known::Unclear };
    let here = search.here.clone();
    if let Some(Path::Module(_)) = crates::absolute(&here, path) {
        return Known::of(place.one(search.path(&here, path, place.name, names)));
    }
    let bound = place.file.bound(first, place.at, place.scope);
    for scope in search.scopes() {
        // A type or module of this scope, or what is added to one.
        let at = scope.split("::").filter(|name| !name.is_empty()).chain(path.iter().map(String::as_str));
        let at = at.collect::<Vec<_>>().join("::");
        let is_here = |one: &&Definition<'n>| one.path == place.file.path && container(one.qualified_name) == at;
        let own: All<'n> = all.iter().filter(is_here).copied().collect();
        if !own.is_empty() {
            return Known::of(place.one(own));
        }
        let bound: Vec<&Bound<'_, 'n>> = bound.iter().filter(|bound| bound.scope == scope).collect();
        if !bound.is_empty() {
            let known: Vec<Known<'n>> =
                bound.into_iter().map(|bound| search.through(bound, rest, place.name, names)).collect();
            return agreed(known);
        }
    }
    let mut found = search.below(&here, path, place.name, names);
    if found.is_empty() {
        for whole in search.whole() {
            let here = names.module(place.file.path, whole.inside);
            let mut longer = crates::names(whole.member);
            longer.extend(path.iter().cloned());
            search.seen.clear();
            found.extend(search.path(&here, &longer, place.name, names));
        }
    }
    if found.is_empty() {
        found = search.of_crate(first, rest, place.name, names);
    }
    if found.is_empty() { Search::none(path, place.name, names) } else { Known::of(place.one(found)) }
}

/// A search for what a reference means.
struct Search<'p, 'a, 'n> {
    place: &'p Place<'a, 'n>,
    /// The module around the reference.
    here: Module,
    /// Modules that were looked through, with what for.
    seen: BTreeSet<(String, String)>,
    /// Names whose definitions may be looked at.
    known: BTreeSet<String>,
}

impl<'p, 'a, 'n> Search<'p, 'a, 'n> {
    fn new(place: &'p Place<'a, 'n>, names: &mut Names<'n>) -> Self {
        let here = names.module(place.file.path, place.module);
        Self { place, here, seen: BTreeSet::new(), known: BTreeSet::new() }
    }

    /// The scopes around the reference up to its module, out of which no name is seen.
    fn scopes(&self) -> Vec<&'p str> {
        let mut inside = true;
        let module = self.place.module;
        self.place.scopes().take_while(|scope| std::mem::replace(&mut inside, *scope != module)).collect()
    }

    /// Modules of which all names are seen.
    fn whole(&self) -> Vec<Bound<'a, 'n>> {
        let scopes = self.scopes();
        let is_seen =
            |whole: &&Bound<'a, 'n>| whole.is_seen(self.place.at, self.place.scope) && scopes.contains(&whole.scope);
        self.place.file.whole.iter().filter(is_seen).copied().collect()
    }

    /// What an import names.
    fn bound(&mut self, bound: &Bound<'_, 'n>, names: &mut Names<'n>) -> Known<'n> {
        let path = crates::names(bound.member);
        let Some((last, module)) = path.split_last() else { return Known::Unclear };
        self.known.extend(path.iter().cloned());
        self.seen.clear();
        let here = names.module(self.place.file.path, bound.inside);
        let found = if module.is_empty() {
            // A crate, which is no symbol, or a name that is there already.
            self.members(&here, last, names)
        } else {
            self.path(&here, module, last, names)
        };
        if found.is_empty() { Self::none(&path, self.place.name, names) } else { Known::of(self.place.one(found)) }
    }

    /// `rest::name` in what an import names.
    fn through(&mut self, bound: &Bound<'_, 'n>, rest: &[String], name: &str, names: &mut Names<'n>) -> Known<'n> {
        let mut path = crates::names(bound.member);
        self.known.extend(path.iter().cloned());
        path.extend(rest.iter().cloned());
        self.seen.clear();
        let here = names.module(self.place.file.path, bound.inside);
        let found = self.path(&here, &path, name, names);
        if found.is_empty() { Self::none(&path, self.place.name, names) } else { Known::of(self.place.one(found)) }
    }

    /// Where nothing was found: is what the path names surely outside of the repository?
    fn none(path: &[String], name: &str, names: &mut Names<'n>) -> Known<'n> {
        let Some(first) = path.first() else { return Known::Unclear };
        if matches!(first.as_str(), "std" | "core" | "alloc" | "proc_macro") {
            return Known::Outside;
        }
        let is_path = matches!(first.as_str(), "crate" | "$crate" | "self" | "super");
        let is_other = !is_path && first.starts_with(char::is_lowercase) && !names.placed(name).is_around(first);
        if is_other && names.crates(first).is_empty() { Known::Outside } else { Known::Unclear }
    }

    /// `name` in what `path` names inside the module `here`.
    fn path(&mut self, here: &Module, path: &[String], name: &str, names: &mut Names<'n>) -> All<'n> {
        match crates::absolute(here, path) {
            Some(Path::Module(module)) => self.members(&module, name, names),
            Some(Path::Named(first, rest)) => {
                let found = self.below(here, path, name, names);
                if found.is_empty() { self.of_crate(&first, &rest, name, names) } else { found }
            }
            None => Vec::new(),
        }
    }

    fn below(&mut self, here: &Module, path: &[String], name: &str, names: &mut Names<'n>) -> All<'n> {
        self.members(&here.below(path), name, names)
    }

    fn of_crate(&mut self, first: &str, rest: &[String], name: &str, names: &mut Names<'n>) -> All<'n> {
        // Of what other files write, only the names of this one are looked at.
        if !self.known.contains(first) {
            return Vec::new();
        }
        let crates = names.crates(first);
        let mut found: All<'n> = crates.iter().flat_map(|root| self.below(root, rest, name, names)).collect();
        if found.is_empty() && rest.is_empty() {
            // Macros that a crate exports are in its root, wherever they are written.
            let macros = names.find(name);
            let macros = macros.iter().filter(|one| one.kind == "macro");
            let exported = macros.filter(|one| crates.iter().any(|root| *names.root_of(one.path) == *root.root));
            found = self.place.among(&exported.copied().collect::<All<'n>>(), name);
        }
        found
    }

    /// What `name` is in `module`, or in the type that it is.
    fn members(&mut self, module: &Module, name: &str, names: &mut Names<'n>) -> All<'n> {
        if self.seen.len() >= MODULES || !self.seen.insert((module.at(), name.to_owned())) {
            return Vec::new();
        }
        let place = module.at();
        let placed = names.placed(name);
        let is_in = |one: &&Definition<'n>| module.may_be(one.path);
        let direct: All<'n> = placed.at(&place).iter().filter(is_in).copied().collect();
        let direct = self.place.among(&direct, name);
        if !direct.is_empty() {
            return direct;
        }
        let mut found: All<'n> = Vec::new();
        for (here, path) in self.uses(module, name, names) {
            if let Some((last, before)) = path.split_last()
                && last == name
            {
                found.extend(self.path(&here, before, name, names));
            }
        }
        if found.is_empty() {
            for (here, path) in self.globs(module, names) {
                found.extend(self.path(&here, &path, name, names));
            }
        }
        if found.is_empty() {
            found = self.of_type(module, name, names);
        }
        if found.is_empty() {
            found = self.elsewhere(module, name, names);
        }
        found
    }

    /// As [`members`](Self::members), where a name of the module's path is one that another module hands on.
    fn elsewhere(&mut self, module: &Module, name: &str, names: &mut Names<'n>) -> All<'n> {
        for count in (0..module.names.len()).rev() {
            let around = Module { names: module.names.get(..count).unwrap_or_default().to_vec(), ..module.clone() };
            let rest = module.names.get(count..).unwrap_or_default();
            let Some((first, more)) = rest.split_first().filter(|(first, _)| self.known.contains(*first)) else {
                continue;
            };
            // A name that the module defines itself is none that it hands on.
            let place = around.at();
            if names.placed(first).at(&place).iter().any(|one| Handed::of(one).is_none() && around.may_be(one.path)) {
                break;
            }
            let mut found: All<'n> = Vec::new();
            for (here, mut path) in self.uses(&around, first, names) {
                path.extend(more.iter().cloned());
                found.extend(self.path(&here, &path, name, names));
            }
            for (here, mut path) in self.globs(&around, names) {
                path.extend(rest.iter().cloned());
                found.extend(self.path(&here, &path, name, names));
            }
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    /// Members that are written elsewhere, of the type that `module` is, if its crate has one type of that name.
    fn of_type(&self, module: &Module, name: &str, names: &mut Names<'n>) -> All<'n> {
        let Some((last, _)) = module.names.split_last().filter(|(last, _)| self.known.contains(*last)) else {
            return Vec::new();
        };
        let found = names.find(last);
        let holders: All<'n> = found.iter().filter(|one| HOLDERS.contains(&one.kind)).copied().collect();
        let mut types = holders.iter().filter(|one| *names.root_of(one.path) == *module.root);
        let (Some(one), None) = (types.next(), types.next()) else { return Vec::new() };
        if !names.roots.places(one.path, one.qualified_name).contains(&module.at()) {
            return Vec::new();
        }
        let root = names.root_of(one.path);
        let members = names.placed(name);
        self.place.among(members.in_holder(root, tail(one.qualified_name)), name)
    }

    /// The paths that `use` gives the name `name` in `module`, each with the module where it stands.
    fn uses(&self, module: &Module, name: &str, names: &mut Names<'n>) -> Vec<(Module, Vec<String>)> {
        let mut found = Vec::new();
        if self.known.contains(name) || name == self.place.name {
            found = Self::handed(module, name, names);
        }
        let bound = self.place.file.bound.get(name).into_iter().flatten();
        found.extend(self.own(module, bound, names));
        found
    }

    /// As [`uses`](Self::uses), of all names of a module.
    fn globs(&self, module: &Module, names: &mut Names<'n>) -> Vec<(Module, Vec<String>)> {
        let mut found = Self::handed(module, &all_of(self.place.rules.family), names);
        found.extend(self.own(module, self.place.file.whole.iter(), names));
        found
    }

    fn handed(module: &Module, name: &str, names: &mut Names<'n>) -> Vec<(Module, Vec<String>)> {
        let rows = names.placed(name);
        let place = module.at();
        let here = rows.at(&place).iter().filter(|one| module.may_be(one.path)).filter_map(Handed::of);
        here.map(|one| (names.module(one.path, one.scope), crates::names(one.member))).collect()
    }

    /// What this file says for itself: modules around the reference have what they import.
    fn own<'b>(
        &self,
        module: &Module,
        bound: impl Iterator<Item = &'b Bound<'a, 'n>>,
        names: &mut Names<'n>,
    ) -> Vec<(Module, Vec<String>)>
    where
        'a: 'b,
        'n: 'b,
    {
        let file = self.place.file.path;
        let (around, place) = (self.here.at(), module.at());
        let is_around = around == place || place.is_empty() || around.starts_with(&format!("{place}/"));
        let in_module = |bound: &&Bound<'a, 'n>| {
            is_around
                && bound.scope == bound.inside
                && module.may_be(file)
                && names.roots.places(file, bound.inside).contains(&place)
        };
        let bound: Vec<&Bound<'a, 'n>> = bound.filter(in_module).collect();
        bound.into_iter().map(|bound| (names.module(file, bound.inside), crates::names(bound.member))).collect()
    }
}
