//! From an import to the package that it names.
//!
//! The longest part of an import that names a package of the workspace decides. Where the repository that imports
//! declares that package itself, the import is its own affair. Where the package is declared once it leads there; where
//! it is declared more than once nothing tells which is meant.

use std::collections::{BTreeMap, BTreeSet};

use super::ecosystem::Ecosystem;
use super::part::MODULE;
use crate::table::schema::{ImportRow, LinkRow, PackageRow};

/// Packages by ecosystem and name.
pub type Known<'p> = BTreeMap<(&'p str, &'p str), Vec<&'p PackageRow>>;

/// The names that links of these imports depend on, sorted, each once.
pub fn wanted(imports: &[ImportRow]) -> Vec<String> {
    let names = imports.iter().filter_map(|row| Some((Ecosystem::parse(&row.ecosystem)?, row)));
    let names: BTreeSet<&str> = names.flat_map(|(ecosystem, row)| ecosystem.names(&row.target_name)).collect();
    names.into_iter().map(str::to_owned).collect()
}

/// Packages as [`link`] looks for them.
pub fn known(packages: &[PackageRow]) -> Known<'_> {
    let mut known = Known::new();
    for row in packages {
        known.entry((row.ecosystem.as_str(), row.name.as_str())).or_default().push(row);
    }
    known
}

/// Where an import of `repository` leads; `None` where it names no package of another one.
pub fn link(repository: &str, import: &ImportRow, known: &Known<'_>) -> Option<LinkRow> {
    let ecosystem = Ecosystem::parse(&import.ecosystem)?;
    let names = ecosystem.names(&import.target_name);
    let (name, rows) = names.iter().find_map(|name| Some((*name, known.get(&(ecosystem.name(), *name))?)))?;
    if rows.iter().any(|row| row.repository == repository) {
        return None;
    }
    // A package of Go is imported by its whole name: of a module that is shorter, no part of it is known.
    let declared: Vec<&&PackageRow> = match ecosystem {
        Ecosystem::Go if name != import.target_name => Vec::new(),
        _ => rows.iter().filter(|row| row.kind != MODULE).collect(),
    };
    let (package, declared) = if declared.is_empty() { (module(&names, known)?, declared) } else { (name, declared) };
    let repositories: BTreeSet<&str> = declared.iter().map(|row| row.repository.as_str()).collect();
    let (status, target) = match declared.as_slice() {
        [] => ("unresolved", None),
        [one] => ("resolved", Some(one.path.clone())),
        _ => ("ambiguous", None),
    };
    let certain = repositories.first().filter(|_| repositories.len() == 1);
    Some(LinkRow {
        repository: repository.to_owned(),
        path: import.path.clone(),
        line: import.line,
        target_name: import.target_name.clone(),
        ecosystem: ecosystem.name().to_owned(),
        package: package.to_owned(),
        target_repository: certain.map(|name| (*name).to_owned()),
        target_path: target,
        status: status.to_owned(),
    })
}

/// The longest of `names` that is a module of Go.
fn module<'n>(names: &[&'n str], known: &Known<'_>) -> Option<&'n str> {
    let is_module = |name: &&str| {
        known.get(&(Ecosystem::Go.name(), *name)).is_some_and(|rows| rows.iter().any(|row| row.kind == MODULE))
    };
    names.iter().copied().find(is_module)
}
