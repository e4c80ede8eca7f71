//! What a file imports, resolved: its modules, and the names that it has from them.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::bindings::ALL;
use super::crates::{self, Roots};
use super::defined::{DIRECTORY, FILE, PACKAGE, directory_name, file_name};
use super::headers::Included;
use super::imports::{Exact, INIT, Places, above, has_extension, joined, places, submodule};
use super::manifests::CRATE;
use super::placed::Placed;
use super::resolve::bindings;
use super::rules::{Binds, of};
use super::symbols::Target;
use crate::nodes::{self, Definition, Extent, Reference, References, ReferringFile, Relation};

/// What a module of JavaScript exports where nothing is named.
pub const DEFAULT: &str = "default";
/// How the outline names the function that is all that a module exports.
pub const WHOLE: &str = "exports";
/// The directory of the repository, where a package lies there.
const ROOT: &str = ".";

/// What the repository defines; what was found is kept.
pub struct Names<'n> {
    pub all: &'n nodes::Names,
    pub roots: Roots<'n>,
    found: HashMap<String, Rc<[Definition<'n>]>, RandomState>,
    /// By the number of a reference's name.
    by_number: Vec<Option<Rc<[Definition<'n>]>>>,
    placed: HashMap<String, Rc<Placed<'n>>, RandomState>,
    /// By path: the root of its crate.
    crate_roots: HashMap<String, Rc<str>, RandomState>,
    /// By path.
    modules: HashMap<String, crates::Module, RandomState>,
}

impl<'n> Names<'n> {
    pub fn new(names: &'n nodes::Names) -> Self {
        Self {
            all: names,
            roots: Roots::new(names),
            found: HashMap::default(),
            by_number: Vec::new(),
            placed: HashMap::default(),
            crate_roots: HashMap::default(),
            modules: HashMap::default(),
        }
    }

    pub fn find(&mut self, name: &str) -> Rc<[Definition<'n>]> {
        if let Some(found) = self.found.get(name) {
            return Rc::clone(found);
        }
        let found: Rc<[Definition<'n>]> = self.all.find(name).into();
        self.found.insert(name.to_owned(), Rc::clone(&found));
        found
    }

    /// As [`find`](Self::find), by where they lie.
    pub fn placed(&mut self, name: &str) -> Rc<Placed<'n>> {
        if let Some(placed) = self.placed.get(name) {
            return Rc::clone(placed);
        }
        let found = self.find(name);
        let placed = Rc::new(Placed::new(&found, self));
        self.placed.insert(name.to_owned(), Rc::clone(&placed));
        placed
    }

    /// The directory of the root of the crate of the Rust file at `path`.
    pub fn root_of(&mut self, path: &str) -> Rc<str> {
        if let Some(root) = self.crate_roots.get(path) {
            return Rc::clone(root);
        }
        let root: Rc<str> = self.roots.root_of(path).into();
        self.crate_roots.insert(path.to_owned(), Rc::clone(&root));
        root
    }

    /// The module `scope` of the Rust file at `path`.
    pub fn module(&mut self, path: &str, scope: &str) -> crates::Module {
        if !self.modules.contains_key(path) {
            self.modules.insert(path.to_owned(), self.roots.module(path, ""));
        }
        match self.modules.get(path) {
            Some(module) => module.below(&crates::names(scope)),
            None => self.roots.module(path, scope),
        }
    }

    /// As [`find`](Self::find), of a name whose number is known.
    pub fn find_number(&mut self, number: u32, name: &str) -> Rc<[Definition<'n>]> {
        let at = number as usize;
        if let Some(Some(found)) = self.by_number.get(at) {
            return Rc::clone(found);
        }
        let found: Rc<[Definition<'n>]> = self.all.find(name).into();
        if self.by_number.len() <= at {
            self.by_number.resize(at + 1, None);
        }
        if let Some(slot) = self.by_number.get_mut(at) {
            *slot = Some(Rc::clone(&found));
        }
        found
    }

    fn file(&self, path: &str) -> Option<&'n str> {
        self.all.at(&file_name(path), path, FILE).map(|one| one.path)
    }

    fn directory(&self, path: &str) -> Option<&'n str> {
        self.all.at(&directory_name(path), path, DIRECTORY).map(|one| one.path)
    }

    fn exact(&self, exact: &Exact) -> Option<Module<'n>> {
        match exact.path.strip_suffix('/').filter(|_| exact.python) {
            Some(directory) => {
                self.all.at(&directory_name(directory), directory, PACKAGE).map(|one| Module::Directory(one.path))
            }
            None => self.place(&exact.path),
        }
    }

    fn place(&self, place: &str) -> Option<Module<'n>> {
        match place.strip_suffix('/') {
            Some(directory) => self.directory(directory).map(Module::Directory),
            None => self.file(place).map(Module::File),
        }
    }

    pub fn is_package(&self, directory: &str) -> bool {
        let init = if directory.is_empty() { INIT.to_owned() } else { format!("{directory}/{INIT}") };
        self.file(&init).is_some()
    }

    /// The root modules of the crates that the repository has under `name`.
    pub fn crates(&mut self, name: &str) -> Vec<crates::Module> {
        let found = self.find(&format!("{CRATE}{name}"));
        let packages = found.iter().filter(|one| one.kind == PACKAGE);
        let library = |one: &Definition<'n>| match self.roots.library(name) {
            Some(file) => file.to_owned(),
            None => format!("{}/lib.rs", crates::root_of(one.path)),
        };
        let root =
            |file: String| crates::Module { root: parent(&file).to_owned(), names: Vec::new(), file: Some(file) };
        packages.map(library).map(root).collect()
    }
}

