//! Packages by the names by which other repositories import them.
//!
//! | ecosystem | package | name |
//! |---|---|---|
//! | crate, node | what a manifest names | that |
//! | go | a directory with code that is no test | the path of the module whose `go.mod` is the nearest above, and the way from there |
//! | python | a directory with `__init__.py` | the way from the nearest root above, with dots; a root is the directory of the repository or of a `pyproject.toml`, `setup.py` or `setup.cfg`, and `src` in one of these |

use std::collections::{BTreeMap, BTreeSet};

use super::ecosystem::Ecosystem;
use super::part::{DIRECTORY, MODULE, PACKAGE, ROOT, directory};
use crate::table::schema::{PackageRow, ProvideRow};

/// The packages of a repository, from the rows of all its segments.
pub fn packages(repository: &str, provides: &[ProvideRow]) -> Vec<PackageRow> {
    let of = |ecosystem: Ecosystem, kind: &'static str| {
        provides.iter().filter(move |row| row.ecosystem == ecosystem.name() && row.kind == kind)
    };
    let package = |ecosystem: Ecosystem, kind: &str, name: String, path: &str, manifest: Option<&str>| PackageRow {
        name,
        ecosystem: ecosystem.name().to_owned(),
        repository: repository.to_owned(),
        path: path.to_owned(),
        kind: kind.to_owned(),
        manifest: manifest.map(str::to_owned),
    };
    let mut found = Vec::new();
    for ecosystem in [Ecosystem::Crate, Ecosystem::Node] {
        for row in of(ecosystem, PACKAGE) {
            found.push(package(ecosystem, PACKAGE, row.name.clone(), directory(&row.path), Some(&row.path)));
        }
    }
    let modules: BTreeMap<&str, &ProvideRow> =
        of(Ecosystem::Go, MODULE).map(|row| (directory(&row.path), row)).collect();
    for (place, row) in &modules {
        found.push(package(Ecosystem::Go, MODULE, row.name.clone(), place, Some(&row.path)));
    }
    let places: BTreeSet<&str> = of(Ecosystem::Go, DIRECTORY).map(|row| row.path.as_str()).collect();
    for place in places {
        let Some((module, way)) = above(place, |place| modules.get(place).copied()) else { continue };
        let name = if way.is_empty() { module.name.clone() } else { format!("{}/{way}", module.name) };
        found.push(package(Ecosystem::Go, PACKAGE, name, place, Some(&module.path)));
    }
    let roots = python_roots(of(Ecosystem::Python, ROOT));
    let places: BTreeSet<&str> = of(Ecosystem::Python, DIRECTORY).map(|row| row.path.as_str()).collect();
    for place in places {
        let Some(((), way)) = above(place, |place| roots.contains(place).then_some(())) else { continue };
        if !way.is_empty() {
            found.push(package(Ecosystem::Python, PACKAGE, way.replace('/', "."), place, None));
        }
    }
    found
}

/// Directories from which packages of Python are named.
fn python_roots<'r>(rows: impl Iterator<Item = &'r ProvideRow>) -> BTreeSet<String> {
    let places = std::iter::once(".").chain(rows.map(|row| row.path.as_str()));
    places
        .flat_map(|place| [place.to_owned(), if place == "." { "src".to_owned() } else { format!("{place}/src") }])
        .collect()
}

/// The nearest directory at or above `place` that `is` something, and the way from there.
fn above<T>(place: &str, is: impl Fn(&str) -> Option<T>) -> Option<(T, &str)> {
    let mut at = place;
    loop {
        if let Some(found) = is(at) {
            let way = if at == "." { place } else { place.get(at.len()..).unwrap_or_default() };
            let way = if place == at { "" } else { way.trim_start_matches('/') };
            return Some((found, way));
        }
        if at == "." {
            return None;
        }
        at = directory(at);
    }
}

/// The order of the table.
pub fn in_order(mut rows: Vec<PackageRow>) -> Vec<PackageRow> {
    let key = |row: &PackageRow| -> [String; 6] {
        let manifest = row.manifest.clone().unwrap_or_default();
        let PackageRow { name, ecosystem, repository, path, kind, .. } = row.clone();
        [name, ecosystem, repository, path, kind, manifest]
    };
    rows.sort_by_cached_key(key);
    rows
}
