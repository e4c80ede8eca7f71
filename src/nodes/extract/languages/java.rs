//! Java.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, ITSELF, LAST, LanguageSpec, Named, Place, Reference, Referred, Scope, Text,
    Types, Visibility,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("class_declaration", "class"),
        Definition::container("interface_declaration", "interface"),
        Definition::container("enum_declaration", "enum"),
        Definition::container("record_declaration", "record"),
        Definition::container("annotation_type_declaration", "annotation"),
        Definition::function("method_declaration", "method"),
        Definition::function("constructor_declaration", "constructor"),
        Definition::function("compact_constructor_declaration", "constructor"),
        Definition::new("annotation_type_element_declaration", "method"),
        Definition::container("enum_constant", "constant"),
        Definition::new("field_declaration", "field").special("declared", declared).place(Place::Member),
        Definition::new("constant_declaration", "constant").special("declared", declared).place(Place::Member),
        Definition::new("object_creation_expression", "class").special("anonymous", anonymous).scope(Scope::Type),
        Definition::container("module_declaration", "module").scope(Scope::Namespace),
    ],
    references: &[
        Reference::call("method_invocation", "name"),
        Reference::call("object_creation_expression", "type"),
        Reference::import("import_declaration", FIRST),
        Reference::special("superclass", "superclass", superclass),
        Reference::special("super_interfaces", "interfaces", interfaces),
        Reference::special("extends_interfaces", "interfaces", interfaces),
    ],
    types: Types {
        names: &["type_identifier"],
        parts: &[("annotation", "name"), ("marker_annotation", "name")],
        holders: &[
            "generic_type",
            "scoped_type_identifier",
            "array_type",
            "modifiers",
            "formal_parameters",
            "type_arguments",
            "type_parameters",
            "throws",
            "super_interfaces",
            "superclass",
            "local_variable_declaration",
            "field_declaration",
            "constant_declaration",
            "return_statement",
            "variable_declarator",
            "assignment_expression",
            "binary_expression",
            "parenthesized_expression",
            "argument_list",
        ],
        variables: &[("type_parameters", ITSELF)],
        never: &["Object", "Override", "String", "var"],
        ..Types::NONE
    },
    tails: &[("generic_type", FIRST), ("scoped_type_identifier", LAST)],
    identifiers: &["identifier", "type_identifier"],
    docs: Docs { comments: &["block_comment", "line_comment"], markers: &[], docstring: false },
    opaque: &["lambda_expression"],
    inert: &[
        "generic_type",
        "scoped_type_identifier",
        "array_type",
        "import_declaration",
        "package_declaration",
        "modifiers",
        "formal_parameters",
        "type_arguments",
        "type_parameters",
        "string_literal",
        "throws",
        "super_interfaces",
        "superclass",
    ],
    visibility: Visibility::Modifiers,
    plain: &[
        "return_statement",
        "local_variable_declaration",
        "variable_declarator",
        "field_declaration",
        "constant_declaration",
        "assignment_expression",
        "binary_expression",
        "unary_expression",
        "update_expression",
        "ternary_expression",
        "field_access",
        "array_access",
        "array_initializer",
        "parenthesized_expression",
        "argument_list",
    ],
    ..LanguageSpec::empty("java", 2, || tree_sitter_java::LANGUAGE.into(), "tree-sitter-java 0.23.5")
};

/// Every variable of a field declaration.
fn declared(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for variable in node.children_by_field_name("declarator", &mut cursor).take(64) {
        let Some(name) = variable.child_by_field_name("name") else { continue };
        let mut named = Named::node(name).body(variable.child_by_field_name("value"));
        named.span = Some((variable.start_byte() as u32, variable.end_byte() as u32));
        found.push(named);
    }
}

/// The class that a class extends.
fn superclass<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Base("extends", node.named_child(0)?))
}

/// The interfaces of a class, and those of an interface.
fn interfaces<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let kind = if node.kind() == "extends_interfaces" { "extends" } else { "implements" };
    Some(Referred::Bases(kind, node.named_child(0)?, interface))
}

/// The body of an anonymous class: a type without a row.
fn anonymous(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let last = (node.child_count()).checked_sub(1).and_then(|at| node.child(at));
    if last.is_some_and(|n| n.kind() == "class_body") {
        found.push(Named::new(Text::Fixed("")));
    }
}

/// A type; a comment between types is none.
fn interface(node: Node<'_>) -> Option<Node<'_>> {
    (!node.is_extra()).then_some(node)
}
