//! Starlark: the files of Bazel and Buck.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reach, Reference, Scanner,
    Visibility,
};

use super::parts::{child, children, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::function("function_definition", "function"),
        Definition::new("assignment", "variable").special("assigned", assigned).body("right").place(Place::NotLocal),
        Definition::new("call", "target").special("target", target).place(Place::NotLocal),
    ],
    references: &[Reference::call("call", "function").importing(&["load"], "arguments")],
    locals: Locals {
        functions: &["function_definition", "lambda"],
        blocks: &["list_comprehension", "dictionary_comprehension"],
        binds: &[
            Bind::item("function_definition", "name", Reach::Function),
            Bind::new("function_definition", "parameters", Reach::Own),
            Bind::new("lambda", "parameters", Reach::Own),
            Bind::new("assignment", "left", Reach::Function),
            Bind::new("augmented_assignment", "left", Reach::Function),
            Bind::new("for_statement", "left", Reach::Function),
            Bind::new("for_in_clause", "left", Reach::Block),
        ],
        names: &["identifier"],
        passed: &[("attribute", ITSELF), ("subscript", ITSELF), ("default_parameter", "value")],
        ..Locals::NONE
    },
    tails: &[("attribute", "attribute"), ("parenthesized_expression", FIRST)],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: true },
    opaque: &["lambda"],
    inert: &["string_content"],
    visibility: Visibility::Underscore,
    scanner: Scanner::Indents(250),
    ..LanguageSpec::empty("starlark", 1, || tree_sitter_starlark::LANGUAGE.into(), "tree-sitter-starlark 1.3.0")
};

/// A plain name: a rule, a provider or an aspect where it is given one.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(left) = node.child_by_field_name("left").filter(|n| n.kind() == "identifier") else { return };
    let right = node.child_by_field_name("right");
    let made = right.filter(|n| n.kind() == "call").and_then(|call| call.child_by_field_name("function"));
    let named = Named::node(left);
    found.push(match made.map(|function| context.text(function)) {
        Some(
            b"rule" | b"repository_rule" | b"macro" | b"module_extension" | b"tag_class" | b"aspect" | b"transition",
        ) => named.kind("rule"),
        Some(b"provider") => named.kind("struct"),
        _ => named,
    });
}

/// A call at the top with a `name`: what `bazel build` is asked for.
fn target(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let statement = node.parent().filter(|n| n.kind() == "expression_statement");
    if statement.and_then(|n| n.parent()).is_none_or(|n| n.kind() != "module") {
        return;
    }
    let Some(arguments) = child(node, &["argument_list"]) else { return };
    let is_name = |n: &Node<'_>| n.child_by_field_name("name").is_some_and(|key| context.text(key) == b"name");
    let value = children(arguments).filter(is_name).find_map(|n| n.child_by_field_name("value"));
    if let Some(value) = value.filter(|n| n.kind() == "string") {
        found.push(Named::new(unquoted(value, context)).body(Some(arguments)).visibility("public"));
    }
}
