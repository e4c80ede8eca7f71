//! Elixir: everything is a call, and what is defined is told by the word that is called.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scope, Text,
};

use super::parts::{child, children, unquoted};

/// Calls that are no calls of anything: special forms and what is made of them.
const FORMS: [&[u8]; 12] = [
    b"if",
    b"unless",
    b"case",
    b"cond",
    b"for",
    b"with",
    b"quote",
    b"unquote",
    b"unquote_splicing",
    b"receive",
    b"try",
    b"super",
];

/// Attributes that say something of a module or of the next definition.
const ABOUT: [&[u8]; 24] = [
    b"after_compile",
    b"after_verify",
    b"before_compile",
    b"behaviour",
    b"compile",
    b"deprecated",
    b"derive",
    b"describetag",
    b"dialyzer",
    b"doc",
    b"enforce_keys",
    b"external_resource",
    b"file",
    b"impl",
    b"moduledoc",
    b"moduletag",
    b"nifs",
    b"on_definition",
    b"on_load",
    b"since",
    b"spec",
    b"tag",
    b"typedoc",
    b"vsn",
];

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("call", "function").special("defined", defined),
        Definition::new("unary_operator", "constant").special("attribute", attribute).place(Place::NotLocal),
    ],
    references: &[Reference::special("call", "call", call)],
    tails: &[("dot", "right")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["anonymous_function"],
    inert: &["quoted_content", "sigil"],
    ..LanguageSpec::empty("elixir", 1, || tree_sitter_elixir::LANGUAGE.into(), "tree-sitter-elixir 0.3.5")
};

/// The word that a call begins with, where it is one.
fn word<'a>(call: Node<'_>, context: &Context<'a>) -> &'a [u8] {
    call.child_by_field_name("target").filter(|n| n.kind() == "identifier").map_or(b"", |n| context.text(n))
}

fn first_argument(call: Node<'_>) -> Option<Node<'_>> {
    child(call, &["arguments"])?.named_child(0)
}

/// What stands behind `do`.
fn body<'t>(call: Node<'t>, context: &Context<'_>) -> Option<Node<'t>> {
    let block = child(call, &["do_block"]);
    block.or_else(|| keyword(child(call, &["arguments"])?, context, b"do:"))
}

/// A keyword among arguments, with its value.
fn keyword<'t>(arguments: Node<'t>, context: &Context<'_>, key: &[u8]) -> Option<Node<'t>> {
    let pairs = child(arguments, &["keywords"])?;
    let is = |pair: &Node<'t>| pair.child_by_field_name("key").is_some_and(|k| context.text(k).trim_ascii() == key);
    children(pairs).find(is)
}

/// What a call of `defmodule`, `def` and their like defines.
fn defined(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let (kind, visibility) = match word(node, context) {
        b"defmodule" => ("module", None),
        b"defprotocol" => ("interface", None),
        b"defimpl" => ("impl", None),
        b"def" | b"defdelegate" | b"defn" => ("function", Some("public")),
        b"defp" | b"defnp" => ("function", Some("private")),
        b"defmacro" | b"defguard" => ("macro", Some("public")),
        b"defmacrop" | b"defguardp" => ("macro", Some("private")),
        b"defstruct" => ("struct", None),
        b"defexception" => ("exception", None),
        b"test" | b"property" => ("test", None),
        b"describe" => ("suite", None),
        _ => return,
    };
    let Some(first) = first_argument(node) else { return };
    let body = body(node, context);
    let named = match kind {
        "module" | "interface" | "impl" if body.is_some() => Some(module(node, first, context)),
        "struct" | "exception" => Some(Named::new(Text::Fixed("__struct__"))),
        "test" | "suite" if first.kind() == "string" && body.is_some() => Some(test(first, context, kind)),
        "function" | "macro" => head(first).map(|name| Named::new(name).scope(Scope::Function)),
        _ => None,
    };
    let Some(named) = named else { return };
    let mut named = introduced(node, named.kind(kind).body(body), context);
    named.visibility = visibility;
    found.push(named);
}

/// A module by the last part of its alias; an implementation by the name of the module that it makes.
fn module(node: Node<'_>, first: Node<'_>, context: &Context<'_>) -> Named {
    let text = |n: Node<'_>| String::from_utf8_lossy(context.text(n)).into_owned();
    let target = child(node, &["arguments"]).and_then(|list| keyword(list, context, b"for:"));
    let target = target.and_then(|pair| pair.child_by_field_name("value"));
    let named = match target {
        Some(target) => Named::new(Text::Made(format!("{}.{}", text(first), text(target)))),
        None => match memchr::memrchr(b'.', context.text(first)) {
            Some(dot) => {
                let (start, dot) = (first.start_byte() as u32, (first.start_byte() + dot) as u32);
                let mut named = Named::new(Text::Span(dot + 1, first.end_byte() as u32));
                named.qualifier = Some(Text::Span(start, dot));
                named
            }
            None => Named::node(first),
        },
    };
    named.scope(Scope::Namespace)
}

fn test(name: Node<'_>, context: &Context<'_>, kind: &str) -> Named {
    let scope = if kind == "test" { Scope::Function } else { Scope::Namespace };
    Named::new(unquoted(name, context)).scope(scope)
}

/// The name in `name(…) when …`, `name`, `left <> right`.
fn head(first: Node<'_>) -> Option<Text> {
    let operator = first.child_by_field_name("operator");
    let guarded = first.kind() == "binary_operator" && operator.is_some_and(|o| o.kind() == "when");
    let head = if guarded { first.child_by_field_name("left")? } else { first };
    Some(Text::of(match head.kind() {
        "call" => head.child_by_field_name("target")?,
        "identifier" => head,
        "binary_operator" | "unary_operator" => head.child_by_field_name("operator")?,
        _ => return None,
    }))
}

/// With the attributes directly before it, of which `@doc` documents.
fn introduced(node: Node<'_>, mut named: Named, context: &Context<'_>) -> Named {
    let mut first = node;
    while let Some(before) = first.prev_named_sibling() {
        let Some(call) = attribute_call(before, context) else { break };
        let attribute = word(call, context);
        let adjoins = first.start_position().row.saturating_sub(before.end_position().row) <= 1;
        if !adjoins || !matches!(attribute, b"doc" | b"spec" | b"impl" | b"deprecated" | b"since" | b"typedoc" | b"tag")
        {
            break;
        }
        if matches!(attribute, b"doc" | b"typedoc") {
            named = named.doc(first_argument(call).filter(|n| matches!(n.kind(), "string" | "sigil")));
        }
        named = named.from(before);
        first = before;
    }
    if matches!(named.kind, Some("module" | "interface" | "impl")) {
        let inside = children(node).filter(|n| n.kind() == "do_block").flat_map(children).take(8);
        let about = inside.filter_map(|n| attribute_call(n, context)).find(|c| word(*c, context) == b"moduledoc");
        named = named.doc(about.and_then(first_argument).filter(|n| matches!(n.kind(), "string" | "sigil")));
    }
    named
}

/// The call in `@name value`.
fn attribute_call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Node<'t>> {
    let is_attribute = node.kind() == "unary_operator" && context.text(node).starts_with(b"@");
    node.child_by_field_name("operand").filter(|n| is_attribute && n.kind() == "call")
}

