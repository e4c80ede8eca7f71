//! Mistakes in a selector, each with its place in the argument.

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

use crate::base::Tier;

/// An argument as it was given, named for messages.
pub(super) type Argument = Arc<NamedSource<String>>;

/// A mistake in a selector.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
pub enum SelectError {
    #[error("`{text}` is no selector: {why}")]
    #[diagnostic(
        code(sawmill::select::malformed),
        help(
            "a selector is `repo:NAME`, `kind:KIND`, `tag:TAG`, `node:NAME`, `REPO/NODE` or a name; `+x` adds what x \
             needs, `x+` what needs x; `a,b` is what both select"
        )
    )]
    Malformed {
        text: String,
        why: &'static str,
        #[source_code]
        argument: Argument,
        #[label("here")]
        span: SourceSpan,
    },
    #[error("nothing can be selected by `{method}:`")]
    #[diagnostic(code(sawmill::select::unknown_method))]
    UnknownMethod {
        method: String,
        #[source_code]
        argument: Argument,
        #[label("not `repo:`, `kind:`, `tag:` or `node:`")]
        span: SourceSpan,
        #[help]
        help: String,
    },
    #[error("there is no {what} `{name}`")]
    #[diagnostic(code(sawmill::select::unknown))]
    Unknown {
        /// `repository`, `node of kind` …
        what: String,
        name: String,
        #[source_code]
        argument: Argument,
        #[label("not in this workspace")]
        span: SourceSpan,
        #[help]
        help: String,
    },
    #[error("`{name}` is both a repository and a node")]
    #[diagnostic(code(sawmill::select::ambiguous), help("write `repo:{name}` or `node:{name}`"))]
    Ambiguous {
        name: String,
        #[source_code]
        argument: Argument,
        #[label("which one?")]
        span: SourceSpan,
    },
    #[error("`{text}` selects nothing")]
    #[diagnostic(
        code(sawmill::select::empty),
        help("no node is in all of its parts; give them as arguments of their own for what is in any of them")
    )]
    Empty {
        text: String,
        #[source_code]
        argument: Argument,
        #[label("what is left is empty here")]
        span: SourceSpan,
    },
}

impl SelectError {
    /// A selector is what a person wrote.
    pub fn tier(&self) -> Tier {
        Tier::User
    }
}
