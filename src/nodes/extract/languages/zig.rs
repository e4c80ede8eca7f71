//! Zig: a type is a value that a constant is given, or that a function returns.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, ITSELF, LanguageSpec, Named, Place, Reference, Referred, Scope, Types,
};

use super::parts::{child, children, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::function("function_declaration", "function").member("method").special("function", function),
        Definition::new("variable_declaration", "variable").special("variable", variable).place(Place::NotLocal),
        Definition::new("container_field", "field").special("field", field).place(Place::Member),
        Definition::new("test_declaration", "test").special("test", test).scope(Scope::Function),
        container("struct_declaration"),
        container("enum_declaration"),
        container("union_declaration"),
        container("opaque_declaration"),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::special("builtin_function", "builtin", builtin),
    ],
    types: Types {
        parts: &[
            ("parameter", "type"),
            ("variable_declaration", "type"),
            ("container_field", "type"),
            ("function_declaration", "type"),
        ],
        values: &["call_expression"],
        variables: &[("parameters", ITSELF)],
        never: &["Self"],
        ..Types::NONE
    },
    tails: &[("field_expression", "member")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &["///"], docstring: false },
    inert: &["string", "multiline_string", "builtin_type"],
    ..LanguageSpec::empty("zig", 1, || tree_sitter_zig::LANGUAGE.into(), "tree-sitter-zig 1.1.2")
};

/// What stands in it is a member, whether or not the type is given a name.
const fn container(node: &'static str) -> Definition {
    Definition::new(node, "struct").special("container", |_, _, found| found.push(Named::nameless(Scope::Type)))
}

/// With the word `pub` before it or not.
fn seen(node: Node<'_>, named: Named) -> Named {
    let words = (0..node.child_count().min(3)).filter_map(|at| node.child(at));
    named.visibility(if words.into_iter().any(|n| n.kind() == "pub") { "public" } else { "private" })
}

fn function(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    if let Some(name) = node.child_by_field_name("name") {
        found.push(seen(node, Named::node(name)));
    }
}

/// A constant or variable; a type, where that is its value.
fn variable(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    // `_ = value;` gives a value to nothing.
    let Some(name) = child(node, &["identifier"]).filter(|n| context.text(*n) != b"_") else { return };
    let named = seen(node, Named::node(name));
    let value = children(node).filter(|n| !n.is_extra()).last();
    let made = value.and_then(|value| {
        Some((
            value,
            match value.kind() {
                "struct_declaration" => "struct",
                "enum_declaration" => "enum",
                "union_declaration" => "union",
                "opaque_declaration" | "error_set_declaration" => "type",
                _ => return None,
            },
        ))
    });
    if let Some((value, kind)) = made {
        let brace = (0..value.child_count().min(16)).filter_map(|at| value.child(at)).find(|n| n.kind() == "{");
        found.push(named.kind(kind).scope(Scope::Namespace).body(brace));
        return;
    }
    let head = context.text(node).get(..name.start_byte() - node.start_byte()).unwrap_or_default();
    let is_constant = head.trim_ascii_end().ends_with(b"const");
    let value = value.filter(|value| value.id() != name.id() && node.child_by_field_name("type") != Some(*value));
    found.push(named.body(value).kind(if is_constant { "constant" } else { "variable" }));
}

/// A field; in an enumeration, one of its values.
fn field(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let of_enum = node.parent().is_some_and(|n| n.kind() == "enum_declaration");
    found.push(if of_enum { Named::node(name).kind("constant") } else { Named::node(name) });
}

fn test(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let body = child(node, &["block"]);
    if let Some(name) = child(node, &["string", "identifier"]) {
        found.push(Named::new(unquoted(name, context)).body(body));
    }
}

/// `@import("std")`.
fn builtin<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let word = node.named_child(0).map(|n| context.text(n))?;
    let path = child(node, &["arguments"])?.named_child(0)?;
    (matches!(word, b"@import" | b"@cImport" | b"@embedFile") && path.kind() == "string")
        .then_some(Referred::Import(path))
}
