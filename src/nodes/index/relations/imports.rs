//! An import as written → the paths that it may mean.

use super::defined::{directory_name, file_name};
use super::rules::{Imports, Rules};

/// Most directories above a file that are looked through, and most words of an import.
const DEPTH: usize = 32;

/// Where an import may lead.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Paths, the best first: the first that is there is meant.
    pub exact: Vec<String>,
    /// Ends of paths, the best first: one that only one path has is meant; several paths are as good as each other.
    pub ends: Vec<String>,
}

impl Places {
    /// The names under which these paths are found, sorted, each once.
    pub fn names(&self) -> Vec<String> {
        let of = |path: &String| match path.strip_suffix('/') {
            Some(directory) => directory_name(directory),
            None => file_name(path),
        };
        let mut names: Vec<String> = self.exact.iter().chain(&self.ends).map(of).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn file(&mut self, base: &str, path: &str) {
        self.exact.extend(joined(base, path));
    }

    fn directory(&mut self, base: &str, path: &str) {
        self.exact.extend(joined(base, path).filter(|path| !path.is_empty()).map(|path| path + "/"));
    }

    fn end(&mut self, path: &str) {
        // One word says too little to be the end of a path.
        if path.contains('/') && !path.contains("//") {
            self.ends.push(path.to_owned());
        }
    }
}

/// Where `written` in the file at `path` leads. Directories end with `/`.
pub fn places(rules: &Rules, path: &str, written: &str) -> Places {
    let mut places = Places::default();
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let written = written.trim();
    if written.is_empty() || written.len() > 512 {
        return places;
    }
    match rules.imports {
        Imports::Header => header(&mut places, directory, written),
        Imports::Python => python(&mut places, directory, written),
        Imports::Script => script(&mut places, directory, written),
        Imports::GoPackage => go(&mut places, written),
        Imports::Rust => rust(&mut places, path, directory, written),
        Imports::Words(separators, extensions) => words(&mut places, written, separators, extensions),
        Imports::Path(extensions) => by_path(&mut places, directory, written, extensions),
        Imports::Nothing => {}
    }
    places
}

/// `path` from the directory `base`, without `.` and `..`; `None` where it leads out of the repository.
fn joined(base: &str, path: &str) -> Option<String> {
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
    let system = written.starts_with('<');
    let header = written.trim_matches(['<', '>', '"']);
    if header.starts_with('/') {
        return;
    }
    if !system {
        places.file(directory, header);
    }
    for up in above(directory) {
        places.file(up, &format!("include/{header}"));
    }
    places.file("", header);
    places.file("src", header);
    places.end(header);
}

/// A module, or what stands in one: `from a import b` names `a.b`, which is the module `a/b.py` or a name in `a.py`.
fn python(places: &mut Places, directory: &str, written: &str) {
    let dots = written.bytes().take_while(|b| *b == b'.').count();
    let module = written.get(dots..).unwrap_or_default().replace('.', "/");
    let around = match module.rsplit_once('/') {
        Some((around, _)) => Some(around),
        None if dots > 0 && !module.is_empty() => Some(""),
        None => None,
    };
    for module in [Some(module.as_str()), around].into_iter().flatten() {
        if dots > 0 {
            if let Some(base) = above(directory).nth(dots - 1) {
                python_module(places, base, module);
            }
            continue;
        }
        for base in ["", "src", "lib"] {
            python_module(places, base, module);
        }
        if module.contains('/') {
            for extension in ["py", "pyi"] {
                places.end(&format!("{module}.{extension}"));
            }
            places.end(&format!("{module}/"));
        } else {
            // A script finds what lies beside it; a package does not, but says so with a dot.
            python_module(places, directory, module);
        }
    }
}

fn python_module(places: &mut Places, base: &str, module: &str) {
    if !module.is_empty() {
        for extension in ["py", "pyi"] {
            places.file(base, &format!("{module}.{extension}"));
        }
    }
    places.directory(base, module);
}

const SCRIPTS: [&str; 10] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "d.ts", "vue", "svelte", "json"];

fn script(places: &mut Places, directory: &str, written: &str) {
    let path = written.split(['?', '#']).next().unwrap_or(written);
    if !path.starts_with('.') && !path.starts_with('/') {
        return;
    }
    let base = if path.starts_with('/') { "" } else { directory };
    places.file(base, path);
    // TypeScript names the file that will be compiled.
    for (compiled, sources) in [(".js", [".ts", ".tsx"]), (".mjs", [".mts", ".mts"]), (".jsx", [".tsx", ".tsx"])] {
        if let Some(stem) = path.strip_suffix(compiled) {
            sources.iter().for_each(|source| places.file(base, &format!("{stem}{source}")));
        }
    }
    for extension in SCRIPTS {
        places.file(base, &format!("{path}.{extension}"));
    }
    for extension in SCRIPTS {
        places.file(base, &format!("{path}/index.{extension}"));
    }
    places.exact.dedup();
}

