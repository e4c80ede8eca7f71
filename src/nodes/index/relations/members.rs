//! A name → what the scopes around it have: functions in functions, members of types, and what the file defines.

use super::headers::Sure;
use super::kinds::{MEMBERS, TYPES, container, is_header};
use super::levels::{Is, Level};
use super::modules::{Names, parent};
use super::paths;
use super::rules::Reach;
use super::symbols::{All, Known, Place, Target};
use crate::nodes::{Definition, Relation};

/// What Kotlin calls the object that a class has beside its values.
const COMPANION: &str = "Companion";

/// What the scopes around a reference tell.
pub struct Scoped<'n> {
    pub found: Option<Known<'n>>,
    /// A type around may inherit what is called.
    pub inherits: bool,
}

impl<'n> Place<'_, 'n> {
    /// In the scopes around the reference, the innermost first.
    pub fn scoped(&self, all: &All<'n>, names: &mut Names<'n>) -> Scoped<'n> {
        // A variable that holds what an import brought is that.
        let holds = |one: &Definition<'_>| {
            one.kind == "variable" && !self.file.bound(self.name, self.at, self.scope).is_empty()
        };
        let here: All<'n> = all.iter().filter(|one| one.path == self.file.path && !holds(one)).copied().collect();
        let mut walk = Walk::default();
        let innermost = self.levels.clone().find(Level::is_type);
        for level in self.levels.clone() {
            // Ruby looks at what the innermost class inherits behind all that is around, and before the top level.
            if self.rules.family == "ruby"
                && level.is == Is::Top
                && innermost.is_some_and(|innermost| self.inherits_type(&innermost, all, names))
            {
                return Scoped { found: Some(Known::Unclear), inherits: walk.inherits };
            }
            if let Some(found) = self.at(&level, &walk, &here, all, names) {
                let found = Some(if walk.inherits { self.unless_inherited(found, all) } else { found });
                return Scoped { found, inherits: walk.inherits };
            }
            if self.rules.family != "ruby" && self.rules.members && self.inherits_type(&level, all, names) {
                return Scoped { found: Some(Known::Unclear), inherits: walk.inherits };
            }
            walk.inherits |= self.may_inherit(&level) && self.inherits(&level, all, names);
            walk.leave(&level, self.language);
        }
        Scoped { found: None, inherits: walk.inherits }
    }

    fn may_inherit(&self, level: &Level<'_>) -> bool {
        level.is_type() && self.rules.members && self.relation == Relation::Calls
    }

    /// What the scope has under the name; of an unreachable member nothing is told.
    fn at(
        &self,
        level: &Level<'_>,
        walk: &Walk,
        here: &All<'n>,
        all: &All<'n>,
        names: &mut Names<'n>,
    ) -> Option<Known<'n>> {
        if level.is == Is::Nameless {
            return None;
        }
        if level.is == Is::Top
            && self.rules.family == "jvm"
            && !self.file.bound(self.name, self.at, self.scope).is_empty()
        {
            return None;
        }
        // The names of a class of Python are not those of its functions.
        if level.is_type() && self.rules.family == "python" && walk.left_function && self.relation == Relation::Calls {
            return None;
        }
        let is_top = level.is == Is::Top;
        let (members, others): (All<'n>, All<'n>) = here
            .iter()
            .filter(|one| container(one.qualified_name) == level.name)
            .partition(|one| !is_top && MEMBERS.contains(&one.kind));
        let mut found = others;
        if is_top && self.rules.family == "script" {
            // What an object of no name has is no name of the file.
            found.retain(|one| !MEMBERS.contains(&one.kind));
        }
        if self.rules.members {
            found.extend(members);
            if found.is_empty() && level.is_type() {
                found = self.elsewhere(level, all, names);
            }
            let unreachable = walk.detached && level.is != Is::Object;
            if unreachable && found.iter().any(|one| MEMBERS.contains(&one.kind)) && !is_top {
                return Some(Known::Unclear);
            }
            if found.is_empty() && level.is_type() && self.language == "kotlin" {
                let companion = format!("{}.{COMPANION}", level.name);
                found.extend(here.iter().filter(|one| container(one.qualified_name) == companion));
            }
        }
        if self.rules.has_namespaces() && found.iter().all(|one| TYPES.contains(&one.kind)) {
            found = self.in_namespace(level, all);
        }
        (!found.is_empty()).then(|| Known::of(self.one(found)))
    }

    /// What is certain although a type around may inherit something of that name: types and macros are not inherited as
    /// functions are.
    pub fn unless_inherited(&self, known: Known<'n>, all: &All<'n>) -> Known<'n> {
        let Known::Found(Target::Symbol(path, symbol)) = known else { return known };
        let is = |one: &&Definition<'_>| one.path == path && one.qualified_name == symbol;
        let mut found = all.iter().filter(is).peekable();
        let is_certain = if found.peek().is_some() {
            found.all(|one| TYPES.contains(&one.kind) || one.kind == "macro")
        } else {
            self.name.starts_with(char::is_uppercase)
        };
        if is_certain { known } else { Known::Unclear }
    }

    /// Does an import name what was found, and is there no member of another type that could be inherited instead?
    pub fn is_imported(&self, known: Known<'n>, all: &All<'n>) -> bool {
        let Known::Found(Target::Symbol(path, symbol)) = known else { return false };
        let is_other =
            |one: &Definition<'_>| MEMBERS.contains(&one.kind) && (one.path != path || one.qualified_name != symbol);
        !self.file.bound(self.name, self.at, self.scope).is_empty() && !all.iter().any(is_other)
    }

    /// A member of the type around the reference, to whose value or name it belongs.
    pub fn member(&self, all: &All<'n>, names: &mut Names<'n>) -> Option<Target<'n>> {
        let is_value = |level: &Level<'_>| level.is == Is::Value && self.rules.family == "script";
        let owner = self.levels.clone().find(|level| {
            let passes = matches!(level.is, Is::Function | Is::Value) && !is_value(level);
            !passes
        })?;
        if !(matches!(owner.is, Is::Type | Is::Inner | Is::Object) || is_value(&owner)) {
            return None;
        }
        let of_type = |one: &&Definition<'_>| container(one.qualified_name) == owner.name;
        let here: All<'n> = all.iter().filter(of_type).filter(|one| one.path == self.file.path).copied().collect();
        if here.is_empty() { self.one(self.elsewhere(&owner, all, names)) } else { self.one(here) }
    }

    /// What a type has in other files, where it has a member of that name.
    fn elsewhere(&self, of_type: &Level<'_>, all: &All<'n>, names: &mut Names<'n>) -> All<'n> {
        let found = all.iter().filter(|one| container(one.qualified_name) == of_type.name).copied();
        let found: All<'n> = match (self.rules.family, self.rules.reach) {
            ("rust", _) => found.filter(|one| paths::same_crate(one.path, self.file.path, names)).collect(),
            // All members of a class of C++ are declared in it: around the reference, or in a header.
            ("c", _) if of_type.is_written => Vec::new(),
            ("c", _) => {
                let found: All<'n> = found.collect();
                let declares = |one: &Definition<'_>| is_header(one.path) && self.includes(one.path, names) != Sure::No;
                if found.iter().any(declares) { found } else { Vec::new() }
            }
            (_, Reach::Repository) => found.collect(),
            ("go" | "swift", _) => found.filter(|one| parent(one.path) == parent(self.file.path)).collect(),
            _ => Vec::new(),
        };
        if found.iter().any(|one| MEMBERS.contains(&one.kind)) { found } else { Vec::new() }
    }
}

/// What was left on the way out of the scopes.
#[derive(Default)]
struct Walk {
    inherits: bool,
    /// A type whose values know none of the type around it.
    detached: bool,
    left_function: bool,
}

impl Walk {
    fn leave(&mut self, level: &Level<'_>, language: &str) {
        self.left_function |= level.is == Is::Function;
        // In these a plain call reaches members of the types around, if only those that need no value.
        let reaches = matches!(language, "java" | "csharp" | "groovy" | "scala" | "dart");
        self.detached |= !reaches && matches!(level.is, Is::Type | Is::Object);
    }
}
