//! C, and headers of it.

use crate::nodes::extract::spec::{
    Bind, Definition, Docs, FIRST, ITSELF, Kin, LanguageSpec, Locals, Place, Reach, Reference, Scope, Types, Visibility,
};

use super::c_family::{ATTRIBUTES, alias, declared, defined, typedef};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::function("function_definition", "function").special("defined", defined),
        Definition::new("declaration", "variable").special("declared", declared).place(Place::NotLocal),
        Definition::new("type_definition", "type").special("typedef", typedef),
        Definition::new("struct_specifier", "struct").body("body").needs_body().scope(Scope::Open),
        Definition::new("union_specifier", "union").body("body").needs_body().scope(Scope::Open),
        Definition::new("enum_specifier", "enum").body("body").needs_body().scope(Scope::Open),
        Definition::new("enumerator", "constant"),
        Definition::new("preproc_function_def", "macro").body("value"),
        Definition::new("preproc_def", "macro").special("alias", alias),
    ],
    references: &[
        Reference::call("call_expression", "function").importing(&[], "arguments"),
        Reference::import("preproc_include", "path"),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &[
            "parameter_list",
            "type_descriptor",
            "sizeof_expression",
            "declaration",
            "field_declaration",
            "type_definition",
        ],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_definition"],
        blocks: &["compound_statement", "for_statement"],
        binds: &[
            Bind::new("parameter_list", ITSELF, Reach::Block),
            Bind::new("declaration", "declarator", Reach::Start),
        ],
        names: &["identifier"],
        passed: &[
            ("parameter_declaration", "type"),
            ("init_declarator", "value"),
            ("array_declarator", "size"),
            ("function_declarator", "parameters"),
            // A function that is declared is none of the function's own.
            ("function_declarator", "identifier"),
            ("attribute_specifier", ITSELF),
            ("gnu_asm_expression", ITSELF),
        ],
        ..Locals::NONE
    },
    tails: &[("field_expression", "field"), ("parenthesized_expression", FIRST)],
    identifiers: &["identifier", "field_identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &[
        "preproc_include",
        "preproc_def",
        "preproc_function_def",
        "preproc_call",
        "string_literal",
        "concatenated_string",
        "char_literal",
        "parameter_list",
        "type_descriptor",
        "type_qualifier",
        "storage_class_specifier",
        "sized_type_specifier",
        "sizeof_expression",
    ],
    visibility: Visibility::Static,
    semicolon: true,
    macro_body: &["compound_statement"],
    attributes: ATTRIBUTES,
    kin: Some(Kin {
        spec: &super::cpp::SPEC,
        marks: &["namespace ", "template<", "template <", "public:", "private:", "protected:", "using namespace "],
    }),
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
        "array_declarator",
        "pointer_declarator",
    ],
    ..LanguageSpec::empty("c", 3, || tree_sitter_c::LANGUAGE.into(), "tree-sitter-c 0.24.2")
};
