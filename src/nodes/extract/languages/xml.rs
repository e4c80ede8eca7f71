//! XML: elements near the root.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Scope, Text};

use super::parts::{child, children, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "/",
    definitions: &[Definition::new("element", "element").special("element", element).scope(Scope::Namespace).levels(2)],
    docs: Docs { comments: &["Comment"], markers: &[], docstring: false },
    inert: &["STag", "EmptyElemTag", "ETag", "CharData", "CDSect", "doctypedecl"],
    ..LanguageSpec::empty("xml", 1, || tree_sitter_xml::LANGUAGE_XML.into(), "tree-sitter-xml 0.7.0")
};

/// An element by its `id` or `name`, else by its tag.
fn element(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(tag) = child(node, &["STag", "EmptyElemTag"]) else { return };
    let Some(name) = child(tag, &["Name"]) else { return };
    let mut best = None;
    for attribute in children(tag).filter(|n| n.kind() == "Attribute") {
        let (Some(key), Some(value)) = (attribute.named_child(0), attribute.named_child(1)) else { continue };
        let rank = match context.text(key) {
            b"id" | b"xml:id" => 2,
            b"name" => 1,
            _ => continue,
        };
        if value.end_byte() - value.start_byte() > 2 && best.is_none_or(|(before, _)| before < rank) {
            best = Some((rank, value));
        }
    }
    let text = best.map_or(Text::of(name), |(_, value)| unquoted(value, context));
    found.push(Named::new(text).body(child(node, &["content"])));
}
