//! What stops a scan.

use std::io;

use miette::Diagnostic;
use thiserror::Error;

use crate::base::Tier;
use crate::base::cancel::Cancelled;
use crate::source::rules::BadRule;

/// A list of the request that holds rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserRule {
    Include,
    Exclude,
}

impl UserRule {
    fn name(self) -> &'static str {
        match self {
            Self::Include => "include",
            Self::Exclude => "exclude",
        }
    }
}

/// Why a repository could not be scanned. Paths of this machine are in here for a person to read; they enter no
/// artifact.
#[derive(Debug, Error, Diagnostic)]
pub enum SourceError {
    #[error("there is no directory `{root}`")]
    #[diagnostic(
        code(sawmill::source::root_missing),
        help("correct the repository's `path` in workspace.yaml, or create the directory")
    )]
    RootMissing { root: String },

    #[error("`{root}` is no directory")]
    #[diagnostic(
        code(sawmill::source::root_not_a_directory),
        help("a repository's `path` in workspace.yaml names a directory")
    )]
    RootNotADirectory { root: String },

    #[error("`{root}` is a symbolic link that leads back to itself")]
    #[diagnostic(
        code(sawmill::source::root_loop),
        help("point the repository's `path` in workspace.yaml at the directory that the link was meant to name")
    )]
    RootLoop { root: String },

    #[error("cannot read the directory `{root}`")]
    #[diagnostic(
        code(sawmill::source::root_unreadable),
        help("check the directory's permissions: Sawmill needs to list and read it")
    )]
    RootUnreadable {
        root: String,
        #[source]
        source: io::Error,
    },

    #[error("\"{rule}\" in `{}` can match nothing", list.name())]
    #[diagnostic(
        code(sawmill::source::bad_rule),
        help("rules have the syntax of .gitignore; quote a literal `[` or `\\` with a backslash")
    )]
    BadRule {
        list: UserRule,
        rule: String,
        #[source]
        source: BadRule,
    },

    #[error("\"{glob}\" in `languages` can match nothing")]
    #[diagnostic(
        code(sawmill::source::bad_language_glob),
        help("globs have the syntax of .gitignore without `!`; quote a literal `[` or `\\` with a backslash")
    )]
    BadLanguageGlob { glob: String },

    #[error("`languages` gives `{glob}` the unknown language `{language}`")]
    #[diagnostic(code(sawmill::source::unknown_language))]
    UnknownLanguage {
        glob: String,
        language: String,
        #[help]
        help: String,
    },

    #[error("the system ran out of resources while reading `{path}`")]
    #[diagnostic(
        code(sawmill::source::exhausted),
        help("raise the limit of open files (`ulimit -n`) or free memory, then run again")
    )]
    Exhausted {
        path: String,
        #[source]
        source: io::Error,
    },

    #[error("the scan was stopped")]
    #[diagnostic(code(sawmill::source::cancelled), help("run the command again to go on"))]
    Cancelled(#[from] Cancelled),
}

impl SourceError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::RootMissing { .. }
            | Self::RootNotADirectory { .. }
            | Self::RootLoop { .. }
            | Self::BadRule { .. }
            | Self::BadLanguageGlob { .. }
            | Self::UnknownLanguage { .. } => Tier::User,
            Self::RootUnreadable { .. } | Self::Exhausted { .. } => Tier::Environment,
            Self::Cancelled(_) => Tier::Cancelled,
        }
    }
}
