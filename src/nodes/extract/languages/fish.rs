//! fish.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scope, Text,
};

use super::parts::{children, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("function_definition", "function").special("function", function).scope(Scope::Function),
        Definition::new("command", "variable").special("command", command).place(Place::NotLocal),
    ],
    references: &[Reference::special("command", "call", call)],
    identifiers: &["word"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["single_quote_string"],
    ..LanguageSpec::empty("fish", 1, tree_sitter_fish::language, "tree-sitter-fish 3.6.0")
};

/// With its options in the signature.
fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut cursor = node.walk();
    let last = node.children_by_field_name("option", &mut cursor).last().unwrap_or(name);
    let body = children(node).find(|n| n.start_byte() > last.end_byte());
    let mut named = Named::new(unquoted(name, context)).body(body);
    // The line ends with the head.
    named.body = named.body.or(Some(last.end_byte() as u32));
    found.push(named);
}

fn argument(node: Node<'_>, at: usize) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.children_by_field_name("argument", &mut cursor).nth(at)
}

/// An alias or a variable that outlives the file.
fn command(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(word) = node.child_by_field_name("name") else { return };
    let mut cursor = node.walk();
    let mut arguments = node.children_by_field_name("argument", &mut cursor);
    match context.text(word) {
        b"alias" => {
            let name = arguments.find(|n| !context.text(*n).starts_with(b"-"));
            let Some(name) = name.filter(|n| n.kind() != "concatenation") else { return };
            let named = match (unquoted(name, context), memchr::memchr(b'=', context.text(name))) {
                (Text::Span(start, _), Some(at)) => Text::Span(start, (name.start_byte() + at) as u32),
                (text, _) => text,
            };
            found.push(Named::new(named).kind("alias").body(argument(node, 1)));
        }
        b"set" => {
            let global = |n: &Node<'_>| {
                let text = context.text(*n);
                let short = text.starts_with(b"-") && !text.starts_with(b"--");
                let shown = short && text.iter().any(|b| b"eqnShL".contains(b));
                !shown
                    && (matches!(text, b"--global" | b"--universal") || short && text.iter().any(|b| b"gU".contains(b)))
            };
            let options = |n: &Node<'_>| context.text(*n).starts_with(b"-");
            let (mut is_global, mut name) = (false, None);
            for argument in arguments {
                if options(&argument) {
                    is_global |= global(&argument);
                } else {
                    name = Some(argument);
                    break;
                }
            }
            if let Some(name) = name.filter(|n| is_global && n.kind() == "word") {
                found.push(Named::node(name).body(name.next_named_sibling()));
            }
        }
        _ => {}
    }
}

/// A command, or the file that it reads.
fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let word = node.child_by_field_name("name")?;
    match context.text(word) {
        b"source" | b"." => argument(node, 0).map(Referred::Import),
        b"set" | b"alias" | b"test" | b"[" | b"return" => None,
        _ => Some(Referred::Callee(word)),
    }
}
