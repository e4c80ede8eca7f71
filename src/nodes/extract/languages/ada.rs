//! Ada.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scope, Text, Wrapper,
};

use super::parts::{child, children, part, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("package_declaration", "package").special("package", package).scope(Scope::Namespace),
        Definition::new("package_body", "package").special("package", package).scope(Scope::Namespace),
        Definition::new("subprogram_body", "function")
            .member("method")
            .special("specified", specified)
            .scope(Scope::Function),
        Definition::new("subprogram_declaration", "prototype").special("specified", specified),
        Definition::new("expression_function_declaration", "function")
            .special("specified", specified)
            .scope(Scope::Function),
        Definition::new("subprogram_renaming_declaration", "function").special("specified", specified),
        Definition::new("generic_instantiation", "function").special("instance", instance),
        Definition::new("full_type_declaration", "type").special("type", made).scope(Scope::Type),
        Definition::new("private_type_declaration", "type").special("named", named),
        Definition::new("private_extension_declaration", "type").special("named", named),
        Definition::new("subtype_declaration", "type").special("named", named),
        Definition::new("enumeration_type_definition", "constant").special("several", several),
        Definition::new("component_declaration", "field").special("several", several),
        Definition::new("exception_declaration", "exception").special("several", several),
        Definition::new("object_declaration", "variable").special("objects", objects).place(Place::NotLocal),
        Definition::new("number_declaration", "constant").special("several", several).place(Place::NotLocal),
        Definition::new("task_body", "impl").special("named", named).scope(Scope::Type),
        Definition::new("protected_body", "impl").special("named", named).scope(Scope::Type),
        Definition::new("single_task_declaration", "object").special("named", named).scope(Scope::Type),
        Definition::new("single_protected_declaration", "object").special("named", named).scope(Scope::Type),
        Definition::new("entry_declaration", "prototype").named("entry_name"),
        Definition::new("entry_body", "method").special("named", named).scope(Scope::Function),
    ],
    references: &[
        Reference::call("procedure_call_statement", "name"),
        Reference::call("function_call", "name"),
        Reference::special("with_clause", "with", with),
        Reference::special("derived_type_definition", "base", base),
        Reference::special("private_extension_declaration", "base", base),
    ],
    tails: &[("selected_component", "selector_name")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    wrappers: &[Wrapper::new("generic_package_declaration"), Wrapper::new("generic_subprogram_declaration")],
    inert: &["formal_part", "string_literal"],
    ..LanguageSpec::empty("ada", 1, || tree_sitter_ada::LANGUAGE.into(), "tree-sitter-ada 0.9.2")
};

/// Named by the specification in it.
fn specified(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let head = child(node, &["procedure_specification", "function_specification"]);
    let Some(name) = head.and_then(|n| n.child_by_field_name("name")) else { return };
    let body = child(node, &["non_empty_declarative_part", "handled_sequence_of_statements", "expression"]);
    // Operators are named by strings; a name with its package stands behind it.
    let mut named = match name.child_by_field_name("selector_name") {
        Some(last) => Named::node(last),
        None => Named::new(unquoted(name, context)),
    };
    named.qualifier = name.child_by_field_name("prefix").map(Text::of);
    found.push(named.body(body));
}

/// `package Name is new …`, `procedure Name is new …`.
fn instance(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let named = Named::node(name);
    found.push(if part(node, &["package"]).is_some() { named.kind("package") } else { named });
}

fn package(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = node.child_by_field_name("name");
    found.extend(name.map(|n| Named::node(n).body(n.next_named_sibling())));
}

/// Named by its first identifier; its body is what comes next.
fn named(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["identifier"]) else { return };
    let has_body = node.kind().ends_with("_body") || node.kind().starts_with("single_");
    found.push(Named::node(name).body(name.next_named_sibling().filter(|_| has_body)));
}

/// A type, and what it is by its definition. Tasks and protected types have a node of their own in it.
fn made(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let task = child(node, &["task_type_declaration", "protected_type_declaration"]);
    let Some(name) = child(task.unwrap_or(node), &["identifier"]) else { return };
    let definition = children(node).find(|n| n.kind().ends_with("_definition"));
    let named = Named::node(name).body(definition.or_else(|| name.next_named_sibling().filter(|_| task.is_some())));
    found.push(match definition.map(|n| n.kind()) {
        _ if task.is_some() => named.kind("class"),
        Some("record_type_definition") => named.kind("struct"),
        Some("derived_type_definition")
            if definition.is_some_and(|n| child(n, &["record_extension_part"]).is_some()) =>
        {
            named.kind("struct")
        }
        Some("enumeration_type_definition") => named.kind("enum").scope(Scope::Open),
        Some("interface_type_definition") => named.kind("interface"),
        _ => named.scope(Scope::Leaf),
    });
}

/// Every identifier directly in the node.
fn several(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    for name in children(node).filter(|n| matches!(n.kind(), "identifier" | "character_literal")) {
        let mut named = Named::node(name);
        named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        found.push(named);
    }
}

/// Every variable or constant of a declaration.
fn objects(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let is_constant = part(node, &["constant"]).is_some();
    let mut cursor = node.walk();
    for name in node.children_by_field_name("name", &mut cursor).filter(|n| n.kind() == "identifier").take(64) {
        let named = Named::node(name);
        let mut named = if is_constant { named.kind("constant") } else { named };
        named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        found.push(named);
    }
}

/// The units that a unit needs; `use` only makes their names visible.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every special reference")]
fn with<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Imports(node, 0))
}

fn base<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Base("extends", node.child_by_field_name("subtype_mark")?))
}
