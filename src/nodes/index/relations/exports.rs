//! What a module gives to those that import it.

use super::defined::EXPORT;
use super::kinds::{container, names_a_file, stem};
use super::modules::{Bound, DEFAULT, Module, Names, WHOLE, parent};
use super::rules::{Imports, Reach};
use super::symbols::{All, Before, Known, Place, Target};
use crate::nodes::Definition;

impl<'n> Place<'_, 'n> {
    /// What names that imports bind mean, with the names `rest` behind them.
    pub fn bound(&self, bound: &[Bound<'_, 'n>], rest: &[&str], all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let mut outside = true;
        for Bound { module, member } in bound {
            outside &= *module == Module::Outside;
            let Some(path) = module.path() else { continue };
            let default = if *member == DEFAULT { exported(path, names) } else { None };
            let is_path = matches!(self.before, Before::Path(_));
            let target = match default {
                Some(export) if !is_path => Some(Target::Symbol(export.path, export.qualified_name)),
                Some(export) => self.in_module(path, &[&[export.qualified_name], rest].concat(), all),
                None if member.is_empty() || (!is_path && *member == self.name) => self.in_module(path, rest, all),
                None if !is_path && *member == DEFAULT => {
                    let whole = self.candidates(WHOLE, names);
                    let default = self.candidates(DEFAULT, names);
                    self.in_module(path, rest, &default).or_else(|| self.in_module(path, rest, &whole))
                }
                None if !is_path => self.in_module(path, rest, &self.candidates(member, names)),
                // A type, or an object, that the module has.
                None => self.in_module(path, &[&[*member], rest].concat(), all),
            };
            if let Some(target) = target {
                return Known::Found(target);
            }
        }
        if outside { Known::Outside } else { Known::Unclear }
    }

    /// The definition in the module at `path`, in what `rest` names there.
    pub fn in_module(&self, path: &str, rest: &[&str], all: &All<'n>) -> Option<Target<'n>> {
        let directory = if path == "." { "" } else { path };
        let fits = |one: &&Definition<'n>| {
            let container = container(one.qualified_name);
            if rest.is_empty() { self.is_top(one) } else { Self::ends_with(container, rest) }
        };
        let fitting: All<'n> = all.iter().filter(fits).copied().collect();
        let direct: All<'n> = fitting.iter().filter(|one| one.path == path).copied().collect();
        if !direct.is_empty() {
            return self.one(direct);
        }
        let is_file = names_a_file(path);
        if self.rules.imports == Imports::GoPackage || self.rules.reach == Reach::Directory {
            return self.one(fitting.into_iter().filter(|one| parent(one.path) == directory).collect());
        }
        // What `__init__.py` and `index.js` hand on lies below; so do the modules of a package.
        let below = if !is_file {
            directory
        } else if matches!(stem(path), "__init__" | "index") {
            parent(path)
        } else {
            return None;
        };
        let inside = |one: &&Definition<'_>| {
            one.path.strip_prefix(below).is_some_and(|rest| below.is_empty() || rest.starts_with('/'))
        };
        if let ([first, ..], Imports::Python) = (rest, self.rules.imports) {
            // `package.module.name`
            let file = [format!("{below}/{first}.py"), format!("{below}/{first}/__init__.py")];
            let modules = all.iter().filter(|one| file.iter().any(|file| file == one.path));
            let more = rest.get(1..).unwrap_or_default();
            let named = modules.filter(|one| Self::ends_with(container(one.qualified_name), more)).copied();
            let named: All<'n> =
                named.filter(|one| !more.is_empty() || container(one.qualified_name).is_empty()).collect();
            if !named.is_empty() {
                return self.one(named);
            }
        }
        let handed: All<'n> =
            fitting.iter().filter(|one| one.visibility != Some("private")).filter(inside).copied().collect();
        self.one(handed)
    }
}

/// What the module of JavaScript at `path` exports where nothing is named.
fn exported<'n>(path: &str, names: &mut Names<'n>) -> Option<Definition<'n>> {
    let found = names.find(DEFAULT);
    let mut exports = found.iter().filter(|one| one.kind == EXPORT && one.path == path);
    exports.next().copied().filter(|_| exports.next().is_none())
}
