//! Kinds of definitions, and what paths and qualified names say of them.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::defined::{DIRECTORY, EXPORT, FILE, PACKAGE};
use super::handed::HANDED;
use super::manifests::ROOT;

/// Kinds that nothing calls.
pub const NOT_CALLED: &[&str] = &[
    FILE,
    DIRECTORY,
    EXPORT,
    PACKAGE,
    HANDED,
    ROOT,
    "module",
    "namespace",
    "impl",
    "extension",
    "trait",
    "interface",
    "constant",
    "key",
    "suite",
    "test",
];
/// Kinds that do something when they are called: where there are some, others of the name are not meant.
pub const CALLED: &[&str] = &["function", "method", "macro", "constructor"];
/// Members of a type.
pub const MEMBERS: &[&str] = &["method", "constructor"];
/// Kinds that are types.
pub const TYPES: &[&str] = &[
    "class",
    "struct",
    "enum",
    "union",
    "interface",
    "trait",
    "type",
    "record",
    "object",
    "protocol",
    "mixin",
    "module",
    "data",
    "message",
    "alias",
    "annotation",
];

/// Is something a value of this kind? That is what `uses` names: any type but a module.
pub fn is_used(kind: &str) -> bool {
    kind != "module" && TYPES.contains(&kind)
}

pub fn is_header(path: &str) -> bool {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    matches!(extension, Some("h" | "hh" | "hpp" | "hxx" | "h++" | "H" | "inc" | "inl" | "ipp" | "tcc" | "def" | "cuh"))
}

/// The name of a file up to its first dot.
pub fn stem(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default()
}

pub fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.') && name != ".")
}

/// The qualified name around a qualified name.
pub fn container(qualified: &str) -> &str {
    let Some(at) = separator(qualified) else { return "" };
    qualified.get(..at).unwrap_or_default().trim_end_matches([':', '.', '\\', '#'])
}

/// The last name of a qualified name.
pub fn tail(qualified: &str) -> &str {
    separator(qualified).and_then(|at| qualified.get(at + 1..)).unwrap_or(qualified)
}

/// Where the word `operator` begins last. It is seldom there, and this is asked of every scope around a reference.
fn last_operator(qualified: &str) -> Option<usize> {
    static WORD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("operator"));
    WORD.find(qualified.as_bytes())?;
    qualified.rfind("operator")
}

/// Where the last separator of a qualified name ends. The names of operators hold signs of their own.
fn separator(qualified: &str) -> Option<usize> {
    let operator = last_operator(qualified).filter(|at| {
        qualified.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with("::"))
            && !qualified.get(at + 8..).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    });
    qualified.get(..operator.unwrap_or(qualified.len()))?.rfind(['.', ':', '\\', '#'])
}
