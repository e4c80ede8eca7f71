//! Pascal.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LAST, LanguageSpec, Named, Place, Reference, Referred, Scope, Text, Visibility,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("unit", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("program", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("library", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("declType", "type").special("type", declared),
        Definition::new("declProc", "prototype").member("method").special("prototype", prototype),
        Definition::new("defProc", "function").member("method").special("procedure", procedure),
        Definition::new("declConst", "constant").special("names", names).body("defaultValue").place(Place::NotLocal),
        Definition::new("declVar", "variable").special("names", names).place(Place::NotLocal),
        Definition::new("declField", "field").special("names", names),
        Definition::new("declProp", "property"),
        Definition::new("declEnumValue", "constant"),
    ],
    references: &[
        Reference::call("exprCall", "entity"),
        Reference::special("statement", "statement", statement),
        Reference::special("declUses", "uses", uses),
        BASE,
    ],
    tails: &[("exprDot", "rhs"), ("genericDot", "rhs"), ("exprTpl", "entity"), ("typeref", LAST), ("inherited", LAST)],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["lambda"],
    inert: &["declArgs", "procAttribute", "moduleName"],
    visibility: Visibility::Unknown,
    ..LanguageSpec::empty("pascal", 1, || tree_sitter_pascal::LANGUAGE.into(), "tree-sitter-pascal 0.10.2")
};

/// The class that a class is made of.
const BASE: Reference = Reference { kind: "extends", ..Reference::special("declClass", "base", base) };

fn module(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = parts::part(node, &["moduleName"]) else { return };
    let body = parts::children(node).find(|n| !n.is_extra() && n.start_byte() > name.start_byte());
    found.push(Named::node(name).body(body));
}

/// A type: what it is stands behind its name.
fn declared(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let Some(value) = node.child_by_field_name("type") else { return };
    let kind = match value.kind() {
        "declIntf" => "interface",
        "declClass" if parts::part(value, &["kRecord"]).is_some() => "struct",
        "declClass" | "declHelper" => "class",
        "type" if parts::part(value, &["declEnum"]).is_some() => "enum",
        _ => "type",
    };
    let scope = match kind {
        "type" => Scope::Leaf,
        "enum" => Scope::Open,
        _ => Scope::Type,
    };
    let name = if name.kind() == "identifier" { name } else { parts::part(name, &["identifier"]).unwrap_or(name) };
    found.push(Named::node(name).kind(kind).scope(scope).body(Some(value)));
}

/// A procedure's name, behind that of its class.
fn headed(head: Node<'_>) -> Option<Named> {
    let name = head.child_by_field_name("name")?;
    let mut named = Named::node(name.child_by_field_name("rhs").unwrap_or(name));
    named.qualifier = name.child_by_field_name("lhs").map(Text::of);
    let constructs = parts::part(head, &["kConstructor"]).is_some();
    Some(if constructs { named.kind("constructor") } else { named })
}

/// A head without a body; that of a body has been read with it.
fn prototype(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if context.within != Scope::Function {
        found.extend(headed(node));
    }
}

fn procedure(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let named = node.child_by_field_name("header").and_then(headed);
    let body = node.child_by_field_name("local").or_else(|| node.child_by_field_name("body"));
    found.extend(named.map(|named| named.scope(Scope::Function).body(body)));
}

/// Every name of a declaration.
fn names(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for name in node.children_by_field_name("name", &mut cursor).filter(Node::is_named).take(64) {
        let mut named = Named::node(name);
        named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        found.push(named);
    }
}

/// A procedure is called without brackets, too.
fn statement<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    node.named_child(0).filter(|n| matches!(n.kind(), "identifier" | "exprDot")).map(Referred::Callee)
}

/// The modules behind `uses`.
#[expect(clippy::unnecessary_wraps, reason = "the form of every function that finds references")]
fn uses<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Imports(node, 1))
}

fn base<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    parts::part(node, &["typeref"]).map(Referred::Callee)
}
