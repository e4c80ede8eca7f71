//! GraphQL: schemas and operations.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, FIRST, LanguageSpec, Named, Reference, Scope, Text};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        container("object_type_definition", "type"),
        container("object_type_extension", "type"),
        container("interface_type_definition", "interface"),
        container("interface_type_extension", "interface"),
        container("input_object_type_definition", "input"),
        container("input_object_type_extension", "input"),
        container("enum_type_definition", "enum"),
        container("enum_type_extension", "enum"),
        part("union_type_definition", "union"),
        part("union_type_extension", "union"),
        part("scalar_type_definition", "scalar"),
        part("scalar_type_extension", "scalar"),
        part("directive_definition", "directive"),
        part("schema_definition", "schema"),
        part("field_definition", "field"),
        part("input_value_definition", "field"),
        part("enum_value_definition", "constant"),
        part("operation_definition", "operation"),
        part("fragment_definition", "fragment"),
    ],
    references: &[Reference::call("fragment_spread", FIRST)],
    identifiers: &["fragment_name"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["description", "arguments_definition", "arguments", "directives", "type", "variable_definitions"],
    ..LanguageSpec::empty("graphql", 1, || tree_sitter_graphql::LANGUAGE.into(), "tree-sitter-graphql 0.3.0")
};

const fn part(node: &'static str, kind: &'static str) -> Definition {
    Definition::new(node, kind).special("part", named)
}

const fn container(node: &'static str, kind: &'static str) -> Definition {
    part(node, kind).scope(Scope::Type)
}

/// A part of a schema or an operation; what has no name is called by its first word.
fn named(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let bodies = [
        "fields_definition",
        "input_fields_definition",
        "enum_values_definition",
        "union_member_types",
        "selection_set",
    ];
    let body = child(node, &bodies);
    let doc = child(node, &["description"]);
    let operation = child(node, &["operation_type"]);
    let named = match child(node, &["name", "enum_value", "fragment_name"]).or(operation) {
        Some(name) => Named::node(name),
        None if node.kind() == "schema_definition" => Named::new(Text::Fixed("schema")),
        None => Named::new(Text::Fixed("query")),
    };
    found.push(
        match operation.map(|word| context.text(word)) {
            Some(b"mutation") => named.kind("mutation"),
            Some(b"subscription") => named.kind("subscription"),
            _ if node.kind() == "operation_definition" => named.kind("query"),
            _ => named,
        }
        .body(body)
        .doc(doc),
    );
}
