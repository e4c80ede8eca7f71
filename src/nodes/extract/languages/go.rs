//! Go.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reach, Reference, Referred,
    Scope, Text, Types, Visibility, Wrapper,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::function("function_declaration", "function"),
        Definition::function("method_declaration", "method").special("received", received),
        Definition::new("type_spec", "type").special("specified", specified),
        Definition::new("type_alias", "type"),
        Definition::new("method_elem", "method").place(Place::Member),
        Definition::new("const_spec", "constant").special("names", names).body("value").place(Place::NotLocal),
        Definition::new("var_spec", "variable").special("names", names).body("value").place(Place::NotLocal),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::import("import_spec", "path"),
        Reference::special("field_declaration_list", "embedded", embedded),
        Reference::special("interface_type", "embedded", embedded),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &[
            "parameter_list",
            "field_declaration_list",
            "pointer_type",
            "qualified_type",
            "map_type",
            "slice_type",
            "type_parameter_list",
            "argument_list",
            "short_var_declaration",
            "return_statement",
            "expression_list",
            "assignment_statement",
        ],
        variables: &[("type_parameter_list", ITSELF)],
        never: &[
            "any",
            "bool",
            "byte",
            "comparable",
            "complex128",
            "complex64",
            "error",
            "float32",
            "float64",
            "int",
            "int16",
            "int32",
            "int64",
            "int8",
            "rune",
            "string",
            "uint",
            "uint16",
            "uint32",
            "uint64",
            "uint8",
            "uintptr",
        ],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_declaration", "method_declaration", "func_literal"],
        blocks: &[
            "block",
            "if_statement",
            "for_statement",
            "expression_switch_statement",
            "type_switch_statement",
            "expression_case",
            "type_case",
            "default_case",
            "communication_case",
        ],
        binds: &[
            Bind::new("function_declaration", "parameters", Reach::Own),
            Bind::new("function_declaration", "result", Reach::Own),
            Bind::new("method_declaration", "receiver", Reach::Own),
            Bind::new("method_declaration", "parameters", Reach::Own),
            Bind::new("method_declaration", "result", Reach::Own),
            Bind::new("func_literal", "parameters", Reach::Own),
            Bind::new("func_literal", "result", Reach::Own),
            Bind::new("short_var_declaration", "left", Reach::Behind),
            Bind::new("var_spec", "name", Reach::Behind),
            Bind::new("const_spec", "name", Reach::Behind),
            Bind::new("range_clause", "left", Reach::Behind),
            Bind::new("receive_statement", "left", Reach::Behind),
            Bind::new("type_switch_statement", "alias", Reach::Own),
        ],
        names: &["identifier"],
        passed: &[
            ("parameter_declaration", "type"),
            ("variadic_parameter_declaration", "type"),
            ("selector_expression", ITSELF),
            ("index_expression", ITSELF),
        ],
        ..Locals::NONE
    },
    tails: &[
        ("selector_expression", "field"),
        ("parenthesized_expression", FIRST),
        ("type_instantiation_expression", "type"),
        ("index_expression", "operand"),
        ("qualified_type", "name"),
        ("generic_type", "type"),
    ],
    identifiers: &["identifier", "field_identifier", "type_identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    wrappers: &[
        Wrapper::new("type_declaration").single(),
        Wrapper::new("const_declaration").single(),
        Wrapper::new("var_declaration").single(),
        Wrapper::new("var_spec_list").single(),
    ],
    opaque: &["func_literal"],
    inert: &[
        "parameter_list",
        "field_declaration_list",
        "pointer_type",
        "qualified_type",
        "map_type",
        "slice_type",
        "interpreted_string_literal",
        "raw_string_literal",
        "type_parameter_list",
        "import_spec",
    ],
    visibility: Visibility::Capital,
    plain: &[
        "assignment_statement",
        "short_var_declaration",
        "return_statement",
        "inc_statement",
        "dec_statement",
        "expression_list",
        "binary_expression",
        "unary_expression",
        "selector_expression",
        "index_expression",
        "slice_expression",
        "parenthesized_expression",
        "literal_value",
        "literal_element",
        "keyed_element",
        "argument_list",
    ],
    ..LanguageSpec::empty("go", 2, || tree_sitter_go::LANGUAGE.into(), "tree-sitter-go 0.25.0")
};

/// A method's name, qualified by the type of its receiver.
fn received(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::node(name);
    let receiver = node.child_by_field_name("receiver").and_then(|list| list.named_child(0));
    let mut next = receiver.and_then(|parameter| parameter.child_by_field_name("type"));
    for _ in 0..8 {
        let Some(at) = next else { break };
        next = match at.kind() {
            "pointer_type" | "parenthesized_type" => at.named_child(0),
            "generic_type" => {
                let arguments = at.child_by_field_name("type_arguments");
                named.variables = arguments.map(|n| (n.start_byte() as u32, n.end_byte() as u32));
                at.child_by_field_name("type")
            }
            _ => {
                named.qualifier = Some(Text::of(at));
                break;
            }
        };
    }
    found.push(named);
}

/// A type's name; what the type is gives the kind.
fn specified(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let Some(is) = node.child_by_field_name("type") else { return };
    let named = Named::node(name);
    found.push(match is.kind() {
        "struct_type" => named.kind("struct").scope(Scope::Type).body(is.named_child(0)),
        "interface_type" => named.kind("interface").scope(Scope::Type).body(Some(is)),
        _ => named,
    });
}

/// Every name of a constant or variable specification.
fn names(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for name in node.children_by_field_name("name", &mut cursor).take(64) {
        if name.is_named() && context.text(name) != b"_" {
            let mut named = Named::node(name);
            named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
            found.push(named);
        }
    }
}

/// The types that a structure or interface embeds.
#[expect(clippy::unnecessary_wraps, reason = "the type of every such function")]
fn embedded<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Bases("extends", node, embeds))
}

/// The type of a field without a name, or an interface in an interface; `~int | string` is a set, and nothing of it is
/// embedded.
fn embeds(node: Node<'_>) -> Option<Node<'_>> {
    let of = match node.kind() {
        "field_declaration" if node.child_by_field_name("name").is_none() => node.child_by_field_name("type")?,
        "type_elem" if node.named_child_count() == 1 => node.named_child(0)?,
        _ => return None,
    };
    matches!(of.kind(), "type_identifier" | "qualified_type" | "generic_type").then_some(of)
}
