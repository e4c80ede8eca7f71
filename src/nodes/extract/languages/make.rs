//! Make.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Scope, Text};

use super::parts::{child, children};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("rule", "target").special("targets", targets).scope(Scope::Leaf),
        Definition::new("variable_assignment", "variable").special("variable", variable),
        Definition::new("shell_assignment", "variable").special("variable", variable),
        Definition::new("define_directive", "macro").special("variable", variable),
    ],
    references: &[Reference::import("include_directive", "filenames")],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["recipe", "shell_text", "prerequisites"],
    ..LanguageSpec::empty("make", 2, || tree_sitter_make::LANGUAGE.into(), "tree-sitter-make 1.1.1")
};

/// The targets of a rule: the first has the recipe. Special targets (`.PHONY`) say something of others.
fn targets(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(list) = child(node, &["targets"]) else { return };
    let recipe = child(node, &["recipe"]);
    for target in children(list) {
        let special = |text: &[u8]| matches!(text, [b'.', first, ..] if first.is_ascii_uppercase());
        if special(context.text(target)) {
            continue;
        }
        let mut named = Named::node(target).body(recipe).trimmed(node, context);
        if !found.is_empty() {
            named.body = None;
            named.span = Some((target.start_byte() as u32, target.end_byte() as u32));
        }
        found.push(named);
    }
}

/// A variable; the assignments of a rule are of its target.
fn variable(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    // Without blanks before it, the grammar counts the first sign of an operator to the name.
    let text = context.text(name);
    let length = text.len() - text.iter().rev().take_while(|b| b"?:+!".contains(b)).count();
    let (start, end) = (name.start_byte() as u32, (name.start_byte() + length) as u32);
    // The operator is no part of the signature, and neither is what it assigns.
    let operator = node.child_by_field_name("operator").or_else(|| node.child_by_field_name("value"));
    let mut named = Named::new(Text::Span(start, end)).body(operator).trimmed(node, context);
    if length < text.len() {
        named.body = Some(end);
    }
    found.push(named);
}
