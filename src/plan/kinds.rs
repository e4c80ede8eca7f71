//! Do the kinds hold together? Mistakes of whoever wrote or put together the kinds, found before any pipeline is
//! looked at. The built-in kinds pass; those from outside the crate meet here what the engine relies on.

use super::codes;
use crate::config::{Code, Mistake, NAME_RULE, is_name};
use crate::nodes::{HISTORY, Kind, WORKSPACE};
use crate::table::schema::{DEFINITIONS, MENTIONS};
use crate::table::{TABLES, TableSchema};

/// Columns that readers put before a table's own: `show`, and the directories of views.
const PLACE: [&str; 3] = ["repo", "node", "table"];

/// Everything that is wrong with `kinds`, taken one by one and together.
pub fn kinds(kinds: &[&'static dyn Kind]) -> Vec<Mistake> {
    let mut found = Vec::new();
    for (at, kind) in kinds.iter().enumerate() {
        name(&mut found, *kind, kinds.get(..at).unwrap_or_default());
        for told in shape(*kind).into_iter().chain(ports(*kind)) {
            report(&mut found, *kind, told);
        }
        for told in written(*kind).flat_map(columns) {
            report(&mut found, *kind, told);
        }
    }
    tables(&mut found, kinds);
    found
}

fn mistake(code: &'static Code, message: String, help: &str) -> Mistake {
    Mistake::new(code, message).help(help)
}

fn report(found: &mut Vec<Mistake>, kind: &dyn Kind, told: String) {
    let message = format!("the kind `{}` does not keep the rules of kinds: {told}", kind.name().escape_debug());
    found.push(mistake(&codes::BAD_KIND, message, "correct the kind; docs/adding-a-node.md lists what it promises"));
}

/// Every table that a kind hands to the engine.
fn written(kind: &'static dyn Kind) -> impl Iterator<Item = &'static TableSchema> {
    kind.outputs().iter().chain(kind.partial()).chain(kind.merged()).chain(kind.resolved()).copied()
}

fn name(found: &mut Vec<Mistake>, kind: &'static dyn Kind, before: &[&'static dyn Kind]) {
    if !is_name(kind.name()) {
        report(found, kind, format!("its name is not {NAME_RULE}"));
    }
    if before.iter().any(|other| other.name() == kind.name()) {
        let message = format!("two kinds are called `{}`", kind.name());
        found.push(mistake(&codes::KIND_COLLISION, message, "rename one of them, or leave one out"));
    }
    if HISTORY.iter().any(|step| step.name == kind.name()) {
        let message = format!("`{}` is the name of a step that runs after a build", kind.name());
        found.push(mistake(&codes::KIND_COLLISION, message, "give the kind another name"));
    }
    if WORKSPACE.iter().any(|other| other.name() == kind.name()) {
        let message = format!("`{}` is the name of a kind of workspace scope", kind.name());
        found.push(mistake(&codes::KIND_COLLISION, message, "give the kind another name"));
    }
}

/// What a kind says about when and where it runs.
fn shape(kind: &'static dyn Kind) -> Vec<String> {
    let mut told = Vec::new();
    let lacks = |tables: &[&'static TableSchema], name: &str| tables.iter().all(|t| t.name != name);
    if kind.outputs().is_empty() && kind.merged().is_empty() {
        told.push("it writes no table".to_owned());
    }
    if !kind.partial().is_empty() {
        for (is, what) in [
            (!kind.outputs().is_empty(), "has `outputs`"),
            (kind.merged().is_empty(), "has no `merged`"),
            (kind.per_file(), "is `per_file`"),
            (kind.needs_bytes(), "reads bytes"),
        ] {
            if is {
                told.push(format!("it has `partial` tables and {what}"));
            }
        }
    } else if let Some(table) = kind.merged().iter().find(|t| lacks(kind.outputs(), t.name)) {
        told.push(format!("its merge writes `{}`, which is not among its `outputs` or made of `partial`", table.name));
    }
    for table in [&DEFINITIONS, &MENTIONS] {
        if !kind.resolved().is_empty() && lacks(kind.merged(), table.name) {
            told.push(format!("it resolves, and its merge does not write `{}`", table.name));
        }
    }
    for table in kind.outputs().iter().filter(|t| kind.per_file() && t.sort.first() != Some(&"path")) {
        told.push(format!("it is `per_file`, but its table `{}` is not sorted by `path` first", table.name));
    }
    told
}

/// What comes in is what the action key is made of.
fn ports(kind: &'static dyn Kind) -> Vec<String> {
    let mut told = Vec::new();
    let ports = kind.ports();
    for (at, port) in ports.iter().enumerate() {
        if ports.iter().take(at).any(|other| other.name == port.name) {
            told.push(format!("two of its ports are called `{}`", port.name));
        }
        if port.tables.is_empty() {
            told.push(format!("its port `{}` takes no table", port.name));
        }
    }
    if !kind.needs_bytes() && ports.iter().all(|port| !port.required) {
        told.push("it reads no bytes and has no port that must be fed, so nothing tells its work apart".to_owned());
    }
    told
}

fn columns(table: &'static TableSchema) -> Vec<String> {
    let mut told = Vec::new();
    let names: Vec<&str> = table.columns.iter().map(|c| c.name).collect();
    let letter = |c: u8| c.is_ascii_lowercase();
    let fits = |c: u8| letter(c) || c.is_ascii_digit() || c == b'_';
    if table.name.len() > 64 || !table.name.bytes().all(fits) || !table.name.bytes().next().is_some_and(letter) {
        let name = table.name.escape_debug();
        told.push(format!("the table name `{name}` is not 1 to 64 of a-z, 0-9 and `_`, the first one a letter"));
    }
    for (at, name) in names.iter().enumerate() {
        if names.iter().take(at).any(|other| other == name) {
            told.push(format!("two columns of the table `{}` are called `{name}`", table.name));
        }
        if PLACE.contains(name) {
            told.push(format!("the table `{}` has a column `{name}`, which readers add themselves", table.name));
        }
    }
    for column in table.sort.iter().filter(|column| !names.contains(column)) {
        told.push(format!("the table `{}` is sorted by `{column}`, which is not its column", table.name));
    }
    let path = table.columns.iter().find(|c| c.name == "path" && table.sort.first() == Some(&"path"));
    if path.is_some_and(|c| c.nullable || (c.data_type)() != <String as crate::table::Cell>::data_type()) {
        told.push(format!("the table `{}` is sorted by `path`, which is not a text in every row", table.name));
    }
    told
}

/// One name is one table, everywhere: readers find a table's columns by its name.
fn tables(found: &mut Vec<Mistake>, kinds: &[&'static dyn Kind]) {
    let mut known: Vec<(&str, &'static TableSchema)> =
        TABLES.iter().chain(crate::table::WORKSPACE).map(|t| ("", *t)).collect();
    for kind in kinds {
        for table in written(*kind) {
            let Some((owner, there)) = known.iter().find(|(_, t)| t.name == table.name) else {
                known.push((kind.name(), table));
                continue;
            };
            if std::ptr::eq(*there, table) {
                continue;
            }
            let other = if owner.is_empty() { "Sawmill itself".to_owned() } else { format!("the kind `{owner}`") };
            let message = format!("the kind `{}` and {other} write different tables `{}`", kind.name(), table.name);
            let help = format!("rename the table of `{}`, or declare it once and use it in both", kind.name());
            found.push(mistake(&codes::TABLE_COLLISION, message, &help));
        }
    }
}
