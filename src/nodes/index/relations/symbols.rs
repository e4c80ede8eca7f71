//! A reference to a symbol → the symbol, by the rules of its language.

use super::crates;
use super::kinds::{CALLED, MEMBERS, NOT_CALLED, TYPES, container, is_header, is_used, stem, tail};
use super::levels::Levels;
use super::modules::{File, Names, around, parent};
use super::paths;
use super::rules::{Binds, Imports, Reach, Rules, of};
use super::words;
use crate::nodes::{self, Definition, Reference, References, Relation};

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'n> {
    Path(&'n str),
    Symbol(&'n str, &'n str),
    Ambiguous,
    Unresolved,
}

/// What stands before the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before<'a> {
    Nothing,
    Own,
    Path(&'a str),
    Value,
    Local,
    Tag,
}

/// A reference to a symbol, and what is around it.
#[derive(Clone)]
pub struct Place<'a, 'n> {
    pub file: &'a File<'a, 'n>,
    pub relation: Relation,
    pub language: &'a str,
    pub rules: Rules,
    pub name: &'a str,
    pub number: u32,
    pub before: Before<'a>,
    pub scope: &'a str,
    /// The scopes around it, the innermost first.
    pub levels: Levels<'a>,
    /// See [`Reference::module`].
    pub module: &'a str,
    pub at: u32,
}

pub type All<'n> = Vec<Definition<'n>>;

impl<'a, 'n> Place<'a, 'n> {
    pub fn new(references: &'a References, file: &'a File<'a, 'n>, row: &Reference) -> Self {
        let language = references.text(row.language);
        Self {
            file,
            relation: row.relation,
            language,
            rules: of(language),
            name: references.text(row.name),
            number: row.name,
            before: match row.before {
                nodes::Before::Nothing => Before::Nothing,
                nodes::Before::Own => Before::Own,
                nodes::Before::Path(path) => Before::Path(references.text(path)),
                nodes::Before::Value => Before::Value,
                nodes::Before::Local => Before::Local,
                nodes::Before::Tag => Before::Tag,
            },
            scope: references.text(row.scope),
            levels: Levels::new(references, row),
            module: references.text(row.module),
            at: row.at,
        }
    }

