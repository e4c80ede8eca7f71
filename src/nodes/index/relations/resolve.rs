//! References and definitions → relations.

use std::collections::BTreeSet;

use super::defined::{DIRECTORY, FILE};
use super::imports::{Places, above, places};
use super::rules::{Imports, Reach, Rules, of};
use crate::base::Cancel;
use crate::nodes::{Definition, Names, NodeError, Reference, References, ReferringFile, Relation};
use crate::table::Batch;
use crate::table::schema::RelationRow;

/// Kinds that nothing calls.
const NOT_CALLED: &[&str] =
    &[FILE, DIRECTORY, "module", "namespace", "package", "impl", "extension", "trait", "interface", "constant"];
/// Kinds that do something when they are called: where there are some, others of the name are not meant.
const CALLED: &[&str] = &["function", "method", "macro", "constructor"];
/// Kinds that are types.
const TYPES: &[&str] = &[
    "class",
    "struct",
    "enum",
    "union",
    "interface",
    "trait",
    "type",
    "record",
    "object",
    "protocol",
    "mixin",
    "module",
    "data",
    "message",
    "alias",
    "annotation",
];

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target<'a> {
    Path(&'a str),
    Symbol(&'a str, &'a str),
    Ambiguous,
    Unresolved,
}

/// What a file imports, resolved.
#[derive(Default)]
struct Imported<'a> {
    files: BTreeSet<&'a str>,
    directories: BTreeSet<&'a str>,
}

impl Imported<'_> {
    fn has(&self, path: &str) -> bool {
        let within = |directory: &&str| path.strip_prefix(*directory).is_some_and(|rest| rest.starts_with('/'));
        self.files.contains(path) || self.directories.iter().any(within)
    }
}

/// Every name whose definitions [`resolve`] looks at, sorted, each once.
pub fn wanted(references: &References) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    for file in &references.files {
        for row in references.rows.get(file.rows.clone()).unwrap_or_default() {
            if row.relation == Relation::Imports {
                names.extend(import(references, file, row).names());
            } else {
                names.insert(references.text(row.name).to_owned());
            }
        }
    }
    names.into_iter().collect()
}

fn import(references: &References, file: &ReferringFile, row: &Reference) -> Places {
    places(&of(references.text(row.language)), &file.path, references.text(row.written))
}

/// The table `relations` of a shard.
pub fn resolve(references: &References, names: &Names, cancel: &Cancel) -> Result<Batch, NodeError> {
    let mut rows: Vec<RelationRow> = Vec::with_capacity(references.rows.len());
    for file in &references.files {
        cancel.check()?;
        let of_file = references.rows.get(file.rows.clone()).unwrap_or_default();
        let mut imported = Imported::default();
        for row in of_file.iter().filter(|row| row.relation == Relation::Imports) {
            let target = find_import(&import(references, file, row), names);
            if let Target::Path(path) = target {
                let is_file = names_a_file(path, names);
                if is_file {
                    imported.files.insert(path)
                } else {
                    imported.directories.insert(path)
                };
            }
            rows.push(relation(references, file, row, references.text(row.written), &target));
        }
        for row in of_file.iter().filter(|row| row.relation != Relation::Imports) {
            let place = Place::new(references, file, row, &imported);
            let target = place.find(names);
            rows.push(relation(references, file, row, place.written, &target));
        }
    }
    rows.sort_by(|a, b| key(a).cmp(&key(b)));
    Ok(Batch::of(&rows)?)
}

