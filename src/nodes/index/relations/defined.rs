//! What a shard defines, and which names it mentions.

use std::collections::BTreeSet;

use arrow::array::{Array, StringArray, UInt32Array};

use super::bindings::exports;
use super::handed::handed;
use super::imports::above;
use super::manifests::{CRATE, ROOT, is_manifest, package, roots};
use super::modules::{DEFAULT, parent};
use super::rules::{self, Binds};
use super::{headers, lineage};
use crate::base::Cancel;
use crate::nodes::{EXAMPLE, NodeError, References};
use crate::table::schema::{DefinitionRow, MentionRow};
use crate::table::{Batch, TableError};

/// Kinds of definitions that nothing in another place refers to by name alone: a field is reached through a value
/// whose type is not known here.
const INNER: &[&str] = &["field", "key", "section", "comment"];

/// What regions stand in whose definitions nothing outside of the file can mean: code of documents, cells of notebooks.
const EXAMPLES: &[&str] = &["fence", "block", "cell"];

/// Kind of a row that stands for a file.
pub const FILE: &str = "file";
/// Kind of a row that stands for a directory.
pub const DIRECTORY: &str = "directory";

/// The name under which the file at `path` is found.
pub fn file_name(path: &str) -> String {
    format!("/{}", path.rsplit('/').next().unwrap_or(path))
}

/// The name under which the directory `path` is found.
pub fn directory_name(path: &str) -> String {
    format!("{}/", file_name(path))
}

/// Kind of a row that stands for a package that a manifest names, or for a directory with Python below it.
pub const PACKAGE: &str = "package";

const PYTHON: &str = "python";

/// Kind of a row that says which definition a module of JavaScript exports where nothing is named: named `default`.
pub const EXPORT: &str = "export";

/// The definitions, files, directories and packages of a shard, and the names that its files hand on.
pub fn definitions(
    files: &Batch,
    outline: &Batch,
    chunks: &Batch,
    references: Option<&References>,
    cancel: &Cancel,
) -> Result<Batch, NodeError> {
    let mut rows: Vec<DefinitionRow> = Vec::new();
    let languages = named(files, &mut rows)?;
    cancel.check()?;
    symbols(outline, &languages, &mut rows)?;
    rows.extend(lineage::rows(outline, |path| language_of(&languages, path))?);
    rows.extend(headers::rows(outline, |path| language_of(&languages, path))?);
    let named = named_by_text(chunks, &rows)?;
    rows.extend(named);
    rows.extend(references.into_iter().flat_map(handed));
    rows.sort_unstable_by(|a, b| key(a).cmp(&key(b)));
    rows.dedup();
    Ok(Batch::of(&rows)?)
}

/// The order of `definitions`, made total.
fn key(row: &DefinitionRow) -> (&str, &str, &str, &str, Option<&str>, Option<&str>) {
    let DefinitionRow { name, path, kind, qualified_name, language, visibility, .. } = row;
    (name, path, kind, qualified_name, language.as_deref(), visibility.as_deref())
}

/// Rows for the files and directories; gives the language of each file, by path.
fn named(files: &Batch, rows: &mut Vec<DefinitionRow>) -> Result<Vec<(String, Option<String>)>, TableError> {
    let path: &StringArray = files.column("path")?;
    let language: &StringArray = files.column("language")?;
    let mut directories: BTreeSet<&str> = BTreeSet::new();
    let mut packages: BTreeSet<&str> = BTreeSet::new();
    let mut languages = Vec::with_capacity(path.len());
    for row in 0..path.len() {
        let path = path.value(row);
        let language = language.is_valid(row).then(|| language.value(row).to_owned());
        directories.extend(path.rsplit_once('/').map(|(directory, _)| directory));
        if language.as_deref() == Some(PYTHON) {
            packages.extend(above(parent(path)).filter(|directory| !directory.is_empty()));
        }
        rows.push(DefinitionRow {
            name: file_name(path),
            path: path.to_owned(),
            kind: FILE.into(),
            language: language.clone(),
            ..DefinitionRow::default()
        });
        languages.push((path.to_owned(), language));
    }
    rows.extend(directories.into_iter().map(|path| DefinitionRow {
        name: directory_name(path),
        path: path.to_owned(),
        kind: DIRECTORY.into(),
        ..DefinitionRow::default()
    }));
    // Directories with Python somewhere below.
    rows.extend(packages.into_iter().map(|path| DefinitionRow {
        name: directory_name(path),
        path: path.to_owned(),
        kind: PACKAGE.into(),
        language: Some(PYTHON.to_owned()),
        ..DefinitionRow::default()
    }));
    Ok(languages)
}