    pub fn find(&self, names: &mut Names<'n>) -> Target<'n> {
        let all = self.among(&names.find_number(self.number, self.name), self.name);
        let found = match self.before {
            // What a local name stands for is not known, whatever else has the name.
            Before::Value | Before::Local => None,
            Before::Own => self.member(&all, names),
            Before::Nothing | Before::Tag => match self.plain(&all, names) {
                Known::Found(target) => Some(target),
                Known::Outside => return Target::Unresolved,
                Known::Unclear => None,
            },
            Before::Path(path) => match self.qualified(path, &all, names) {
                Known::Found(target) => Some(target),
                Known::Outside => return Target::Unresolved,
                Known::Unclear => None,
            },
        };
        found.unwrap_or(if all.is_empty() { Target::Unresolved } else { Target::Ambiguous })
    }

    /// The definitions of `name` that the language sees and the relation may mean.
    pub fn candidates(&self, name: &str, names: &mut Names<'n>) -> All<'n> {
        self.among(&names.find(name), name)
    }

    /// Of `found`, the definitions of `name` that the language sees and the relation may mean.
    pub fn among(&self, found: &[Definition<'n>], name: &str) -> All<'n> {
        let mut all: All<'n> = found
            .iter()
            .filter(|one| self.rules.sees(self.language, one.language) && self.may_be(one.kind))
            .filter(|one| one.visibility != Some(nodes::EXAMPLE) || one.path == self.file.path)
            .copied()
            .collect();
        // A constructor is its type.
        if all.iter().any(|one| TYPES.contains(&one.kind)) {
            let constructs =
                |one: &Definition<'_>| CALLED.contains(&one.kind) && tail(container(one.qualified_name)) == name;
            all.retain(|one| !constructs(one));
        }
        if self.relation == Relation::Uses && self.rules.family == "c" {
            self.tell_tags(&mut all);
        }
        // `TEST_CASE("a") { … }` looks like a function of that name, and is an expansion of it.
        let is_macro = |one: &Definition<'_>| one.kind == "macro";
        if self.language == "cpp" && !name.contains(char::is_lowercase) && all.iter().any(is_macro) {
            all.retain(is_macro);
        }
        all
    }

    /// What `typedef` names and what follows `struct` are two things in C, which may have one name.
    fn tell_tags(&self, all: &mut All<'n>) {
        let is_type = |one: &Definition<'_>| one.kind == "type";
        if self.before == Before::Tag {
            all.retain(|one| !is_type(one));
        } else if self.language == "c" {
            // `typedef struct { … } a` names a structure without a tag; `typedef struct a { … } a` has both names.
            let named: Vec<&str> = all.iter().filter(|one| is_type(one)).map(|one| one.path).collect();
            all.retain(|one| is_type(one) || !named.contains(&one.path));
        }
    }

    fn may_be(&self, kind: &str) -> bool {
        match self.relation {
            // A variant of an enum is made by a call.
            Relation::Calls if self.language == "c" && TYPES.contains(&kind) => false,
            Relation::Calls => !NOT_CALLED.contains(&kind) || (kind == "constant" && self.rules.binds == Binds::Rust),
            Relation::Uses => is_used(kind) || self.rules.is_type_value(kind),
            _ => TYPES.contains(&kind),
        }
    }

    /// A name without anything before it.
    pub fn plain(&self, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        if self.rules.binds == Binds::Rust {
            return paths::plain(self, all, names);
        }
        if self.rules.has_scoped_imports() {
            return self.lexical(all, names).unwrap_or_else(|| self.outside(all, names));
        }
        let scoped = self.scoped(all, names);
        if let Some(found) = scoped.found {
            return found.map(|target| self.defined(target, all));
        }
        let known = self.outside(all, names);
        if scoped.inherits && !self.is_imported(known, all) { self.unless_inherited(known, all) } else { known }
    }

    /// A name that no scope of the file has.
    fn outside(&self, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let bound = self.file.bound(self.name, self.at, self.scope);
        if !bound.is_empty() && !self.rules.has_scoped_imports() {
            return self.bound(&bound, &[], all, names);
        }
        match self.rules.family {
            "csharp" => return self.used(all),
            "jvm" => return self.packaged(all),
            _ => {}
        }
        // What a macro stands around is a member of a class that no scope tells.
        if self.language == "cpp" && all.iter().any(|one| one.path == self.file.path && MEMBERS.contains(&one.kind)) {
            return Known::Unclear;
        }
        let shown = |one: &&Definition<'_>| self.is_brought_in(one) && (self.is_top(one) || self.is_free(one));
        let imported: All<'n> = all.iter().filter(shown).copied().collect();
        if !imported.is_empty() {
            return match self.one(imported) {
                Some(target) => Known::Found(self.defined(target, all)),
                None => self.reached(all, names),
            };
        }
        self.reached(all, names)
    }

    /// Does an import of the whole file bring it in? A `local` of Lua stays where it is.
    fn is_brought_in(&self, one: &Definition<'_>) -> bool {
        let stays = self.rules.family == "lua" && one.visibility == Some("private");
        !stays && self.file.has_all_of(one.path)
    }

    /// Is it what its file as a whole has? A static import of Java names members of the class that the file is.
    pub fn is_top(&self, one: &Definition<'_>) -> bool {
        let container = container(one.qualified_name);
        container.is_empty() || (self.rules.family == "jvm" && stem(one.path) == container)
    }

    /// Definitions that stand outside of types.
    pub fn outer<'b>(&'b self, all: &'b All<'n>) -> impl Iterator<Item = Definition<'n>> + 'b {
        all.iter().copied().filter(|one| container(one.qualified_name).is_empty() || self.is_free(one))
    }

    /// Does it stand in a namespace, as far as that is known?
    fn is_free(&self, one: &Definition<'_>) -> bool {
        if MEMBERS.contains(&one.kind) {
            return false;
        }
        match self.rules.family {
            "rust" | "php" => true,
            // Macros know no namespaces; anything else is seen in its own, and in those inside of it.
            "c" => {
                let namespace = container(one.qualified_name);
                let is_used = [namespace, one.qualified_name].iter().any(|used| self.file.written.contains(used));
                one.kind == "macro" || is_used || self.is_around(namespace)
            }
            _ => false,
        }
    }

    /// Is the namespace one of those around the reference? A header may be read as C, with other separators.
    fn is_around(&self, namespace: &str) -> bool {
        let mut scope = self.scope;
        while !scope.is_empty() {
            scope = container(scope);
            let (mut one, mut other) = (namespace, scope);
            while !one.is_empty() && tail(one) == tail(other) {
                (one, other) = (container(one), container(other));
            }
            if one.is_empty() && other.is_empty() {
                return true;
            }
        }
        false
    }

    /// A name with a path of names before it.
    fn qualified(&self, path: &str, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        if self.rules.binds == Binds::Rust {
            return paths::qualified(self, &crates::names(path), all, names);
        }
        let parts = Self::parts(path);
        // The longest that an import binds: `a.b` of `import a.b`.
        for count in (1..=parts.len()).rev() {
            let length: usize = parts.iter().take(count).map(|part| part.len() + 1).sum::<usize>() - 1;
            let bound = path.get(..length).map(|local| self.file.bound(local, self.at, self.scope)).unwrap_or_default();
            if !bound.is_empty() {
                return self.bound(&bound, parts.get(count..).unwrap_or_default(), all, names);
            }
        }
        // By what a language's names look like, a value: its type is not known.
        let is_value = |part: &&str| part.starts_with(char::is_lowercase);
        if matches!(self.rules.family, "jvm" | "csharp" | "swift") && parts.last().is_some_and(is_value) {
            return Known::Unclear;
        }
        let owned: All<'n> =
            all.iter().filter(|one| Self::ends_with(container(one.qualified_name), &parts)).copied().collect();
        if self.rules.has_namespaces() {
            return if owned.is_empty() { Known::Unclear } else { self.owned(&parts, owned, names) };
        }
        let here: All<'n> = owned.iter().filter(|one| one.path == self.file.path).copied().collect();
        if !here.is_empty() {
            return Known::of(self.one(here));
        }
        if self.rules.family == "jvm" && !owned.is_empty() {
            return self.packaged_in(&parts, &owned, names);
        }
        let imported: All<'n> = owned.iter().filter(|one| self.is_brought_in(one)).copied().collect();
        if !imported.is_empty() {
            return Known::of(self.one(imported).map(|target| self.defined(target, all)));
        }
        if owned.is_empty() { Known::Unclear } else { Known::of(self.seen(owned, names)) }
    }

    /// The names of a path.
    pub fn parts(path: &str) -> Vec<&str> {
        path.split(['.', ':', '\\', '>', '-', '?']).filter(|part| !part.is_empty()).collect()
    }

    /// Is `names` the end of the path `qualified`?
    pub fn ends_with(qualified: &str, names: &[&str]) -> bool {
        let mut rest = qualified;
        for name in names.iter().rev() {
            if rest.is_empty() || tail(rest) != *name {
                return false;
            }
            rest = container(rest);
        }
        true
    }

    /// What is seen without an import.
    fn reached(&self, all: &All<'n>, names: &mut Names<'n>) -> Known<'n> {
        let mut outer: All<'n> = self.outer(all).collect();
        // Only constants are everywhere in Ruby.
        if self.rules.imports == Imports::Ruby {
            outer.retain(|one| TYPES.contains(&one.kind));
        }
        Known::of(self.seen(outer, names))
    }

    fn seen(&self, mut all: All<'n>, names: &mut Names<'n>) -> Option<Target<'n>> {
        // The library's, unless the file imports another.
        if self.rules.family == "c" && words::is_builtin(self.language, self.name) {
            return None;
        }
        all.retain(|one| one.path != self.file.path);
        match self.rules.reach {
            Reach::File => return None,
            Reach::Directory => all.retain(|one| parent(one.path) == parent(self.file.path)),
            Reach::Repository => {
                let hidden = |one: &Definition<'_>| {
                    self.rules.family == "c"
                        && !is_header(one.path)
                        && (one.visibility == Some("private")
                            || !matches!(one.kind, "function" | "method" | "prototype" | "variable"))
                };
                all.retain(|one| !hidden(one));
                if self.rules.family == "c" {
                    all = self.included(all, names);
                }
            }
        }
        self.one(all.clone()).or_else(|| self.nearest(&all))
    }

