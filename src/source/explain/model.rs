//! What is told of a path. Paths are relative to the repository's root, as text.

use schemars::JsonSchema;
use serde::Serialize;

use crate::source::model::Notice;

/// Everything that a scan decides about one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathVerdict {
    pub path: String,
    pub fate: Fate,
    /// Bytes. Only of an included file, as are all that follow.
    pub size: Option<u64>,
    /// BLAKE3 of the bytes, where they are not withheld.
    pub content_hash: Option<String>,
    pub language: Option<LanguageVerdict>,
    pub mode: Option<ModeVerdict>,
    pub role: Option<RoleVerdict>,
    /// What a scan tells about the path or a directory above it.
    pub notices: Vec<Notice>,
}

/// What becomes of the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Fate {
    /// A file with a row.
    Included {
        /// The rules that speak for it, from the root downwards; none where nothing speaks against it either.
        rules: Vec<DecidingRule>,
        /// Why the row has no content, where it has none.
        withheld: Option<Withheld>,
    },
    /// A directory that scans enter. It has no row of its own.
    Entered { rules: Vec<DecidingRule> },
    Excluded {
        /// The path itself, or the directory above it that is not entered.
        at: String,
        by: Exclusion,
    },
    Absent {
        /// The path, or the first part of it that is not there.
        at: String,
        near: Option<Near>,
    },
}

/// Why something has no row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Exclusion {
    /// By a rule of an ignore file.
    Ignored {
        rule: DecidingRule,
    },
    /// By a pattern of `exclude`.
    Excluded {
        rule: DecidingRule,
    },
    /// `include` is given, and no pattern of it matches; or one with `!` matches last.
    NotIncluded {
        rule: Option<DecidingRule>,
    },
    /// A symbolic link: none is followed.
    Link,
    /// A pipe, socket or device.
    Special,
    /// `.git`
    Git,
    /// `.sawmill`
    State,
    /// The workspace's state or cache directory.
    Store,
    /// A directory with a `.git` of its own.
    NestedRepository,
    UnreadableDirectory,
}

/// A rule in gitignore syntax that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecidingRule {
    /// As written; bytes that are no UTF-8 are replaced.
    pub pattern: String,
    pub source: RuleSource,
    /// The path that it matched: the path itself or a directory above it.
    pub matched: String,
}

/// Where a rule is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum RuleSource {
    IgnoreFile {
        file: String,
        /// From 1.
        line: usize,
    },
    /// `include` of the repository.
    Include {
        /// From 1.
        entry: usize,
    },
    /// `exclude` of the repository.
    Exclude {
        /// From 1.
        entry: usize,
    },
}

/// Why an included file's bytes are not read; as [`SkipReason`](crate::base::SkipReason).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Withheld {
    TooLarge {
        /// Most bytes that are read.
        limit: u64,
    },
    Secret,
    Unreadable,
    PathCollision,
}

/// Something that is there and has nearly the name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Near {
    pub path: String,
    pub likeness: Likeness,
}

/// How two names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The same characters in another Unicode form.
    UnicodeForm,
    LetterCase,
    Spelling,
}

/// A language, and what told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LanguageVerdict {
    pub language: Option<String>,
    pub by: LanguageReason,
}

/// What told the language; see [`LanguageRule`](crate::source::LanguageRule).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum LanguageReason {
    /// A glob of `languages: map:`.
    Map {
        glob: String,
    },
    Name {
        name: String,
    },
    Extension {
        /// Without its dot.
        extension: String,
    },
    /// The program that the first line names (`#!/bin/sh`).
    FirstLine,
    /// A line for Emacs (`-*- mode: ruby -*-`) or Vim (`vim: ft=ruby`).
    ModeLine,
    /// Signs in the text.
    Content {
        /// Without its dot: one that belongs to several languages. Null where nobody knows the name, and the text begins
        /// with a format's mark.
        extension: Option<String>,
    },
    /// `README` and its like.
    ProseName {
        name: String,
    },
    /// Nothing: nobody knows the extension, and the bytes tell nothing.
    UnknownExtension {
        extension: String,
    },
    /// Nothing: nobody knows the name, it has no extension, and the bytes tell nothing.
    UnknownName {
        /// False where the bytes are withheld.
        first_line_read: bool,
    },
}

/// A mode, and what told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ModeVerdict {
    pub mode: String,
    pub by: ModeReason,
}

/// What told the mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ModeReason {
    /// Every language has one.
    Language,
    /// A file of no known language is data.
    NoLanguage,
}

/// A role, and what told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleVerdict {
    pub role: String,
    pub by: RoleReason,
}

/// What told the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "rule", content = "text", rename_all = "kebab-case")]
pub enum RoleReason {
    /// The name of a directory above the file.
    Directory(String),
    /// The name of the first directory of the path, with others below.
    Root(String),
    /// The whole name.
    Name(String),
    NameStarts(String),
    NameEnds(String),
    /// The name without its extension.
    StemEnds(String),
    /// A comment among its first lines: a program wrote it.
    Comment,
    /// Most of it stands in very long lines.
    LongLines,
    /// Nothing: what no rule knows is source.
    Nothing,
}