/// Where an import leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module<'n> {
    File(&'n str),
    Directory(&'n str),
    /// Several places are as good as each other.
    Unclear,
    /// The repository has nothing there.
    Outside,
}

impl<'n> Module<'n> {
    pub fn path(self) -> Option<&'n str> {
        match self {
            Self::File(path) | Self::Directory(path) => Some(path),
            Self::Unclear | Self::Outside => None,
        }
    }

    fn target(self) -> Target<'n> {
        match self {
            Self::File(path) | Self::Directory(path) => Target::Path(path),
            Self::Unclear => Target::Ambiguous,
            Self::Outside => Target::Unresolved,
        }
    }
}

/// A name that a file has by an import: a member of a module, or with an empty member the module itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound<'a, 'n> {
    pub module: Module<'n>,
    pub member: &'a str,
    /// Which of the references of the shard imports it.
    pub row: u32,
    /// Qualified name of the Rust module that the import stands in.
    pub inside: &'a str,
    /// Qualified name of the module, class or function where it is seen.
    pub scope: &'a str,
    extent: Extent,
}

impl Bound<'_, '_> {
    /// Is it seen at byte `at` of its file, inside the definition `scope`?
    pub fn is_seen(&self, at: u32, scope: &str) -> bool {
        self.extent.start <= at && at < self.extent.end && (!self.extent.directly || self.scope == scope)
    }
}

/// See the module.
pub struct File<'a, 'n> {
    pub path: &'a str,
    /// Each import, and where it leads.
    pub imports: Vec<(&'a Reference, Target<'n>)>,
    /// Modules that an import names as members of their package.
    pub submodules: Vec<(&'a Reference, String, Target<'n>)>,
    /// By the name in the file.
    pub bound: BTreeMap<&'a str, Vec<Bound<'a, 'n>>>,
    /// Modules of which all names are there.
    pub whole: Vec<Bound<'a, 'n>>,
    /// What imports name, as written: of C++ also namespaces and names in them.
    pub written: BTreeSet<&'a str>,
    /// Of C, when it is asked for.
    pub included: OnceCell<Included<'n>>,
}

impl<'a, 'n> File<'a, 'n> {
    pub fn new(references: &'a References, file: &'a ReferringFile, names: &mut Names<'n>) -> Self {
        let mut made = Self {
            path: &file.path,
            imports: Vec::new(),
            submodules: Vec::new(),
            bound: BTreeMap::new(),
            whole: Vec::new(),
            written: BTreeSet::new(),
            included: OnceCell::new(),
        };
        let mut modules: BTreeMap<u32, Module<'n>> = BTreeMap::new();
        for at in file.rows.clone() {
            let Some(row) = references.rows.get(at).filter(|row| row.relation == Relation::Imports) else { continue };
            let rules = of(references.text(row.language));
            let places =
                places(&rules, &names.roots, &file.path, references.text(row.scope), references.text(row.name));
            let module = found(&places, &file.path, names);
            made.imports.push((row, module.target()));
            made.written.insert(references.text(row.written));
            modules.insert(at as u32, module);
        }
        for (binding, row) in bindings(references, file).filter(|(binding, _)| binding.seen_by.is_here()) {
            let Some(module) = modules.get(&binding.row).copied() else { continue };
            let bound = Bound {
                module,
                member: references.text(binding.member),
                row: binding.row,
                inside: references.text(row.scope),
                scope: references.text(binding.extent.scope),
                extent: binding.extent,
            };
            made.bind(references, row, references.text(binding.local), bound, names);
        }
        made
    }

    fn bind(
        &mut self,
        references: &References,
        row: &'a Reference,
        local: &'a str,
        mut bound: Bound<'a, 'n>,
        names: &Names<'n>,
    ) {
        let member = bound.member;
        if let Some(package) = bound.module.path()
            && let Some(at) =
                submodule_of(package, member, references, row).map(|places| found(&places, self.path, names))
            && at.path().is_some()
        {
            let written = references.text(row.written);
            let dot = if written.ends_with('.') { "" } else { "." };
            self.submodules.push((row, format!("{written}{dot}{member}"), at.target()));
            bound = Bound { module: at, member: "", ..bound };
        }
        if local == ALL {
            self.whole.push(bound);
        } else if !local.is_empty() {
            self.bound.entry(local).or_default().push(bound);
        }
    }

