//! Markdown: blocks only; what stands inside a paragraph is not looked at.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, LanguageSpec, Named, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: " > ",
    definitions: &[
        Definition::new("section", "section").special("heading", heading).scope(Scope::Namespace).section(),
        Definition::new("fenced_code_block", "fence").special("language", language).section(),
    ],
    inert: &["inline", "paragraph", "pipe_table", "html_block", "indented_code_block"],
    ..LanguageSpec::empty("markdown", 1, || tree_sitter_md::LANGUAGE.into(), "tree-sitter-md 0.5.4")
};

/// A section's heading; what stands before the first heading is no section.
fn heading(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(first) = node.named_child(0) else { return };
    let level = match first.kind() {
        "atx_heading" => first.named_child(0).map_or("", |marker| marker.kind()),
        "setext_heading" => {
            let children = first.named_child_count() as u32;
            (0..children.min(8)).filter_map(|at| first.named_child(at)).last().map_or("", |marker| marker.kind())
        }
        _ => return,
    };
    let level = match level {
        "atx_h1_marker" | "setext_h1_underline" => "h1",
        "atx_h2_marker" | "setext_h2_underline" => "h2",
        "atx_h3_marker" => "h3",
        "atx_h4_marker" => "h4",
        "atx_h5_marker" => "h5",
        _ => "h6",
    };
    let text = first.child_by_field_name("heading_content").map(|n| context.text(n)).unwrap_or_default();
    let text = text.trim_ascii();
    // A closing run of `#` is no part of the heading.
    let open = text.iter().rev().skip_while(|b| **b == b'#').count();
    let closed = open < text.len() && text.get(..open).is_some_and(|t| t.is_empty() || t.ends_with(b" "));
    let text = if closed { text.get(..open).unwrap_or(text).trim_ascii() } else { text };
    let mut named = Named::new(Text::Made(String::from_utf8_lossy(text).into_owned()));
    named.signature = Some(level);
    named.body = Some(first.end_byte() as u32);
    found.push(named);
}

/// The language of a fenced block, empty where none is named.
fn language(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let info = node.child_by_field_name("info_string");
    let language = info.and_then(|info| info.named_child(0)).filter(|n| n.kind() == "language");
    let children = node.named_child_count() as u32;
    let content = (0..children.min(8)).filter_map(|at| node.named_child(at)).find(|n| n.kind() == "code_fence_content");
    let mut named = language.map_or_else(|| Named::new(Text::Made(String::new())), Named::node).body(content);
    named.signature = Some("");
    found.push(named);
}
