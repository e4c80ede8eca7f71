//! Packages by the names that their manifests give them: what an import names is not always where it lies.
//!
//! | file | name in `definitions` |
//! |---|---|
//! | `go.mod` | `go:` and the path of the module |
//! | `Cargo.toml` | `crate:` and the name of the library, as code writes it |
//! | `package.json` | `node:` and the name |

use serde_json::Value;

/// Before the path of a Go module.
pub const GO: &str = "go:";
/// Before the name of a crate.
pub const CRATE: &str = "crate:";
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
    let value = lines.find_map(|line| line.strip_prefix("name")?.trim_start().strip_prefix('='))?.trim();
    let name = value.get(1..)?.split(value.get(..1)?).next()?;
    (!name.is_empty()).then_some(name)
}
