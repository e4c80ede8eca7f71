//! TypeScript with JSX.

use crate::nodes::extract::spec::{LanguageSpec, Visibility};

use super::{ecma, typescript};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: typescript::DEFINITIONS,
    references: typescript::REFERENCES,
    types: typescript::TYPES,
    locals: typescript::LOCALS,
    tails: typescript::TAILS,
    identifiers: typescript::IDENTIFIERS,
    docs: ecma::DOCS,
    leading: &["decorator"],
    wrappers: typescript::WRAPPERS,
    inert: typescript::INERT,
    visibility: Visibility::Exports,
    semicolon: true,
    plain: ecma::PLAIN,
    ..LanguageSpec::empty("tsx", 2, || tree_sitter_typescript::LANGUAGE_TSX.into(), "tree-sitter-typescript 0.23.2")
};
