//! Julia.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LAST, LanguageSpec, Named, Place, Reference, Referred, Scope, Text,
};

use super::parts::{child, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("module_definition", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("function_definition", "function").special("function", function).scope(Scope::Function),
        Definition::new("macro_definition", "macro").special("macro", function).scope(Scope::Function),
        Definition::new("assignment", "variable").special("assigned", assigned),
        Definition::new("struct_definition", "struct").special("type", headed).scope(Scope::Type),
        Definition::new("abstract_definition", "type").special("type", headed),
        Definition::new("primitive_definition", "type").special("type", headed),
        Definition::new("typed_expression", "field").special("field", field).place(Place::Member),
        Definition::new("macrocall_expression", "enum").special("made", made),
    ],
    references: &[
        Reference::special("call_expression", "call", call),
        Reference::call("broadcast_call_expression", FIRST),
        Reference::special("macrocall_expression", "macro", called_macro),
        Reference::special("using_statement", "import", import),
        Reference::special("import_statement", "import", import),
        Reference::special("type_head", "base", base),
    ],
    tails: &[("field_expression", LAST), ("parametrized_type_expression", FIRST)],
    identifiers: &["identifier", "macro_identifier"],
    docs: Docs { comments: &["line_comment", "block_comment"], markers: &[], docstring: false },
    opaque: &["arrow_function_expression", "do_clause", "let_statement", "quote_statement"],
    inert: &["string_literal", "curly_expression"],
    ..LanguageSpec::empty("julia", 1, || tree_sitter_julia::LANGUAGE.into(), "tree-sitter-julia 0.23.1")
};

/// With the string before it that documents it, over what stands around it: `const`, `@inline`.
fn introduced(node: Node<'_>, named: Named) -> Named {
    let mut outer = node;
    while let Some(parent) = outer.parent() {
        let wraps = match parent.kind() {
            "macro_argument_list" => parent.start_byte() >= outer.start_byte() || parent.named_child_count() == 1,
            "macrocall_expression" | "const_statement" | "global_statement" => true,
            _ => false,
        };
        if !wraps {
            break;
        }
        outer = parent;
    }
    let named = if outer == node { named } else { named.from(outer) };
    let before = outer.prev_named_sibling().filter(|n| n.kind() == "string_literal");
    let adjoins = |n: &Node<'_>| outer.start_position().row.saturating_sub(n.end_position().row) <= 1;
    match before.filter(adjoins) {
        Some(text) => named.doc(Some(text)).from(text),
        None => named,
    }
}

fn module(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = node.child_by_field_name("name");
    found.extend(name.map(|name| introduced(node, Named::node(name).body(node.named_child(1)))));
}

/// The callee in the head of a function, behind types and conditions.
fn head(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    for _ in 0..8 {
        at = match at.kind() {
            "signature" | "where_expression" | "typed_expression" => at.named_child(0)?,
            "call_expression" => return at.named_child(0),
            "identifier" if node.kind() == "signature" => return Some(at),
            _ => return None,
        };
    }
    None
}

/// A function by its callee; `Base.show` stands behind its module.
fn of(callee: Node<'_>, context: &Context<'_>) -> Option<Named> {
    match callee.kind() {
        "identifier" | "operator" => Some(Named::node(callee)),
        "parametrized_type_expression" => callee.named_child(0).and_then(|n| of(n, context)),
        "field_expression" => {
            let last = callee.named_child(callee.named_child_count().checked_sub(1)? as u32)?;
            let text = context.text(last).trim_ascii_start();
            let skipped = text.iter().take_while(|b| b":(".contains(b)).count() as u32;
            let end = last.end_byte() as u32 - text.iter().rev().take_while(|b| **b == b')').count() as u32;
            let start = (last.end_byte() - text.len()) as u32 + skipped;
            let mut named = Named::new(Text::Span(start.min(end), end));
            named.qualifier = callee.child_by_field_name("value").map(Text::of);
            Some(named)
        }
        // `(c::Cart)(x) = …` makes values callable.
        _ => None,
    }
}

fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(signature) = child(node, &["signature"]) else { return };
    let Some(callee) = head(signature) else { return };
    let Some(named) = of(callee, context) else {
        found.push(Named::nameless(Scope::Function));
        return;
    };
    let named = match node.kind() {
        "macro_definition" => Named::new(Text::Made(format!("@{}", String::from_utf8_lossy(context.text(callee))))),
        _ => named,
    };
    found.push(introduced(node, named.body(node.named_child(1))));
}

/// A short function, a constant, or a variable that is not local.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let (Some(left), Some(right)) = (node.named_child(0), node.named_child(2)) else { return };
    if let Some(callee) = head(left).filter(|_| left.kind() != "identifier") {
        let named = of(callee, context).unwrap_or_else(|| Named::nameless(Scope::Function));
        found.push(introduced(node, named.kind("function").scope(Scope::Function).body(Some(right))));
        return;
    }
    let name = if left.kind() == "typed_expression" { left.named_child(0) } else { Some(left) };
    let Some(name) = name.filter(|n| n.kind() == "identifier") else { return };
    let parent = node.parent().map_or("", |n| n.kind());
    let kind = match parent {
        _ if context.within == Scope::Function => return,
        "const_statement" => "constant",
        _ if right.kind() == "arrow_function_expression" => "function",
        // A default of `@kwdef`; the declaration in it is the field.
        "struct_definition" if left.kind() == "typed_expression" => return,
        "struct_definition" => "field",
        "source_file" | "module_definition" | "global_statement" => "variable",
        _ => return,
    };
    found.push(introduced(node, Named::node(name).kind(kind).body(Some(right))));
}

/// A type by the name in its head: `Item{T} <: Thing`.
fn headed(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut at = child(node, &["type_head"]);
    for _ in 0..4 {
        match at {
            Some(n) if n.kind() == "identifier" => {
                found.push(introduced(node, Named::node(n).body(node.named_child(1))));
                return;
            }
            Some(n) => at = n.named_child(0),
            None => return,
        }
    }
}

/// `name::Type` in a struct, with or without a default.
fn field(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let parent = node.parent().map_or("", |n| n.kind());
    let name = node.named_child(0).filter(|n| n.kind() == "identifier");
    if matches!(parent, "struct_definition" | "assignment" | "const_statement") {
        found.extend(name.map(Named::node));
    }
}

/// What some macros define: `@enum`, and `@testset` with a name.
fn made(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["macro_identifier"]).map(|n| context.text(n)) else { return };
    let first = child(node, &["macro_argument_list", "argument_list"]).and_then(|list| list.named_child(0));
    let named = match (name, first) {
        (b"@enum", Some(n)) => Named::node(n.named_child(0).filter(|_| n.kind() != "identifier").unwrap_or(n)),
        (b"@testset", Some(n)) if n.kind() == "string_literal" => {
            Named::new(unquoted(n, context)).kind("test").scope(Scope::Function).body(n.next_named_sibling())
        }
        _ => return,
    };
    found.push(introduced(node, named));
}

/// A call that is not the head of a function; `include` imports.
fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let mut outer = node;
    while let Some(parent) = outer.parent().filter(|n| n.start_byte() == node.start_byte()) {
        match parent.kind() {
            "where_expression" | "typed_expression" => outer = parent,
            "signature" | "assignment" => return None,
            _ => break,
        }
    }
    let callee = node.named_child(0)?;
    if context.text(callee) == b"include" {
        let path = child(node, &["argument_list"]).and_then(|list| child(list, &["string_literal"]));
        return path.map(Referred::Import);
    }
    Some(Referred::Callee(callee))
}

fn called_macro<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    child(node, &["macro_identifier"]).map(Referred::Callee)
}

/// The modules; what is taken out of one is not named.
fn import<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let first = node.named_child(0)?;
    match first.kind() {
        "selected_import" | "import_alias" => first.named_child(0).map(Referred::Import),
        _ => Some(Referred::Imports(node, 0)),
    }
}

/// The type behind `<:`.
fn base<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let both = child(node, &["binary_expression"])?;
    Some(Referred::Base("extends", both.named_child(2)?))
}