fn key(row: &RelationRow) -> (&str, u32, &str, &str, &str) {
    (&row.path, row.line, &row.r#type, &row.target_name, &row.from_chunk)
}

fn names_a_file(path: &str, names: &Names) -> bool {
    names.find(&super::defined::file_name(path)).iter().any(|d| d.kind == FILE && d.path == path)
}

fn relation(
    references: &References,
    file: &ReferringFile,
    row: &Reference,
    written: &str,
    target: &Target<'_>,
) -> RelationRow {
    let (path, symbol, status) = match target {
        Target::Path(path) => (Some(*path), None, "resolved"),
        Target::Symbol(path, symbol) => (Some(*path), Some(*symbol), "resolved"),
        Target::Ambiguous => (None, None, "ambiguous"),
        Target::Unresolved => (None, None, "unresolved"),
    };
    RelationRow {
        from_chunk: references.text(row.chunk).to_owned(),
        path: file.path.clone(),
        line: row.line,
        r#type: row.relation.name().to_owned(),
        target_name: written.to_owned(),
        target_path: path.map(str::to_owned),
        target_symbol: symbol.map(str::to_owned),
        status: status.to_owned(),
    }
}

/// The first exact place that is there; else the first end that a path has.
fn find_import<'a>(places: &Places, names: &'a Names) -> Target<'a> {
    let found: Vec<Definition<'a>> = places.names().iter().flat_map(|name| names.find(name)).collect();
    let is = |one: &Definition<'_>, kind: &str| one.kind == kind;
    let wanted = |place: &str| match place.strip_suffix('/') {
        Some(directory) => (directory.to_owned(), DIRECTORY),
        None => (place.to_owned(), FILE),
    };
    for place in &places.exact {
        let (path, kind) = wanted(place);
        if let Some(one) = found.iter().find(|one| is(one, kind) && one.path == path) {
            return Target::Path(one.path);
        }
    }
    for place in &places.ends {
        let (end, kind) = wanted(place);
        let ends =
            |path: &str| path.strip_suffix(&*end).is_some_and(|before| before.is_empty() || before.ends_with('/'));
        let paths: BTreeSet<&'a str> =
            found.iter().filter(|one| is(one, kind) && ends(one.path)).map(|o| o.path).collect();
        match (paths.first(), paths.len()) {
            (Some(path), 1) => return Target::Path(path),
            (None, _) => {}
            _ => return Target::Ambiguous,
        }
    }
    Target::Unresolved
}

/// A reference to a symbol, and what is around it.
struct Place<'a> {
    path: &'a str,
    relation: Relation,
    language: &'a str,
    rules: Rules,
    name: &'a str,
    written: &'a str,
    /// What stands before the name: `a.b` of `a.b.c`, without the separator.
    qualifier: &'a str,
    scope: &'a str,
    imported: &'a Imported<'a>,
}

impl<'a> Place<'a> {
    fn new(references: &'a References, file: &'a ReferringFile, row: &Reference, imported: &'a Imported<'a>) -> Self {
        let language = references.text(row.language);
        let (name, written) = (references.text(row.name), references.text(row.written));
        let qualifier = written.strip_suffix(name).unwrap_or_default();
        Self {
            path: &file.path,
            relation: row.relation,
            language,
            rules: of(language),
            name,
            written,
            qualifier: qualifier.trim_end_matches([':', '.', '>', '-', '\\', '?', '!']),
            scope: references.text(row.scope),
            imported,
        }
    }

