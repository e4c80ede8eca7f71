//! Dart.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Named, Place, Reference, Scope, Text, Types, Visibility,
    Wrapper,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("class_declaration", "class").special("class", class),
        Definition::container("mixin_declaration", "mixin"),
        Definition::container("extension_declaration", "extension").special("extension", extension),
        Definition::container("extension_type_declaration", "type").special("extension_type", extension_type),
        Definition::container("enum_declaration", "enum"),
        Definition::new("enum_entry", "constant"),
        Definition::new("type_alias", "type").special("alias", alias),
        Definition::function("method_declaration", "method").special("signed", signed),
        Definition::new("declaration", "field").special("declared", declared),
        Definition::function("function_declaration", "function").special("signed", signed),
        Definition::function("getter_declaration", "property").special("signed", signed),
        Definition::function("setter_declaration", "property").special("signed", signed),
        Definition::new("external_function_declaration", "function").special("signed", signed),
        Definition::function("local_function_declaration", "function").special("signed", signed),
        Definition::new("top_level_variable_declaration", "variable")
            .special("declared", declared)
            .place(Place::NotLocal),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::call("cascade_call_expression", "property"),
        Reference::call("new_expression", "type"),
        Reference::call("const_object_expression", "type"),
        Reference::bases("superclass", "extends"),
        Reference::bases("mixins", "extends"),
        Reference::bases("mixin_application", "extends"),
        Reference::bases("interfaces", "implements"),
        Reference::import("import_specification", "uri"),
        Reference::import("library_export", "uri"),
        Reference::import("part_directive", "uri"),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &["annotation", "type", "type_parameters", "type_arguments", "formal_parameter_list"],
        variables: &[("type_parameters", ITSELF)],
        never: &["Never", "Object", "String", "bool", "double", "dynamic", "int", "num", "void"],
        ..Types::NONE
    },
    tails: &[("member_expression", "property"), ("type", FIRST), ("parenthesized_expression", FIRST)],
    identifiers: &["identifier", "type_identifier"],
    docs: Docs { comments: &["documentation_comment", "comment"], markers: &[], docstring: false },
    leading: &[],
    wrappers: &[Wrapper::new("member_declaration")],
    opaque: &["function_expression"],
    inert: &["library_name", "annotation", "type", "type_parameters", "type_arguments", "formal_parameter_list"],
    visibility: Visibility::Underscore,
    semicolon: true,
    ..LanguageSpec::empty("dart", 1, || tree_sitter_dart::LANGUAGE.into(), "tree-sitter-dart 0.3.0")
};

/// A class; one made by `=` has its name further inside.
fn class(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let inner = parts::part(node, &["mixin_application_class"]).and_then(|n| n.named_child(0));
    found.extend(node.child_by_field_name("name").or(inner).map(Named::node));
}

/// An extension without a name is named by its type.
fn extension(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = node.child_by_field_name("name").or_else(|| node.child_by_field_name("class"));
    found.extend(name.map(Named::node));
}

fn extension_type(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = node.child_by_field_name("name");
    found.extend(name.and_then(|n| parts::part(n, &["identifier"])).map(Named::node));
}

fn alias(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(parts::part(node, &["type_identifier"]).map(Named::node));
}

/// What a signature names, by its kind.
fn named(signature: Node<'_>, context: &Context<'_>) -> Option<Named> {
    let mut cursor = signature.walk();
    let names = signature.children_by_field_name("name", &mut cursor).filter(Node::is_named);
    let member = context.within == Scope::Type;
    let kind = match signature.kind() {
        "getter_signature" | "setter_signature" => "property",
        "operator_signature" => {
            let sign = signature.child_by_field_name("operator")?;
            let name = Text::Made(format!("operator {}", String::from_utf8_lossy(context.text(sign))));
            return Some(Named::new(name).kind("method"));
        }
        "function_signature" if member => "method",
        "function_signature" => "function",
        kind if kind.contains("constructor") => "constructor",
        _ => return None,
    };
    // `Shape.named` is `named` of `Shape`.
    names.last().map(|name| Named::node(name).kind(kind))
}

/// The signature of a node, which may be inside that of a method.
fn signature(node: Node<'_>) -> Option<Node<'_>> {
    let outer = node.child_by_field_name("signature").or_else(|| parts::children(node).find(ends))?;
    if outer.kind() == "method_signature" { parts::children(outer).find(ends) } else { Some(outer) }
}

fn ends(node: &Node<'_>) -> bool {
    node.kind().ends_with("_signature")
}

fn signed(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let body = parts::part(node, &["function_body"]);
    found.extend(signature(node).and_then(|signature| named(signature, context)).map(|named| named.body(body)));
}

/// A function without a body, or variables.
fn declared(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if let Some(signature) = signature(node) {
        found.extend(named(signature, context));
        return;
    }
    let lists = ["initialized_identifier_list", "static_final_declaration_list", "identifier_list"];
    let Some(list) = parts::part(node, &lists) else { return };
    let constant = parts::part(node, &["const"]).is_some();
    for variable in parts::children(list) {
        let name = variable.child_by_field_name("name").unwrap_or(variable);
        let mut named = Named::node(name).body(variable.child_by_field_name("value"));
        named.span = Some((variable.start_byte() as u32, variable.end_byte() as u32));
        found.push(if constant { named.kind("constant") } else { named });
    }
}
