//! An import as written → the paths that it may mean.

use super::crates::{self, Roots};
use super::defined::{directory_name, file_name};
use super::rules::{Imports, Rules};

/// Most directories above a file that are looked through, and most words of an import.
const DEPTH: usize = 32;
/// Longest import that is followed, in bytes.
const LONGEST: usize = 512;

/// Where an import may lead.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// The best first: the first that is there is meant.
    pub exact: Vec<Exact>,
    /// Packages by the name that their manifest gives them, the longest name first, and paths below each, the best
    /// first. An empty path is the package's own directory.
    pub packages: Vec<(String, Vec<String>)>,
    /// Ends of paths, the best first: one that only one path has is meant; several paths are as good as each other.
    pub ends: Vec<String>,
    /// No end counts below a Python package: absolute imports begin outside of all.
    pub outside: bool,
}

/// A path that an import may mean; a directory ends with `/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Exact {
    pub path: String,
    /// Counts only where this directory is no Python package.
    pub outside: Option<String>,
    /// A directory counts only where Python is below it.
    pub python: bool,
}

/// What says that a directory is a package of Python.
pub const INIT: &str = "__init__.py";

/// The name under which `path` is found, where a directory ends with `/`.
fn name_of(path: &str) -> String {
    match path.strip_suffix('/') {
        Some(directory) => directory_name(directory),
        None => file_name(path),
    }
}

impl Places {
    /// The names under which these are found, sorted, each once.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for exact in &self.exact {
            // Mostly one name in many directories.
            let name = name_of(&exact.path);
            if names.last() != Some(&name) {
                names.push(name);
            }
        }
        names.extend(self.ends.iter().map(|end| name_of(end)));
        for (package, below) in &self.packages {
            names.push(package.clone());
            names.extend(below.iter().filter(|path| !path.is_empty()).map(|path| name_of(path)));
        }
        if self.outside || self.exact.iter().any(|exact| exact.outside.is_some()) {
            names.push(file_name(INIT));
        }
        names.sort_unstable();
        names.dedup();
        names
    }

    fn push(&mut self, path: String) {
        self.exact.push(Exact { path, ..Exact::default() });
    }

    fn file(&mut self, base: &str, path: &str) {
        if let Some(path) = joined(base, path).filter(|path| !path.is_empty()) {
            self.push(path);
        }
    }

    fn directory(&mut self, base: &str, path: &str) {
        if let Some(path) = joined(base, path).filter(|path| !path.is_empty()) {
            self.push(path + "/");
        }
    }

    fn end(&mut self, path: &str) {
        // One word says too little to be the end of a path.
        if path.trim_end_matches('/').contains('/') && !path.contains("//") && !path.split('/').any(|p| p == "..") {
            self.ends.push(path.to_owned());
        }
    }
}

/// Is `path` one of these places, or does it end as one of them?
pub fn within_reach(places: &Places, path: &str) -> bool {
    let ends =
        |end: &String| path.strip_suffix(end.as_str()).is_some_and(|base| base.is_empty() || base.ends_with('/'));
    places.exact.iter().any(|exact| exact.path == path) || places.ends.iter().any(ends)
}

/// Where `written` in the file at `path`, inside the Rust module `scope` of that file, leads.
pub fn places(rules: &Rules, roots: &Roots<'_>, path: &str, scope: &str, written: &str) -> Places {
    let mut places = Places::default();
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let written = written.trim();
    if written.is_empty() || written.len() > LONGEST {
        return places;
    }
    match rules.imports {
        Imports::Header => header(&mut places, directory, written),
        Imports::Python => python(&mut places, directory, written),
        Imports::Script => script(&mut places, directory, written),
        Imports::GoPackage => go(&mut places, written),
        Imports::Rust => crates::places(&mut places, roots, path, scope, written),
        Imports::Words(separators, extensions) => {
            let has_packages = rules.family == "jvm";
            words(&mut places, directory, written, (separators, extensions), has_packages);
            // A module does not import itself: another of that name is meant.
            places.exact.retain(|exact| exact.path != path);
        }
        Imports::Path(extensions) => by_path(&mut places, directory, written, extensions, &[]),
        Imports::Files(extensions, indexes) => by_path(&mut places, directory, written, extensions, indexes),
        Imports::Ruby => ruby(&mut places, directory, written),
        Imports::Label => label(&mut places, directory, written),
        Imports::Nothing => {}
    }
    places
}

