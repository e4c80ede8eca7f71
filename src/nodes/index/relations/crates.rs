//! Paths of Rust: modules by the files of a crate.
//!
//! A module is told by where its modules' files lie: that of `src/a.rs` and of `src/a/mod.rs` is `src/a`, that of a
//! crate's root the directory of its file. Several crates may have one: `main.rs` and `lib.rs`, the files in `tests`.

use std::rc::Rc;

use super::defined::{FILE, file_name};
use super::imports::{Exact, Places, above, joined};
use super::manifests::{CRATE, ROOT};
use super::rules::{Binds, of};
use crate::nodes::{self, Before, Definition, Reference, References};

/// Most names of a path.
const DEPTH: usize = 32;
/// What the path of `mod x;` begins with, which names a file and nothing else.
pub const MODULE: &str = "mod::";
/// Directories in which each file is a crate of its own.
const TARGETS: [&str; 3] = ["tests", "benches", "examples"];

/// A module: the directory of its crate's root, and the names from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    pub root: String,
    pub names: Vec<String>,
    /// The file that is the root, where that is known.
    pub file: Option<String>,
}

impl Module {
    /// Where the files of its modules lie.
    pub fn at(&self) -> String {
        under(&self.root, &self.names.join("/"))
    }

    /// The module that `rest` names in this one.
    pub fn below(&self, rest: &[String]) -> Self {
        Self { names: self.names.iter().chain(rest).cloned().collect(), ..self.clone() }
    }

    /// May it be what the file at `path` has? A root is one file.
    pub fn may_be(&self, path: &str) -> bool {
        !self.names.is_empty() || self.file.as_ref().is_none_or(|file| file == path)
    }
}

fn under(base: &str, path: &str) -> String {
    match (base.is_empty(), path.is_empty()) {
        (true, _) => path.to_owned(),
        (_, true) => base.to_owned(),
        _ => format!("{base}/{path}"),
    }
}

/// What tells where crates begin. The default knows nothing, and takes the repository for one crate: so the places of
/// imports have all the names that they have for any other.
#[derive(Clone, Debug, Default)]
pub struct Roots<'n> {
    names: Option<&'n nodes::Names>,
    /// Files that manifests name.
    named: Rc<[Definition<'n>]>,
}

impl<'n> Roots<'n> {
    pub fn new(names: &'n nodes::Names) -> Self {
        let named = names.find(CRATE).into_iter().filter(|one| one.kind == ROOT).collect();
        Self { names: Some(names), named }
    }

    /// The names whose definitions these look at.
    pub fn wanted() -> [String; 3] {
        // Not all manifests name roots: where one lies, its directory is one.
        [CRATE.to_owned(), file_name("Cargo.toml"), file_name("main.rs")]
    }

    fn has(&self, directory: &str, name: &str) -> bool {
        self.names.is_some_and(|names| names.at(&file_name(name), &under(directory, name), FILE).is_some())
    }

    fn is_named(&self, path: &str) -> bool {
        self.named.iter().any(|one| one.path == path)
    }

    /// The root that the manifest of the crate `name` names for its library.
    pub fn library(&self, name: &str) -> Option<&'n str> {
        self.named.iter().find(|one| one.qualified_name == name).map(|one| one.path)
    }

    /// Is each file in `directory` a crate?
    fn is_of_crates(&self, directory: &str) -> bool {
        let (up, name) = directory.rsplit_once('/').unwrap_or(("", directory));
        match name {
            "bin" => last(up) == "src",
            name => TARGETS.contains(&name) && (self.has(up, "Cargo.toml") || !up.split('/').any(|part| part == "src")),
        }
    }

    /// Is the file at `path` the root of a crate?
    pub fn is_root(&self, path: &str) -> bool {
        let (directory, stem) = parts(path);
        let holds = |name: &str| directory.split('/').any(|part| part == name);
        if self.is_named(path) || self.is_of_crates(directory) {
            return true;
        }
        match stem {
            "lib" | "main" => {
                let up = super::modules::parent(directory);
                last(directory) == "src" || !holds("src") || self.is_of_crates(up) || self.has(directory, "Cargo.toml")
            }
            "build" => !holds("src") && !TARGETS.into_iter().any(holds),
            _ => false,
        }
    }

    /// Where the modules of the file at `path` lie.
    pub fn at(&self, path: &str) -> String {
        let (directory, stem) = parts(path);
        if stem == "mod" || self.is_root(path) { directory.to_owned() } else { under(directory, stem) }
    }

    /// Where the module, or the type, `scope` of the file at `path` lies. A file beside a root may be a root itself, or a
    /// module of the other.
    pub fn places(&self, path: &str, scope: &str) -> Vec<String> {
        let scope = scope.replace("::", "/");
        let (directory, stem) = parts(path);
        let second = self.is_of_crates(directory).then(|| under(directory, stem));
        [self.at(path)].into_iter().chain(second).map(|at| under(&at, &scope)).collect()
    }

    /// The directory of the root of the crate that the file at `path` belongs to.
    pub fn root_of(&self, path: &str) -> String {
        let (directory, _) = parts(path);
        if self.names.is_none() {
            return String::new();
        }
        if self.is_root(path) {
            return directory.to_owned();
        }
        let is_root = |up: &&str| {
            last(up) == "src"
                || self.is_of_crates(up)
                || (self.is_of_crates(super::modules::parent(up)) && self.has(up, "main.rs"))
                || self.named.iter().any(|one| super::modules::parent(one.path) == *up)
                || self.has(up, "Cargo.toml")
        };
        above(directory).find(is_root).unwrap_or(directory).to_owned()
    }

    /// The module that the file at `path` is, or the module `scope` inside of it.
    pub fn module(&self, path: &str, scope: &str) -> Module {
        let root = self.root_of(path);
        let at = self.at(path);
        let rest = if root.is_empty() { Some(at.as_str()) } else { at.strip_prefix(&root) };
        let rest = rest.unwrap_or_default().split('/').filter(|part| !part.is_empty()).map(str::to_owned);
        let names = rest.chain(names(scope)).collect();
        Module { root, names, file: self.is_root(path).then(|| path.to_owned()) }
    }
}

