//! The part of a kind that looks across the shards of a repository: what a shard's files refer to, and what the
//! repository defines under those names.
//!
//! A kind that resolves writes the tables `definitions` and `mentions` for each segment. The engine keys the
//! resolution of a shard by what the shard's files are and by the definitions of the names that they refer to,
//! absent ones included: a definition that is added elsewhere resolves exactly the shards again that use its name.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::names::Names;
use super::{NodeError, Output, Params, Task};
use crate::base::{Cancel, Mode};

/// What a shard's files refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// Files that refer to something, by path.
    pub files: Vec<ReferringFile>,
    /// In order of files and places.
    pub rows: Vec<Reference>,
    /// The names that imports give to what they bring in, in order of their rows.
    pub bindings: Vec<Binding>,
    /// Definitions with references in them; one that is around another stands before it.
    pub enclosing: Vec<Enclosing>,
    texts: Texts,
}

/// A definition around references.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enclosing {
    /// Its qualified name, as a number of a text.
    pub name: u32,
    pub within: Within,
    /// The definition around it: its place in [`References::enclosing`] and one, or zero.
    pub outer: u32,
}

/// What a definition is to the names inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    Function,
    /// A function that belongs to a type.
    Method,
    Type,
    /// A type whose values belong each to one of the type around it.
    Inner,
    /// A type with one value, whose members need no other.
    Object,
    /// A namespace.
    Space,
    /// A variable or property.
    Value,
}

/// A file that refers to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferringFile {
    pub path: String,
    /// Its rows in [`References::rows`].
    pub rows: std::ops::Range<usize>,
}

/// One reference. Texts are numbers that [`References::text`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    pub relation: Relation,
    /// 1-based.
    pub line: u32,
    /// Id of the chunk that holds it.
    pub chunk: u32,
    /// Language of the place; an empty text where there is none.
    pub language: u32,
    /// What is referred to, without what qualifies it.
    pub name: u32,
    /// The target as written.
    pub written: u32,
    /// Qualified name of the definition around it; empty outside of all.
    pub scope: u32,
    /// The definition around it: its place in [`References::enclosing`] and one, or zero.
    pub within: u32,
    /// Where names end to be seen: of Rust the qualified name of the innermost module around it in the file, of Python
    /// that of the innermost class whose method it stands in. Empty elsewhere.
    pub module: u32,
    /// First byte in the file.
    pub at: u32,
    pub before: Before,
}

/// What stands before the name of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Before {
    Nothing,
    /// The value whose members are meant, or its type: `self`, `this`.
    Own,
    /// Names that may be a module or a type, as written: `a.b` of `a.b.c`.
    Path(u32),
    /// A value of which the type is not known.
    Value,
    /// Nothing, and the function around it declares the name for itself.
    Local,
    /// The word `struct`, `union` or `enum` of C: a type of that name, not one that `typedef` names.
    Tag,
}

/// A name that an import gives to what it brings in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Which of [`References::rows`] imports it.
    pub row: u32,
    /// The name in the file; `*` for every name of the module.
    pub local: u32,
    /// Its name in the module; empty where the module itself is meant.
    pub member: u32,
    pub extent: Extent,
    pub seen_by: SeenBy,
}

/// Where in its file the name of an import is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Qualified name of the module, class or function that holds the import; empty outside of all.
    pub scope: u32,
    /// Bytes of the file.
    pub start: u32,
    pub end: u32,
    /// Not in the functions inside of it, as in a class of Python.
    pub directly: bool,
}

/// Who sees the name of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeenBy {
    File,
    /// Who imports the file: `export { x } from …`.
    Others,
    Both,
}

impl SeenBy {
    pub fn is_here(self) -> bool {
        self != Self::Others
    }

    /// Is it handed on?
    pub fn is_elsewhere(self) -> bool {
        self != Self::File
    }
}

/// How a chunk relates to what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    Calls,
    Extends,
    Implements,
    Imports,
    Uses,
}

impl Relation {
    /// As it stands in the column `type`. The order of the names is that of the relations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Extends => "extends",
            Self::Implements => "implements",
            Self::Imports => "imports",
            Self::Uses => "uses",
        }
    }
}

impl References {
    /// The number of a text, which is new or known.
    pub fn intern(&mut self, text: &str) -> u32 {
        self.texts.intern(text)
    }

    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number)
    }

    /// Bytes in memory, about.
    pub fn bytes(&self) -> u64 {
        let rows = self.rows.len() * size_of::<Reference>();
        let files: usize = self.files.iter().map(|f| f.path.len() + size_of::<ReferringFile>()).sum();
        let bindings = self.bindings.len() * size_of::<Binding>();
        let enclosing = self.enclosing.len() * size_of::<Enclosing>();
        (rows + files + bindings + enclosing + self.texts.bytes()) as u64
    }

    /// What was only needed to gather them is dropped.
    pub fn shrink(&mut self) {
        self.texts.numbers = HashMap::default();
        self.rows.shrink_to_fit();
        self.bindings.shrink_to_fit();
        self.enclosing.shrink_to_fit();
        self.texts.text.shrink_to_fit();
    }
}

/// Texts, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Texts {
    text: String,
    ends: Vec<u32>,
    /// By text; only while they are gathered.
    numbers: HashMap<Box<str>, u32, RandomState>,
}

impl Texts {
    fn intern(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.ends.len() as u32;
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        self.numbers.insert(text.into(), number);
        number
    }

    fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn bytes(&self) -> usize {
        self.text.len() + self.ends.len() * size_of::<u32>()
    }
}

/// Resolves one shard.
#[derive(Debug)]
pub struct ResolveTask<'a> {
    pub params: &'a Params,
    pub references: &'a References,
    /// Those of [`References::files`] that are asked for, in order.
    pub files: &'a [ReferringFile],
    /// Of the whole repository, or at least of what [`Resolution::wanted`] gave.
    pub names: &'a Names,
    pub cancel: &'a Cancel,
}

/// See the module.
pub trait Resolution: Send + Sync {
    /// Does a shard of this mode refer to anything? Others are not resolved.
    fn applies(&self, mode: Mode) -> bool;

    /// What the files of a shard refer to. The engine hands it to [`Kind::run`](super::Kind::run) with the same task.
    fn references(&self, task: &Task<'_>) -> Result<References, NodeError>;

    /// Every name whose definitions [`resolve`](Self::resolve) looks at for some of [`References::files`], sorted, each
    /// once. Those of all of them are the rows of `mentions` that the shard has.
    fn wanted(&self, references: &References, files: &[ReferringFile]) -> Vec<String>;

    /// The tables [`Kind::resolved`](super::Kind::resolved), always all of them, in that order, sorted by path. The rows
    /// of a file depend on its references and on what it wants, and on no other file's.
    fn resolve(&self, task: &ResolveTask<'_>) -> Result<Vec<Output>, NodeError>;
}
