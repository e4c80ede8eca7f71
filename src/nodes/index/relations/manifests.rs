//! Packages by the names that their manifests give them: what an import names is not always where it lies.
//!
//! | file | name in `definitions` |
//! |---|---|
//! | `go.mod` | `go:` and the path of the module |
//! | `Cargo.toml` | `crate:` and the name of the library, as code writes it; `crate:` alone for files that are roots |
//! | `package.json` | `node:` and the name |

use serde_json::Value;

/// Before the path of a Go module.
pub const GO: &str = "go:";
/// Before the name of a crate.
pub const CRATE: &str = "crate:";
/// Kind of a row, of the name [`CRATE`], for a file that a `Cargo.toml` names as the root of a crate: its qualified name
/// is that of the library, or a `-`.
pub const ROOT: &str = "root";
/// Before the name of a package of JavaScript.
pub const NODE: &str = "node:";

/// May the file at `path` name a package?
pub fn is_manifest(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("go.mod" | "Cargo.toml" | "package.json"))
}

/// The package that the manifest at `path` names, with what stands before it in `definitions`.
pub fn package(path: &str, text: &str) -> Option<String> {
    match path.rsplit('/').next()? {
        "go.mod" => {
            let module = text.lines().find_map(|line| line.trim().strip_prefix("module"))?;
            let module = module.split("//").next()?.trim().trim_matches('"');
            (!module.is_empty()).then(|| format!("{GO}{module}"))
        }
        "Cargo.toml" => {
            let name = in_section(text, "[lib]").or_else(|| in_section(text, "[package]"))?;
            Some(format!("{CRATE}{}", name.replace('-', "_")))
        }
        "package.json" => {
            let Value::Object(manifest) = serde_json::from_str(text).ok()? else { return None };
            manifest.get("name")?.as_str().filter(|name| !name.is_empty()).map(|name| format!("{NODE}{name}"))
        }
        _ => None,
    }
}

/// `name = "…"` in a section of TOML.
fn in_section<'a>(text: &'a str, section: &str) -> Option<&'a str> {
    let lines = text.lines().map(str::trim).skip_while(|line| *line != section).skip(1);
    let mut lines = lines.take_while(|line| !line.starts_with('['));
    let value = lines.find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='))?;
    quoted(value)
}

/// The files that the `Cargo.toml` at `path` names as roots of crates, each with the library's name or a `-`.
pub fn roots(path: &str, text: &str) -> Vec<(String, String)> {
    if path.rsplit('/').next() != Some("Cargo.toml") {
        return Vec::new();
    }
    let directory = super::modules::parent(path);
    let library = package(path, text).and_then(|name| name.strip_prefix(CRATE).map(str::to_owned));
    let mut section = "";
    let mut found = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            section = line;
        }
        let named = match section {
            "[lib]" | "[[bin]]" | "[[test]]" | "[[bench]]" | "[[example]]" => "path",
            "[package]" => "build",
            _ => continue,
        };
        let value = line.strip_prefix(named).and_then(|rest| rest.trim_start().strip_prefix('=')).and_then(quoted);
        let Some(file) = value.and_then(|file| super::imports::joined(directory, file)) else { continue };
        let name = if section == "[lib]" { library.clone() } else { None };
        found.push((file, name.unwrap_or_else(|| "-".to_owned())));
    }
    found
}

/// What stands between the quotes with which `text` begins.
fn quoted(text: &str) -> Option<&str> {
    let text = text.trim();
    text.get(1..)?
        .split(text.get(..1).filter(|sign| matches!(*sign, "\"" | "'"))?)
        .next()
        .filter(|name| !name.is_empty())
}
