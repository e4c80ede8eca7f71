//! Solidity.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Place, Reference, Text, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::container("contract_declaration", "class"),
        Definition::container("interface_declaration", "interface"),
        Definition::container("library_declaration", "library"),
        Definition::container("struct_declaration", "struct"),
        Definition::container("enum_declaration", "enum"),
        Definition::new("enum_value", "constant").special("whole", whole),
        Definition::new("struct_member", "field"),
        Definition::new("event_definition", "event"),
        Definition::new("error_declaration", "error"),
        Definition::function("modifier_definition", "modifier"),
        Definition::function("constructor_definition", "constructor").special("constructor", constructor),
        Definition::function("fallback_receive_definition", "method").special("fallback", fallback),
        Definition::function("function_definition", "function").member("method"),
        Definition::new("state_variable_declaration", "field").special("variable", variable).place(Place::Member),
        Definition::new("constant_variable_declaration", "constant").body("value"),
        Definition::new("user_defined_type_definition", "type"),
    ],
    references: &[
        Reference::call("call_expression", "function"),
        Reference::call("emit_statement", "name"),
        Reference::call("revert_statement", "error"),
        Reference::call("new_expression", "name"),
        Reference::call("modifier_invocation", FIRST),
        Reference::bases("inheritance_specifier", "extends"),
        Reference::import("import_directive", "source"),
    ],
    tails: &[
        ("expression", FIRST),
        ("member_expression", "property"),
        ("parenthesized_expression", FIRST),
        ("struct_expression", "type"),
        ("type_name", FIRST),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["pragma_directive", "parameter", "event_parameter", "error_parameter", "return_type_definition"],
    visibility: Visibility::Words(&Words {
        nodes: &["visibility"],
        meanings: &[("public", "public"), ("external", "public"), ("internal", "protected"), ("private", "private")],
        top: None,
        member: None,
    }),
    ..LanguageSpec::empty("solidity", 1, || tree_sitter_solidity::LANGUAGE.into(), "tree-sitter-solidity 1.2.13")
};

fn whole(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::node(node));
}

fn constructor(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("constructor")));
}

/// `receive` or `fallback`.
fn fallback(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(parts::part(node, &["receive", "fallback", "function"]).map(Named::node));
}

/// A variable of a contract.
fn variable(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let named = Named::node(name).body(node.child_by_field_name("value"));
    let constant = parts::all(node).any(|n| context.text(n) == b"constant");
    found.push(if constant { named.kind("constant") } else { named });
}
