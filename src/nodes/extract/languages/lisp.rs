//! Common Lisp.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope, Visibility,
};

use super::parts;
use super::sexp::Forms;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("list_lit", "variable").special("form", define),
        Definition::new("defun", "function").special("defun", defun),
    ],
    references: &[Reference::special("list_lit", "form", refer)],
    tails: &[("package_lit", "symbol")],
    identifiers: &["sym_lit"],
    docs: Docs { comments: &["comment", "block_comment"], markers: &[], docstring: false },
    inert: &["quoting_lit", "str_lit", "defun_header", "dis_expr"],
    visibility: Visibility::Unknown,
    ..LanguageSpec::empty(
        "lisp",
        1,
        || tree_sitter_commonlisp::LANGUAGE_COMMONLISP.into(),
        "tree-sitter-commonlisp 0.4.1",
    )
};

static FORMS: Forms = Forms {
    lists: &["list_lit"],
    words: &["sym_lit"],
    comments: &["comment", "block_comment", "dis_expr"],
    definitions: &[
        ("defvar", "variable"),
        ("defparameter", "variable"),
        ("defconstant", "constant"),
        ("defclass", "class"),
        ("define-condition", "class"),
        ("defstruct", "struct"),
        ("deftype", "type"),
        ("defpackage", "module"),
        ("defsystem", "module"),
        ("asdf:defsystem", "module"),
        ("defsetf", "function"),
        ("define-compiler-macro", "macro"),
        ("define-modify-macro", "macro"),
        ("define-symbol-macro", "macro"),
        ("defmethod", "method"),
        ("defun", "function"),
        ("defmacro", "macro"),
        ("defgeneric", "function"),
    ],
    heads: &["defstruct"],
    lambdas: &["lambda"],
    imports: &["require", "load", "use-package", "ql:quickload", "asdf:load-system"],
    more: &[],
    syntax: &[
        "if",
        "cond",
        "case",
        "ecase",
        "typecase",
        "when",
        "unless",
        "and",
        "or",
        "not",
        "let",
        "let*",
        "flet",
        "labels",
        "macrolet",
        "progn",
        "prog1",
        "do",
        "do*",
        "dolist",
        "dotimes",
        "loop",
        "setf",
        "setq",
        "quote",
        "function",
        "return",
        "return-from",
        "block",
        "declare",
        "declaim",
        "eval-when",
        "in-package",
        "the",
        "t",
        "otherwise",
        "multiple-value-bind",
        "destructuring-bind",
        "unwind-protect",
        "handler-case",
        "handler-bind",
        "locally",
    ],
};

fn define(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    FORMS.define(node, context, found);
}

fn refer<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    FORMS.refer(node, context)
}

/// A function, method or macro with a head of its own.
fn defun(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(header) = parts::part(node, &["defun_header"]) else { return };
    let Some(name) = header.child_by_field_name("function_name") else { return };
    let kind = match header.child_by_field_name("keyword").map(|n| context.text(n)) {
        Some(b"defmacro") => "macro",
        Some(b"defmethod") => "method",
        Some(b"lambda") | None => return,
        Some(_) => "function",
    };
    let body = node.child_by_field_name("value");
    found.push(Named::node(name).kind(kind).scope(Scope::Function).body(body));
}
