//! The files of this repository, as text.

use std::path::{Path, PathBuf};

use super::text;

/// A Rust file.
pub struct Source {
    /// From the root of the repository.
    pub path: String,
    pub text: String,
    /// The text with comments and literals blanked, line for line and byte for byte.
    pub code: String,
}

impl Source {
    /// The folder under `src/`; empty for `src/lib.rs` and `src/main.rs`.
    pub fn room(&self) -> &str {
        self.path.strip_prefix("src/").and_then(|rest| rest.split_once('/')).map_or("", |(room, _)| room)
    }

    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// `path:line` of a byte position.
    pub fn place(&self, at: usize) -> String {
        format!("{}:{}", self.path, self.code[..at].matches('\n').count() + 1)
    }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Names in a directory, sorted; a directory's name ends with `/`.
pub fn names(dir: &str) -> Vec<String> {
    let listing = std::fs::read_dir(root().join(dir)).unwrap_or_else(|e| panic!("{dir}: {e}"));
    let mut names: Vec<String> = listing
        .map(|entry| {
            let entry = entry.unwrap();
            let slash = if entry.file_type().unwrap().is_dir() { "/" } else { "" };
            format!("{}{slash}", entry.file_name().to_string_lossy())
        })
        .collect();
    names.sort();
    names
}

/// Every Rust file of ours: the crate, its tests, benches. Fixtures are data, not code of ours.
pub fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    for top in ["src", "tests"] {
        walk(Path::new(top), &mut found);
    }
    assert!(found.len() > 20, "the walk found {} files: it looks in the wrong place", found.len());
    found
}

fn walk(dir: &Path, found: &mut Vec<Source>) {
    for name in names(&dir.to_string_lossy()) {
        let path = dir.join(name.trim_end_matches('/'));
        let shown = path.to_string_lossy().into_owned();
        if shown == "tests/fixtures" || shown.ends_with("/cases") {
            continue;
        }
        if name.ends_with('/') {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = read(&shown);
            let code = text::blank(&text);
            found.push(Source { path: shown, text, code });
        }
    }
}