    fn find<'n>(&self, names: &'n Names) -> Target<'n> {
        let mut all = names.find(self.name);
        all.retain(|one| self.rules.sees(self.language, one.language) && self.may_be(one.kind));
        if self.relation == Relation::Calls && all.iter().any(|one| CALLED.contains(&one.kind)) {
            all.retain(|one| CALLED.contains(&one.kind));
        }
        if all.is_empty() {
            return Target::Unresolved;
        }
        let found = if self.qualifier.is_empty() { self.plain(&all) } else { self.qualified(&all) };
        found.unwrap_or(Target::Ambiguous)
    }

    fn may_be(&self, kind: &str) -> bool {
        match self.relation {
            Relation::Calls => !NOT_CALLED.contains(&kind),
            _ => TYPES.contains(&kind),
        }
    }

    /// A name without anything before it.
    fn plain<'n>(&self, all: &[Definition<'n>]) -> Option<Target<'n>> {
        let here: Vec<Definition<'n>> = all.iter().filter(|one| one.path == self.path).copied().collect();
        let mut scope = Some(self.scope);
        while let Some(around) = scope {
            let is_member = |one: &&Definition<'_>| one.kind == "method" || one.kind == "constructor";
            let within = here.iter().filter(|one| container(one.qualified_name) == around);
            let found: Vec<Definition<'n>> =
                within.filter(|one| self.rules.members || !is_member(one)).copied().collect();
            if !found.is_empty() {
                return one(&found);
            }
            scope = (!around.is_empty()).then(|| container(around));
        }
        let outer = |one: &&Definition<'_>| !matches!(one.kind, "method" | "constructor");
        let imported: Vec<Definition<'n>> =
            all.iter().filter(outer).filter(|one| self.imported.has(one.path)).copied().collect();
        if !imported.is_empty() {
            return one(&imported);
        }
        self.reached(all.iter().filter(outer).copied().collect())
    }

    /// What is seen without an import.
    fn reached<'n>(&self, mut all: Vec<Definition<'n>>) -> Option<Target<'n>> {
        all.retain(|one| one.path != self.path);
        match self.rules.reach {
            Reach::File => return None,
            Reach::Directory => all.retain(|one| directory(one.path) == directory(self.path)),
            Reach::Repository => all.retain(|one| one.visibility != Some("private")),
        }
        let declared = all.clone();
        // A declaration is not what is called, where the definition is there.
        if all.iter().any(|one| one.kind != "prototype") {
            all.retain(|one| one.kind != "prototype");
        }
        one(&all).or_else(|| self.nearest(&declared))
    }

    /// Of several, those that a compiler would find first: in the file's directory, then in the `include` directories
    /// around it, as imports of headers are found.
    fn nearest<'n>(&self, all: &[Definition<'n>]) -> Option<Target<'n>> {
        if self.rules.imports != Imports::Header {
            return None;
        }
        let beside = |one: &&Definition<'_>| directory(one.path) == directory(self.path);
        let beside: Vec<Definition<'n>> = all.iter().filter(beside).copied().collect();
        if !beside.is_empty() {
            return one(&beside);
        }
        for up in above(directory(self.path)) {
            let include = if up.is_empty() { "include/".to_owned() } else { format!("{up}/include/") };
            let found: Vec<Definition<'n>> = all.iter().filter(|one| one.path.starts_with(&include)).copied().collect();
            if !found.is_empty() {
                return one(&found);
            }
        }
        None
    }

    /// A name with something before it.
    fn qualified<'n>(&self, all: &[Definition<'n>]) -> Option<Target<'n>> {
        let last = self.qualifier.rsplit([':', '.', '>', '-', '\\']).next().unwrap_or_default();
        if self.rules.receivers.contains(&self.qualifier) {
            return self.member(all);
        }
        // The type or module that is named, as far as it is written in the definition's own name.
        let owned = all.iter().filter(|one| tail(container(one.qualified_name)) == last);
        let owned: Vec<Definition<'n>> = owned.copied().collect();
        let nearest = [
            owned.iter().filter(|one| one.path == self.path).copied().collect::<Vec<_>>(),
            owned.iter().filter(|one| self.imported.has(one.path)).copied().collect(),
        ];
        if let Some(near) = nearest.into_iter().find(|near| !near.is_empty()) {
            return one(&near);
        }
        if !owned.is_empty()
            && let Some(target) = self.reached(owned)
        {
            return Some(target);
        }
        // The file or directory that is named.
        let named = |one: &&Definition<'_>| {
            let stem = one.path.rsplit('/').next().and_then(|name| name.split('.').next());
            let is_top = container(one.qualified_name).is_empty();
            is_top && self.imported.has(one.path) && (stem == Some(last) || tail_of_path(directory(one.path)) == last)
        };
        let in_module: Vec<Definition<'n>> = all.iter().filter(named).copied().collect();
        one(&in_module)
    }

    /// A member of the type around the reference.
    fn member<'n>(&self, all: &[Definition<'n>]) -> Option<Target<'n>> {
        let here = || all.iter().filter(|one| one.path == self.path);
        let mut scope = self.scope;
        while !scope.is_empty() {
            let found: Vec<Definition<'n>> =
                here().filter(|one| container(one.qualified_name) == scope).copied().collect();
            if !found.is_empty() {
                return one(&found);
            }
            scope = container(scope);
        }
        None
    }
}

/// The one symbol that all of `found` are. Several definitions of one qualified name in one file are one symbol.
fn one<'n>(found: &[Definition<'n>]) -> Option<Target<'n>> {
    let first = found.first()?;
    let alike = |other: &Definition<'_>| other.path == first.path && other.qualified_name == first.qualified_name;
    found.iter().all(alike).then_some(Target::Symbol(first.path, first.qualified_name))
}

fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

fn tail_of_path(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The qualified name around a qualified name.
fn container(qualified: &str) -> &str {
    let at = qualified.rfind(['.', ':', '\\', '#']).unwrap_or(0);
    qualified.get(..at).unwrap_or_default().trim_end_matches([':', '.', '\\', '#'])
}

/// The last name of a qualified name.
fn tail(qualified: &str) -> &str {
    qualified.rsplit(['.', ':', '\\', '#']).next().unwrap_or(qualified)
}
