//! Finding the parts of a node where its grammar has no fields.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Text};

/// Parts stand among so many first children.
const CHILDREN: u32 = 256;

/// The first named child whose kind is one of `kinds`.
pub(super) fn child<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    children(node).find(|c| kinds.contains(&c.kind()))
}

/// The first named children.
pub(super) fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let count = (node.named_child_count() as u32).min(CHILDREN);
    (0..count).filter_map(move |at| node.named_child(at))
}

/// The first child whose kind is one of `kinds`, words and signs of the syntax among them.
pub(super) fn part<'t>(node: Node<'t>, kinds: &[&str]) -> Option<Node<'t>> {
    all(node).find(|c| kinds.contains(&c.kind()))
}

/// The first children, named or not.
pub(super) fn all(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count().min(CHILDREN)).filter_map(move |at| node.child(at))
}

/// The text of a node without quotes around it.
pub(super) fn unquoted(node: Node<'_>, context: &Context<'_>) -> Text {
    let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
    match context.text(node) {
        [open @ (b'"' | b'\''), .., close] if open == close && end - start > 2 => Text::Span(start + 1, end - 1),
        _ => Text::Span(start, end),
    }
}