/// `path` from the directory `base`, without `.` and `..`; `None` where it leads out of the repository.
pub fn joined(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// `directory` and those above it, the innermost first, the root last.
pub fn above(directory: &str) -> impl Iterator<Item = &str> {
    let mut next = Some(directory);
    let up = move || {
        let here = next?;
        next = (!here.is_empty()).then(|| here.rsplit_once('/').map_or("", |(up, _)| up));
        Some(here)
    };
    std::iter::from_fn(up).take(DEPTH)
}

fn header(places: &mut Places, directory: &str, written: &str) {
    let header = written.trim_matches(['<', '>', '"']).replace('\\', "/");
    if header.starts_with('/') {
        return;
    }
    let is_system = written.starts_with('<');
    if !is_system {
        places.file(directory, &header);
    }
    for up in above(directory) {
        places.file(up, &format!("include/{header}"));
    }
    // Programs name their headers from where they are built.
    for up in above(directory).filter(|up| up.is_empty() || (!is_system && header.contains('/'))) {
        places.file(up, &header);
    }
    places.file("src", &header);
    places.end(&header);
}

/// A module's file, or the directory of a package; one that says nothing of itself only as a `namespace`.
fn module(base: &str, path: &str, outside: Option<&str>, namespace: bool, places: &mut Places) {
    let init = if path.is_empty() { INIT.to_owned() } else { format!("{path}/{INIT}") };
    let mut paths = vec![init];
    if namespace {
        paths.push(format!("{path}/"));
    }
    if !path.is_empty() {
        paths.splice(0..0, ["py", "pyi"].map(|extension| format!("{path}.{extension}")));
    }
    for path in paths {
        let slash = if path.ends_with('/') { "/" } else { "" };
        if let Some(joined) = joined(base, &path).filter(|joined| !joined.is_empty()) {
            places.exact.push(Exact { path: joined + slash, outside: outside.map(str::to_owned), python: true });
        }
    }
}

fn python(places: &mut Places, directory: &str, written: &str) {
    let dots = written.bytes().take_while(|b| *b == b'.').count();
    let path = written.get(dots..).unwrap_or_default().replace('.', "/");
    if path.contains("//") || path.contains(['\\', ' ']) {
        return;
    }
    if dots > 0 {
        if let Some(base) = above(directory).nth(dots - 1) {
            module(base, &path, None, true, places);
        }
        return;
    }
    // The library comes before all but files that are found first.
    let is_library = super::words::is_module("python", path.split('/').next().unwrap_or_default());
    // Where packages may begin: around the file, where it is in none; a script finds what lies beside it.
    for up in above(directory) {
        module(up, &path, Some(up), !is_library, places);
    }
    module("src", &path, None, !is_library, places);
    module("lib", &path, None, !is_library, places);
    if path.contains('/') && !is_library {
        places.outside = true;
        for extension in ["py", "pyi"] {
            places.end(&format!("{path}.{extension}"));
        }
        places.end(&format!("{path}/{INIT}"));
    }
}

/// What `member` of the package that `package` is, a file or a directory, is where it is a module of its own.
pub fn submodule(package: &str, member: &str) -> Places {
    let mut places = Places::default();
    let is_init = package.rsplit('/').next().is_some_and(|name| name.starts_with("__init__."));
    let base = if is_init { package.rsplit_once('/').map_or("", |(directory, _)| directory) } else { package };
    if !member.is_empty() && !member.contains(['/', '.']) {
        module(base, member, None, true, &mut places);
    }
    places
}

const SCRIPTS: [&str; 10] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "d.ts", "vue", "svelte", "json"];

/// A script without its extension, or the index of a directory.
fn script_paths(path: &str) -> Vec<String> {
    let mut paths = vec![path.to_owned()];
    // TypeScript names the file that will be compiled.
    for (compiled, sources) in [(".js", [".ts", ".tsx"]), (".mjs", [".mts", ".mts"]), (".jsx", [".tsx", ".tsx"])] {
        if let Some(stem) = path.strip_suffix(compiled) {
            for source in sources {
                paths.push(format!("{stem}{source}"));
            }
        }
    }
    paths.extend(SCRIPTS.map(|extension| format!("{path}.{extension}")));
    paths.extend(SCRIPTS.map(|extension| format!("{path}/index.{extension}")));
    paths
}

