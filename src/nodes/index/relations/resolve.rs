//! References and definitions → relations.

use std::collections::{BTreeSet, HashMap};

use foldhash::fast::RandomState;

use super::crates::{self, Roots};
use super::defined::file_name;
use super::handed::all_of;
use super::imports::{INIT, places};
use super::modules::{File, Names as Known, submodules};
use super::rules::{Binds, of};
use super::symbols::{Place, Target};
use super::words;
use crate::base::Cancel;
use crate::nodes::{Before, Names, NodeError, Reference, References, ReferringFile, Relation};
use crate::table::Batch;
use crate::table::schema::RelationRow;

/// Family of languages.
const RUST: &str = "rust";

/// Every name whose definitions [`resolve`] looks at for `files`, sorted, each once.
pub fn wanted(references: &References, files: &[ReferringFile]) -> Vec<String> {
    let mut names: BTreeSet<String> = BTreeSet::new();
    let mut plain: BTreeSet<u32> = BTreeSet::new();
    let mut scopes: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut handing: BTreeSet<&str> = BTreeSet::new();
    for file in files {
        for row in references.rows.get(file.rows.clone()).unwrap_or_default() {
            let rules = of(references.text(row.language));
            if rules.binds == Binds::Rust {
                handing.insert(RUST);
            }
            if row.relation == Relation::Imports {
                let (scope, name) = (references.text(row.scope), references.text(row.name));
                names.extend(places(&rules, &Roots::default(), &file.path, scope, name).names());
                names.extend(super::headers::wanted(references, row));
            } else {
                plain.insert(row.name);

                // A path of Rust may begin with a crate that no import names.
                names.extend(crates::wanted(references, row));
                names.extend(super::namespaces::wanted(references, row).map(str::to_owned));
                // A scope has the same bases for all that it calls.
                if row.relation != Relation::Calls
                    || (super::lineage::is_scoped(&rules, row) && scopes.insert((row.within, row.language)))
                {
                    names.extend(super::lineage::wanted(references, row));
                }
            }
        }
        for (binding, row) in bindings(references, file).filter(|(binding, _)| binding.seen_by.is_here()) {
            let rules = of(references.text(row.language));
            handing.insert(rules.family);
            let member = references.text(binding.member);
            names.extend(submodules(references, row, member).flat_map(|places| places.names()));
            match rules.binds {
                Binds::Rust => names.extend(crates::names(member)),
                _ => names.extend(Some(member).filter(|member| !member.is_empty()).map(str::to_owned)),
            }
            if member == super::modules::DEFAULT {
                names.insert(super::modules::WHOLE.to_owned());
                names.insert(member.to_owned());
            }
        }
    }
    for family in handing {
        match family {
            RUST => names.extend(Roots::wanted()),
            "python" => names.extend([file_name(INIT)]),
            // What is handed on may be what a module exports where nothing is named.
            "script" => names.extend([super::modules::DEFAULT.to_owned()]),
            _ => continue,
        }
        names.insert(all_of(family));
    }
    names.extend(plain.into_iter().map(|name| references.text(name).to_owned()));
    names.into_iter().collect()
}

/// The bindings of a file, each with the import that makes it.
pub fn bindings<'a>(
    references: &'a References,
    file: &ReferringFile,
) -> impl Iterator<Item = (&'a crate::nodes::Binding, &'a Reference)> {
    let first = references.bindings.partition_point(|binding| (binding.row as usize) < file.rows.start);
    let end = references.bindings.partition_point(|binding| (binding.row as usize) < file.rows.end);
    let of_file = references.bindings.get(first..end).unwrap_or_default().iter();
    of_file.filter_map(|binding| Some((binding, references.rows.get(binding.row as usize)?)))
}

/// The table `relations` of some files of a shard.
pub fn resolve(
    references: &References,
    files: &[ReferringFile],
    names: &Names,
    cancel: &Cancel,
) -> Result<Batch, NodeError> {
    let mut rows: Vec<RelationRow> = Vec::with_capacity(files.iter().map(|file| file.rows.len()).sum());
    let mut known = Known::new(names);
    for reference in files {
        cancel.check()?;
        let file = File::new(references, reference, &mut known);
        for (row, target) in &file.imports {
            let written = references.text(row.written);
            rows.push(relation(references, reference, row, written, target));
        }
        for (row, written, target) in &file.submodules {
            rows.push(relation(references, reference, row, written, target));
        }
        let mut found = Found { borders: file.borders(), targets: HashMap::default() };
        let first = rows.len() - file.imports.len() - file.submodules.len();
        let of_file = references.rows.get(reference.rows.clone()).unwrap_or_default();
        for row in of_file.iter().filter(|row| row.relation != Relation::Imports) {
            let target = found.of(row, || Place::new(references, &file, row).find(&mut known));
            let is_resolved = matches!(target, Target::Symbol(..) | Target::Path(_));
            if is_resolved || !is_builtin(references, row) {
                rows.push(relation(references, reference, row, references.text(row.written), &target));
            }
        }
        // Files are in order of their paths.
        if let Some(of_file) = rows.get_mut(first..) {
            of_file.sort_by(|a, b| key(a).cmp(&key(b)));
        }
    }
    rows.dedup();
    Ok(Batch::of(&rows)?)
}

/// What the references of a file lead to. Many are alike: calls of one function in another, which in a file that means
/// harm stand in a thousand functions.
struct Found<'n> {
    borders: Vec<u32>,
    targets: HashMap<(Reference, usize), Target<'n>, RandomState>,
}

impl<'n> Found<'n> {
    fn of(&mut self, row: &Reference, find: impl FnOnce() -> Target<'n>) -> Target<'n> {
        // Where it stands does not matter but for what is seen there; how it is written, not at all.
        let like = Reference { line: 0, chunk: 0, written: 0, at: 0, ..*row };
        let within = self.borders.partition_point(|border| *border <= row.at);
        *self.targets.entry((like, within)).or_insert_with(find)
    }
}

/// Does every program of the language have what the reference names?
fn is_builtin(references: &References, row: &Reference) -> bool {
    let language = references.text(row.language);
    match row.before {
        Before::Nothing | Before::Local | Before::Tag => words::is_builtin(language, references.text(row.name)),
        Before::Path(path) => {
            let first = references.text(path).split(['.', ':', '\\']).next().unwrap_or_default();
            words::is_builtin(language, first)
        }
        Before::Own | Before::Value => false,
    }
}

/// The order of a file's relations.
fn key(row: &RelationRow) -> (u32, &str, &str, &str, Option<&str>) {
    (row.line, &row.r#type, &row.target_name, &row.from_chunk, row.target_path.as_deref())
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
