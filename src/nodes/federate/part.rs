//! What a segment of a repository declares, and what it asks others for.

use std::collections::BTreeSet;

use super::ecosystem::Ecosystem;
use crate::nodes::kind::NodeError;
use crate::table::Batch;
use crate::table::schema::{DefinitionRow, ImportRow, ProvideRow, RelationRow};

/// Kinds of rows of `provides`.
pub const PACKAGE: &str = "package";
pub const MODULE: &str = "module";
pub const DIRECTORY: &str = "directory";
pub const ROOT: &str = "root";

/// Below directories of these names lie files that no import from outside means.
const ASIDE: [&str; 3] = ["vendor", "node_modules", "testdata"];

/// Files beside which packages of Python are named.
const PYTHON_ROOTS: [&str; 3] = ["/pyproject.toml", "/setup.py", "/setup.cfg"];

/// What the definitions of a segment say of packages.
pub fn provides(definitions: &[Batch]) -> Result<Vec<ProvideRow>, NodeError> {
    let mut found: BTreeSet<(&'static str, &'static str, String, String)> = BTreeSet::new();
    for batch in definitions {
        for row in batch.rows::<DefinitionRow>()? {
            if row.path.split('/').any(|part| ASIDE.contains(&part)) {
                continue;
            }
            match row.kind.as_str() {
                "package" => found.extend(declared(&row.name, &row.path)),
                "file" => found.extend(placed(&row.name, &row.path)),
                _ => {}
            }
        }
    }
    let row = |(ecosystem, kind, name, path): (&str, &str, String, String)| ProvideRow {
        ecosystem: ecosystem.to_owned(),
        kind: kind.to_owned(),
        name,
        path,
    };
    Ok(found.into_iter().map(row).collect())
}

type Provided = (&'static str, &'static str, String, String);

/// The package that a manifest names.
fn declared(name: &str, path: &str) -> Option<Provided> {
    let (word, name) = name.split_once(':')?;
    let ecosystem = Ecosystem::parse(word).filter(|_| !name.is_empty())?;
    let kind = if ecosystem == Ecosystem::Go { MODULE } else { PACKAGE };
    Some((ecosystem.name(), kind, name.to_owned(), path.to_owned()))
}

/// What a file says of its directory.
fn placed(name: &str, path: &str) -> Option<Provided> {
    let provided =
        |ecosystem: Ecosystem, kind| Some((ecosystem.name(), kind, String::new(), directory(path).to_owned()));
    match name {
        "/__init__.py" | "/__init__.pyi" => provided(Ecosystem::Python, DIRECTORY),
        _ if PYTHON_ROOTS.contains(&name) => provided(Ecosystem::Python, ROOT),
        // What no other package sees, or no build: https://pkg.go.dev/cmd/go#hdr-Package_lists_and_patterns
        _ if name.ends_with("_test.go") || Ecosystem::of(name) != Some(Ecosystem::Go) => None,
        _ if path.split('/').any(|part| part.starts_with(['_', '.'])) => None,
        _ => provided(Ecosystem::Go, DIRECTORY),
    }
}

/// The directory of the file at `path`; `.` for that of the repository.
pub fn directory(path: &str) -> &str {
    path.rsplit_once('/').map_or(".", |(directory, _)| directory)
}

/// The imports of a segment that its repository cannot answer.
pub fn imports(relations: &[Batch]) -> Result<Vec<ImportRow>, NodeError> {
    let mut found: BTreeSet<(String, u32, String, Ecosystem)> = BTreeSet::new();
    for batch in relations {
        for row in batch.rows::<RelationRow>()? {
            if row.r#type != "imports" || row.status != "unresolved" {
                continue;
            }
            let Some(ecosystem) = Ecosystem::of(&row.path) else { continue };
            if !ecosystem.names(&row.target_name).is_empty() {
                found.insert((row.path, row.line, row.target_name, ecosystem));
            }
        }
    }
    let row = |(path, line, target_name, ecosystem): (String, u32, String, Ecosystem)| ImportRow {
        path,
        line,
        target_name,
        ecosystem: ecosystem.name().to_owned(),
    };
    Ok(found.into_iter().map(row).collect())
}
