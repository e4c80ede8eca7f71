//! Kotlin.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LAST, LanguageSpec, Locals, Named, Place, Reach, Reference, Scope,
    Text, Types, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("class_declaration", "class").special("class", class).scope(Scope::Type),
        Definition::new("object_declaration", "object").special("object", object).scope(Scope::Type),
        Definition::new("companion_object", "object").special("companion", companion).scope(Scope::Type),
        Definition::new("object_literal", "class").special("anonymous", anonymous).scope(Scope::Type),
        Definition::new("enum_entry", "constant").special("entry", entry).scope(Scope::Type),
        Definition::new("function_declaration", "function").member("method").special("function", function),
        Definition::new("secondary_constructor", "constructor").special("constructor", constructor),
        Definition::new("property_declaration", "variable")
            .member("property")
            .special("properties", properties)
            .place(Place::NotLocal),
        Definition::new("class_parameter", "property").special("parameter", parameter),
        Definition::new("type_alias", "type").named("type"),
    ],
    references: &[
        Reference::call("call_expression", FIRST),
        Reference::import("import", FIRST),
        Reference::bases("delegation_specifiers", "extends"),
    ],
    types: Types {
        parts: &[("user_type", ITSELF)],
        holders: &[
            "modifiers",
            "file_annotation",
            "function_value_parameters",
            "type_parameters",
            "type_arguments",
            "function_type",
            "nullable_type",
        ],
        variables: &[("type_parameters", ITSELF)],
        never: &[
            "Any", "Boolean", "Byte", "Char", "Double", "Float", "Int", "Long", "Nothing", "Short", "String", "Unit",
        ],
        ..Types::NONE
    },
    locals: Locals {
        functions: &[
            "function_declaration",
            "secondary_constructor",
            "lambda_literal",
            "anonymous_function",
            "anonymous_initializer",
            "getter",
            "setter",
        ],
        blocks: &["block", "for_statement", "catch_block", "when_expression"],
        types: &["class_body", "enum_class_body"],
        binds: &[
            Bind::item("function_declaration", "name", Reach::Block),
            Bind::new("function_value_parameters", ITSELF, Reach::Block),
            Bind::new("lambda_parameters", ITSELF, Reach::Block),
            Bind::new("setter", "identifier", Reach::Own),
            Bind::new("property_declaration", "variable_declaration", Reach::Behind),
            Bind::new("property_declaration", "multi_variable_declaration", Reach::Behind),
            Bind::new("for_statement", "variable_declaration", Reach::Own),
            Bind::new("for_statement", "multi_variable_declaration", Reach::Own),
            Bind::new("when_subject", "variable_declaration", Reach::Block),
            Bind::new("catch_block", "identifier", Reach::Own),
        ],
        names: &["identifier"],
        entered: &[
            ("function_value_parameters", "parameter"),
            ("parameter", "identifier"),
            ("variable_declaration", "identifier"),
        ],
        ..Locals::NONE
    },
    tails: &[
        ("navigation_expression", LAST),
        ("parenthesized_expression", FIRST),
        ("delegation_specifier", FIRST),
        ("constructor_invocation", FIRST),
        ("explicit_delegation", FIRST),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["block_comment", "line_comment"], markers: &[], docstring: false },
    opaque: &["lambda_literal", "anonymous_function", "anonymous_initializer", "getter", "setter"],
    inert: &[
        "package_header",
        "import",
        "modifiers",
        "file_annotation",
        "function_value_parameters",
        "type_parameters",
        "type_arguments",
        "user_type",
        "function_type",
        "nullable_type",
    ],
    visibility: Visibility::Words(&Words {
        nodes: &["modifiers", "visibility_modifier"],
        meanings: &[("public", "public"), ("protected", "protected"), ("internal", "package"), ("private", "private")],
        top: Some("public"),
        member: Some("public"),
    }),
    ..LanguageSpec::empty("kotlin", 1, || tree_sitter_kotlin_ng::LANGUAGE.into(), "tree-sitter-kotlin-ng 1.1.0")
};

fn body(node: Node<'_>) -> Option<Node<'_>> {
    parts::part(node, &["class_body", "enum_class_body"])
}

/// Is the word among the modifiers?
fn modified(node: Node<'_>, context: &Context<'_>, word: &[u8]) -> bool {
    parts::part(node, &["modifiers"]).is_some_and(|list| parts::children(list).any(|n| context.text(n) == word))
}

/// Classes, interfaces and enums are one node.
fn class(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let kind = if parts::part(node, &["interface"]).is_some() {
        "interface"
    } else if modified(node, context, b"enum") {
        "enum"
    } else if modified(node, context, b"annotation") {
        "annotation"
    } else {
        "class"
    };
    found.push(Named::node(name).kind(kind).body(body(node)));
}

fn object(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(node.child_by_field_name("name").map(|name| Named::node(name).body(body(node))));
}

/// A companion is called `Companion` unless it has a name.
fn companion(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = parts::part(node, &["identifier"]).map_or(Text::Fixed("Companion"), Text::of);
    found.push(Named::new(name).body(body(node)));
}

/// `object : Base { … }`: a type without a row.
fn anonymous(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("")));
}

fn entry(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(parts::part(node, &["identifier"]).map(|name| Named::node(name).body(body(node))));
}

fn function(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    found.push(Named::node(name).scope(Scope::Function).body(parts::part(node, &["function_body"])));
}

fn constructor(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("constructor")).scope(Scope::Function).body(parts::part(node, &["block"])));
}

/// The variables of a property, with what follows `=`, `by` or the type as the body.
fn properties(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(list) = parts::part(node, &["variable_declaration", "multi_variable_declaration"]) else { return };
    let constant = modified(node, context, b"const");
    let value = parts::children(node).find(|n| n.start_byte() >= list.end_byte() && !n.is_extra());
    let several = list.kind() == "multi_variable_declaration";
    let variables = parts::children(list).filter(|n| n.kind() == "variable_declaration");
    for variable in variables.chain((!several).then_some(list)) {
        let Some(name) = parts::part(variable, &["identifier"]) else { continue };
        let mut named = Named::node(name).body(value);
        if constant {
            named = named.kind("constant");
        }
        if several {
            named.span = Some((variable.start_byte() as u32, variable.end_byte() as u32));
        }
        found.push(named);
    }
}

/// A parameter of a constructor that is a property.
fn parameter(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    if parts::part(node, &["val", "var"]).is_some() {
        found.extend(parts::part(node, &["identifier"]).map(Named::node));
    }
}
