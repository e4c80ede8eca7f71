//! Ruby.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scanner, Scope, Text, Visibility,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "::",
    definitions: &[
        Definition::container("class", "class"),
        Definition::container("module", "module"),
        Definition::container("singleton_class", "class").special("singleton", singleton),
        Definition::function("method", "function").member("method"),
        Definition::function("singleton_method", "method"),
        Definition::new("alias", "method"),
        Definition::new("assignment", "constant").special("constant", constant).body("right").place(Place::NotLocal),
    ],
    references: &[
        Reference::special("call", "called", called)
            .importing(&["require", "require_relative", "load", "autoload"], "arguments"),
        Reference::special("superclass", "superclass", superclass),
    ],
    tails: &[("scope_resolution", "name")],
    identifiers: &["identifier", "constant"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["lambda"],
    inert: &["simple_symbol", "regex", "symbol_array", "string_array", "superclass", "method_parameters"],
    visibility: Visibility::Statements,
    scanner: Scanner::Heredocs(200),
    ..LanguageSpec::empty("ruby", 2, || tree_sitter_ruby::LANGUAGE.into(), "tree-sitter-ruby 0.23.1")
};

/// `class << self`: members belong to the class around it.
fn singleton(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("")).scope(Scope::Type));
}

/// A constant; a struct or class made by a call is a class.
fn constant(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(left) = node.child_by_field_name("left").filter(|n| n.kind() == "constant") else { return };
    let named = Named::node(left);
    let right = node.child_by_field_name("right").filter(|n| n.kind() == "call");
    let made = right.and_then(|call| call.child_by_field_name("receiver")).map(|n| context.text(n));
    found.push(match made {
        Some(b"Struct" | b"Class" | b"Data") => named.kind("class").scope(Scope::Type),
        Some(b"Module") => named.kind("module").scope(Scope::Type),
        _ => named,
    });
}

/// The class that a class is derived from.
fn superclass<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Base("extends", module(node.named_child(0)?)?))
}

/// A call; `include`, `prepend` or `extend` in a class makes it of modules.
fn called<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let method = node.child_by_field_name("method")?;
    let mixes = matches!(context.text(method), b"include" | b"prepend" | b"extend");
    if mixes && context.within == Scope::Type && node.child_by_field_name("receiver").is_none() {
        let modules = node.child_by_field_name("arguments")?;
        if modules.named_child(0).and_then(module).is_some() {
            return Some(Referred::Bases("implements", modules, module));
        }
    }
    Some(Referred::Callee(method))
}

/// The name of a class or module.
fn module(node: Node<'_>) -> Option<Node<'_>> {
    matches!(node.kind(), "constant" | "scope_resolution").then_some(node)
}
