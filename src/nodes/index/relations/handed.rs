//! What files hand on: names that others have from a file that has them by an import itself.

use super::bindings::ALL;
use super::resolve::bindings;
use super::rules::{Binds, of};
use crate::nodes::{Definition, References};
use crate::table::schema::DefinitionRow;

/// Kind of a row that stands for a name that a file hands on.
pub const HANDED: &str = "import";
/// Between the parts of what such a row has as its qualified name.
const BAR: char = '|';

/// One such name, or all names of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handed<'n> {
    /// The file that hands it on.
    pub path: &'n str,
    /// The Rust module inside that file.
    pub scope: &'n str,
    /// The module that it has the name from, as it is looked for; empty in Rust.
    pub module: &'n str,
    /// The name there, empty for the module itself; in Rust a path.
    pub member: &'n str,
}

impl<'n> Handed<'n> {
    pub fn of(one: &Definition<'n>) -> Option<Self> {
        if one.kind != HANDED {
            return None;
        }
        let (scope, rest) = one.qualified_name.split_once(BAR)?;
        let (module, member) = rest.rsplit_once(BAR)?;
        Some(Self { path: one.path, scope, module, member })
    }
}

/// The name under which all names of a module that are handed on at once are found.
pub fn all_of(family: &str) -> String {
    format!("{ALL}{family}")
}

/// The rows of `definitions` for the names that the files of a shard hand on.
pub fn handed(references: &References) -> Vec<DefinitionRow> {
    let mut rows = Vec::new();
    for file in &references.files {
        for (binding, row) in bindings(references, file).filter(|(binding, _)| binding.seen_by.is_elsewhere()) {
            let rules = of(references.text(row.language));
            let (local, scope) = (references.text(binding.local), references.text(row.scope));
            let is_rust = rules.binds == Binds::Rust;
            // What a function imports, or the code of a document, nobody has from there.
            let is_seen = if is_rust {
                binding.extent.scope == row.scope && super::imports::has_extension(&file.path, "rs")
            } else {
                true
            };
            if local.is_empty() || !is_seen {
                continue;
            }
            let (scope, module) = if is_rust { (scope, "") } else { ("", references.text(row.name)) };
            rows.push(DefinitionRow {
                name: if local == ALL { all_of(rules.family) } else { local.to_owned() },
                path: file.path.clone(),
                kind: HANDED.into(),
                qualified_name: format!("{scope}{BAR}{module}{BAR}{}", references.text(binding.member)),
                language: Some(references.text(row.language).to_owned()),
                ..DefinitionRow::default()
            });
        }
    }
    rows
}
