//! HCL: Terraform, and what else is written in blocks with labels.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Reference, Referred, Scope, Text,
};

use super::parts::{child, children, unquoted};

/// Most labels that go into a name.
const LABELS: usize = 4;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("block", "block").special("block", block).scope(Scope::Type).levels(4),
        Definition::new("attribute", "local").special("attribute", attribute).levels(2),
    ],
    references: &[Reference::call("function_call", FIRST), Reference::special("attribute", "source", source)],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["string_lit", "template_literal", "heredoc_start"],
    ..LanguageSpec::empty("hcl", 2, || tree_sitter_hcl::LANGUAGE.into(), "tree-sitter-hcl 1.1.0")
};

/// A block by the address that Terraform gives it: `aws_instance.web`, `data.aws_ami.ubuntu`, `module.vpc`, `var.region`.
/// A block without labels inside another is a part of that one.
fn block(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(word) = node.named_child(0).filter(|n| n.kind() == "identifier") else { return };
    let labels: Vec<Node<'_>> =
        children(node).skip(1).take_while(|n| matches!(n.kind(), "string_lit" | "identifier")).take(LABELS).collect();
    let top = context.within == Scope::Namespace;
    let type_of_block = context.text(word);
    let body = child(node, &["block_start"]);
    let Some((last, before)) = labels.split_last() else {
        if top {
            let named = Named::node(word).body(body).kind(known(type_of_block));
            let open = type_of_block == b"locals";
            found.push(if open { named.scope(Scope::Open) } else { named });
        }
        return;
    };
    let prefix: &[u8] = match type_of_block {
        b"resource" if top => b"",
        b"variable" if top => b"var",
        other => other,
    };
    let mut qualifier = String::from_utf8_lossy(prefix).into_owned();
    for label in before {
        if !qualifier.is_empty() {
            qualifier.push('.');
        }
        qualifier.push_str(String::from_utf8_lossy(context.text(*label)).trim_matches('"'));
    }
    let mut named = Named::new(unquoted(*last, context)).body(body);
    named.qualifier = Some(Text::Made(qualifier));
    found.push(if top { named.kind(known(type_of_block)) } else { named });
}

/// The outline's kind of a block at the top.
fn known(word: &[u8]) -> &'static str {
    match word {
        b"resource" => "resource",
        b"data" => "data",
        b"module" => "module",
        b"variable" => "input",
        b"output" => "output",
        b"provider" => "provider",
        _ => "block",
    }
}

/// A local value, or a value of a file of variables.
fn attribute(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.named_child(0).filter(|n| n.kind() == "identifier") else { return };
    let named = Named::node(name).body(node.named_child(1));
    match context.within {
        Scope::Open => {
            let mut named = named;
            named.qualifier = Some(Text::Fixed("local"));
            found.push(named);
        }
        Scope::Namespace => found.push(named.kind("key")),
        _ => {}
    }
}

/// Where a module comes from.
fn source<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let name = node.named_child(0).filter(|n| context.text(*n) == b"source")?;
    let block = node.parent()?.parent()?.named_child(0)?;
    let literal = name.next_named_sibling()?.named_child(0)?;
    (context.text(block) == b"module" && literal.kind() == "literal_value").then_some(Referred::Import(literal))
}