/// The directory of a file, and its name without the extension.
fn parts(path: &str) -> (&str, &str) {
    let (directory, file) = path.rsplit_once('/').unwrap_or(("", path));
    (directory, file.strip_suffix(".rs").unwrap_or(file))
}

fn last(directory: &str) -> &str {
    directory.rsplit('/').next().unwrap_or(directory)
}

/// What a path of names begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Path {
    /// In the crate of the file.
    Module(Module),
    /// A crate, or a module or type of the file; the names behind it.
    Named(String, Vec<String>),
}

/// The names of a path: `a::b`.
pub fn names(path: &str) -> Vec<String> {
    path.split("::").map(str::trim).filter(|name| !name.is_empty()).take(DEPTH).map(str::to_owned).collect()
}

/// What the names of a path mean inside the module `here`.
pub fn absolute(here: &Module, path: &[String]) -> Option<Path> {
    let (first, rest) = path.split_first()?;
    match first.as_str() {
        "crate" | "$crate" => Some(Path::Module(Module { names: Vec::new(), ..here.clone() }.below(rest))),
        "self" | "super" => {
            let mut module = here.clone();
            let mut rest = path;
            while let Some((next, more)) = rest.split_first().filter(|(next, _)| *next == "super" || *next == "self") {
                if next == "super" {
                    module.names.pop()?;
                }
                rest = more;
            }
            Some(Path::Module(module.below(rest)))
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

/// Where the import of `written` leads.
pub fn places(places: &mut Places, roots: &Roots<'_>, path: &str, scope: &str, written: &str) {
    let plain = written.trim_end_matches('*').trim_end_matches(':');
    let here = roots.module(path, scope);
    let mut push = |root: &str, file: &str| {
        if let Some(path) = joined(root, file) {
            places.exact.push(Exact { path, ..Exact::default() });
        }
    };
    if let Some(module) = plain.strip_prefix(MODULE) {
        for file in files(&here.below(&names(module)).names, here.names.len() + 1) {
            push(&here.root, &file);
        }
        return;
    }
    match absolute(&here, &names(plain)) {
        Some(Path::Module(module)) => {
            for file in &files(&module.names, 1) {
                push(&module.root, file);
            }
            // The crate's root: the file itself, where it is one.
            if let Some(own) = &module.file {
                push("", own);
            }
            for file in ["lib.rs", "main.rs", "mod.rs"] {
                push(&module.root, file);
            }
        }
        Some(Path::Named(first, rest)) => {
            // A module of this one; else a crate of the repository.
            let own = here.below(std::slice::from_ref(&first)).below(&rest);
            // Beside a root lie other roots, which a path that may begin with a crate does not mean.
            let is_root = here.names.is_empty() && roots.is_of_crates(&here.root);
            for file in files(&own.names, here.names.len() + 1).iter().filter(|file| !is_root || file.contains('/')) {
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
    under(super::modules::parent(manifest), "src")
}

/// Names that [`super::symbols`] looks at for a reference besides its own.
pub fn wanted(references: &References, row: &Reference) -> Vec<String> {
    let Before::Path(path) = row.before else { return Vec::new() };
    if of(references.text(row.language)).binds != Binds::Rust {
        return Vec::new();
    }
    let mut wanted = names(references.text(path));
    wanted.extend(wanted.first().map(|first| format!("{CRATE}{first}")));
    wanted
}
