//! Rust.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, LanguageSpec, Locals, Named, Place, Reach, Reference, Referred,
    Scope, Types, Visibility,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "::",
    definitions: &[
        Definition::function("function_item", "function").member("method"),
        Definition::function("function_signature_item", "function").member("method"),
        Definition::container("struct_item", "struct").scope(Scope::Leaf),
        Definition::container("union_item", "union").scope(Scope::Leaf),
        Definition::container("enum_item", "enum"),
        Definition::new("enum_variant", "constant"),
        Definition::container("trait_item", "trait"),
        Definition::container("impl_item", "impl").special("implemented", implemented),
        Definition::container("mod_item", "module").scope(Scope::Namespace),
        Definition::new("type_item", "type"),
        Definition::new("associated_type", "type"),
        Definition::new("const_item", "constant").body("value").place(Place::NotLocal),
        Definition::new("static_item", "variable").body("value").place(Place::NotLocal),
        Definition::new("macro_definition", "macro"),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::call("macro_invocation", "macro"),
        Reference::import("use_declaration", "argument"),
        Reference::import("extern_crate_declaration", "name"),
        Reference::special("mod_item", "elsewhere", elsewhere),
        Reference::special("impl_item", "of", of),
        Reference::special("trait_item", "supertraits", supertraits),
    ],
    types: Types {
        names: &["type_identifier"],
        holders: &[
            "field_declaration_list",
            "ordered_field_declaration_list",
            "type_parameters",
            "type_arguments",
            "where_clause",
            "parameters",
            "scoped_identifier",
            "reference_type",
            "generic_type",
            "let_declaration",
            "return_expression",
            "assignment_expression",
            "binary_expression",
            "reference_expression",
            "try_expression",
            "type_cast_expression",
            "array_expression",
            "tuple_expression",
            "struct_expression",
            "field_initializer_list",
            "parenthesized_expression",
            "arguments",
            "match_pattern",
            "let_condition",
        ],
        variables: &[("type_parameters", ITSELF), ("type_binding", ITSELF)],
        never: &["Self", "_"],
        ..Types::NONE
    },
    locals: Locals {
        functions: &["function_item", "closure_expression"],
        blocks: &["block", "match_arm", "if_expression", "while_expression", "for_expression"],
        binds: &[
            Bind::item("function_item", "name", Reach::Block),
            Bind::new("const_item", "name", Reach::Block),
            Bind::new("static_item", "name", Reach::Block),
            Bind::new("function_item", "parameters", Reach::Own),
            Bind::new("closure_expression", "parameters", Reach::Own),
            Bind::new("let_declaration", "pattern", Reach::Behind),
            Bind::new("let_condition", "pattern", Reach::Behind),
            Bind::new("for_expression", "pattern", Reach::Body),
            Bind::new("match_arm", "pattern", Reach::Own),
        ],
        names: &["identifier", "shorthand_field_identifier"],
        passed: &[
            ("tuple_struct_pattern", "type"),
            ("struct_pattern", "type"),
            ("parameter", "type"),
            ("match_pattern", "condition"),
            ("scoped_identifier", ITSELF),
            ("macro_invocation", ITSELF),
        ],
        lower: true,
        ..Locals::NONE
    },
    tails: &[
        ("field_expression", "field"),
        ("scoped_identifier", "name"),
        ("generic_function", "function"),
        ("generic_type", "type"),
        ("scoped_type_identifier", "name"),
        ("parenthesized_expression", FIRST),
    ],
    identifiers: &["identifier", "field_identifier", "type_identifier"],
    docs: Docs { comments: &["line_comment", "block_comment"], markers: &["///", "/**"], docstring: false },
    leading: &["attribute_item"],
    opaque: &["closure_expression"],
    inert: &[
        "field_declaration_list",
        "ordered_field_declaration_list",
        "token_tree",
        "macro_definition",
        "use_declaration",
        "string_literal",
        "raw_string_literal",
        "type_parameters",
        "type_arguments",
        "where_clause",
        "parameters",
        "attribute_item",
        "inner_attribute_item",
        "visibility_modifier",
        "scoped_identifier",
        "reference_type",
        "generic_type",
    ],
    reparsed: &["macro_invocation"],
    visibility: Visibility::Pub,
    plain: &[
        "let_declaration",
        "return_expression",
        "assignment_expression",
        "compound_assignment_expr",
        "binary_expression",
        "unary_expression",
        "reference_expression",
        "field_expression",
        "index_expression",
        "try_expression",
        "type_cast_expression",
        "array_expression",
        "tuple_expression",
        "struct_expression",
        "field_initializer_list",
        "parenthesized_expression",
        "arguments",
        "match_pattern",
        "let_condition",
    ],
    triggers: *b"(!",
    ..LanguageSpec::empty("rust", 3, || tree_sitter_rust::LANGUAGE.into(), "tree-sitter-rust 0.24.2")
};

/// The type of an `impl`, without its arguments.
fn implemented(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut next = node.child_by_field_name("type");
    for _ in 0..16 {
        let Some(named) = next else { return };
        next = match named.kind() {
            "generic_type" | "reference_type" | "pointer_type" => named.child_by_field_name("type"),
            "dynamic_type" => named.child_by_field_name("trait"),
            "scoped_type_identifier" => named.child_by_field_name("name"),
            _ => {
                found.push(Named::node(named));
                return;
            }
        };
    }
}

/// A module that stands in a file of its own, where the compiler looks for it. One with a `#[path]` does not, and of one
/// inside another the words before it would be others.
fn elsewhere<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let top = node.parent().is_some_and(|outer| outer.kind() == "source_file");
    if !top || node.child_by_field_name("body").is_some() {
        return None;
    }
    let before = std::iter::successors(node.prev_sibling(), Node::prev_sibling);
    let mut attributes = before.take(16).take_while(|n| n.kind() == "attribute_item" || n.is_extra());
    let placed = attributes.any(|n| n.kind() == "attribute_item" && context.text(n).starts_with(b"#[path"));
    (!placed).then_some(Referred::Under("self::", node.child_by_field_name("name")?))
}

/// The trait of an `impl`; `impl !Send for …` says that it is none.
fn of<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let name = node.child_by_field_name("trait")?;
    let denied = name.prev_sibling().is_some_and(|before| before.kind() == "!");
    (!denied).then_some(Referred::Base("implements", name))
}

/// The traits behind the colon of a trait.
fn supertraits<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Bases("extends", node.child_by_field_name("bounds")?, bound))
}

/// A trait, not a lifetime or `?Sized`.
fn bound(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "type_identifier" | "scoped_type_identifier" | "generic_type" => Some(node),
        "higher_ranked_trait_bound" => node.child_by_field_name("type"),
        _ => None,
    }
}
