//! Symbols of Rust: by the path of modules that the crate's files make.

use super::crates::{self, Module, Path, of_file};
use super::kinds::{container, tail};
use super::modules::Names;
use super::symbols::{All, Known, Place};
use crate::nodes::Definition;

/// Most imports that lead to each other.
const STEPS: usize = 8;

pub fn same_crate(one: &str, other: &str) -> bool {
    of_file(one).root == of_file(other).root
}

/// A name without anything before it, which no scope of the file has.
pub fn plain<'n>(place: &Place<'_, 'n>, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
    if let Some(bound) = place.file.bound.get(place.name) {
        for bound in bound {
            let path = crates::names(bound.member);
            let Some((last, module)) = path.split_last() else { continue };
            let others = if last == place.name { all.clone() } else { place.candidates(last, names) };
            match follow(place, module, &others, names, STEPS) {
                Known::Unclear => {}
                known => return known,
            }
        }
        return Known::Unclear;
    }
    for bound in &place.file.whole {
        if let known @ Known::Found(_) = in_module(place, &crates::names(bound.member), all, names) {
            return known;
        }
    }
    // A macro is seen everywhere behind its definition.
    let macros: All<'n> =
        all.iter().filter(|one| one.kind == "macro" && same_crate(one.path, place.file.path)).copied().collect();
    Known::of(place.one(macros))
}

/// Members of the module `path` names, and of no other.
fn in_module<'n>(place: &Place<'_, 'n>, path: &[String], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
    let here = here(place);
    let modules = match crates::absolute(&here, path) {
        Some(Path::Module(module)) => vec![module],
        Some(Path::Named(first, rest)) => named(place, &here, &first, &rest, names),
        None => Vec::new(),
    };
    let found: All<'n> = all.iter().filter(|one| modules.iter().any(|module| is_in(one, module))).copied().collect();
    Known::of(place.one(found))
}

/// The module around a reference: of its scope only what is surely a module.
fn here(place: &Place<'_, '_>) -> Module {
    let mut module = of_file(place.file.path);
    if let Some((first, _)) = place.scope.split_once("::")
        && first.starts_with(char::is_lowercase)
    {
        module.names.push(first.to_owned());
    }
    module
}

/// The modules that `first::rest` may be: of this one, or of a crate of the repository.
fn named(place: &Place<'_, '_>, here: &Module, first: &str, rest: &[String], names: &mut Names<'_>) -> Vec<Module> {
    let of_crates = names.crates(first).into_iter().map(|root| Module { root, names: rest.to_vec() });
    let mut modules: Vec<Module> = of_crates.collect();
    let file = of_file(place.file.path);
    for base in [&file, here] {
        let own = base.names.iter().cloned().chain([first.to_owned()]).chain(rest.iter().cloned());
        modules.push(Module { root: here.root.clone(), names: own.collect() });
    }
    modules
}

/// Does the definition stand directly in the module, or in the type that its last name is?
fn is_in(one: &Definition<'_>, module: &Module) -> bool {
    let mut at = of_file(one.path);
    at.names.extend(crates::names(container(one.qualified_name)));
    at == *module
}

/// A name with a path before it.
pub fn qualified<'n>(place: &Place<'_, 'n>, path: &[String], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
    follow(place, path, all, names, STEPS)
}

fn follow<'n>(place: &Place<'_, 'n>, path: &[String], all: &All<'n>, names: &mut Names<'n>, steps: usize) -> Known<'n> {
    let here = here(place);
    let Some(first) = path.first() else { return Known::Unclear };
    if matches!(first.as_str(), "std" | "core" | "alloc" | "proc_macro") {
        return Known::Outside;
    }
    // A type or module of this file.
    let own: All<'n> = all
        .iter()
        .filter(|one| one.path == place.file.path && ends_with(container(one.qualified_name), path))
        .copied()
        .collect();
    if !own.is_empty() {
        return Known::of(place.one(own));
    }
    let (modules, is_known) = match crates::absolute(&here, path) {
        Some(Path::Module(module)) => (vec![module], true),
        Some(Path::Named(first, rest)) => {
            if let Some(bound) = place.file.bound.get(first.as_str()).filter(|_| steps > 0) {
                return through(place, bound, &rest, all, names, steps);
            }
            let is_crate = !names.crates(&first).is_empty();
            (named(place, &here, &first, &rest, names), is_crate)
        }
        None => return Known::Unclear,
    };
    let found: All<'n> = all.iter().filter(|one| modules.iter().any(|module| is_in(one, module))).copied().collect();
    if !found.is_empty() {
        return Known::of(place.one(found));
    }
    for bound in &place.file.whole {
        let mut longer = crates::names(bound.member);
        longer.extend(path.iter().cloned());
        if let known @ Known::Found(_) = in_module(place, &longer, all, names) {
            return known;
        }
    }
    if is_known { handed_on(place, path, &modules, all) } else { unknown(first, all) }
}

/// By what an import binds the first name to.
fn through<'n>(
    place: &Place<'_, 'n>,
    bound: &[super::modules::Bound<'_, 'n>],
    rest: &[String],
    all: &All<'n>,
    names: &mut Names<'n>,
    steps: usize,
) -> Known<'n> {
    let mut known = Known::Unclear;
    for bound in bound {
        let mut longer = crates::names(bound.member);
        let is_itself = longer.len() == 1;
        longer.extend(rest.iter().cloned());
        known = follow(place, &longer, all, names, if is_itself { 0 } else { steps - 1 });
        if let Known::Found(_) = known {
            break;
        }
    }
    known
}

/// A first name that is no crate of the repository and no module here: another crate, or a type of the prelude.
fn unknown<'n>(first: &str, all: &All<'n>) -> Known<'n> {
    let below = |one: &Definition<'_>| {
        of_file(one.path).names.iter().any(|name| name == first)
            || crates::names(one.qualified_name).iter().any(|name| name == first)
    };
    let is_other = first.starts_with(char::is_lowercase) && !all.iter().any(below);
    if is_other { Known::Outside } else { Known::Unclear }
}

/// What a crate's module has by `pub use` from another: the one definition of the crate that it can be.
fn handed_on<'n>(place: &Place<'_, 'n>, path: &[String], modules: &[Module], all: &All<'n>) -> Known<'n> {
    let last = path.last().map_or("", String::as_str);
    let in_crate = |one: &&Definition<'_>| {
        let root = of_file(one.path).root;
        modules.iter().any(|module| module.root == root) && one.visibility != Some("private")
    };
    let in_crate: All<'n> = all.iter().filter(in_crate).copied().collect();
    if last.starts_with(char::is_uppercase) {
        return Known::of(
            place.one(in_crate.into_iter().filter(|one| tail(container(one.qualified_name)) == last).collect()),
        );
    }
    let is_free = |one: &&Definition<'_>| one.kind != "method" && one.kind != "constant";
    let free: All<'n> = in_crate.iter().filter(is_free).copied().collect();
    // What lies below the module comes first.
    let is_below = |one: &&Definition<'_>| {
        let at = of_file(one.path);
        modules.iter().any(|module| module.root == at.root && at.names.starts_with(&module.names))
    };
    let below: All<'n> = free.iter().filter(is_below).copied().collect();
    Known::of(place.one(if below.is_empty() { free } else { below }))
}

fn ends_with(qualified: &str, path: &[String]) -> bool {
    let mut rest = qualified;
    for name in path.iter().rev() {
        if rest.is_empty() || tail(rest) != name {
            return false;
        }
        rest = container(rest);
    }
    true
}
