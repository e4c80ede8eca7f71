//! TOML.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[key("table"), key("table_array_element"), key("pair")],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["array", "string"],
    ..LanguageSpec::empty("toml", 1, || tree_sitter_toml_ng::LANGUAGE.into(), "tree-sitter-toml-ng 0.7.0")
};

const fn key(node: &'static str) -> Definition {
    Definition::new(node, "key").special("first", first).scope(Scope::Namespace).levels(2)
}

/// The key or the name of a table, without quotes.
fn first(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(key) = node.named_child(0) else { return };
    let (start, end) = (key.start_byte() as u32, key.end_byte() as u32);
    let quoted = key.kind() == "quoted_key" && matches!(context.text(key), [_, _, .., _]);
    let mut named = Named::new(if quoted { Text::Span(start + 1, end - 1) } else { Text::Span(start, end) });
    if node.kind() == "pair" {
        named = named.body(node.named_child(1));
    } else {
        let mut cursor = node.walk();
        let pairs = node.named_children(&mut cursor).skip(1).find(|n| n.kind() == "pair");
        named = named.body(pairs);
    }
    found.push(named);
}
