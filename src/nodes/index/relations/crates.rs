//! Paths of Rust: modules by the files of a crate.

use super::imports::{Places, above, joined};
use super::manifests::CRATE;
use super::rules::{Binds, of};
use crate::nodes::{Before, Reference, References};

/// Most names of a path.
const DEPTH: usize = 32;

/// A module: the directory of its crate's root, and the names from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    pub root: String,
    pub names: Vec<String>,
}

/// What a path of names begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// In the crate of the file.
    Module(Module),
    /// A crate, or a module or type of the file; the names behind it.
    Named(String, Vec<String>),
}

/// Does `name` name a file of a crate's root?
fn is_root(name: &str) -> bool {
    matches!(name, "lib" | "main" | "mod" | "build")
}

/// The module that the file at `path` is.
pub fn of_file(path: &str) -> Module {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.trim_end_matches(".rs");
    let within = |root: &str| directory.strip_prefix(root).map(|rest| rest.trim_start_matches('/').to_owned());
    let root = match path.rfind("/src/") {
        Some(at) => path.get(..at + 4).unwrap_or_default(),
        None if path.starts_with("src/") => "src",
        None => directory,
    };
    let rest = within(root).unwrap_or_default();
    let mut names: Vec<String> = rest.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if !is_root(stem) {
        names.push(stem.to_owned());
    }
    Module { root: root.to_owned(), names }
}

/// The names of a path: `a::b`.
pub fn names(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|name| !name.is_empty()).take(DEPTH).map(str::to_owned).collect()
}

/// What the names of a path mean inside the module `here`.
pub fn absolute(here: &Module, path: &[String]) -> Option<Path> {
    let (first, rest) = path.split_first()?;
    let below = |module: &Module, rest: &[String]| {
        let names = module.names.iter().chain(rest).cloned().collect();
        Path::Module(Module { root: module.root.clone(), names })
    };
    match first.as_str() {
        "crate" | "$crate" => Some(below(&Module { names: Vec::new(), ..here.clone() }, rest)),
        "self" => Some(below(here, rest)),
        "super" => {
            let mut module = here.clone();
            module.names.pop()?;
            let mut rest = rest;
            while let Some((next, more)) = rest.split_first().filter(|(next, _)| *next == "super") {
                debug_assert_eq!(next, "super");
                module.names.pop()?;
                rest = more;
            }
            Some(below(&module, rest))
        }
        _ => Some(Path::Named(first.clone(), rest.to_vec())),
    }
}

/// Files that the module with these names, below `root`, may be; its own members come last, so that `a::b` is the
/// file of `a` where there is none of `b`.
fn files(names: &[String], least: usize) -> Vec<String> {
    let mut found = Vec::new();
    for count in (least.max(1)..=names.len()).rev() {
        let module = names.get(..count).unwrap_or_default().join("/");
        found.push(format!("{module}.rs"));
        found.push(format!("{module}/mod.rs"));
    }
    found
}

/// The module of `scope`, which names modules inside the file.
pub fn within(path: &str, scope: &str) -> Module {
    let mut module = of_file(path);
    module.names.extend(names(scope));
    module
}

/// Where the import of `written` leads.
pub fn places(places: &mut Places, path: &str, scope: &str, written: &str) {
    let plain = written.trim_end_matches('*').trim_end_matches(':');
    let here = within(path, scope);
    let mut push = |root: &str, file: &str| {
        if let Some(path) = joined(root, file) {
            places.exact.push(super::imports::Exact { path, outside: None });
        }
    };
    match absolute(&here, &names(plain)) {
        Some(Path::Module(module)) => {
            for file in &files(&module.names, 1) {
                push(&module.root, file);
            }
            // The crate's root: the file itself, where it is one.
            let own = path.rsplit('/').next().filter(|file| is_root(file.trim_end_matches(".rs")));
            for file in own.into_iter().chain(["lib.rs", "main.rs", "mod.rs"]) {
                push(&module.root, file);
            }
        }
        Some(Path::Named(first, rest)) => {
            // A module of this one, of the edition 2015 one of the crate's root; else a crate of the repository.
            let mut all = here.names.clone();
            let least = all.len() + 1;
            all.push(first.clone());
            all.extend(rest.iter().cloned());
            for file in &files(&all, least) {
                push(&here.root, file);
            }
            let mut below: Vec<String> = files(&rest, 1).into_iter().map(|file| format!("src/{file}")).collect();
            below.push("src/lib.rs".to_owned());
            below.push(String::new());
            places.packages.push((format!("{CRATE}{first}"), below));
        }
        None => {}
    }
}

/// The directory of the root module of the crate whose manifest is `manifest`.
pub fn root_of(manifest: &str) -> String {
    let directory = above(manifest).nth(1).unwrap_or_default();
    if directory.is_empty() { "src".to_owned() } else { format!("{directory}/src") }
}

/// Names that [`super::symbols`] looks at for a reference besides its own.
pub fn wanted(references: &References, row: &Reference) -> Option<String> {
    let Before::Path(path) = row.before else { return None };
    (of(references.text(row.language)).binds == Binds::Rust)
        .then(|| names(references.text(path)).first().map(|first| format!("{CRATE}{first}")))
        .flatten()
}
