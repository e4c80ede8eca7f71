//! PHP.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, ITSELF, LAST, LanguageSpec, Named, Place, Reference, Scope, Text, Types,
    Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "\\",
    definitions: &[
        Definition::new("namespace_definition", "module").special("namespace", namespace).body("body"),
        Definition::container("class_declaration", "class"),
        Definition::container("interface_declaration", "interface"),
        Definition::container("trait_declaration", "trait"),
        Definition::container("enum_declaration", "enum"),
        Definition::new("enum_case", "constant"),
        Definition::function("function_definition", "function"),
        Definition::function("method_declaration", "method").special("method", method),
        Definition::new("const_declaration", "constant").special("constants", constants).place(Place::NotLocal),
        Definition::new("property_declaration", "property").special("properties", properties),
        Definition::new("property_promotion_parameter", "property").special("promoted", promoted),
        Definition::new("function_call_expression", "constant").special("defined", defined),
        Definition::new("anonymous_class", "class").special("anonymous", anonymous).scope(Scope::Type),
    ],
    references: &[
        Reference::call("function_call_expression", "function"),
        Reference::call("member_call_expression", "name"),
        Reference::call("nullsafe_member_call_expression", "name"),
        Reference::call("scoped_call_expression", "name"),
        Reference::call("object_creation_expression", FIRST),
        Reference::bases("base_clause", "extends"),
        Reference::bases("class_interface_clause", "implements"),
        Reference::bases("use_declaration", "extends"),
        Reference::import("namespace_use_clause", FIRST),
        Reference::import("require_expression", FIRST),
        Reference::import("require_once_expression", FIRST),
        Reference::import("include_expression", FIRST),
        Reference::import("include_once_expression", FIRST),
    ],
    types: Types {
        parts: &[
            ("named_type", ITSELF),
            ("attribute", FIRST),
            ("class_constant_access_expression", FIRST),
            ("scoped_call_expression", "scope"),
        ],
        holders: &[
            "attribute_list",
            "simple_parameter",
            "return_statement",
            "assignment_expression",
            "binary_expression",
            "conditional_expression",
            "array_creation_expression",
            "array_element_initializer",
            "parenthesized_expression",
            "arguments",
            "argument",
        ],
        never: &["self", "static", "parent"],
        ..Types::NONE
    },
    tails: &[("qualified_name", LAST), ("relative_name", LAST), ("parenthesized_expression", FIRST)],
    identifiers: &["name"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["anonymous_function", "arrow_function"],
    inert: &[
        "attribute_list",
        "base_clause",
        "class_interface_clause",
        "simple_parameter",
        "text",
        "use_declaration",
        "variable_name",
    ],
    visibility: Visibility::Words(&Words {
        nodes: &["visibility_modifier"],
        meanings: &[("public", "public"), ("protected", "protected"), ("private", "private")],
        top: None,
        member: Some("public"),
    }),
    plain: &[
        "return_statement",
        "assignment_expression",
        "binary_expression",
        "unary_op_expression",
        "conditional_expression",
        "member_access_expression",
        "subscript_expression",
        "array_creation_expression",
        "array_element_initializer",
        "parenthesized_expression",
        "arguments",
        "argument",
        "cast_expression",
    ],
    ..LanguageSpec::empty("php", 1, || tree_sitter_php::LANGUAGE_PHP.into(), "tree-sitter-php 0.25.1")
};

/// A namespace; one without braces holds what follows.
fn namespace(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::node(name).scope(Scope::Namespace);
    named.level = u8::from(node.child_by_field_name("body").is_none());
    found.push(named);
}

fn method(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let named = Named::node(name);
    found.push(if context.text(name).eq_ignore_ascii_case(b"__construct") { named.kind("constructor") } else { named });
}

/// Every constant of a declaration.
fn constants(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    for element in parts::children(node).filter(|n| n.kind() == "const_element") {
        let Some(name) = element.named_child(0) else { continue };
        let mut named = Named::node(name).body(element.named_child(1));
        named.span = Some((element.start_byte() as u32, element.end_byte() as u32));
        found.push(named);
    }
}

/// Every property of a declaration, without the `$`.
fn properties(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    for element in parts::children(node).filter(|n| n.kind() == "property_element") {
        let Some(name) = element.child_by_field_name("name").and_then(|n| n.named_child(0)) else { continue };
        let mut named = Named::node(name).body(element.child_by_field_name("default_value"));
        named.span = Some((element.start_byte() as u32, element.end_byte() as u32));
        found.push(named);
    }
}

/// A parameter of a constructor that makes a property of the class.
fn promoted(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(node.child_by_field_name("name").and_then(|n| n.named_child(0)).map(Named::node));
}

/// `define('NAME', …)`.
fn defined(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let callee = node.child_by_field_name("function").map(|n| context.text(n));
    if !matches!(callee, Some(b"define" | b"\\define")) || context.within == Scope::Function {
        return;
    }
    let argument = node.child_by_field_name("arguments").and_then(|list| list.named_child(0));
    let text = argument.and_then(|a| a.named_child(0)).filter(|n| n.kind() == "string");
    found.extend(text.and_then(|n| n.named_child(0)).map(Named::node));
}

/// A class without a name: a type without a row.
fn anonymous(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("")));
}
