//! R.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope, Text, Visibility,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "$",
    definitions: &[
        Definition::new("binary_operator", "variable").special("assigned", assigned),
        Definition::new("call", "function").special("registered", registered),
        Definition::new("argument", "method").special("member", member),
    ],
    references: &[Reference::special("call", "call", call)],
    tails: &[("namespace_operator", "rhs"), ("extract_operator", "rhs")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["function_definition"],
    inert: &["string"],
    visibility: Visibility::Unknown,
    ..LanguageSpec::empty("r", 1, || tree_sitter_r::LANGUAGE.into(), "tree-sitter-r 1.3.0")
};

/// Functions that load what their first argument names.
const IMPORTS: &[&[u8]] = &[b"library", b"require", b"requireNamespace", b"loadNamespace", b"source"];

/// Functions that make a class, called with its name or assigned to it.
const CLASSES: &[&[u8]] = &[b"setClass", b"setRefClass", b"R6Class", b"R6::R6Class", b"ggproto", b"ggplot2::ggproto"];

/// The bytes of a name without quotes or backticks.
fn bare(node: Node<'_>, context: &Context<'_>) -> Option<Text> {
    let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
    match (node.kind(), context.text(node)) {
        ("string", text) | ("identifier", text @ [b'`', ..]) if text.len() > 2 => Some(Text::Span(start + 1, end - 1)),
        ("identifier", _) => Some(Text::Span(start, end)),
        _ => None,
    }
}

/// What is assigned to: a name, or a name in an object.
fn target(node: Node<'_>, context: &Context<'_>) -> Option<Named> {
    if node.kind() != "extract_operator" {
        return bare(node, context).map(Named::new);
    }
    let (object, part) = (node.child_by_field_name("lhs")?, node.child_by_field_name("rhs")?);
    let mut named = Named::new(bare(part, context)?);
    named.qualifier = (object.kind() == "identifier").then(|| Text::of(object));
    Some(named)
}

/// `name <- function …`, anywhere; a class or variable outside functions.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let sides = (node.child_by_field_name("lhs"), node.child_by_field_name("rhs"));
    let (Some(left), Some(right)) = sides else { return };
    let Some(sign) = node.child_by_field_name("operator") else { return };
    let (name, value) = match context.text(sign) {
        b"<-" | b"=" | b"<<-" | b":=" => (left, right),
        b"->" | b"->>" => (right, left),
        _ => return,
    };
    let Some(named) = target(name, context) else { return };
    if value.kind() == "function_definition" {
        let body = value.child_by_field_name("body");
        found.push(named.kind("function").scope(Scope::Function).body(body));
    } else if context.within != Scope::Function && named.qualifier.is_none() {
        let named = named.body(Some(if value == right { sign } else { value }));
        found.push(if makes_class(value, context) { named.kind("class").scope(Scope::Type) } else { named });
    }
}

fn makes_class(node: Node<'_>, context: &Context<'_>) -> bool {
    let callee = node.child_by_field_name("function").filter(|_| node.kind() == "call");
    callee.is_some_and(|n| CLASSES.contains(&context.text(n)))
}

/// The values of a call's arguments.
fn arguments(call: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let list = call.child_by_field_name("arguments");
    list.into_iter().flat_map(parts::children).filter_map(|n| n.child_by_field_name("value"))
}

fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let callee = node.child_by_field_name("function")?;
    let names = |n: &Node<'_>| matches!(n.kind(), "identifier" | "string");
    let first = arguments(node).next().filter(names).filter(|_| IMPORTS.contains(&context.text(callee)));
    Some(first.map_or(Referred::Callee(callee), Referred::Import))
}

/// `setGeneric("name", function …)` and its like.
fn registered(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let kind = match node.child_by_field_name("function").map(|n| context.text(n)) {
        Some(b"setClass" | b"setRefClass" | b"setClassUnion") => "class",
        Some(b"setGeneric") => "function",
        Some(b"setMethod" | b"setReplaceMethod") => "method",
        _ => return,
    };
    // Of a class that is assigned, too, only the assignment is listed.
    let before = context.bytes.get(..node.start_byte()).unwrap_or_default().trim_ascii_end();
    if kind == "class" && (before.ends_with(b"<-") || before.ends_with(b"=")) && context.within == Scope::Type {
        return;
    }
    let Some(name) = arguments(node).next().filter(|n| n.kind() == "string").and_then(|n| bare(n, context)) else {
        return;
    };
    let function = arguments(node).find(|n| n.kind() == "function_definition");
    let scope = if kind == "class" { Scope::Type } else { Scope::Function };
    found.push(Named::new(name).kind(kind).scope(scope).body(function.and_then(|n| n.child_by_field_name("body"))));
}

/// A function among the arguments of what makes a class.
fn member(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let function = node.child_by_field_name("value").filter(|n| n.kind() == "function_definition");
    let (Some(function), Scope::Type) = (function, context.within) else { return };
    let name = node.child_by_field_name("name").and_then(|n| bare(n, context));
    let body = function.child_by_field_name("body");
    found.extend(name.map(|name| Named::new(name).scope(Scope::Function).body(body)));
}