fn go(places: &mut Places, written: &str) {
    let path = written.trim_matches(['"', '`']);
    let parts: Vec<&str> = path.split('/').take(DEPTH).collect();
    places.directory("vendor", path);
    if !parts.first().is_some_and(|host| host.contains('.')) {
        // The standard library's, or a module without a host: what follows the module's name.
        for at in 1..parts.len() {
            places.directory("", &parts.get(at..).unwrap_or_default().join("/"));
        }
        return;
    }
    for at in 1..parts.len() {
        places.directory("", &parts.get(at..).unwrap_or_default().join("/"));
    }
}

fn rust(places: &mut Places, path: &str, directory: &str, written: &str) {
    // Of a group, what stands before it; of a renamed one, what is renamed.
    let plain = written.split(['{', '*', ' ']).next().unwrap_or_default().trim_end_matches(':');
    let mut parts: Vec<&str> = plain.split("::").filter(|part| !part.is_empty()).take(DEPTH).collect();
    let stem = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".rs");
    // Where the file's own children lie.
    let own = if matches!(stem, "mod" | "lib" | "main") { directory.to_owned() } else { format!("{directory}/{stem}") };
    let mut base = match parts.first() {
        Some(&"crate") => crate_root(path),
        Some(&"self") => own,
        Some(&"super") => above(&own).nth(1).unwrap_or_default().to_owned(),
        Some(name) => {
            let end = format!("{}/src", name.replace('_', "-"));
            modules_end(places, &end, parts.get(1..).unwrap_or_default());
            modules_end(places, &format!("{name}/src"), parts.get(1..).unwrap_or_default());
            return;
        }
        None => return,
    };
    parts.remove(0);
    while parts.first() == Some(&"super") {
        parts.remove(0);
        base = base.rsplit_once('/').map_or("", |(up, _)| up).to_owned();
    }
    for count in (1..=parts.len()).rev() {
        let module = parts.get(..count).unwrap_or_default().join("/");
        places.file(&base, &format!("{module}.rs"));
        places.directory(&base, &module);
    }
    for root in ["lib.rs", "main.rs", "mod.rs"] {
        places.file(&base, root);
    }
    places.exact.extend(Some(format!("{base}.rs")).filter(|_| !base.is_empty()));
}

/// The directory of the crate's root module.
fn crate_root(path: &str) -> String {
    match path.rfind("/src/") {
        Some(at) => path.get(..at + 4).unwrap_or_default().to_owned(),
        None if path.starts_with("src/") => "src".to_owned(),
        None => path.rsplit_once('/').map_or("", |(directory, _)| directory).to_owned(),
    }
}

fn modules_end(places: &mut Places, base: &str, parts: &[&str]) {
    for count in (1..=parts.len()).rev() {
        places.end(&format!("{base}/{}.rs", parts.get(..count).unwrap_or_default().join("/")));
    }
    places.end(&format!("{base}/lib.rs"));
}

fn words(places: &mut Places, written: &str, separators: &[&str], extensions: &[&str]) {
    let mut path = written.trim_matches(['"', '\'']).trim_end_matches(".*").trim_end_matches("._").to_owned();
    if !path.starts_with('.') {
        separators.iter().for_each(|separator| path = path.replace(separator, "/"));
    }
    let path = path.trim_matches('/');
    // The last word may be a member of what the others name.
    let parents = [Some(path), path.rsplit_once('/').map(|(parent, _)| parent)];
    for path in parents.into_iter().flatten() {
        for extension in extensions {
            places.end(&format!("{path}.{extension}"));
        }
    }
    places.end(&format!("{path}/"));
}

fn by_path(places: &mut Places, directory: &str, written: &str, extensions: &[&str]) {
    let path = written.trim_matches(['"', '\'', '`']).trim_start_matches("file://");
    let path = path.split_once(':').map_or(path, |(_, path)| path.split_once('/').map_or(path, |(_, path)| path));
    for base in [directory, ""] {
        places.file(base, path);
        extensions.iter().for_each(|extension| places.file(base, &format!("{path}.{extension}")));
        places.directory(base, path);
    }
    if path.starts_with('.') {
        return;
    }
    extensions.iter().for_each(|extension| places.end(&format!("{path}.{extension}")));
    places.end(path);
}
