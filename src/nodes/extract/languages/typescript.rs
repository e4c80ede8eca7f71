//! TypeScript.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reference, Referred, Scope, Text, Types,
    Visibility, Wrapper,
};

use super::ecma;

pub(super) const DEFINITIONS: &[Definition] = &[
    ecma::FUNCTION,
    ecma::GENERATOR,
    ecma::FUNCTION_EXPRESSION,
    ecma::GENERATOR_EXPRESSION,
    ecma::ARROW,
    ecma::CLASS,
    ecma::CLASS_EXPRESSION,
    ecma::METHOD,
    ecma::PAIR,
    ecma::VARIABLE,
    ecma::ASSIGNMENT,
    ecma::PUBLIC_FIELD,
    Definition::container("abstract_class_declaration", "class"),
    Definition::container("interface_declaration", "interface"),
    Definition::container("enum_declaration", "enum").scope(Scope::Leaf),
    Definition::new("type_alias_declaration", "type").body("value"),
    Definition::container("internal_module", "module").scope(Scope::Namespace),
    Definition::container("module", "module").scope(Scope::Namespace).special("unquoted", unquoted),
    Definition::new("function_signature", "function"),
    Definition::new("method_signature", "method").place(Place::Member),
    Definition::new("abstract_method_signature", "method"),
    Definition::new("construct_signature", "method").special("new", new).place(Place::Member),
];
pub(super) const WRAPPERS: &[Wrapper] =
    &[ecma::EXPORT, ecma::LEXICAL, ecma::VAR, ecma::STATEMENT, Wrapper::new("ambient_declaration")];
pub(super) const REFERENCES: &[Reference] = &[
    ecma::CALL,
    ecma::NEW,
    ecma::IMPORT,
    ecma::REEXPORT,
    Reference::special("extends_clause", "heritage", heritage),
    Reference::special("extends_type_clause", "heritage", heritage),
    Reference::special("implements_clause", "heritage", heritage),
];
pub(super) const TYPES: Types = Types {
    names: &["type_identifier"],
    holders: &[
        "union_type",
        "generic_type",
        "function_type",
        "array_type",
        "object_type",
        "intersection_type",
        "conditional_type",
        "lookup_type",
        "property_signature",
        "type_parameters",
        "type_arguments",
        "type_annotation",
        "return_statement",
        "arguments",
        "parenthesized_expression",
        "binary_expression",
        "ternary_expression",
        "array",
    ],
    variables: &[("type_parameters", ITSELF), ("mapped_type_clause", ITSELF), ("infer_type", ITSELF)],
    never: &["bigint", "const", "intrinsic"],
    ..Types::NONE
};
pub(super) const LOCALS: Locals = Locals {
    passed: &[
        ("variable_declarator", "type"),
        ("variable_declarator", "value"),
        ("required_parameter", "type"),
        ("required_parameter", "value"),
        ("optional_parameter", "type"),
        ("optional_parameter", "value"),
        ("assignment_pattern", "right"),
        ("object_assignment_pattern", "right"),
        ("pair_pattern", "key"),
        ("member_expression", ITSELF),
        ("subscript_expression", ITSELF),
        ("decorator", ITSELF),
    ],
    ..ecma::LOCALS
};
pub(super) const TAILS: &[(&str, &str)] = &[
    ("member_expression", "property"),
    ("parenthesized_expression", FIRST),
    ("generic_type", "name"),
    ("nested_type_identifier", "name"),
];
pub(super) const IDENTIFIERS: &[&str] =
    &["identifier", "property_identifier", "private_property_identifier", "type_identifier"];
pub(super) const INERT: &[&str] = &[
    "union_type",
    "generic_type",
    "function_type",
    "array_type",
    "object_type",
    "intersection_type",
    "conditional_type",
    "literal_type",
    "lookup_type",
    "property_signature",
    "string",
    "regex",
    "import_statement",
    "export_clause",
    "type_parameters",
    "type_arguments",
    "type_annotation",
];

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: DEFINITIONS,
    references: REFERENCES,
    types: TYPES,
    locals: LOCALS,
    tails: TAILS,
    identifiers: IDENTIFIERS,
    docs: ecma::DOCS,
    leading: &["decorator"],
    wrappers: WRAPPERS,
    inert: INERT,
    visibility: Visibility::Exports,
    semicolon: true,
    plain: ecma::PLAIN,
    ..LanguageSpec::empty(
        "typescript",
        2,
        || tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "tree-sitter-typescript 0.23.2",
    )
};

/// A constructor in an interface is called `new`.
fn new(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("new")));
}

/// A module's name or path.
fn unquoted(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(node.child_by_field_name("name").map(|name| Named::new(ecma::key(name))));
}

/// The types that a class or interface is made of.
#[expect(clippy::unnecessary_wraps, reason = "the type of every such function")]
fn heritage<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let kind = if node.kind() == "implements_clause" { "implements" } else { "extends" };
    Some(Referred::Bases(kind, node, heir))
}

/// A type, not the arguments behind it.
fn heir(node: Node<'_>) -> Option<Node<'_>> {
    (node.kind() != "type_arguments").then_some(node)
}
