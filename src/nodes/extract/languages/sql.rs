//! SQL: what is created.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Place, Reference, Scope, Text,
};

use super::parts::{child, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        created("create_table", "table").scope(Scope::Type),
        created("create_view", "view"),
        created("create_materialized_view", "view"),
        created("create_function", "function").scope(Scope::Function),
        created("create_trigger", "trigger"),
        created("create_index", "index"),
        created("create_type", "type").scope(Scope::Type),
        created("create_sequence", "sequence"),
        created("create_schema", "schema"),
        created("create_database", "database"),
        created("create_role", "role"),
        created("create_extension", "extension"),
        Definition::new("column_definition", "field").special("column", column).place(Place::Member),
    ],
    references: &[Reference::call("invocation", FIRST)],
    tails: &[("object_reference", "name")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment", "marginalia"], markers: &[], docstring: false },
    semicolon: true,
    ..LanguageSpec::empty("sql", 1, || tree_sitter_sequel::LANGUAGE.into(), "tree-sitter-sequel 0.3.11")
};

const fn created(node: &'static str, kind: &'static str) -> Definition {
    Definition::new(node, kind).special("object", object)
}

/// The object by its name, its schema before it.
fn object(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let parts = ["object_reference", "identifier"];
    let Some(reference) = node.child_by_field_name("column").or_else(|| child(node, &parts)) else { return };
    let name = reference.child_by_field_name("name").unwrap_or(reference);
    let body = child(node, &["column_definitions", "function_body", "create_query", "index_fields"]);
    let mut named = Named::new(unquoted(name, context)).body(body);
    named.qualifier = reference.child_by_field_name("schema").map(|schema| match unquoted(schema, context) {
        Text::Span(start, end) => Text::Span(start, end),
        other => other,
    });
    found.push(named);
}

fn column(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    found.push(Named::new(unquoted(name, context)));
}
