//! JSON, comments allowed.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::new("pair", "key")
        .special("quoted", quoted)
        .body("value")
        .scope(Scope::Namespace)
        .levels(2)],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["array", "string"],
    ..LanguageSpec::empty("json", 2, || tree_sitter_json::LANGUAGE.into(), "tree-sitter-json 0.24.8")
};

/// A key without its quotes.
fn quoted(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(key) = node.child_by_field_name("key") else { return };
    let (start, end) = (key.start_byte() as u32, key.end_byte() as u32);
    let inside = if key.kind() == "string" && end - start > 2 { (start + 1, end - 1) } else { (start, end) };
    found.push(Named::new(Text::Span(inside.0, inside.1)));
}
