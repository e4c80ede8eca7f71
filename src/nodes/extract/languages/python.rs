//! Python.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Reach, Reference, Referred, Scanner,
    Scope, Types, Visibility, Wrapper,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("class_definition", "class"),
        Definition::function("function_definition", "function").member("method"),
        Definition::new("assignment", "variable").member("field").special("assigned", assigned).body("right"),
        Definition::new("type_alias_statement", "type").named("left"),
    ],
    references: &[
        Reference::call("call", "function"),
        Reference::import("import_statement", "name"),
        Reference::import("import_from_statement", "module_name"),
        Reference::import("future_import_statement", "name"),
        Reference::special("class_definition", "superclasses", superclasses),
    ],
    types: Types {
        parts: &[("type", ITSELF)],
        values: &["call", "string", "list_comprehension", "lambda", "keyword_argument"],
        holders: &["parameters"],
        variables: &[("function_definition", "type_parameters"), ("class_definition", "type_parameters")],
        never: &["None", "bool", "bytes", "dict", "float", "int", "list", "object", "set", "str", "tuple", "type"],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_definition", "lambda"],
        blocks: &["list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"],
        types: &["class_definition"],
        binds: &[
            Bind::item("function_definition", "name", Reach::Function),
            Bind::item("class_definition", "name", Reach::Function),
            Bind::new("function_definition", "parameters", Reach::Own),
            Bind::new("lambda", "parameters", Reach::Own),
            Bind::new("assignment", "left", Reach::Function),
            Bind::new("augmented_assignment", "left", Reach::Function),
            Bind::new("named_expression", "name", Reach::Function),
            Bind::new("for_statement", "left", Reach::Function),
            Bind::new("for_in_clause", "left", Reach::Block),
            Bind::new("as_pattern", "alias", Reach::Function),
            Bind::new("case_pattern", ITSELF, Reach::Function),
            Bind::import("import_statement", "name", Reach::Function),
            Bind::import("import_from_statement", "name", Reach::Function),
        ],
        names: &["identifier"],
        passed: &[
            ("attribute", ITSELF),
            ("subscript", ITSELF),
            ("call", ITSELF),
            ("type", ITSELF),
            ("default_parameter", "value"),
            ("typed_default_parameter", "value"),
            ("aliased_import", "name"),
            ("class_pattern", "dotted_name"),
        ],
        signs: &[":="],
        ..Locals::NONE
    },
    tails: &[("attribute", "attribute"), ("parenthesized_expression", FIRST)],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: true },
    wrappers: &[Wrapper::new("decorated_definition").headless()],
    opaque: &["lambda"],
    inert: &["import_statement", "import_from_statement", "string_content", "dotted_name", "type"],
    visibility: Visibility::Underscore,
    scanner: Scanner::Indents(250),
    plain: &[
        "return_statement",
        "raise_statement",
        "assert_statement",
        "delete_statement",
        "augmented_assignment",
        "expression_list",
        "binary_operator",
        "boolean_operator",
        "comparison_operator",
        "not_operator",
        "unary_operator",
        "conditional_expression",
        "attribute",
        "subscript",
        "slice",
        "list",
        "tuple",
        "dictionary",
        "set",
        "pair",
        "string",
        "concatenated_string",
        "parenthesized_expression",
        "argument_list",
        "keyword_argument",
        "parameters",
    ],
    ..LanguageSpec::empty("python", 2, || tree_sitter_python::LANGUAGE.into(), "tree-sitter-python 0.25.0")
};

/// A plain name on the left of `=` or with a type: a function where the value is one, else a variable that is not
/// local.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let lambda = node.child_by_field_name("right").filter(|n| n.kind() == "lambda");
    if lambda.is_none() && context.within == Scope::Function {
        return;
    }
    let Some(left) = node.child_by_field_name("left").filter(|n| n.kind() == "identifier") else { return };
    let named = Named::node(left);
    found.push(match lambda {
        Some(lambda) => {
            let kind = if context.within == Scope::Type { "method" } else { "function" };
            named.kind(kind).scope(Scope::Function).body(lambda.child_by_field_name("body"))
        }
        None => named,
    });
}

/// What stands in the brackets of a class, without keywords.
fn superclasses<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Bases("extends", node.child_by_field_name("superclasses")?, superclass))
}

/// A class by its name, or by the name before its parameters.
fn superclass(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "identifier" | "attribute" => Some(node),
        "subscript" => node.child_by_field_name("value"),
        _ => None,
    }
}
