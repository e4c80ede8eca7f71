//! C#.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LAST, LanguageSpec, Locals, Named, Place, Reach, Reference, Scope,
    Text, Types, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("namespace_declaration", "module").scope(Scope::Namespace),
        Definition::new("file_scoped_namespace_declaration", "module").special("file_wide", file_wide),
        Definition::container("class_declaration", "class"),
        Definition::container("struct_declaration", "struct"),
        Definition::container("record_declaration", "record"),
        Definition::container("interface_declaration", "interface"),
        Definition::container("enum_declaration", "enum"),
        Definition::new("enum_member_declaration", "constant"),
        Definition::new("delegate_declaration", "type"),
        Definition::function("method_declaration", "method"),
        Definition::function("local_function_statement", "function"),
        Definition::function("constructor_declaration", "constructor"),
        Definition::function("destructor_declaration", "method").special("destructor", destructor),
        Definition::function("operator_declaration", "method").special("operator", operator),
        Definition::function("conversion_operator_declaration", "method").special("conversion", conversion),
        Definition::function("indexer_declaration", "property").special("indexer", indexer).body("accessors"),
        Definition::function("property_declaration", "property").special("property", property),
        Definition::new("field_declaration", "field").special("declared", declared).place(Place::Member),
        Definition::new("event_field_declaration", "event").special("declared", declared).place(Place::Member),
        Definition::function("event_declaration", "event").body("accessors"),
    ],
    references: &[
        Reference::call("invocation_expression", "function"),
        Reference::call("object_creation_expression", "type"),
        Reference::import("using_directive", LAST),
        Reference::bases("base_list", "extends"),
    ],
    types: Types {
        parts: &[
            ("parameter", "type"),
            ("method_declaration", "returns"),
            ("property_declaration", "type"),
            ("variable_declaration", "type"),
            ("indexer_declaration", "type"),
            ("delegate_declaration", "type"),
            ("local_function_statement", "type"),
            ("operator_declaration", "type"),
            ("conversion_operator_declaration", "type"),
            ("event_declaration", "type"),
            ("cast_expression", "type"),
            ("object_creation_expression", "type"),
            ("array_type", "type"),
            ("nullable_type", "type"),
            ("default_expression", "type"),
            ("typeof_expression", "type"),
            ("sizeof_expression", "type"),
            ("declaration_pattern", "type"),
            ("recursive_pattern", "type"),
            ("type_pattern", "type"),
            ("is_expression", "right"),
            ("as_expression", "right"),
            ("catch_declaration", "type"),
            ("foreach_statement", "type"),
            ("declaration_expression", "type"),
            ("attribute", "name"),
            ("type_argument_list", ITSELF),
            ("type_parameter_constraint", "type"),
            ("tuple_element", "type"),
        ],
        holders: &[
            "attribute_list",
            "base_list",
            "parameter_list",
            "type_parameter_list",
            "type_parameter_constraints_clause",
            "return_statement",
            "local_declaration_statement",
            "assignment_expression",
            "binary_expression",
            "conditional_expression",
            "parenthesized_expression",
            "argument_list",
            "argument",
            "cast_expression",
            "member_access_expression",
        ],
        variables: &[("type_parameter_list", ITSELF)],
        never: &["var", "dynamic", "nint", "nuint", "notnull", "unmanaged"],
        ..Types::NONE
    },
    locals: Locals {
        functions: &[
            "method_declaration",
            "local_function_statement",
            "constructor_declaration",
            "destructor_declaration",
            "operator_declaration",
            "conversion_operator_declaration",
            "property_declaration",
            "indexer_declaration",
            "accessor_declaration",
            "lambda_expression",
            "anonymous_method_expression",
        ],
        blocks: &[
            "block",
            "for_statement",
            "foreach_statement",
            "using_statement",
            "fixed_statement",
            "catch_clause",
            "switch_section",
            "switch_expression_arm",
            "query_expression",
        ],
        types: &["declaration_list"],
        binds: &[
            Bind::item("local_function_statement", "name", Reach::Block),
            Bind::new("parameter_list", ITSELF, Reach::Block),
            Bind::new("bracketed_parameter_list", ITSELF, Reach::Block),
            Bind::new("lambda_expression", "implicit_parameter", Reach::Own),
            Bind::new("local_declaration_statement", ITSELF, Reach::Block),
            Bind::new("for_statement", "variable_declaration", Reach::Own),
            Bind::new("using_statement", "variable_declaration", Reach::Own),
            Bind::new("fixed_statement", "variable_declaration", Reach::Own),
            Bind::new("foreach_statement", "left", Reach::Own),
            Bind::new("catch_declaration", "name", Reach::Block),
            Bind::new("declaration_pattern", "name", Reach::Block),
            Bind::new("declaration_expression", "name", Reach::Block),
            Bind::new("recursive_pattern", "name", Reach::Block),
            Bind::new("var_pattern", "name", Reach::Block),
            Bind::new("list_pattern", "name", Reach::Block),
            Bind::new("parenthesized_variable_designation", ITSELF, Reach::Block),
            Bind::new("from_clause", "name", Reach::Block),
            Bind::new("let_clause", "identifier", Reach::Block),
            Bind::new("join_clause", "identifier", Reach::Block),
        ],
        names: &["identifier", "implicit_parameter"],
        entered: &[
            ("parameter_list", "parameter"),
            ("parameter_list", "name"),
            ("bracketed_parameter_list", "parameter"),
            ("parameter", "name"),
            ("local_declaration_statement", "variable_declaration"),
            ("variable_declaration", "variable_declarator"),
            ("variable_declarator", "name"),
            ("variable_declarator", "tuple_pattern"),
        ],
        signs: &[" is ", "out ", "(var ", ", var "],
        ..Locals::NONE
    },
    tails: &[
        ("member_access_expression", "name"),
        ("conditional_access_expression", LAST),
        ("member_binding_expression", "name"),
        ("generic_name", FIRST),
        ("primary_constructor_base_type", "type"),
        ("qualified_name", "name"),
        ("alias_qualified_name", "name"),
        ("parenthesized_expression", FIRST),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["lambda_expression", "anonymous_method_expression"],
    inert: &[
        "using_directive",
        "attribute_list",
        "global_attribute",
        "base_list",
        "parameter_list",
        "type_parameter_list",
        "type_parameter_constraints_clause",
        "type_argument_list",
        "predefined_type",
        "nullable_type",
        "array_type",
        "string_literal",
        "verbatim_string_literal",
        "raw_string_literal",
    ],
    visibility: Visibility::Words(&Words {
        nodes: &["modifier"],
        meanings: &[
            ("public", "public"),
            ("protected", "protected"),
            ("internal", "package"),
            ("private", "private"),
            ("file", "private"),
        ],
        top: Some("package"),
        member: Some("private"),
    }),
    plain: &[
        "return_statement",
        "local_declaration_statement",
        "assignment_expression",
        "binary_expression",
        "prefix_unary_expression",
        "postfix_unary_expression",
        "conditional_expression",
        "member_access_expression",
        "element_access_expression",
        "parenthesized_expression",
        "argument_list",
        "argument",
        "cast_expression",
    ],
    ..LanguageSpec::empty("csharp", 1, || tree_sitter_c_sharp::LANGUAGE.into(), "tree-sitter-c-sharp 0.23.5")
};

