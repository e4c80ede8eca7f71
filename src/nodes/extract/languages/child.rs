//! Ways to a node's children that several languages take.

use tree_sitter::Node;

/// Most children that are looked at.
const CHILDREN: u32 = 256;

/// The children of a node, named or not.
pub(super) fn all(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count().min(CHILDREN)).filter_map(move |at| node.child(at))
}

/// The named children of a node.
pub(super) fn named(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..(node.named_child_count() as u32).min(CHILDREN)).filter_map(move |at| node.named_child(at))
}

/// The first child that is one of `kinds`, named or not.
pub(super) fn first<'a>(node: Node<'a>, kinds: &[&str]) -> Option<Node<'a>> {
    all(node).find(|n| kinds.contains(&n.kind()))
}