/// Rows for what the outline does not name: packages, and the exports of modules of which `known` has the definition.
fn named_by_text(chunks: &Batch, known: &[DefinitionRow]) -> Result<Vec<DefinitionRow>, TableError> {
    let path: &StringArray = chunks.column("path")?;
    let language: &StringArray = chunks.column("language")?;
    let text: &StringArray = chunks.column("text")?;
    let mut rows = Vec::new();
    let mut row = 0;
    while row < path.len() {
        let file = path.value(row);
        let mut end = row + 1;
        while end < path.len() && path.value(end) == file {
            end += 1;
        }
        if is_manifest(file) {
            let whole: String = (row..end).map(|row| text.value(row)).collect();
            rows.extend(roots(file, &whole).into_iter().map(|(path, name)| DefinitionRow {
                name: CRATE.into(),
                path,
                kind: ROOT.into(),
                qualified_name: name,
                ..DefinitionRow::default()
            }));
            rows.extend(package(file, &whole).map(|name| DefinitionRow {
                name,
                path: file.to_owned(),
                kind: PACKAGE.into(),
                ..DefinitionRow::default()
            }));
        }
        for row in (row..end).filter(|row| language.is_valid(*row)) {
            if rules::of(language.value(row)).binds != Binds::Script {
                continue;
            }
            let is_known = |name: &&str| {
                known.iter().any(|one| one.name == *name && one.path == file && one.qualified_name.is_empty())
            };
            rows.extend(exports(text.value(row)).filter(is_known).map(|name| DefinitionRow {
                name: DEFAULT.into(),
                path: file.to_owned(),
                kind: EXPORT.into(),
                qualified_name: name.to_owned(),
                language: Some(language.value(row).to_owned()),
                ..DefinitionRow::default()
            }));
        }
        row = end;
    }
    Ok(rows)
}

fn language_of(languages: &[(String, Option<String>)], path: &str) -> Option<String> {
    let at = languages.partition_point(|(known, _)| known.as_str() < path);
    languages.get(at).filter(|(known, _)| known == path).and_then(|(_, language)| language.clone())
}

fn symbols(
    outline: &Batch,
    languages: &[(String, Option<String>)],
    rows: &mut Vec<DefinitionRow>,
) -> Result<(), TableError> {
    let column = |name: &str| outline.column::<StringArray>(name);
    let (path, role, kind) = (column("path")?, column("role")?, column("kind")?);
    let (name, qualified, visibility) = (column("name")?, column("qualified_name")?, column("visibility")?);
    let of_region = column("language")?;
    let mut examples = Examples::of(outline)?;
    for row in 0..outline.len() {
        let is_example = examples.next(path.value(row), kind.value(row), role.value(row) == "region");
        let is_named = !name.value(row).is_empty();
        if role.value(row) != "definition" || !is_named || INNER.contains(&kind.value(row)) {
            continue;
        }
        let path = path.value(row);
        let own = of_region.is_valid(row).then(|| of_region.value(row).to_owned());
        let language = language_of(languages, path);
        let (name, qualified) = (name.value(row), qualified.value(row));
        rows.push(DefinitionRow {
            name: name.to_owned(),
            path: path.to_owned(),
            kind: kind.value(row).to_owned(),
            qualified_name: if qualified == name { String::new() } else { qualified.to_owned() },
            language: own.or(language),
            visibility: if is_example {
                Some(EXAMPLE.to_owned())
            } else {
                visibility.is_valid(row).then(|| visibility.value(row).to_owned())
            },
            shard: 0,
        });
    }
    Ok(())
}

/// Which rows of `outline` stand in an example, asked in their order.
struct Examples<'a> {
    region: &'a UInt32Array,
    parent: &'a UInt32Array,
    row: usize,
    path: &'a str,
    /// First row of the file.
    first: usize,
    /// By region: is it one, or does it stand in one?
    regions: Vec<bool>,
}

impl<'a> Examples<'a> {
    fn of(outline: &'a Batch) -> Result<Self, TableError> {
        let (region, parent) = (outline.column("region")?, outline.column("parent")?);
        Ok(Self { region, parent, row: 0, path: "", first: 0, regions: Vec::new() })
    }

    fn next(&mut self, path: &'a str, kind: &str, is_region: bool) -> bool {
        let row = self.row;
        self.row += 1;
        if self.path != path || row == 0 {
            (self.path, self.first) = (path, row);
            self.regions.clear();
            self.regions.push(false);
        }
        let is = |regions: &[bool], region: u32| regions.get(region as usize).copied().unwrap_or(false);
        if is_region {
            // Regions are numbered as they come.
            let around = self.parent.is_valid(row).then(|| self.first + self.parent.value(row) as usize);
            let around = around.filter(|around| *around < row).map_or(0, |around| self.region.value(around));
            self.regions.push(EXAMPLES.contains(&kind) || is(&self.regions, around));
        }
        is(&self.regions, self.region.value(row))
    }
}

/// One row for each of `names`, which are sorted.
pub fn mentions(names: Vec<String>) -> Result<Batch, NodeError> {
    let rows: Vec<MentionRow> = names.into_iter().map(|name| MentionRow { name, shards: vec![0] }).collect();
    Ok(Batch::of(&rows)?)
}
