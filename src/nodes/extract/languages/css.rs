//! CSS.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, FIRST, LanguageSpec, Named, Reference, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: " ",
    definitions: &[rule("rule_set"), rule("media_statement"), rule("supports_statement"), rule("keyframes_statement")],
    references: &[Reference::import("import_statement", FIRST)],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["selectors", "declaration", "import_statement", "keyframe_block_list"],
    ..LanguageSpec::empty("css", 1, || tree_sitter_css::LANGUAGE.into(), "tree-sitter-css 0.25.0")
};

const fn rule(node: &'static str) -> Definition {
    Definition::new(node, "rule").special("head", head).scope(Scope::Namespace)
}

/// What stands before the braces.
fn head(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let children = node.named_child_count() as u32;
    let Some(block) = children.checked_sub(1).and_then(|at| node.named_child(at)) else { return };
    if matches!(block.kind(), "block" | "keyframe_block_list") {
        let name = Text::Span(node.start_byte() as u32, block.start_byte() as u32);
        found.push(Named::new(name).body(Some(block)));
    }
}
