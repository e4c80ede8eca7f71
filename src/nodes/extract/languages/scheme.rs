//! Scheme.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Visibility};

use super::sexp::Forms;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::new("list", "variable").special("form", define)],
    references: &[Reference::special("list", "form", refer)],
    identifiers: &["symbol"],
    docs: Docs { comments: &["comment", "block_comment"], markers: &[], docstring: false },
    inert: &["quote", "string", "sexp_comment", "syntax_quote"],
    visibility: Visibility::Unknown,
    ..LanguageSpec::empty("scheme", 1, || tree_sitter_scheme::LANGUAGE.into(), "tree-sitter-scheme 0.25.0")
};

static FORMS: Forms = Forms {
    lists: &["list"],
    words: &["symbol"],
    comments: &["comment", "block_comment", "sexp_comment", "directive"],
    definitions: &[
        ("define", "variable"),
        ("define*", "function"),
        ("define-public", "variable"),
        ("define-inlinable", "function"),
        ("define-constant", "constant"),
        ("define-parameter", "variable"),
        ("define-values", "variable"),
        ("define-method", "method"),
        ("define-generic", "function"),
        ("define-syntax", "macro"),
        ("define-syntax-rule", "macro"),
        ("define-macro", "macro"),
        ("define-class", "class"),
        ("define-record-type", "struct"),
        ("define-structure", "struct"),
        ("define-module", "module"),
        ("define-library", "module"),
        ("library", "module"),
        ("module", "module"),
    ],
    heads: &["define", "define-public"],
    lambdas: &["lambda", "lambda*", "case-lambda", "named-lambda", "λ"],
    imports: &["import", "use-modules", "require", "require-extension", "include", "load", "use"],
    syntax: SYNTAX,
    more: &[],
};

/// Words of the language that Scheme and its kin share.
pub(super) const SYNTAX: &[&str] = &[
    "if",
    "cond",
    "case",
    "when",
    "unless",
    "and",
    "or",
    "let",
    "let*",
    "letrec",
    "letrec*",
    "let-values",
    "let*-values",
    "let-syntax",
    "letrec-syntax",
    "begin",
    "do",
    "set!",
    "quote",
    "quasiquote",
    "unquote",
    "delay",
    "else",
    "=>",
    "parameterize",
    "guard",
    "export",
    "syntax-rules",
    "syntax-case",
    "cons-stream",
    "receive",
    "match",
    "_",
];

fn define(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    FORMS.define(node, context, found);
}

fn refer<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    FORMS.refer(node, context)
}
