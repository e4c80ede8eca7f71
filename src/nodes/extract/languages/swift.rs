//! Swift.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LAST, LanguageSpec, Locals, Named, Place, Reach, Reference, Scope,
    Text, Types, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("class_declaration", "class").special("class", class),
        Definition::container("protocol_declaration", "protocol"),
        Definition::function("function_declaration", "function").member("method"),
        Definition::new("protocol_function_declaration", "method"),
        Definition::function("init_declaration", "constructor"),
        Definition::function("deinit_declaration", "method").special("deinit", deinit),
        Definition::new("subscript_declaration", "property").special("subscript", subscript).scope(Scope::Function),
        Definition::new("property_declaration", "variable")
            .member("property")
            .special("properties", properties)
            .place(Place::NotLocal),
        Definition::new("protocol_property_declaration", "property").special("properties", properties),
        Definition::new("enum_entry", "constant").special("cases", cases),
        Definition::new("typealias_declaration", "type"),
        Definition::new("associatedtype_declaration", "type"),
        Definition::new("macro_declaration", "macro").special("macro", named_macro),
    ],
    references: &[
        Reference::call("call_expression", FIRST),
        Reference::import("import_declaration", LAST),
        Reference::bases("inheritance_specifier", "extends"),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &[
            "modifiers",
            "parameter",
            "type_parameters",
            "type_arguments",
            "type_annotation",
            "user_type",
            "inheritance_specifier",
            "type_constraints",
        ],
        variables: &[("type_parameters", ITSELF)],
        never: &[
            "Any",
            "AnyObject",
            "Bool",
            "Double",
            "Float",
            "Int",
            "Never",
            "Self",
            "String",
            "UInt",
            "Void",
            "autoclosure",
            "available",
            "discardableResult",
            "escaping",
            "inlinable",
            "objc",
            "objcMembers",
            "testable",
            "usableFromInline",
        ],
        ..Types::NONE
    },
    locals: Locals {
        functions: &[
            "function_declaration",
            "init_declaration",
            "deinit_declaration",
            "subscript_declaration",
            "lambda_literal",
            "computed_property",
            "computed_setter",
            "willset_didset_block",
        ],
        blocks: &["statements", "if_statement", "while_statement", "for_statement", "catch_block", "switch_entry"],
        types: &["class_body", "enum_class_body", "protocol_body"],
        binds: &[
            Bind::item("function_declaration", "name", Reach::Block),
            Bind::new("function_declaration", "parameter", Reach::Own),
            Bind::new("init_declaration", "parameter", Reach::Own),
            Bind::new("subscript_declaration", "parameter", Reach::Own),
            Bind::new("computed_setter", "simple_identifier", Reach::Own),
            Bind::new("lambda_literal", "type", Reach::Own),
            Bind::new("property_declaration", "name", Reach::Behind),
            Bind::new("if_statement", "bound_identifier", Reach::Own),
            Bind::new("while_statement", "bound_identifier", Reach::Own),
            Bind::new("guard_statement", "bound_identifier", Reach::Behind),
            Bind::new("for_statement", "item", Reach::Own),
            Bind::new("catch_block", "error", Reach::Own),
            Bind::new("pattern", ITSELF, Reach::Block),
        ],
        names: &["simple_identifier"],
        passed: &[
            ("parameter", "type"),
            ("parameter", "external_name"),
            ("lambda_parameter", "type"),
            ("lambda_parameter", "external_name"),
            ("user_type", ITSELF),
        ],
        ..Locals::NONE
    },
    tails: &[("navigation_expression", "suffix"), ("navigation_suffix", "suffix"), ("prefix_expression", LAST)],
    identifiers: &["simple_identifier", "type_identifier"],
    docs: Docs { comments: &["comment", "multiline_comment"], markers: &[], docstring: false },
    opaque: &["lambda_literal", "computed_property", "willset_didset_block"],
    inert: &[
        "import_declaration",
        "modifiers",
        "parameter",
        "type_parameters",
        "type_arguments",
        "type_annotation",
        "user_type",
        "inheritance_specifier",
        "type_constraints",
    ],
    visibility: Visibility::Words(&Words {
        nodes: &["modifiers", "visibility_modifier"],
        meanings: &[
            ("public", "public"),
            ("open", "public"),
            ("package", "package"),
            ("internal", "package"),
            ("private", "private"),
            ("fileprivate", "private"),
        ],
        top: Some("package"),
        member: Some("package"),
    }),
    ..LanguageSpec::empty("swift", 1, || tree_sitter_swift::LANGUAGE.into(), "tree-sitter-swift 0.7.4")
};

/// Classes, structs, enums, actors and extensions are one node.
fn class(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let kind = match node.child_by_field_name("declaration_kind").map(|n| context.text(n)) {
        Some(b"struct") => "struct",
        Some(b"enum") => "enum",
        Some(b"extension") => "extension",
        _ => "class",
    };
    // `extension Array<Int>`: without the arguments.
    let arguments = parts::part(name, &["type_arguments"]);
    let end = arguments.map_or(name.end_byte(), |n| n.start_byte());
    found.push(Named::new(Text::Span(name.start_byte() as u32, end as u32)).kind(kind));
}

fn deinit(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("deinit")));
}

fn subscript(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("subscript")).body(parts::part(node, &["computed_property"])));
}

/// Every variable of a declaration.
fn properties(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    let computed = node.child_by_field_name("computed_value").or_else(|| parts::part(node, &["willset_didset_block"]));
    let value = computed.or_else(|| node.child_by_field_name("value"));
    let patterns = node.children_by_field_name("name", &mut cursor).filter(|n| n.kind() == "pattern");
    for name in patterns.take(64).filter_map(|pattern| pattern.child_by_field_name("bound_identifier")) {
        let mut named = Named::node(name);
        if found.is_empty() {
            named = named.body(value);
        } else {
            named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        }
        found.push(named);
    }
}

/// Every case of an entry.
fn cases(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for name in node.children_by_field_name("name", &mut cursor).take(256) {
        let mut named = Named::node(name);
        named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        found.push(named);
    }
}

fn named_macro(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(parts::part(node, &["simple_identifier"]).map(Named::node));
}