/// A type, a callback or a constant of a module. Types hold no calls.
fn attribute(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(call) = attribute_call(node, context) else { return };
    let Some(name) = call.child_by_field_name("target") else { return };
    let (kind, visibility) = match context.text(name) {
        b"type" | b"opaque" => ("type", Some("public")),
        b"typep" => ("type", Some("private")),
        b"callback" | b"macrocallback" => ("callback", Some("public")),
        about if ABOUT.contains(&about) => {
            found.push(Named::nameless(Scope::Leaf).sealed());
            return;
        }
        _ => {
            found.push(Named::node(name).body(first_argument(call)));
            return;
        }
    };
    let Some(declared) = first_argument(call) else { return };
    let left = declared.child_by_field_name("left").filter(|n| n.kind() == "call" || n.kind() == "identifier");
    let Some(name) = left.and_then(head) else { return };
    let right = declared.child_by_field_name("right").filter(|_| kind == "type");
    let mut named = introduced(node, Named::new(name).kind(kind).body(right).sealed(), context);
    named.visibility = visibility;
    found.push(named);
}

fn is_attribute(call: Node<'_>, context: &Context<'_>) -> bool {
    call.start_byte().checked_sub(1).and_then(|before| context.bytes.get(before)) == Some(&b'@')
}

/// A call; heads of definitions and accesses to fields look like calls, too.
fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let in_head =
        context.within == Scope::Function && context.body.is_some_and(|body| (node.start_byte() as u32) < body);
    let target = node.child_by_field_name("target").filter(|_| !in_head)?;
    let word = word(node, context);
    match word {
        b"import" | b"use" | b"alias" | b"require" => first_argument(node).map(Referred::Import),
        b"describe" | b"property" | b"test" => None,
        _ if word.starts_with(b"def") || FORMS.contains(&word) || is_attribute(node, context) => None,
        b"" => {
            let of_module =
                target.child_by_field_name("left").is_some_and(|left| matches!(left.kind(), "alias" | "atom"));
            (of_module || child(node, &["arguments"]).is_some()).then_some(Referred::Callee(target))
        }
        _ => Some(Referred::Callee(target)),
    }
}
