//! JavaScript, JSX included.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, LanguageSpec, Reference, Referred, Visibility};

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
    references: &[
        ecma::CALL,
        ecma::NEW,
        ecma::IMPORT,
        ecma::REEXPORT,
        Reference::special("class_heritage", "heritage", heritage),
    ],
    locals: ecma::LOCALS,
    tails: ecma::TAILS,
    identifiers: ecma::IDENTIFIERS,
    docs: ecma::DOCS,
    leading: &["decorator"],
    wrappers: &[ecma::EXPORT, ecma::LEXICAL, ecma::VAR, ecma::STATEMENT],
    inert: &["string", "regex", "import_statement", "export_clause"],
    visibility: Visibility::Exports,
    semicolon: true,
    plain: ecma::PLAIN,
    ..LanguageSpec::empty("javascript", 2, || tree_sitter_javascript::LANGUAGE.into(), "tree-sitter-javascript 0.25.0")
};

/// The class that a class extends.
fn heritage<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Base("extends", node.named_child(0)?))
}