fn script(places: &mut Places, directory: &str, written: &str) {
    let path = written.split(['?', '#']).next().unwrap_or(written);
    if path.starts_with('.') || path.starts_with('/') {
        let base = if path.starts_with('/') { "" } else { directory };
        for path in &script_paths(path) {
            places.file(base, path);
        }
        return;
    }
    // A package of the repository, by the name in its `package.json`, or something inside of one.
    let parts: Vec<&str> = path.split('/').take(DEPTH).collect();
    let first = if path.starts_with('@') { 2 } else { 1 };
    if parts.len() < first || parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return;
    }
    let (name, rest) = parts.split_at(first);
    let rest = rest.join("/");
    let mut below = Vec::new();
    let starts: &[&str] = if rest.is_empty() { &["index", "src/index", "lib/index", "src/main"] } else { &[&rest] };
    for start in starts {
        below.extend(script_paths(start));
    }
    if rest.is_empty() {
        below.push(String::new());
    }
    places.packages.push((format!("{}{}", super::manifests::NODE, name.join("/")), below));
}

fn go(places: &mut Places, written: &str) {
    let path = written.trim_matches(['"', '`']);
    let parts: Vec<&str> = path.split('/').take(DEPTH).collect();
    if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return;
    }
    for at in (1..=parts.len()).rev() {
        let (name, rest) = parts.split_at(at);
        let rest = rest.join("/");
        let below = if rest.is_empty() { rest } else { rest + "/" };
        places.packages.push((format!("{}{}", super::manifests::GO, name.join("/")), vec![below]));
    }
    places.directory("vendor", path);
}

/// Packages of the libraries that come with a language of the JVM.
const LIBRARIES: [&str; 6] = ["java", "javax", "jdk", "kotlin", "scala", "sun"];

/// `has_packages`: the last word may be a member of what the others name, and a directory may be meant.
fn words(
    places: &mut Places,
    directory: &str,
    written: &str,
    (separators, extensions): (&[&str], &[&str]),
    has_packages: bool,
) {
    let mut path = written.trim_matches(['"', '\'']).trim_end_matches(".*").trim_end_matches("._").to_owned();
    if !path.starts_with('.') {
        for separator in separators {
            path = path.replace(separator, "/");
        }
    }
    let path = path.trim_matches('/');
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return;
    }
    let is_library = path.split('/').next().is_some_and(|first| LIBRARIES.contains(&first));
    let parent = path.rsplit_once('/').map(|(parent, _)| parent).filter(|_| has_packages && !is_library);
    for path in [Some(path), parent].into_iter().flatten() {
        for up in above(directory) {
            for extension in extensions {
                places.file(up, &format!("{path}.{extension}"));
            }
        }
        for extension in extensions {
            places.end(&format!("{path}.{extension}"));
        }
    }
    if has_packages {
        for up in above(directory) {
            places.directory(up, path);
        }
        places.end(&format!("{path}/"));
    }
}

/// As a path; what stands before the scheme of a URL or a module's source is none of it.
fn plain_path(written: &str) -> Option<&str> {
    let path = written.strip_prefix("url(").map_or(written, |path| path.trim_end_matches(')'));
    let path = path.trim_matches(['"', '\'', '`']).trim_start_matches("file://");
    let remote = path.contains("://") || path.starts_with("git@") || path.starts_with('/');
    (!remote && !path.is_empty()).then_some(path)
}

fn by_path(places: &mut Places, directory: &str, written: &str, extensions: &[&str], indexes: &[&str]) {
    let Some(path) = plain_path(written) else { return };
    let path = path.replace('\\', "/");
    // Of `package:name/path` and `name@version` no place is known.
    if path.contains([':', '@', '$', '{']) {
        return;
    }
    for base in [directory, ""] {
        places.file(base, &path);
        for extension in extensions {
            places.file(base, &format!("{path}.{extension}"));
        }
        for index in indexes {
            places.file(base, &format!("{path}/{index}"));
        }
        places.directory(base, &path);
    }
}

/// Extensions are as they are written.
pub fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, last)| last == extension)
}

fn ruby(places: &mut Places, directory: &str, written: &str) {
    let Some(path) = plain_path(written) else { return };
    let file = if has_extension(path, "rb") { path.to_owned() } else { format!("{path}.rb") };
    if path.starts_with('.') {
        places.file(directory, &file);
        return;
    }
    for up in above(directory) {
        places.file(up, &format!("lib/{file}"));
    }
    places.file("", &file);
}

fn label(places: &mut Places, directory: &str, written: &str) {
    let label = written.trim_matches(['"', '\'']);
    // Another repository's.
    if label.starts_with('@') && !label.starts_with("@//") {
        return;
    }
    match label.trim_start_matches('@').strip_prefix("//") {
        Some(path) => places.file("", &path.replace(':', "/")),
        None => places.file(directory, label.trim_start_matches(':')),
    }
}