    /// Of several, those that a compiler would find first: in the file's directory, then in the `include` directories
    /// around it, as imports of headers are found.
    fn nearest(&self, all: &All<'n>) -> Option<Target<'n>> {
        if self.rules.imports != Imports::Header {
            return None;
        }
        let beside: All<'n> = all.iter().filter(|one| parent(one.path) == parent(self.file.path)).copied().collect();
        if !beside.is_empty() {
            return self.one(beside);
        }
        for up in around(self.file.path) {
            let include = if up.is_empty() { "include/".to_owned() } else { format!("{up}/include/") };
            let found: All<'n> = all.iter().filter(|one| one.path.starts_with(&include)).copied().collect();
            if !found.is_empty() {
                return self.one(found);
            }
        }
        None
    }

    /// Behind a mere declaration the definition, where one is there.
    fn defined(&self, target: Target<'n>, all: &All<'n>) -> Target<'n> {
        let Target::Symbol(path, symbol) = target else { return target };
        if self.rules.family != "c" {
            return target;
        }
        let of_symbol = || all.iter().filter(|one| one.qualified_name == symbol);
        let declares = |one: &Definition<'_>| one.kind == "prototype" || (one.kind == "method" && is_header(path));
        if !of_symbol().filter(|one| one.path == path).all(declares) {
            return target;
        }
        let defines = |one: &&Definition<'_>| {
            matches!(one.kind, "function" | "method") && one.visibility != Some("private") && !is_header(one.path)
        };
        let defined: All<'n> = of_symbol().filter(defines).copied().collect();
        let beside: All<'n> =
            defined.iter().filter(|one| parent(one.path) == parent(self.file.path)).copied().collect();
        self.one(defined).or_else(|| self.one(beside)).unwrap_or(target)
    }

    /// The one symbol that all of `found` are. Several definitions of one qualified name in one file are one symbol;
    /// what a header declares and one source file defines, too.
    pub fn one(&self, mut found: All<'n>) -> Option<Target<'n>> {
        let is_called = |one: &Definition<'_>| match self.rules.family {
            "c" => CALLED.contains(&one.kind),
            _ => CALLED.contains(&one.kind) || TYPES.contains(&one.kind),
        };
        if self.relation == Relation::Calls && found.iter().any(is_called) {
            found.retain(is_called);
        }
        let first = *found.first()?;
        let alike = |one: &Definition<'_>, other: &Definition<'_>| {
            one.path == other.path && one.qualified_name == other.qualified_name
        };
        if found.iter().all(|one| alike(one, &first)) {
            return Some(Target::Symbol(first.path, first.qualified_name));
        }
        let is_one_name = found.iter().all(|one| one.qualified_name == first.qualified_name);
        if self.rules.family == "c" && is_one_name && !found.iter().any(|one| one.kind == "macro") {
            let mut sources = found.iter().filter(|one| !is_header(one.path));
            let source = sources.next()?;
            let is_one = sources.all(|other| alike(other, source));
            let declared = found.iter().any(|one| is_header(one.path) && one.kind == "method");
            return (is_one && declared).then_some(Target::Symbol(source.path, source.qualified_name));
        }
        None
    }
}

/// What the rules tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<'n> {
    Found(Target<'n>),
    /// Nothing that the repository has.
    Outside,
    Unclear,
}

impl<'n> Known<'n> {
    fn map(self, change: impl FnOnce(Target<'n>) -> Target<'n>) -> Self {
        match self {
            Self::Found(target) => Self::Found(change(target)),
            other => other,
        }
    }

    pub fn of(target: Option<Target<'n>>) -> Self {
        target.map_or(Self::Unclear, Self::Found)
    }
}
