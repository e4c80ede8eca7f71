//! Racket.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Visibility};

use super::scheme::SYNTAX;
use super::sexp::Forms;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::new("list", "variable").special("form", define)],
    references: &[Reference::special("list", "form", refer)],
    identifiers: &["symbol"],
    docs: Docs { comments: &["comment", "block_comment"], markers: &[], docstring: false },
    inert: &["quote", "string", "sexp_comment", "extension", "here_string", "regex"],
    visibility: Visibility::Unknown,
    ..LanguageSpec::empty("racket", 1, || tree_sitter_racket::LANGUAGE.into(), "tree-sitter-racket 0.25.0")
};

static FORMS: Forms = Forms {
    lists: &["list"],
    words: &["symbol"],
    comments: &["comment", "block_comment", "sexp_comment"],
    definitions: &[
        ("define", "variable"),
        ("define/contract", "variable"),
        ("define/public", "method"),
        ("define/private", "method"),
        ("define/override", "method"),
        ("define-values", "variable"),
        ("define-syntax", "macro"),
        ("define-syntax-rule", "macro"),
        ("define-syntax-parser", "macro"),
        ("define-syntax-parse-rule", "macro"),
        ("define-simple-macro", "macro"),
        ("define-for-syntax", "variable"),
        ("define-generics", "interface"),
        ("define-struct", "struct"),
        ("define-type", "type"),
        ("struct", "struct"),
        ("module", "module"),
        ("module*", "module"),
        ("module+", "module"),
    ],
    heads: &["define", "define/contract", "define-for-syntax"],
    lambdas: &["lambda", "case-lambda", "λ", "opt-lambda"],
    imports: &["require", "include", "load"],
    syntax: SYNTAX,
    more: &[
        "provide",
        "struct-out",
        "only-in",
        "except-in",
        "prefix-in",
        "rename-in",
        "for-syntax",
        "all-defined-out",
        "class",
        "class*",
        "super-new",
        "inherit",
        "init",
        "init-field",
        "field",
        "for",
        "for/list",
        "for/fold",
        "match-define",
    ],
};

fn define(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    FORMS.define(node, context, found);
}

fn refer<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    FORMS.refer(node, context)
}
