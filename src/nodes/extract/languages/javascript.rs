//! JavaScript, JSX included.

use crate::nodes::extract::spec::{LanguageSpec, Visibility};

use super::ecma;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        ecma::FUNCTION,
        ecma::GENERATOR,
        ecma::FUNCTION_EXPRESSION,
        ecma::GENERATOR_EXPRESSION,
        ecma::ARROW,
        ecma::CLASS,
        ecma::CLASS_EXPRESSION,
        ecma::METHOD,
        ecma::PAIR,
        ecma::VARIABLE,
        ecma::ASSIGNMENT,
        ecma::FIELD,
    ],
    references: ecma::REFERENCES,
    tails: ecma::TAILS,
    identifiers: ecma::IDENTIFIERS,
    docs: ecma::DOCS,
    leading: &["decorator"],
    wrappers: &[ecma::EXPORT, ecma::LEXICAL, ecma::VAR, ecma::STATEMENT],
    inert: &["string", "regex", "import_statement", "export_clause"],
    visibility: Visibility::Exports,
    semicolon: true,
    plain: ecma::PLAIN,
    ..LanguageSpec::empty("javascript", 1, || tree_sitter_javascript::LANGUAGE.into(), "tree-sitter-javascript 0.25.0")
};
