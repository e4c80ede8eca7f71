//! What types extend: a plain call in a type that extends something may mean what it inherits.
//!
//! `definitions` has a row for each base of a type, named `bases:` and the name of the type; its qualified name is that
//! of the type, ` < ` and the base as written.

use arrow::array::{Array, StringArray, UInt32Array};

use super::kinds::{MEMBERS, TYPES, container, tail};
use super::levels::{Is, Level, Levels};
use super::modules::{Names, parent};
use super::rules::{Reach, Rules, of};
use super::symbols::{All, Before, Known, Place, Target};
use super::words;
use crate::nodes::{self, Definition, EXAMPLE, Reference, References, Relation};
use crate::table::schema::DefinitionRow;
use crate::table::{Batch, TableError};

/// Kind of a row that stands for a base.
pub const BASE: &str = "base";
/// Before the name of a type.
const BASES: &str = "bases:";
/// Between a type and its base.
const BELOW: &str = " < ";

/// Bases from libraries that bring nothing along that a plain call could mean.
const EMPTY: &[(&str, &[&str])] = &[
    ("cpp", &["std::exception", "std::runtime_error", "std::logic_error"]),
    ("csharp", &["IAsyncDisposable", "IComparable", "IDisposable", "IEquatable"]),
    ("java", &["AutoCloseable", "Callable", "Cloneable", "Closeable", "Comparable", "Runnable", "Serializable"]),
    (
        "kotlin",
        &["Any", "AutoCloseable", "Callable", "Cloneable", "Closeable", "Comparable", "Runnable", "Serializable"],
    ),
    ("scala", &["AnyRef", "AnyVal", "Product", "Serializable"]),
    (
        "swift",
        &[
            "Codable",
            "Comparable",
            "Decodable",
            "Encodable",
            "Equatable",
            "Error",
            "Hashable",
            "Int",
            "Sendable",
            "String",
        ],
    ),
];

fn is_empty(language: &str, base: &str) -> bool {
    EMPTY.iter().any(|(of, bases)| *of == language && bases.contains(&base))
}

/// The name under which the bases of the type `name` are found.
fn bases_of(name: &str) -> String {
    format!("{BASES}{}", tail(name))
}

/// Rows for the bases of a shard's types; `language` tells that of a file.
pub fn rows(outline: &Batch, language: impl Fn(&str) -> Option<String>) -> Result<Vec<DefinitionRow>, TableError> {
    let column = |name: &str| outline.column::<StringArray>(name);
    let (path, role, kind, of_region) = (column("path")?, column("role")?, column("kind")?, column("language")?);
    let (name, qualified) = (column("name")?, column("qualified_name")?);
    let parent: &UInt32Array = outline.column("parent")?;
    let mut rows = Vec::new();
    let mut first = 0;
    for row in 0..outline.len() {
        if path.value(row) != path.value(first) {
            first = row;
        }
        if role.value(row) != "reference" || !matches!(kind.value(row), "extends" | "implements") {
            continue;
        }
        let around = parent.is_valid(row).then(|| first + parent.value(row) as usize).filter(|around| *around < row);
        let Some(around) = around.filter(|around| role.value(*around) == "definition") else { continue };
        let region = of_region.is_valid(row).then(|| of_region.value(row).to_owned());
        let visibility = region.as_ref().map(|_| EXAMPLE.to_owned());
        let Some(language) = region.or_else(|| language(path.value(row))) else { continue };
        if !of(&language).members {
            continue;
        }
        let base = if qualified.value(row).is_empty() { name.value(row) } else { qualified.value(row) };
        rows.push(DefinitionRow {
            name: bases_of(qualified.value(around)),
            path: path.value(row).to_owned(),
            kind: BASE.into(),
            qualified_name: format!("{}{BELOW}{base}", qualified.value(around)),
            language: Some(language),
            visibility,
            ..DefinitionRow::default()
        });
    }
    Ok(rows)
}

/// Names that are looked at for the reference in `row` besides its own.
pub fn wanted(references: &References, row: &Reference) -> Vec<String> {
    let rules = of(references.text(row.language));
    match row.relation {
        _ if !rules.members => Vec::new(),
        Relation::Calls if is_scoped(&rules, row) => {
            Levels::new(references, row).filter(Level::is_type).map(|level| bases_of(level.name)).collect()
        }
        Relation::Extends | Relation::Implements => vec![bases_of(references.text(row.name))],
        _ => Vec::new(),
    }
}

/// May what a type around inherits decide what is called?
pub fn is_scoped(rules: &Rules, row: &Reference) -> bool {
    match row.before {
        nodes::Before::Nothing => true,
        nodes::Before::Path(_) => rules.family == "ruby",
        _ => false,
    }
}

/// A base of a type.
struct Base<'n> {
    path: &'n str,
    name: &'n str,
}

impl<'n> Place<'_, 'n> {
    /// May a plain call at this scope mean what a type inherits?
    pub fn inherits(&self, level: &Level<'_>, all: &All<'n>, names: &mut Names<'n>) -> bool {
        if level.is == Is::Nameless && self.language != "kotlin" {
            return true;
        }
        self.bases(level.name, names).iter().any(|base| self.brings(base, all, names))
    }

    /// May one of `types` be inherited by the type around, as a type in its base?
    pub fn inherits_type(&self, level: &Level<'_>, types: &All<'n>, names: &mut Names<'n>) -> bool {
        let mut nested = types.iter().filter(|one| TYPES.contains(&one.kind)).map(|one| container(one.qualified_name));
        if !level.is_type() || self.relation != Relation::Calls || nested.clone().all(str::is_empty) {
            return false;
        }
        let bases = self.bases(level.name, names);
        nested.any(|around| !around.is_empty() && bases.iter().any(|base| tail(base.name) == tail(around)))
    }

    fn bases(&self, of_type: &str, names: &mut Names<'n>) -> Vec<Base<'n>> {
        let is_here = |one: &Definition<'_>| match self.rules.reach {
            _ if one.path == self.file.path => true,
            _ if one.visibility == Some(EXAMPLE) => false,
            Reach::Repository => true,
            Reach::Directory => parent(one.path) == parent(self.file.path),
            Reach::File => false,
        };
        let found = names.find(&bases_of(of_type));
        let found = found.iter().filter(|one| one.kind == BASE && self.rules.sees(self.language, one.language));
        found
            .filter(|one| is_here(one))
            .filter_map(|one| {
                let (below, name) = one.qualified_name.split_once(BELOW)?;
                (below == of_type && !is_empty(self.language, name)).then_some(Base { path: one.path, name })
            })
            .collect()
    }

    /// May the base have what is called? It does not where it is known, extends nothing, and no such member is in it.
    fn brings(&self, base: &Base<'n>, all: &All<'n>, names: &mut Names<'n>) -> bool {
        // What other files name as a base is not looked at, so that it is not known.
        if base.path != self.file.path || base.name != tail(base.name) || words::is_never(self.language, base.name) {
            return true;
        }
        let place = Place { relation: Relation::Extends, name: base.name, before: Before::Nothing, ..self.clone() };
        let candidates = place.candidates(base.name, names);
        let Known::Found(Target::Symbol(_, symbol)) = place.plain(&candidates, names) else { return true };
        let has_it = all.iter().any(|one| MEMBERS.contains(&one.kind) && container(one.qualified_name) == symbol);
        has_it || !self.bases(symbol, names).is_empty()
    }
}
