//! YAML. What it is written for, [`infrastructure`] knows.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Attributes, Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scanner, Scope, Text,
};

use super::infrastructure;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("document", "document").special("units", infrastructure::units),
        key("block_mapping_pair"),
        key("flow_pair"),
    ],
    references: &[Reference::special("block_mapping_pair", "used", used)],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    // Keys of mappings in a list are entries of the list, not of the file.
    opaque: &["block_sequence", "flow_sequence"],
    inert: &["block_scalar", "plain_scalar"],
    attributes: Attributes { plain: &[], called: &[], templates: true },
    scanner: Scanner::Columns(80),
    ..LanguageSpec::empty("yaml", 2, || tree_sitter_yaml::LANGUAGE.into(), "tree-sitter-yaml 0.7.2")
};

const fn key(node: &'static str) -> Definition {
    Definition::new(node, "key")
        .special("plain", plain)
        .body("value")
        .scope(Scope::Namespace)
        .place(Place::NotLocal)
        .levels(2)
}

/// A key without quotes.
fn plain(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(key) = node.child_by_field_name("key") else { return };
    let (start, end) = (key.start_byte() as u32, key.end_byte() as u32);
    let quoted = matches!(context.text(key), [b'"', _, .., b'"'] | [b'\'', _, .., b'\'']);
    found.push(Named::new(if quoted { Text::Span(start + 1, end - 1) } else { Text::Span(start, end) }));
}

/// The action that a job uses, the image that a container runs.
fn used<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let key = node.child_by_field_name("key").filter(|_| context.within == Scope::Function)?;
    let value = node.child_by_field_name("value").filter(|n| n.kind() == "flow_node")?;
    let plain = !context.text(value).iter().any(|b| b.is_ascii_whitespace() || b"{}[]$".contains(b));
    (plain && matches!(context.text(key), b"uses" | b"image")).then_some(Referred::Import(value))
}