/// `namespace A.B;` holds what follows.
fn file_wide(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::node(name).scope(Scope::Namespace);
    named.level = 1;
    found.push(named);
}

/// `~Name`.
fn destructor(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    found.push(Named::new(Text::Made(format!("~{}", String::from_utf8_lossy(context.text(name))))));
}

/// `operator +`.
fn operator(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(sign) = node.child_by_field_name("operator") else { return };
    found.push(Named::new(Text::Made(format!("operator {}", String::from_utf8_lossy(context.text(sign))))));
}

/// `operator` and the type that it makes.
fn conversion(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(made) = node.child_by_field_name("type") else { return };
    found.push(Named::new(Text::Made(format!("operator {}", String::from_utf8_lossy(context.text(made))))));
}

fn indexer(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("this")));
}

/// A property; its body is the list of accessors or the value.
fn property(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let body = node.child_by_field_name("accessors").or_else(|| node.child_by_field_name("value"));
    found.push(Named::node(name).body(body));
}

/// Every variable of a field or event.
fn declared(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(list) = parts::part(node, &["variable_declaration"]) else { return };
    for variable in parts::children(list).filter(|n| n.kind() == "variable_declarator") {
        let Some(name) = variable.child_by_field_name("name") else { continue };
        let mut named = Named::node(name).body(variable.named_child(1));
        named.span = Some((variable.start_byte() as u32, variable.end_byte() as u32));
        found.push(named);
    }
}
