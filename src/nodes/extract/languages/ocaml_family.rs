//! What implementations and interfaces of OCaml have in common.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, Named, Place, Referred, Scope};

use super::parts::{child, children, unquoted};

pub(super) const DOCS: Docs = Docs { comments: &["comment"], markers: &[], docstring: false };

pub(super) const EXTERNAL: Definition = Definition::new("external", "function").special("child", named);
pub(super) const VALUE: Definition = Definition::new("value_specification", "constant").special("value", value);
pub(super) const TYPE: Definition = Definition::new("type_binding", "type").special("type", made).body("body");
pub(super) const FIELD: Definition =
    Definition::new("field_declaration", "field").special("child", named).place(Place::Member);
pub(super) const CONSTRUCTOR: Definition =
    Definition::new("constructor_declaration", "constant").special("child", named);
pub(super) const EXCEPTION: Definition =
    Definition::new("exception_definition", "exception").special("exception", exception);
pub(super) const MODULE: Definition =
    Definition::new("module_binding", "module").special("module", module).scope(Scope::Namespace);
pub(super) const MODULE_TYPE: Definition =
    Definition::new("module_type_definition", "interface").special("child", named).body("body").scope(Scope::Type);
pub(super) const CLASS_TYPE: Definition =
    Definition::new("class_type_binding", "interface").special("child", named).body("body").scope(Scope::Type);
pub(super) const METHOD_TYPE: Definition = Definition::new("method_specification", "method").special("child", named);

/// Nodes that name what they stand in.
const NAMES: &[&str] = &[
    "value_name",
    "parenthesized_operator",
    "field_name",
    "constructor_name",
    "module_name",
    "module_type_name",
    "class_name",
    "class_type_name",
    "method_name",
    "instance_variable_name",
];

/// A name; of an operator what stands in its brackets.
fn plain(name: Node<'_>) -> Node<'_> {
    if name.kind() == "parenthesized_operator" { name.named_child(0).unwrap_or(name) } else { name }
}

/// Named by a child.
pub(super) fn named(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(child(node, NAMES).map(|n| Named::node(plain(n))));
}

/// What a signature asks for: a function where its type is one.
fn value(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let is_function = node.child_by_field_name("type").is_some_and(|n| n.kind() == "function_type");
    let kind = match (is_function, context.within) {
        (true, Scope::Type) => "method",
        (true, _) => "function",
        (false, _) => "constant",
    };
    found.extend(child(node, NAMES).map(|n| Named::node(plain(n)).kind(kind)));
}

/// A function with parameters, or a value that is one; a constant, unless it is local; a test of `let%test`.
pub(super) fn bound(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(pattern) = node.child_by_field_name("pattern") else { return };
    let body = node.child_by_field_name("body");
    let made = body.is_some_and(|b| matches!(b.kind(), "fun_expression" | "function_expression"));
    let named = match pattern.kind() {
        "value_name" | "parenthesized_operator" if made || child(node, &["parameter"]).is_some() => {
            Named::node(plain(pattern))
        }
        "value_name" if context.within != Scope::Function => Named::node(pattern).kind("constant"),
        "string" if node.parent().is_some_and(|n| child(n, &["attribute_id"]).is_some()) => {
            Named::new(unquoted(pattern, context)).kind("test")
        }
        "unit" | "any_pattern" if context.within != Scope::Function => Named::nameless(Scope::Function),
        _ => return,
    };
    found.push(first_of(node, named.body(body), context));
}

/// The first of several bindings has what stands before all of them.
fn first_of(node: Node<'_>, named: Named, context: &Context<'_>) -> Named {
    let Some(whole) = node.parent().filter(|n| n.named_child_count() > 1 && child(*n, &[node.kind()]) == Some(node))
    else {
        return named;
    };
    let comment = whole.prev_named_sibling().filter(|n| n.kind() == "comment");
    let adjoins = |n: &Node<'_>| {
        let between = context.bytes.get(n.end_byte()..whole.start_byte()).unwrap_or_default();
        memchr::memchr_iter(b'\n', between).count() < 2
    };
    named.from(whole).doc(comment.filter(adjoins))
}

/// A record is a type with fields, a variant one with constructors.
fn made(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let named = Named::node(name);
    let named = match node.child_by_field_name("body").map(|b| b.kind()) {
        Some("record_declaration") => named.kind("struct").scope(Scope::Type),
        Some("variant_declaration") => named.kind("enum").scope(Scope::Open),
        _ => named,
    };
    found.push(first_of(node, named, context));
}

fn exception(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = child(node, &["constructor_declaration"]).and_then(|n| child(n, NAMES));
    found.extend(name.map(|n| Named::node(n).sealed()));
}

/// A module with what it holds: its structure, or the signature that it is declared with.
fn module(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["module_name"]) else { return };
    let body = node.child_by_field_name("body").or_else(|| node.child_by_field_name("module_type"));
    found.push(first_of(node, Named::node(name).body(body), context));
}

/// `x |> f`, `f @@ x`.
pub(super) fn infix<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let side = match context.text(node.child_by_field_name("operator")?) {
        b"|>" | b">>=" | b">|=" => "right",
        b"@@" => "left",
        _ => return None,
    };
    node.child_by_field_name(side).filter(|n| n.kind() == "value_path").map(Referred::Callee)
}

/// The signature that a module has.
pub(super) fn module_type<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let path = node.child_by_field_name("module_type").filter(|n| n.kind() == "module_type_path");
    path.map(|n| Referred::Base("implements", n))
}

pub(super) fn includes<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    child(node, &["module_type_path"]).map(|n| Referred::Base("extends", n))
}

/// The class that a class has all of.
pub(super) fn inherits<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let path = |n: Node<'t>| child(n, &["class_path", "class_type_path"]);
    let applied = children(node).find_map(|n| if n.kind() == "class_application" { path(n) } else { None });
    path(node).or(applied).map(|n| Referred::Base("extends", n))
}
