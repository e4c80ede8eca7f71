//! Nodes of the walk, and which paths and names are theirs.

use schemars::JsonSchema;
use serde::Serialize;

/// What can depend, and be depended on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    File(String),
    /// Asked about, it is everything beneath it; imported, it is the files in it that the import means.
    Directory(String),
    /// Path and qualified name. Several definitions of one name in one file are one symbol.
    Symbol(String, String),
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    File,
    Directory,
    Symbol,
}

impl Node {
    pub fn path(&self) -> &str {
        match self {
            Self::File(path) | Self::Directory(path) | Self::Symbol(path, _) => path,
        }
    }

    pub fn symbol(&self) -> Option<&str> {
        match self {
            Self::Symbol(_, name) => Some(name),
            _ => None,
        }
    }

    pub fn kind(&self) -> NodeKind {
        match self {
            Self::File(_) => NodeKind::File,
            Self::Directory(_) => NodeKind::Directory,
            Self::Symbol(..) => NodeKind::Symbol,
        }
    }

    pub fn id(&self) -> String {
        match self {
            Self::File(path) => path.clone(),
            Self::Directory(path) => format!("{path}/"),
            Self::Symbol(path, name) => format!("{path}::{name}"),
        }
    }

    /// Is `other` this node or a part of it? `whole`: a directory is everything beneath it.
    pub fn holds(&self, other: &Self, whole: bool) -> bool {
        match self {
            Self::File(path) => matches!(other, Self::File(other) if other == path),
            Self::Directory(path) if whole => other.path() == path || is_beneath(other.path(), path),
            Self::Directory(path) => match other {
                Self::Directory(other) => other == path,
                Self::File(file) => stands_for(path, file),
                Self::Symbol(..) => false,
            },
            Self::Symbol(path, name) => {
                let Self::Symbol(other_path, other) = other else { return false };
                other_path == path && (other == name || is_member(other, name))
            }
        }
    }

    /// The paths whose references are this node's.
    pub fn span(&self) -> Span {
        match self {
            Self::File(path) | Self::Symbol(path, _) => Span::file(path),
            Self::Directory(path) => Span::beneath(path),
        }
    }
}

/// Paths from `from` up to but not including `to`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    pub from: String,
    pub to: String,
}

impl Span {
    pub fn file(path: &str) -> Self {
        Self { from: path.to_owned(), to: format!("{path}\0") }
    }

    pub fn beneath(directory: &str) -> Self {
        // `0` comes behind `/`.
        Self { from: format!("{directory}/"), to: format!("{directory}0") }
    }

    /// Has a run of paths from `first` to `last` any of these?
    pub fn meets(&self, first: &str, last: &str) -> bool {
        first < self.to.as_str() && last >= self.from.as_str()
    }
}

pub fn is_beneath(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

pub fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(parent, _)| parent)
}

pub fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Does an import of `directory` mean the file at `path`? Those in it, as in a Go package; of a Python package the
/// one that runs when it is imported.
pub fn stands_for(directory: &str, path: &str) -> bool {
    let name = base(path);
    let python = name.strip_suffix(".py").or_else(|| name.strip_suffix(".pyi"));
    parent(path) == Some(directory) && python.is_none_or(|stem| stem == "__init__")
}

/// What stands between the names of a qualified name.
const BETWEEN: [char; 4] = ['.', ':', '\\', '#'];

/// Is `inner` a qualified name within `outer`?
pub fn is_member(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with(BETWEEN))
}

/// Is `name` the qualified name `qualified`, or does that end with it?
pub fn ends_with_name(qualified: &str, name: &str) -> bool {
    qualified.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with(BETWEEN))
}

/// Every name that may be the last one of `qualified`, the whole included: `b` and `a::b` of `a::b`.
pub fn last_names(qualified: &str) -> Vec<&str> {
    let inner = qualified.match_indices(BETWEEN).filter_map(|(at, found)| qualified.get(at + found.len()..));
    std::iter::once(qualified).chain(inner).filter(|name| !name.is_empty()).collect()
}

/// The name at the end of a reference as written: `c` of `a->b.c`.
pub fn last_written(written: &str) -> &str {
    written.rsplit(['.', ':', '\\', '#', '>', '?', '!']).next().unwrap_or(written)
}
