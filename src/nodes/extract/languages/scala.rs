//! Scala.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reach, Reference, Scope, Text,
    Types, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("class_definition", "class"),
        Definition::container("trait_definition", "trait"),
        Definition::container("object_definition", "object"),
        Definition::container("package_object", "object"),
        Definition::container("enum_definition", "enum"),
        Definition::container("given_definition", "given").special("given", given),
        Definition::new("simple_enum_case", "constant"),
        Definition::new("full_enum_case", "constant"),
        Definition::function("function_definition", "function").member("method").special("function", function),
        Definition::new("function_declaration", "function").member("method"),
        Definition::new("val_definition", "variable")
            .member("field")
            .special("values", values)
            .body("value")
            .place(Place::NotLocal),
        Definition::new("var_definition", "variable")
            .member("field")
            .special("values", values)
            .body("value")
            .place(Place::NotLocal),
        Definition::new("val_declaration", "variable").member("field").place(Place::NotLocal),
        Definition::new("var_declaration", "variable").member("field").place(Place::NotLocal),
        Definition::new("class_parameter", "field").special("parameter", parameter),
        Definition::new("type_definition", "type").body("type"),
        Definition::new("instance_expression", "class").special("anonymous", anonymous).scope(Scope::Type),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::call("infix_expression", "operator"),
        Reference::call("instance_expression", FIRST),
        Reference::joined("import_declaration", "path"),
        Reference::bases("extends_clause", "extends"),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &["annotation", "modifiers", "parameters", "type_parameters", "type_arguments", "generic_type"],
        variables: &[("type_parameters", ITSELF)],
        never: &[
            "Any", "AnyRef", "AnyVal", "Boolean", "Byte", "Char", "Double", "Float", "Int", "Long", "Nothing", "Null",
            "Short", "String", "Unit",
        ],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_definition", "lambda_expression"],
        blocks: &["block", "indented_block", "case_clause", "for_expression"],
        types: &["template_body", "with_template_body"],
        binds: &[
            Bind::item("function_definition", "name", Reach::Block),
            Bind::new("function_definition", "parameters", Reach::Own),
            Bind::new("lambda_expression", "parameters", Reach::Own),
            Bind::new("val_definition", "pattern", Reach::Block),
            Bind::new("var_definition", "pattern", Reach::Block),
            Bind::new("enumerator", FIRST, Reach::Behind),
            Bind::new("case_clause", "pattern", Reach::Own),
        ],
        names: &["identifier"],
        passed: &[
            ("type_parameters", ITSELF),
            ("parameter", "type"),
            ("parameter", "default_value"),
            ("binding", "type"),
            ("typed_pattern", "type"),
            ("case_class_pattern", "type"),
            ("infix_pattern", "operator"),
            ("stable_identifier", ITSELF),
            ("annotation", ITSELF),
            ("call_expression", ITSELF),
            ("field_expression", ITSELF),
            ("guard", ITSELF),
        ],
        lower: true,
        ..Locals::NONE
    },
    tails: &[
        ("field_expression", "field"),
        ("generic_function", "function"),
        ("generic_type", "type"),
        ("parenthesized_expression", FIRST),
    ],
    identifiers: &["identifier", "type_identifier"],
    docs: Docs { comments: &["block_comment", "comment"], markers: &[], docstring: false },
    opaque: &["lambda_expression"],
    inert: &[
        "package_identifier",
        "import_declaration",
        "annotation",
        "modifiers",
        "parameters",
        "type_parameters",
        "type_arguments",
        "generic_type",
        "string",
    ],
    visibility: Visibility::Words(&Words {
        nodes: &["modifiers", "access_modifier"],
        meanings: &[("protected", "protected"), ("private", "private")],
        top: Some("public"),
        member: Some("public"),
    }),
    ..LanguageSpec::empty("scala", 1, || tree_sitter_scala::LANGUAGE.into(), "tree-sitter-scala 0.26.4")
};

/// `def this` is a constructor.
fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let named = Named::node(name);
    found.push(if context.text(name) == b"this" { named.kind("constructor") } else { named });
}

/// A given without a name is a type without a row.
fn given(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(node.child_by_field_name("name").map_or(Named::new(Text::Fixed("")), Named::node));
}

/// Every name that a pattern binds.
fn values(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(pattern) = node.child_by_field_name("pattern") else { return };
    match pattern.kind() {
        "identifier" | "operator_identifier" => found.push(Named::node(pattern)),
        "identifiers" | "tuple_pattern" => {
            for name in parts::children(pattern).filter(|n| n.kind() == "identifier") {
                let mut named = Named::node(name);
                named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
                found.push(named);
            }
        }
        _ => {}
    }
}

/// A parameter of a constructor that is a field.
fn parameter(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    if parts::part(node, &["val", "var"]).is_some() {
        found.extend(node.child_by_field_name("name").map(Named::node));
    }
}

/// The body of an anonymous class: a type without a row.
fn anonymous(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    if parts::part(node, &["template_body"]).is_some() {
        found.push(Named::new(Text::Fixed("")));
    }
}