    /// What imports bind `local` to, as far as it is seen at byte `at` inside of `scope`: what stands innermost.
    pub fn bound(&self, local: &str, at: u32, scope: &str) -> Vec<Bound<'a, 'n>> {
        let all = self.bound.get(local).into_iter().flatten();
        let seen: Vec<Bound<'a, 'n>> = all.filter(|bound| bound.is_seen(at, scope)).copied().collect();
        let innermost = seen.iter().map(|bound| bound.extent.start).max();
        seen.into_iter().filter(|bound| Some(bound.extent.start) == innermost).collect()
    }

    /// Where what imports bring begins or ceases to be seen: between two of these places equal references mean the same.
    pub fn borders(&self) -> Vec<u32> {
        let all = self.bound.values().flatten().chain(&self.whole);
        let mut borders: Vec<u32> = all.flat_map(|bound| [bound.extent.start, bound.extent.end]).collect();
        borders.sort_unstable();
        borders.dedup();
        borders
    }

    /// Are all names of `path` there?
    pub fn has_all_of(&self, path: &str) -> bool {
        self.whole.iter().any(|bound| match bound.module {
            Module::File(file) => file == path,
            Module::Directory(directory) => parent(path) == directory,
            Module::Unclear | Module::Outside => false,
        })
    }
}

pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(directory, _)| directory)
}

/// Places of `member` as a module of its own inside a package.
fn submodule_of(package: &str, member: &str, references: &References, row: &Reference) -> Option<Places> {
    let is_python = of(references.text(row.language)).binds == Binds::Python;
    let is_package = !has_extension(package, "py") || package.ends_with(INIT);
    (is_python && is_package && !member.is_empty()).then(|| submodule(package, member))
}

/// Places that [`File::new`] may look at for a binding, wherever its module is.
pub fn submodules(references: &References, row: &Reference, member: &str) -> impl Iterator<Item = Places> {
    submodule_of("", member, references, row).into_iter()
}

/// The first exact place that is there; else a package's; else the first end that a path has.
fn found<'n>(places: &Places, path: &str, names: &Names<'n>) -> Module<'n> {
    for exact in &places.exact {
        if let Some(module) = names.exact(exact)
            && !exact.outside.as_deref().is_some_and(|directory| names.is_package(directory))
        {
            return module;
        }
    }
    for (package, below) in &places.packages {
        let manifests = names.all.find(package);
        let Some(manifest) = manifests.first() else { continue };
        if manifests.len() > 1 {
            return Module::Unclear;
        }
        let base = parent(manifest.path);
        for path in below {
            let place = if path.is_empty() { Some(Module::Directory(base)) } else { below_base(base, path, names) };
            match place {
                Some(Module::Directory("")) => return Module::Directory(ROOT),
                Some(place) => return place,
                None => {}
            }
        }
        return Module::Outside;
    }
    ends(places, path, names)
}

fn below_base<'n>(base: &str, path: &str, names: &Names<'n>) -> Option<Module<'n>> {
    let slash = if path.ends_with('/') { "/" } else { "" };
    names.place(&(joined(base, path)? + slash))
}

/// The first end that a path has: of several the only one below the innermost directory around the file that has any.
fn ends<'n>(places: &Places, from: &str, names: &Names<'n>) -> Module<'n> {
    for place in &places.ends {
        let (end, kind, name) = match place.strip_suffix('/') {
            Some(directory) => (directory, DIRECTORY, directory_name(directory)),
            None => (place.as_str(), FILE, file_name(place)),
        };
        let all = names.all.find(&name);
        let paths = all.iter().filter(|one| one.kind == kind).filter_map(|one| {
            let base = one.path.strip_suffix(end)?;
            let is_whole = base.is_empty() || base.ends_with('/');
            let counts = is_whole && !(places.outside && names.is_package(base.trim_end_matches('/')));
            counts.then_some(one.path)
        });
        let paths: Vec<&'n str> = paths.collect();
        let near = around(from).find_map(|up| {
            let within = |path: &&str| up.is_empty() || path.strip_prefix(up).is_some_and(|rest| rest.starts_with('/'));
            let mut near = paths.iter().copied().filter(|path| within(path));
            near.next().map(|first| (first, near.next().is_none()))
        });
        match near {
            Some((path, true)) if kind == FILE => return Module::File(path),
            Some((path, true)) => return Module::Directory(path),
            Some((_, false)) => return Module::Unclear,
            None => {}
        }
    }
    Module::Outside
}

/// The directories around `path`, the innermost first.
pub fn around(path: &str) -> impl Iterator<Item = &str> {
    above(parent(path))
}
