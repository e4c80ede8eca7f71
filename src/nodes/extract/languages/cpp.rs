//! C++.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reach, Reference, Referred,
    Scope, Types, Visibility, Wrapper,
};

use super::c_family::{ATTRIBUTES, alias, declared, defined, members, typedef};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "::",
    definitions: &[
        Definition::container("namespace_definition", "module").scope(Scope::Namespace),
        Definition::container("class_specifier", "class").special("specified", specified).needs_body(),
        Definition::container("struct_specifier", "struct").special("specified", specified).needs_body(),
        Definition::container("union_specifier", "union").special("specified", specified).needs_body(),
        Definition::container("enum_specifier", "enum").special("specified", specified).needs_body(),
        Definition::function("function_definition", "function").member("method").special("defined", defined),
        Definition::new("declaration", "variable").special("declared", declared).place(Place::NotLocal),
        Definition::new("field_declaration", "method").special("members", members).place(Place::Member),
        Definition::new("type_definition", "type").special("typedef", typedef),
        Definition::new("alias_declaration", "type").place(Place::NotLocal),
        Definition::new("concept_definition", "type"),
        Definition::new("enumerator", "constant"),
        Definition::new("preproc_function_def", "macro").body("value"),
        Definition::new("preproc_def", "macro").special("alias", alias),
    ],
    references: &[
        Reference::call("call_expression", "function").importing(&[], "arguments"),
        Reference::call("new_expression", "type"),
        Reference::import("preproc_include", "path"),
        Reference::import("using_declaration", FIRST),
        Reference::special("base_class_clause", "bases", bases),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &[
            "parameter_list",
            "template_parameter_list",
            "template_argument_list",
            "type_descriptor",
            "base_class_clause",
            "declaration",
            "field_declaration",
            "type_definition",
            "qualified_identifier",
        ],
        variables: &[("template_parameter_list", ITSELF)],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_definition", "lambda_expression"],
        blocks: &[
            "compound_statement",
            "if_statement",
            "while_statement",
            "switch_statement",
            "for_statement",
            "for_range_loop",
            "catch_clause",
        ],
        types: &["class_specifier", "struct_specifier", "union_specifier"],
        binds: &[
            Bind::new("parameter_list", ITSELF, Reach::Block),
            Bind::new("declaration", "declarator", Reach::Start),
            Bind::new("for_range_loop", "declarator", Reach::Body),
            Bind::new("lambda_expression", "captures", Reach::Own),
        ],
        names: &["identifier"],
        passed: &[
            ("parameter_declaration", "type"),
            ("optional_parameter_declaration", "type"),
            ("optional_parameter_declaration", "default_value"),
            ("variadic_parameter_declaration", "type"),
            ("init_declarator", "value"),
            ("array_declarator", "size"),
            ("function_declarator", "parameters"),
            // A function that is declared is none of the function's own.
            ("function_declarator", "identifier"),
            ("lambda_capture_specifier", "identifier"),
            ("lambda_capture_initializer", "right"),
            ("qualified_identifier", ITSELF),
            ("attribute_specifier", ITSELF),
            ("attribute_declaration", ITSELF),
            ("gnu_asm_expression", ITSELF),
        ],
        ..Locals::NONE
    },
    tails: &[
        ("field_expression", "field"),
        ("qualified_identifier", "name"),
        ("template_function", "name"),
        ("template_method", "name"),
        ("template_type", "name"),
        ("dependent_name", FIRST),
        ("parenthesized_expression", FIRST),
    ],
    identifiers: &["identifier", "field_identifier", "type_identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    wrappers: &[Wrapper::new("template_declaration")],
    opaque: &["lambda_expression"],
    inert: &[
        "preproc_include",
        "preproc_def",
        "preproc_function_def",
        "preproc_call",
        "string_literal",
        "raw_string_literal",
        "concatenated_string",
        "char_literal",
        "parameter_list",
        "template_parameter_list",
        "template_argument_list",
        "type_descriptor",
        "type_qualifier",
        "storage_class_specifier",
        "sized_type_specifier",
        "using_declaration",
        "base_class_clause",
    ],
    visibility: Visibility::Sections,
    semicolon: true,
    macro_body: &["compound_statement"],
    attributes: ATTRIBUTES,
    plain: &[
        "expression_statement",
        "return_statement",
        "goto_statement",
        "declaration",
        "init_declarator",
        "field_declaration",
        "type_definition",
        "enumerator",
        "initializer_list",
        "initializer_pair",
        "assignment_expression",
        "binary_expression",
        "unary_expression",
        "update_expression",
        "conditional_expression",
        "pointer_expression",
        "field_expression",
        "subscript_expression",
        "parenthesized_expression",
        "argument_list",
        "qualified_identifier",
        "array_declarator",
        "pointer_declarator",
    ],
    ..LanguageSpec::empty("cpp", 4, || tree_sitter_cpp::LANGUAGE.into(), "tree-sitter-cpp 0.23.4")
};

/// The name of a type, without the arguments of a specialization.
fn specified(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(mut name) = node.child_by_field_name("name") else { return };
    for _ in 0..16 {
        match name.kind() {
            "template_type" | "qualified_identifier" => match name.child_by_field_name("name") {
                Some(inner) => name = inner,
                None => return,
            },
            _ => break,
        }
    }
    found.push(Named::node(name));
}

/// What a class or structure is derived from.
#[expect(clippy::unnecessary_wraps, reason = "the type of every such function")]
fn bases<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Bases("extends", node, base))
}

/// A type, not `public` or an attribute.
fn base(node: Node<'_>) -> Option<Node<'_>> {
    matches!(node.kind(), "type_identifier" | "qualified_identifier" | "template_type").then_some(node)
}
