//! Gleam.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Scope, Visibility,
};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: ".",
    definitions: &[
        Definition::function("function", "function"),
        Definition::new("type_definition", "enum").special("type", named).scope(Scope::Type),
        Definition::new("type_alias", "type").special("type", named),
        Definition::new("data_constructor", "constant").special("constructor", constructor).scope(Scope::Type),
        Definition::new("data_constructor_argument", "field").special("constructor", constructor).place(Place::Member),
        Definition::new("constant", "constant").body("value"),
        Definition::new("external_function", "function"),
        Definition::new("external_type", "type").special("type", named),
    ],
    references: &[Reference::call("function_call", "function"), Reference::import("import", "module")],
    tails: &[("field_access", "field")],
    identifiers: &["identifier", "label"],
    docs: Docs { comments: &["comment", "statement_comment"], markers: &["///"], docstring: false },
    leading: &["attribute"],
    visibility: Visibility::Pub,
    ..LanguageSpec::empty("gleam", 1, || tree_sitter_gleam::LANGUAGE.into(), "tree-sitter-gleam 1.0.0")
};

/// A type by its name without parameters.
fn named(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let head = child(node, &["type_name"]);
    if let Some(name) = head.and_then(|head| head.child_by_field_name("name")) {
        let value = child(node, &["data_constructors", "type"]);
        found.push(Named::node(name).body(value));
    }
}

/// A part of a type is seen by those who see the type, unless that is opaque.
fn constructor(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name").or_else(|| node.child_by_field_name("label")) else { return };
    let mut above = std::iter::successors(node.parent(), Node::parent).take(4);
    let definition = above.find(|n| n.kind() == "type_definition");
    let open = definition
        .is_some_and(|n| child(n, &["visibility_modifier"]).is_some() && child(n, &["opacity_modifier"]).is_none());
    found.push(Named::node(name).visibility(if open { "public" } else { "private" }));
}
